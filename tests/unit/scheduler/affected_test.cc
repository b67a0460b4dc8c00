// Which components may have another outcome than before.
#include "scheduler/affected.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "tests/support/graph_text.h"

namespace scheduler {
namespace {

graph::Digest digest_of(const std::string& text) {
  return graph::sha256(text);
}

// One state: keys are those of the texts given, else of the component's name; interfaces likewise.
class State {
 public:
  explicit State(std::string_view graph_text, const std::map<std::string, std::string>& keys = {})
      : graph_(support::graph_from_text(graph_text)),
        components_(graph::condense(graph_)),
        run_(components_) {
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      const std::string name = graph_[components_[{i}].modules.front()].name;
      const auto it = keys.find(name);
      run_[{i}].static_key = digest_of("key " + (it == keys.end() ? name : it->second));
    }
  }

  graph::ComponentId id(const std::string& module) const { return components_.of(*graph_.find(module)); }

  // The component's outcome is known: what it used, and its modules' interfaces.
  State& known(const std::string& module, std::vector<std::string> used = {},
               const std::string& interface = "same") {
    const graph::ComponentId component = id(module);
    ComponentRecord& record = run_[component];
    record.outcome.emplace();
    record.outcome->used = std::move(used);
    for (const graph::ModuleId each : components_[component].modules) {
      record.interfaces.push_back(digest_of(graph_[each].name + interface));
    }
    run_.set(component, ComponentState::kReused);
    return *this;
  }

  Side side() const { return {graph_, components_, run_}; }
  RunState& run() { return run_; }

  std::string names(const ComponentSet& set) const {
    std::set<std::string> names;
    for (const graph::ComponentId component : set.members()) {
      for (const graph::ModuleId module : components_[component].modules) names.insert(graph_[module].name);
    }
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
  }

  std::vector<bool> changed(const std::string& module) const {
    std::vector<bool> flags(graph_.modules.size(), false);
    if (const auto found = graph_.find(module)) flags[found->value] = true;
    return flags;
  }

 private:
  graph::ModuleGraph graph_;
  graph::Condensation components_;
  RunState run_;
};

constexpr std::string_view kChain = "top -> middle; middle -> base; base; apart";

TEST_CASE("a new key reaches all that import it") {
  State now(kChain, {{"base", "other"}});
  const State before(kChain);
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("")).possible()) == "base middle top");
}

TEST_CASE("a module counts as changed whatever its key says") {
  const State now(kChain);
  const State before(kChain);
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("middle")).possible()) == "middle top");
}

TEST_CASE("an interface that is what it was ends the reach") {
  State now(kChain, {{"base", "other"}});
  State before(kChain);
  for (const char* name : {"base", "middle", "top"}) {
    now.known(name);
    before.known(name, {"base"});
  }
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("base")).actual()) == "base");
}

TEST_CASE("another interface reaches those that used it, however far away") {
  State now(kChain, {{"base", "other"}});
  State before(kChain);
  now.known("base", {}, "new").known("middle").known("top");
  before.known("base").known("middle").known("top", {"base"});
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("base")).actual()) == "base top");
}

TEST_CASE("where nothing is known of before, everything above counts") {
  State now(kChain, {{"base", "other"}});
  const State before(kChain);
  now.known("base").known("middle").known("top");
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("base")).actual()) == "base middle top");
}

TEST_CASE("an unknown outcome counts as using all it reaches, of which the interfaces may be known") {
  State now(kChain, {{"base", "other"}});
  State before(kChain);
  now.known("base").known("middle").known("top");
  before.known("base");
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("base")).actual()) == "base");
}

TEST_CASE("a used module that is gone affects") {
  State now("top -> middle; middle", {{"middle", "other"}});
  State before("top -> middle; middle -> base; base");
  now.known("middle").known("top");
  before.known("base").known("middle").known("top", {"base"});
  CHECK(now.names(Affected(now.side(), before.side(), now.changed("")).actual()) == "middle top");
}

TEST_CASE("only what is needed for the wanted is left in a run") {
  State now("top -> middle; middle -> base; base; apart -> base; known");
  now.known("known");
  ComponentSet wanted(now.run().size());
  wanted.insert(now.id("middle"));
  const graph::Condensation& components = now.side().condensation;
  leave_out_all_but(needed_for(wanted, ComponentClosure(components), now.run().size()), now.run());
  const auto state = [&](const std::string& name) { return now.run().state(now.id(name)); };
  CHECK(state("middle") == ComponentState::kUndecided);
  CHECK(state("base") == ComponentState::kUndecided);
  CHECK(state("top") == ComponentState::kLeftOut);
  CHECK(state("apart") == ComponentState::kLeftOut);
  CHECK(state("known") == ComponentState::kReused);
}

}  // namespace
}  // namespace scheduler
