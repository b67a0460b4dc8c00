#include "runner/error_code_page.h"

#include <algorithm>
#include <array>

namespace runner {
namespace {

using std::string_view_literals::operator""sv;

// Documented on the first page; sorted.
constexpr std::array kUsual = {
    "abstract"sv,
    "annotation-unchecked"sv,
    "arg-type"sv,
    "assert-type"sv,
    "assignment"sv,
    "attr-defined"sv,
    "await-not-async"sv,
    "call-arg"sv,
    "call-overload"sv,
    "dict-item"sv,
    "empty-body"sv,
    "exit-return"sv,
    "func-returns-value"sv,
    "has-type"sv,
    "import"sv,
    "import-not-found"sv,
    "import-untyped"sv,
    "index"sv,
    "list-item"sv,
    "literal-required"sv,
    "maybe-unrecognized-str-typeform"sv,
    "metaclass"sv,
    "method-assign"sv,
    "misc"sv,
    "name-defined"sv,
    "name-match"sv,
    "narrowed-type-not-subtype"sv,
    "no-overload-impl"sv,
    "no-redef"sv,
    "nonetype-type"sv,
    "operator"sv,
    "overload-cannot-match"sv,
    "overload-overlap"sv,
    "override"sv,
    "prop-decorator"sv,
    "return"sv,
    "return-value"sv,
    "safe-super"sv,
    "str-bytes-safe"sv,
    "str-format"sv,
    "str-unpack"sv,
    "syntax"sv,
    "top-level-await"sv,
    "truthy-function"sv,
    "type-abstract"sv,
    "type-var"sv,
    "typeddict-item"sv,
    "typeddict-readonly-mutated"sv,
    "typeddict-unknown-key"sv,
    "union-attr"sv,
    "unused-coroutine"sv,
    "used-before-def"sv,
    "valid-newtype"sv,
    "valid-type"sv,
    "var-annotated"sv,
};

// Documented on the page of optional checks; sorted.
constexpr std::array kOptional = {
    "comparison-overlap"sv, "deprecated"sv,        "exhaustive-match"sv,
    "explicit-any"sv,       "explicit-override"sv, "ignore-without-code"sv,
    "mutable-override"sv,   "no-any-return"sv,     "no-any-unimported"sv,
    "no-untyped-call"sv,    "no-untyped-def"sv,    "possibly-undefined"sv,
    "redundant-cast"sv,     "redundant-expr"sv,    "redundant-self"sv,
    "truthy-bool"sv,        "truthy-iterable"sv,   "type-arg"sv,
    "unimported-reveal"sv,  "unreachable"sv,       "untyped-decorator"sv,
    "unused-awaitable"sv,   "unused-ignore"sv,
};

}  // namespace

std::optional<std::string> error_code_page(std::string_view code) {
  const auto page_with = [&](const auto& codes, std::string_view page) -> std::optional<std::string> {
    if (!std::binary_search(codes.begin(), codes.end(), code)) return std::nullopt;
    return "https://mypy.readthedocs.io/en/stable/" + std::string(page) + ".html#code-" + std::string(code);
  };
  if (auto page = page_with(kUsual, "error_code_list")) return page;
  return page_with(kOptional, "error_code_list2");
}

}  // namespace runner
