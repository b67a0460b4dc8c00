#include "runner/error_code_page.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

TEST_CASE("usual codes and optional ones have their own pages") {
  CHECK(error_code_page("abstract") ==
        "https://mypy.readthedocs.io/en/stable/error_code_list.html#code-abstract");
  CHECK(error_code_page("var-annotated") ==
        "https://mypy.readthedocs.io/en/stable/error_code_list.html#code-var-annotated");
  CHECK(error_code_page("comparison-overlap") ==
        "https://mypy.readthedocs.io/en/stable/error_code_list2.html#code-comparison-overlap");
  CHECK(error_code_page("unused-ignore") ==
        "https://mypy.readthedocs.io/en/stable/error_code_list2.html#code-unused-ignore");
}

TEST_CASE("a plugin's code has none") {
  CHECK_FALSE(error_code_page("pydantic-field"));
  CHECK_FALSE(error_code_page(""));
}

}  // namespace
}  // namespace runner
