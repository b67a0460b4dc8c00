// Submodules that a check may name, in runs of any size.
#include "scheduler/named_modules.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "graph/import_scanner.h"

namespace scheduler {
namespace {

// `top` imports every second of `size` modules p.m0, p.m1...; its words name three of them.
struct Star {
  explicit Star(std::uint32_t size) {
    graph.modules.resize(size + 1);
    for (std::uint32_t i = 0; i < size; ++i) {
      graph.modules[i].name = "p.m" + std::to_string(i);
      graph.modules[i].order = i;
      if (i % 2 == 0) graph.modules[size].dependencies.push_back({.module = {i}, .priority = 5, .line = 1});
    }
    graph.modules[size].name = "top";
    graph.modules[size].order = size;
    for (const char* word : {"m0", "m4", "m5"}) file.scan.words.push_back(graph::word_hash(word));
    std::sort(file.scan.words.begin(), file.scan.words.end());
    graph.modules[size].file = &file;
  }

  std::set<std::string> named_by_top() {
    const graph::Condensation components = graph::condense(graph);
    const ComponentClosure closure(components);
    const NamedModules named(graph, components, closure);
    const graph::ComponentId top = components.of({static_cast<std::uint32_t>(graph.modules.size() - 1)});
    std::set<std::string> names;
    for (const std::uint32_t place : named.inputs(top).visible)
      names.insert(graph[named.order().at(place)].name);
    return names;
  }

  graph::ScannedFile file;
  graph::ModuleGraph graph;
};

}  // namespace

TEST_CASE("a check can name the submodules it reaches whose last part is one of its words") {
  CHECK(Star(10).named_by_top() == std::set<std::string>{"p.m0", "p.m4"});
}

TEST_CASE("in a run too large for a table of who reaches whom it can name the same") {
  CHECK(Star(33'000).named_by_top() == std::set<std::string>{"p.m0", "p.m4"});
}

}  // namespace scheduler
