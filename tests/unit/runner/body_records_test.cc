// What is remembered of bodies in cycles: its bytes, and when it is brought along again.
#include "runner/body_records.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runner/memory_store.h"
#include "tests/support/keyed_project.h"

namespace runner {
namespace {

using Edit = std::function<void(support::KeyedProject&)>;

// Interfaces by name of the module.
class Interfaces final : public scheduler::WorkSource {
 public:
  explicit Interfaces(const graph::ModuleGraph& graph) : graph_(graph) {}
  std::vector<graph::ComponentId> take(const scheduler::ComponentSet&, scheduler::Readiness) override {
    return {};
  }
  std::vector<graph::ComponentId> take_ahead(const scheduler::ComponentSet&,
                                             const std::vector<graph::ComponentId>&) override {
    return {};
  }
  void give_back(const std::vector<graph::ComponentId>&) override {}
  graph::Digest interface_of(graph::ModuleId module) const override {
    const std::string& name = graph_[module].name;
    const auto found = texts.find(name);
    return graph::sha256(found == texts.end() ? name : found->second);
  }

  std::map<std::string, std::string> texts;

 private:
  const graph::ModuleGraph& graph_;
};

// a and b are a cycle, which uses c and, through it, d; e lies outside of all that.
constexpr const char* kGraph = "a -> b c; b -> a; c -> d; d; e";
const std::vector<std::string> kUsed = {"c", "d"};

// What is found of the cycle after an edit of the project and of the interfaces.
std::string found_after(const Edit& edit, const std::map<std::string, std::string>& interfaces = {},
                        const std::vector<std::string>& used = kUsed, const char* module = "a") {
  MemoryStore store;
  const auto run = [&](support::KeyedProject& project, bool keep) {
    std::string found;
    project.with_keys([&](const graph::Condensation& components, const scheduler::ComponentClosure& closure,
                          const scheduler::StaticKeys& keys) {
      const BodyRecords records(project.graph, components, closure, keys, store);
      Interfaces known(project.graph);
      if (!keep) known.texts = interfaces;
      const graph::ComponentId id = components.of(*project.graph.find(module));
      if (keep) records.keep(id, used, "bodies", known);
      found = records.find(id, known);
    });
    return found;
  };
  support::KeyedProject before(kGraph), after(kGraph);
  run(before, true);
  edit(after);
  return run(after, false);
}

void nothing(support::KeyedProject&) {}

TEST_CASE("a record comes back as it was, and nothing comes of other bytes") {
  const BodyRecord record{{"a", "a.b", "c"}, graph::sha256("x"), std::string("bod\0ies", 7)};
  const std::string bytes = encode_body_record(record);
  const auto decoded = decode_body_record(bytes);
  REQUIRE(decoded);
  CHECK(decoded->used == record.used);
  CHECK(decoded->interfaces == record.interfaces);
  CHECK(decoded->bodies == record.bodies);
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    accepted += decode_body_record(std::string_view(bytes).substr(0, size)).has_value();
  }
  CHECK(accepted == 0);
  CHECK_FALSE(decode_body_record(bytes + '\0'));
}

TEST_CASE("bodies are found again after an edit of any source of the cycle, or of another one") {
  CHECK(found_after(nothing) == "bodies");
  for (const char* name : {"a", "b", "c", "e"}) {
    CHECK(found_after([&](support::KeyedProject& p) { p.file(name).code = graph::sha256("edited"); }) ==
          "bodies");
  }
}

TEST_CASE("they are not when anything else in the static key is another") {
  CHECK(found_after([](support::KeyedProject& p) { p["b"].ignore_all = true; }).empty());
  CHECK(found_after([](support::KeyedProject& p) { p["a"].canonical_path = "@root/elsewhere.py"; }).empty());
  CHECK(found_after([](support::KeyedProject& p) {
          p["b"].suppressed.push_back({.name = "gone", .priority = 5, .line = 1});
        }).empty());
  CHECK(found_after([](support::KeyedProject& p) {
          p.run.environment.emplace_back("mypy", "another");
        }).empty());
}

TEST_CASE("they are not when an interface they depended on is another") {
  CHECK(found_after(nothing, {{"c", "another"}}).empty());
  CHECK(found_after(nothing, {{"d", "another"}}).empty());
  CHECK(found_after(nothing, {{"e", "another"}}) == "bodies");
  CHECK(found_after(nothing, {{"b", "another"}}) == "bodies");  // that is the worker's to compare
}

TEST_CASE("what lies outside of the closure, in the component or nowhere cannot have been used") {
  CHECK(found_after(nothing, {}, {"c", "e"}).empty());
  CHECK(found_after(nothing, {}, {"b", "c"}).empty());
  CHECK(found_after(nothing, {}, {"c", "nowhere"}).empty());
}

TEST_CASE("nothing is kept of a single module") {
  CHECK(found_after(nothing, {}, {"d"}, "c").empty());
}

}  // namespace
}  // namespace runner
