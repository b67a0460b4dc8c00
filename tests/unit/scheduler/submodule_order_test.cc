// Modules so that those of one package stand together.
#include "scheduler/submodule_order.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace scheduler {
namespace {

std::vector<std::string> ordered(const std::vector<std::string>& names) {
  graph::ModuleGraph graph;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    graph.modules.emplace_back().name = names[i];
    graph.add_name({i});
  }
  const SubmoduleOrder order(graph);
  std::vector<std::string> result;
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    CHECK(order.place(order.at(place)) == place);
    result.push_back(graph[order.at(place)].name);
  }
  for (const auto& [package, begin, end] : order.spans()) {
    for (std::uint32_t place = 0; place < order.size(); ++place) {
      const std::string& name = result[place];
      const bool inside = begin <= place && place < end;
      CHECK(inside ==
            (name.substr(0, name.rfind('.')) == graph[package].name && name.find('.') != name.npos));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("the modules of a package stand together, in the order of packages and then of their numbers") {
  CHECK(ordered({"q.b", "p", "p.b", "q", "q.a", "p.b.c", "p.a"}) ==
        std::vector<std::string>{"p.b", "p.a", "p.b.c", "q.b", "q.a", "p", "q"});
}

TEST_CASE("modules whose package is not in the run come last") {
  CHECK(ordered({"x.y", "p", "p.a"}) == std::vector<std::string>{"p.a", "x.y", "p"});
}

}  // namespace scheduler
