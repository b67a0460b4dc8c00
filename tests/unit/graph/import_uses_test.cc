// What an import is for, and where it stands.
#include "graph/import_uses.h"

#include <doctest/doctest.h>

#include "tests/support/graph_text.h"

namespace {

using graph::ImportKind;
using graph::ImportPlaces;
using graph::ImportStatement;
using graph::ImportUse;

using Lines = std::vector<std::uint32_t>;

struct Source {
  explicit Source(std::string_view text, std::vector<ImportStatement> imports)
      : graph(support::graph_from_text(text)) {
    file.scan.imports = std::move(imports);
    graph.modules[0].file = &file;
  }
  std::vector<ImportPlaces> places() const { return graph::import_uses(graph)[0]; }

  graph::ScannedFile file;
  graph::ModuleGraph graph;
};

ImportStatement import(std::string module, std::uint32_t line) {
  ImportStatement statement;
  statement.module = std::move(module);
  statement.line = line;
  return statement;
}

ImportStatement from(std::string module, std::vector<std::string> names, std::uint32_t line) {
  ImportStatement statement = import(std::move(module), line);
  statement.kind = ImportKind::kFrom;
  statement.names = std::move(names);
  return statement;
}

ImportStatement in_function(ImportStatement statement) {
  statement.top_level = false;
  return statement;
}

ImportStatement for_types(ImportStatement statement) {
  statement.mypy_only = true;
  return statement;
}

}  // namespace

TEST_CASE("an import is at run time, inside of a function, or for type checkers only") {
  const Source source("a -> b c d", {import("b", 1), in_function(import("c", 7)), for_types(import("d", 3))});
  CHECK(source.places() == std::vector<ImportPlaces>{{ImportUse::kRunTime, {1}},
                                                     {ImportUse::kFunction, {7}},
                                                     {ImportUse::kTypeChecking, {3}}});
}

TEST_CASE("of several imports of one module the strongest counts, and all lines") {
  const Source source("a -> b c", {for_types(import("b", 2)), in_function(import("b", 9)), import("b", 5),
                                   for_types(import("c", 3)), in_function(import("c", 4)), import("b", 5)});
  CHECK(source.places() ==
        std::vector<ImportPlaces>{{ImportUse::kRunTime, {2, 5, 9}}, {ImportUse::kFunction, {3, 4}}});
}

TEST_CASE("packages above an imported module are implied by its statement") {
  const Source source("a -> x.y.z x.y x builtins", {import("x.y.z", 4)});
  CHECK(source.places() == std::vector<ImportPlaces>{{ImportUse::kRunTime, {4}},
                                                     {ImportUse::kImplied, {4}},
                                                     {ImportUse::kImplied, {4}},
                                                     {ImportUse::kImplied, {}}});
}

TEST_CASE("a package of which modules are imported is imported at run time, whatever its priority") {
  const Source source("a -> x.y x/20", {from("x", {"y", "name"}, 2)});
  CHECK(source.places() == std::vector<ImportPlaces>{{ImportUse::kRunTime, {2}}, {ImportUse::kRunTime, {2}}});
}

TEST_CASE("relative imports are found by their absolute names") {
  Source source("p.q.a -> p.q.b p.q p.c", {});
  ImportStatement sibling = from("", {"b"}, 1);
  sibling.dots = 1;
  ImportStatement above = from("c", {"name"}, 2);
  above.dots = 2;
  source.file.scan.imports = {sibling, above};
  CHECK(source.places() == std::vector<ImportPlaces>{{ImportUse::kRunTime, {1}},
                                                     {ImportUse::kRunTime, {1}},
                                                     {ImportUse::kRunTime, {2}}});
  source.graph.modules[0].name = "p.q.sub";
  source.graph.modules[0].path = "p/q/sub/__init__.py";
  source.file.scan.imports[0].dots = 2;
  source.file.scan.imports[1].dots = 3;
  CHECK(source.places()[0].lines == Lines{1});
  CHECK(source.places()[2].lines == Lines{2});
}

TEST_CASE("imports in bodies that mypy drops do not count") {
  ImportStatement dropped = in_function(import("b", 3));
  dropped.in_dropped_body = true;
  Source source("a -> b", {dropped, import("b", 5)});
  CHECK(source.places()[0].lines == Lines{3, 5});
  source.graph.modules[0].ignore_all = true;
  CHECK(source.places()[0] == ImportPlaces{ImportUse::kRunTime, {5}});
}

TEST_CASE("without a source the priority has to do") {
  const graph::ModuleGraph graph = support::graph_from_text("a -> b c/20 d/25");
  const std::vector<ImportPlaces> places = graph::import_uses(graph)[0];
  CHECK(places[0].use == ImportUse::kRunTime);
  CHECK(places[1].use == ImportUse::kFunction);
  CHECK(places[2].use == ImportUse::kTypeChecking);
}
