// What is shown of a graph: levels, packages, parts.
#include "graph/graph_view.h"

#include <doctest/doctest.h>

#include <set>

#include "graph/graph_places.h"
#include "graph/view_query.h"
#include "tests/support/graph_text.h"

namespace {

using graph::GraphView;
using graph::ViewLevel;

struct Shown {
  explicit Shown(std::string_view text) : graph(support::graph_from_text(text)) {}

  GraphView view(const graph::ViewOptions& options = {}) const {
    return graph::whole_view(graph, graph::condense(graph), graph::import_uses(graph), options);
  }
  GraphView at(ViewLevel level) const {
    graph::ViewOptions options;
    options.level = level;
    return view(options);
  }
  std::string part(const graph::ViewQuery& query) const;

  graph::ModuleGraph graph;
};

// "a b: a>b", edges in a cycle with an exclamation mark.
std::string text_of(const GraphView& view) {
  std::string text;
  for (const graph::ViewNode& node : view.nodes) text += (text.empty() ? "" : " ") + node.name;
  text += ":";
  for (const graph::ViewEdge& edge : view.edges) {
    text += " " + view.nodes[edge.from].name + ">" + view.nodes[edge.to].name + (edge.in_cycle ? "!" : "");
  }
  return text;
}

std::string Shown::part(const graph::ViewQuery& query) const {
  const GraphView whole = view();
  return text_of(graph::part_of(whole, graph::select_nodes(whole, graph::ViewNames(whole, graph), query)));
}

}  // namespace

TEST_CASE("at the level of modules everything is shown, cycles marked") {
  CHECK(text_of(Shown("a -> b; b -> a c; c").view()) == "a b c: a>b! b>a! b>c");
}

TEST_CASE("a component has the name of its first module and counts its imports") {
  const GraphView view = Shown("b -> a; a -> b c; top -> a b; c").at(ViewLevel::kComponent);
  CHECK(text_of(view) == "c a top: a>c top>a");
  CHECK(view.edges[1].imports == 2);
  CHECK(view.nodes[1].cycle == 1);
}

TEST_CASE("packages hold their modules and may import each other") {
  const Shown shown("p.a -> q.x; q.x -> q.y/25; q.y -> p.b; p.b -> alone; alone");
  const GraphView view = shown.at(ViewLevel::kPackage);
  CHECK(text_of(view) == "alone p q: p>q! p>alone q>p!");
  CHECK(view.nodes[1].modules.size() == 2);
}

