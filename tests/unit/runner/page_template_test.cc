#include "runner/page_template.h"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("a page is what is before the data, the data, and what is after") {
  CHECK(runner::page_head().starts_with("<!doctype html>"));
  CHECK(runner::page_head().ends_with("<script type=\"application/json\" id=\"data\">"));
  CHECK(runner::page_tail().starts_with("</script>"));
}

TEST_CASE("a page may run its own script only, and may not reach the network") {
  const std::string head(runner::page_head());
  CHECK(head.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
  CHECK(head.find("unsafe") == std::string::npos);
}

TEST_CASE("a page carries the licences of the libraries in it") {
  const std::string tail(runner::page_tail());
  CHECK(tail.find("d3-zoom") != std::string::npos);
  CHECK(tail.find("Permission to use, copy, modify") != std::string::npos);
}
