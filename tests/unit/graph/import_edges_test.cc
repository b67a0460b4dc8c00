// From import statements to edges: priorities, lines and order.
#include "graph/import_edges.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/import_text.h"

namespace {

class NamedModules final : public graph::ModuleLookup {
 public:
  NamedModules(graph::NameTable& names, std::set<std::string> modules)
      : names_(names), modules_(std::move(modules)) {}
  bool is_module(graph::NameId name) override { return modules_.contains(std::string(names_.text(name))); }

 private:
  graph::NameTable& names_;
  std::set<std::string> modules_;
};

struct Case {
  std::string module = "m";
  std::string path = "m.py";
  std::set<std::string> modules = {};
  bool stripped = false;
  std::vector<graph::AddedDependency> added = {};
};

// "name/priority:line ..." without the implicit builtins, or "no parent".
std::string edges_of(const std::string& source, const Case& given = {}) {
  graph::NameTable names;
  graph::ImportEdges edges(names);
  NamedModules lookup(names, given.modules);
  const auto found =
      edges.edges_of({.name = names.intern(given.module), .path = given.path, .stripped = given.stripped},
                     support::scan_of_text(source), lookup, given.added);
  if (!found) return "no parent";
  std::string text;
  for (const graph::ImportEdge& edge : *found) {
    if (&edge == &found->back() && names.text(edge.name) == "builtins" && edge.priority == 5) break;
    if (!text.empty()) text += ' ';
    text += std::string(names.text(edge.name)) + '/' + std::to_string(edge.priority) + ':' +
            std::to_string(edge.line);
  }
  return text;
}

}  // namespace

TEST_CASE("import brings in the packages above at low priority, more dots first") {
  CHECK(edges_of("import a") == "a/10:1");
  CHECK(edges_of("import a.b.c") == "a.b.c/10:1 a.b/20:1 a/20:1");
  CHECK(edges_of("import a\nimport b.c") == "b.c/10:2 a/10:1 b/20:2");
}

TEST_CASE("where an import stands decides its priority") {
  CHECK(edges_of("local import a.b") == "a.b/20:1 a/20:1");
  CHECK(edges_of("typing import a.b") == "a.b/25:1 a/25:1");
  CHECK(edges_of("typing from a import x") == "a/25:1");
  CHECK(edges_of("local from a import *") == "a/20:1");
}

TEST_CASE("from imports modules as such, and the package less strongly when all names are modules") {
  CHECK(edges_of("from p import x") == "p/5:1");
  CHECK(edges_of("from p import x, y", {.modules = {"p.x"}}) == "p.x/10:1 p/5:1");
  CHECK(edges_of("from p import x, y", {.modules = {"p.x", "p.y"}}) == "p.x/10:1 p.y/10:1 p/20:1");
  CHECK(edges_of("from p import *", {.modules = {"p.x"}}) == "p/5:1");
}

TEST_CASE("the first mention keeps place and line, the strongest priority counts") {
  CHECK(edges_of("local import b\nimport a\nfrom b import x") == "b/5:1 a/10:2");
}

TEST_CASE("relative imports count dots from the module's own name") {
  const Case inside{.module = "p.q.m", .path = "p/q/m.py"};
  CHECK(edges_of("from . import x", inside) == "p.q/5:1");
  CHECK(edges_of("from .a.b import x", inside) == "p.q.a.b/5:1");
  CHECK(edges_of("from ..a import x", inside) == "p.a/5:1");
  const Case package{.module = "p.q", .path = "p/q/__init__.py", .modules = {"p.q.x"}};
  CHECK(edges_of("from . import x", package) == "p.q.x/10:1");
  CHECK(edges_of("from .. import x", package) == "p/5:1");
}

TEST_CASE("too many dots are an error alone and a module nobody has with a name behind") {
  CHECK(edges_of("from . import x") == "no parent");
  CHECK(edges_of("from .. import x", {.module = "p.m", .path = "p/m.py"}) == "no parent");
  CHECK(edges_of("from ..a import x") == ".a/5:1");
  CHECK(edges_of("from .....a.b import x") == ".a.b/5:1");
}

TEST_CASE("a module is no edge of its own") {
  CHECK(edges_of("import m\nimport m.a") == "m.a/10:2");
  CHECK(edges_of("from . import x", {.module = "p", .path = "p/__init__.pyi"}) == "");
}

TEST_CASE("stripping drops imports of dropped bodies only") {
  CHECK(edges_of("dropped import a\nlocal import b", {.stripped = true}) == "b/20:2");
  CHECK(edges_of("dropped import a\nlocal import b") == "a/20:1 b/20:2");
}

TEST_CASE("builtins and the template library are implied at the end") {
  graph::NameTable names;
  graph::ImportEdges edges(names);
  NamedModules lookup(names, {});
  const auto names_of = [&](const std::string& source, const std::string& module, bool stripped) {
    std::string text;
    const auto found = edges.edges_of({.name = names.intern(module), .path = "m.py", .stripped = stripped},
                                      support::scan_of_text(source), lookup);
    for (const graph::ImportEdge& edge : *found) text += std::string(names.text(edge.name)) + ' ';
    return text;
  };
  CHECK(names_of("import a", "m", false) == "a builtins ");
  CHECK(names_of("import builtins\nimport a", "m", false) == "builtins a ");
  CHECK(names_of("import a", "builtins", false) == "a ");
  CHECK(names_of("t-string", "m", false) == "builtins string.templatelib ");
  CHECK(names_of("t-string", "m", true) == "builtins string.templatelib ");
  CHECK(names_of("dropped t-string", "m", false) == "builtins string.templatelib ");
  CHECK(names_of("dropped t-string", "m", true) == "builtins ");
}

TEST_CASE("what a plugin adds comes after the imports, wherever its name belongs") {
  const Case given{.added = {{.name = "a.b.c", .priority = 10, .line = 7}, {.name = "z", .priority = 25}}};
  CHECK(edges_of("import x", given) == "x/10:1 a.b.c/10:7 z/25:1");
}

TEST_CASE("a plugin can make an import matter more, never less, and leaves its line") {
  CHECK(edges_of("local import x", {.added = {{.name = "x", .priority = 10, .line = 9}}}) == "x/10:1");
  CHECK(edges_of("import x", {.added = {{.name = "x", .priority = 25, .line = 9}}}) == "x/10:1");
  CHECK(edges_of("", {.added = {{.name = "x", .priority = 25}, {.name = "x", .priority = 5, .line = 2}}}) ==
        "x/5:1");
}

TEST_CASE("a module that a plugin makes depend on itself does not") {
  CHECK(edges_of("import x", {.added = {{.name = "m", .priority = 5}}}) == "x/10:1");
}