TEST_CASE("a package lies in the package above, whether or not that one is a module") {
  const graph::PackageTree tree = graph::package_tree(support::graph_from_text("a.b.c; a.d"));
  REQUIRE(tree.packages.size() == 2);
  CHECK(tree.packages[0].name == "a");
  CHECK(tree.packages[1].name == "a.b");
  CHECK(tree.packages[1].parent == 0);
  CHECK(tree.of_module == std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("modules that are not own can be left out; what is in a cycle stays marked") {
  Shown shown("a -> b; b -> c a; c -> a");
  shown.graph.modules[2].ignore_all = true;
  graph::ViewOptions options;
  options.own_only = true;
  CHECK(text_of(shown.view(options)) == "a b: a>b! b>a!");
}

TEST_CASE("changed and affected modules are marked, a component as its strongest module") {
  const Shown shown("a -> b; b -> a; c -> a; d");
  graph::ViewOptions options;
  options.level = ViewLevel::kComponent;
  options.changed = {false, true, false, false};
  options.affected = {true, true, true, false};
  const GraphView view = shown.view(options);
  CHECK(view.marked);
  REQUIRE(text_of(view) == "d a c: c>a");
  CHECK(view.nodes[0].mark == graph::ViewMark::kNone);
  CHECK(view.nodes[1].mark == graph::ViewMark::kChanged);
  CHECK(view.nodes[2].mark == graph::ViewMark::kAffected);
}

TEST_CASE("a part is selected by what is near, above or below, and all parts together") {
  const Shown shown("top -> mid; mid -> low; low -> base; side -> low; base");
  CHECK(shown.part({.focus = {"mid"}, .dependents_of = {}, .dependencies_of = {}, .depth = {}}) ==
        "top mid low: top>mid mid>low");
  CHECK(shown.part({.focus = {"mid"}, .dependents_of = {}, .dependencies_of = {}, .depth = 0}) == "mid:");
  CHECK(shown.part({.focus = {}, .dependents_of = {"low"}, .dependencies_of = {}, .depth = {}}) ==
        "top mid low side: top>mid mid>low side>low");
  CHECK(shown.part({.focus = {}, .dependents_of = {"low"}, .dependencies_of = {}, .depth = 1}) ==
        "mid low side: mid>low side>low");
  CHECK(shown.part({.focus = {}, .dependents_of = {}, .dependencies_of = {"mid", "side"}, .depth = {}}) ==
        "mid low base side: mid>low low>base side>low");
  CHECK(shown.part({.focus = {}, .dependents_of = {"base"}, .dependencies_of = {"mid"}, .depth = {}}) ==
        "mid low base: mid>low low>base");
}

TEST_CASE("a chain of imports is the shortest, and nothing else is shown") {
  const Shown shown("a -> b c; b -> d; c -> e; d -> e; e -> a f; f");
  const GraphView view = shown.view();
  const auto chain = graph::shortest_chain(view, 0, 5);
  REQUIRE(chain.has_value());
  CHECK(text_of(*chain) == "a c e f: a>c! c>e! e>f");
  CHECK_FALSE(graph::shortest_chain(view, 5, 0).has_value());
  CHECK(text_of(*graph::shortest_chain(view, 1, 1)) == "b:");
}

TEST_CASE("names are those of nodes and of the modules in them") {
  const Shown shown("p.a -> p.b; p.b -> p.a; q");
  const GraphView components = shown.at(ViewLevel::kComponent);
  const graph::ViewNames names(components, shown.graph);
  CHECK(names.find("p.b") == names.find("p.a"));
  CHECK_FALSE(names.find("p").has_value());
  CHECK(names.all() == std::vector<std::string>{"p.a", "p.b", "q"});
  const GraphView packages = shown.at(ViewLevel::kPackage);
  CHECK(graph::ViewNames(packages, shown.graph).find("p").has_value());
}

TEST_CASE("components stand in their waves from left to right") {
  const Shown shown("a -> b; b -> c; d -> c; c");
  const graph::Condensation components = graph::condense(shown.graph);
  const std::vector<graph::Place> places = graph::component_places(components);
  REQUIRE(support::text_of(shown.graph, components) == "c | d | b | a");
  CHECK(places[0].x == 0);
  CHECK(places[1].x == places[2].x);
  CHECK(places[1].y != places[2].y);
  CHECK(places[3].x > places[2].x);
}

TEST_CASE("packages are laid out among those in the same package") {
  const Shown shown("p.a.x -> p.b.x; p.b.x -> q.x; q.x");
  const graph::PackageTree tree = graph::package_tree(shown.graph);
  const std::vector<graph::Place> places = graph::package_places(shown.graph, tree);
  REQUIRE(tree.packages[0].name == "p");
  REQUIRE(tree.packages[3].name == "q");
  CHECK(places[3].x < places[0].x);  // p imports q
  CHECK(places[2].x < places[1].x);  // p.a imports p.b
}

TEST_CASE("crossings are untangled, and wide layers take several columns") {
  // 0..3 below, 4..7 above, each above one of the others, crosswise.
  graph::Adjacency edges;
  for (int i = 0; i < 4; ++i) edges.end_vertex();
  for (std::uint32_t i = 4; i < 8; ++i) {
    edges.add_edge(7 - i);
    edges.end_vertex();
  }
  const std::vector<graph::Place> places =
      graph::layered_layout(edges, std::vector<std::uint32_t>{0, 0, 0, 0, 1, 1, 1, 1});
  for (std::uint32_t i = 4; i < 8; ++i) CHECK(places[i].y == places[7 - i].y);
  graph::Adjacency many;
  for (int i = 0; i < 400; ++i) many.end_vertex();
  std::set<std::pair<double, double>> taken;
  double width = 0;
  for (const graph::Place& place : graph::layered_layout(many, std::vector<std::uint32_t>(400, 0))) {
    CHECK(taken.emplace(place.x, place.y).second);
    width = std::max(width, place.x);
  }
  CHECK(width == 19);
  CHECK(graph::layered_layout(graph::Adjacency(), {}).empty());
}
