#include "runner/page_html.h"

#include <doctest/doctest.h>

#include "runner/page_template.h"

TEST_CASE("the data stands between the two parts of the page") {
  const std::string page = runner::page_html(R"({"format":1})");
  CHECK(page.starts_with(runner::page_head()));
  CHECK(page.ends_with(runner::page_tail()));
  CHECK(page.size() == runner::page_head().size() + 12 + runner::page_tail().size());
}

TEST_CASE("data cannot end the element that it stands in") {
  const std::string page = runner::page_html(R"(["</script><!--<"])");
  const std::string data = page.substr(runner::page_head().size(), 36);
  CHECK(data == R"(["\u003c/script>\u003c!--\u003c"])" + page.substr(runner::page_head().size() + 33, 3));
  CHECK(data.find('<') >= 33);
}
