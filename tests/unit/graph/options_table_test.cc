// Which sections apply to a module, and which are reported as unused.
#include <doctest/doctest.h>

#include "graph/build_options.h"

using graph::OptionsSection;
using graph::OptionsTable;

namespace {

// Sections in file order; each names itself in always_true.
std::vector<OptionsSection> sections(const std::vector<std::string>& patterns) {
  std::vector<OptionsSection> all;
  for (const std::string& pattern : patterns) {
    all.push_back({.pattern = pattern, .always_true = {{pattern}}, .changes = "set " + pattern});
  }
  return all;
}

// The sections that apply to `module`, last one winning.
std::vector<std::string> applied(OptionsTable& table, const std::string& module) {
  std::vector<std::string> names;
  for (const auto index : table.for_module(module).sections) names.push_back(table.sections()[index].pattern);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a concrete section inherits from globs, those after the structured ones above it") {
  OptionsTable table({}, sections({"a.b", "*.b", "a.*", "a.b.*"}));
  CHECK(applied(table, "a.b") == Names{"a.*", "a.b.*", "*.b", "a.b"});
  CHECK(applied(table, "a.b.c") == Names{"a.*", "a.b.*"});
  CHECK(applied(table, "a.x") == Names{"a.*"});
  CHECK(applied(table, "x.b") == Names{"*.b"});
  CHECK(applied(table, "x").empty());
}

TEST_CASE("globs apply in file order over what is inherited") {
  OptionsTable table({}, sections({"*.z", "a.*", "a.*.z"}));
  CHECK(applied(table, "a.b.z") == Names{"a.*", "*.z", "a.*.z"});
  CHECK(table.for_module("a.b.z").options.always_true == Names{"a.*.z"});
}

TEST_CASE("a star between dots stands for any number of parts, none too") {
  OptionsTable table({}, sections({"a.*.z"}));
  CHECK(applied(table, "a.z") == Names{"a.*.z"});
  CHECK(applied(table, "a.b.c.z") == Names{"a.*.z"});
  CHECK(applied(table, "ab.z").empty());
  CHECK(applied(table, "a.bz").empty());
  OptionsTable leading({}, sections({"*.z"}));
  CHECK(applied(leading, "a.b.z") == Names{"*.z"});
  CHECK(applied(leading, "z").empty());
}

TEST_CASE("what a section does not set is inherited") {
  graph::ModuleOptions global;
  global.ignore_errors = true;
  OptionsTable table(global, {{.pattern = "a", .ignore_missing_imports = true, .changes = "{}"}});
  CHECK(table.for_module("a").options.ignore_errors);
  CHECK(table.for_module("a").options.ignore_missing_imports);
  CHECK_FALSE(table.for_module("b").options.ignore_missing_imports);
}

TEST_CASE("unused sections: structured ones until a module uses them, globs also by concrete sections") {
  OptionsTable table({}, sections({"a.*", "*.b", "*.c", "a.b", "q"}));
  CHECK(table.unused_sections() == Names{"*.c", "a.*", "a.b", "q"});
  table.for_module("a.b");
  CHECK(table.unused_sections() == Names{"*.c", "a.*", "q"});
  table.for_module("a.c");
  CHECK(table.unused_sections() == Names{"q"});
}

TEST_CASE("the digest follows the applied changes and their order") {
  OptionsTable table({}, sections({"a.*", "*.x.y", "b.*"}));
  CHECK(table.for_module("a.m").digest == table.for_module("a.n").digest);
  CHECK(table.for_module("a.m").digest != table.for_module("b.m").digest);
  CHECK(table.for_module("c").digest != table.for_module("b.m").digest);
  CHECK(&table.for_module("a.m") == &table.for_module("a.n"));
}

TEST_CASE("of two sections with one pattern the later counts") {
  OptionsTable table({}, {{.pattern = "a", .ignore_errors = true, .changes = "1"},
                          {.pattern = "a", .ignore_missing_imports = true, .changes = "2"}});
  CHECK_FALSE(table.for_module("a").options.ignore_errors);
  CHECK(table.for_module("a").options.ignore_missing_imports);
}

TEST_CASE("a pattern of many stars is matched fast") {
  std::string pattern = "*", module = "a";
  for (int i = 0; i < 60; ++i) {
    pattern += ".*.a";
    module += ".a";
  }
  OptionsTable table({}, sections({pattern + ".b"}));
  CHECK(applied(table, module).empty());
}
