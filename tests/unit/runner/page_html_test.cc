#include "runner/page_html.h"

#include <doctest/doctest.h>

#include "runner/page_template.h"

namespace {

// What stands between the two parts of the page.
std::string data_in_page(std::string_view data) {
  const std::string page = runner::page_html(data);
  REQUIRE(page.starts_with(runner::page_head()));
  REQUIRE(page.ends_with(runner::page_tail()));
  const std::size_t around = runner::page_head().size() + runner::page_tail().size();
  return page.substr(runner::page_head().size(), page.size() - around);
}

}  // namespace

TEST_CASE("data stands in the page as it is") {
  CHECK(data_in_page(R"({"format":1})") == R"({"format":1})");
}

TEST_CASE("data cannot end the element that it stands in") {
  CHECK(data_in_page(R"(["</script><!--<"])") == R"(["\u003c/script>\u003c!--\u003c"])");
}
