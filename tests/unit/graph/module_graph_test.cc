// Modules by their names.
#include "graph/module_graph.h"

#include <doctest/doctest.h>

#include <string>

namespace graph {
namespace {

TEST_CASE("modules are found by their names, and by no other") {
  ModuleGraph graph;
  CHECK_FALSE(graph.find("a"));
  constexpr std::uint32_t kMany = 1000;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    graph.modules.emplace_back().name = "package.module_" + std::to_string(i);
    CHECK(graph.add_name({i}));
  }
  for (std::uint32_t i = 0; i < kMany; ++i) CHECK(graph.find(graph.modules[i].name) == ModuleId{i});
  for (const std::string name :
       {"", "package", "package.module_", "package.module_1000", "package.module_01"}) {
    CHECK_FALSE(graph.find(name));
  }
}

TEST_CASE("a name belongs to one module") {
  ModuleGraph graph;
  graph.modules.resize(2);
  graph.modules[0].name = graph.modules[1].name = "a";
  CHECK_FALSE(graph.find("a"));
  CHECK(graph.add_name({1}));
  CHECK_FALSE(graph.add_name({0}));
  CHECK(graph.add_name({1}));
  CHECK(graph.find("a") == ModuleId{1});
}

}  // namespace
}  // namespace graph
