// What the queue hands out first, and how much at once.
#include "scheduler/ready_queue.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <thread>

#include "tests/support/graph_text.h"

namespace scheduler {
namespace {

using graph::ComponentId;

// What one module costs besides its bytes.
constexpr std::uint64_t kModuleCost = 1500;

// A queue over a graph whose files have the sizes given; others are empty.
class Queued {
 public:
  Queued(std::string_view text, const std::map<std::string, std::uint64_t>& sizes, std::size_t workers = 1)
      : graph_(with_sizes(support::graph_from_text(text), sizes)),
        components_(graph::condense(graph_)),
        closure_(components_),
        costs(graph_, components_),
        queue(costs, closure_, workers) {}

  Queued& push(const std::string& names) {
    std::string name;
    for (const char c : names + " ") {
      if (c != ' ') {
        name += c;
        continue;
      }
      queue.push(id(name));
      name.clear();
    }
    return *this;
  }
  // The names of one batch, for a worker that holds the closures of `loaded`.
  std::string take(const std::vector<std::string>& loaded = {}) {
    ComponentSet set(components_.size());
    for (const std::string& name : loaded) set.merge(closure_[id(name)]);
    return names(queue.take(set, Readiness::kStarted));
  }
  // The same for a worker that has not answered `busy` yet.
  std::string take_ahead(const std::vector<std::string>& busy) {
    std::vector<ComponentId> ids;
    for (const std::string& name : busy) ids.push_back(id(name));
    return names(queue.take_ahead(nothing(), ids));
  }
  ComponentId id(const std::string& name) const { return components_.of(*graph_.find(name)); }
  ComponentSet nothing() const { return ComponentSet(components_.size()); }

 private:
  std::string names(const std::vector<ComponentId>& batch) const {
    std::string text;
    for (const ComponentId one : batch) {
      if (!text.empty()) text += ' ';
      text += graph_[components_[one].modules.front()].name;
    }
    return text;
  }
  graph::ModuleGraph with_sizes(graph::ModuleGraph graph, const std::map<std::string, std::uint64_t>& sizes) {
    for (const auto& [name, size] : sizes) {
      files_.emplace_back().size = size;
      graph.modules[graph.find(name)->value].file = &files_.back();
    }
    return graph;
  }

  std::deque<graph::ScannedFile> files_;
  graph::ModuleGraph graph_;
  graph::Condensation components_;
  ComponentClosure closure_;

 public:
  CostModel costs;
  ReadyQueue queue;
};

TEST_CASE("a component costs its bytes and a part for each module; a directory has no bytes") {
  Queued q("a -> b; b -> a; c", {{"a", 1000}, {"b", 10}});
  CHECK(q.costs.cost(q.id("a")) == 1010 + 2 * kModuleCost);
  CHECK(q.costs.cost(q.id("c")) == kModuleCost);
  CHECK(q.costs.total() == 1010 + 3 * kModuleCost);
}

TEST_CASE("the remaining path is the dearest chain of dependents, the critical path the dearest of all") {
  Queued q("top -> left right; left -> base; right -> base; lone", {{"left", 100}, {"right", 9000}});
  CHECK(q.costs.remaining_path(q.id("top")) == kModuleCost);
  CHECK(q.costs.remaining_path(q.id("left")) == 100 + 2 * kModuleCost);
  CHECK(q.costs.remaining_path(q.id("base")) == 9000 + 3 * kModuleCost);
  CHECK(q.costs.critical_path() == 9000 + 3 * kModuleCost);
  CHECK(q.costs.remaining_path(q.id("lone")) == kModuleCost);
}

TEST_CASE("the component with the longest path ahead comes first, whatever came first") {
  Queued q("x -> a; y -> b; z -> y; c", {{"a", 50000}, {"b", 50000}, {"c", 50000}, {"z", 50000}});
  q.push("c a b");
  CHECK(q.take() == "b");
  CHECK(q.take() == "a");
  CHECK(q.take() == "c");
}

TEST_CASE("of equally long paths the component that mypy processes first comes first") {
  Queued q("a; b; c", {{"a", 50000}, {"b", 50000}, {"c", 50000}});
  q.push("a b c");
  CHECK(q.take() == "c");
  CHECK(q.take() == "b");
  CHECK(q.take() == "a");
}

TEST_CASE("small components travel together up to the price of a request") {
  std::string text;
  std::string names;
  for (char c = 'a'; c <= 't'; ++c) {
    text += std::string(1, c) + ";";
    names += std::string(names.empty() ? "" : " ") + c;
  }
  // Twenty of 3,500 make 70,000: eleven fit into 40,000.
  std::map<std::string, std::uint64_t> sizes;
  for (char c = 'a'; c <= 't'; ++c) sizes[std::string(1, c)] = 2000;
  Queued q(text, sizes);
  q.push(names);
  CHECK(q.take() == "t s r q p o n m l k j");
  CHECK(q.take() == "i h g f e d c b a");
}

TEST_CASE("a large component travels alone") {
  Queued q("big; small", {{"big", 60000}});
  q.push("small big");
  CHECK(q.take() == "big");
  CHECK(q.take() == "small");
}

TEST_CASE("a component that does not fit any more is left for the next batch, a smaller one taken") {
  Queued q("a; b; c; pad", {{"a", 20000}, {"b", 30000}, {"c", 1000}, {"pad", 1}});
  q.push("a b c pad");
  CHECK(q.take() == "b c pad");
  CHECK(q.take() == "a");
}

TEST_CASE("the last components are shared out between the workers") {
  const char* four = "a; b; c; d";
  SUBCASE("one worker takes all") {
    Queued q(four, {}, 1);
    CHECK(q.push("a b c d").take() == "d c b a");
  }
  SUBCASE("two workers take halves, then single ones") {
    Queued q(four, {}, 2);
    q.push("a b c d");
    CHECK(q.take() == "d c");
    CHECK(q.take() == "b");
    CHECK(q.take() == "a");
  }
  SUBCASE("four workers take one each") {
    Queued q(four, {}, 4);
    q.push("a b c d");
    CHECK(q.take() == "d");
    CHECK(q.take() == "c");
  }
}

TEST_CASE("a worker fills its batch with what it has loaded most of") {
  Queued q("a -> x; b -> y; c -> x; d -> y; x -> x1; y -> y1", {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}}, 2);
  q.push("a b c d");
  SUBCASE("x is loaded") {
    CHECK(q.take({"x"}) == "d c");
  }
  SUBCASE("y is loaded") {
    CHECK(q.take({"y"}) == "d b");
  }
}

TEST_CASE("a worker that is nearly done gets its next batch early") {
  Queued q("a; b; c; d", {{"a", 30'000}, {"b", 30'000}, {"c", 10'000}, {"d", 18'000}});
  q.push("a b");
  CHECK(q.take_ahead({"c"}) == "b");
  SUBCASE("but not behind something large") {
    q.push("b");
    CHECK(q.take_ahead({"c", "d"}) == "");
    CHECK(q.take_ahead({"d"}) != "");
  }
  SUBCASE("and never the last that somebody else could do") {
    CHECK(q.take_ahead({"c"}) == "");
    CHECK(q.take() == "a");
  }
}

TEST_CASE("with more workers there must be more to do before one of them gets work early") {
  Queued q("a; b; c", {{"a", 30'000}, {"b", 30'000}}, 2);
  q.push("a b");
  CHECK(q.take_ahead({"c"}) == "");
}

TEST_CASE("a closed queue hands out what is left and then nothing") {
  Queued q("a; b", {{"a", 50000}, {"b", 50000}});
  q.push("a b");
  q.queue.close();
  CHECK(q.take() == "b");
  CHECK(q.take() == "a");
  CHECK(q.take() == "");
  CHECK(q.take() == "");
}

TEST_CASE("who waits gets what is pushed later, or nothing once the queue is closed") {
  Queued q("a; b", {});
  std::vector<std::vector<ComponentId>> got(3);
  {
    std::vector<std::jthread> workers;
    for (auto& batch : got)
      workers.emplace_back([&] { batch = q.queue.take(q.nothing(), Readiness::kStarted); });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    q.push("a");
    q.queue.close();
  }
  std::size_t handed_out = 0;
  for (const auto& batch : got) handed_out += batch.size();
  CHECK(handed_out == 1);
}

TEST_CASE("work goes to a worker that waits before one is started for it") {
  Queued q("a; b", {{"a", 50000}, {"b", 50000}}, 2);
  std::vector<ComponentId> to_waiting;
  std::vector<ComponentId> to_new;
  std::vector<ComponentId> expected;
  {
    const std::jthread waiting([&] { to_waiting = q.queue.take(q.nothing(), Readiness::kStarted); });
    while (q.queue.idle() == 0) std::this_thread::yield();
    const std::jthread starting([&] { to_new = q.queue.take(q.nothing(), Readiness::kToStart); });
    q.push("b");
    while (q.queue.idle() > 0) std::this_thread::yield();
    SUBCASE("what comes while nobody waits is worth a start") {
      q.push("a");
      expected = {q.id("a")};
    }
    SUBCASE("without more work nothing is started") {}
    q.queue.close();
  }
  CHECK(to_waiting == std::vector{q.id("b")});
  CHECK(to_new == expected);
}

TEST_CASE("who is to start gets work when nobody else waits for it") {
  Queued q("a", {});
  CHECK(q.push("a").queue.take(q.nothing(), Readiness::kToStart) == std::vector{q.id("a")});
}

TEST_CASE("every component is handed out exactly once to many workers") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "m" + std::to_string(i) + ";";
  Queued q(text, {}, 4);
  std::vector<std::atomic<int>> taken(500);
  {
    std::vector<std::jthread> workers;
    for (int w = 0; w < 4; ++w) {
      workers.emplace_back([&] {
        for (auto batch = q.queue.take(q.nothing(), Readiness::kStarted); !batch.empty();
             batch = q.queue.take(q.nothing(), Readiness::kStarted)) {
          for (const ComponentId id : batch) ++taken[id.value];
        }
      });
    }
    for (std::uint32_t i = 0; i < 500; ++i) q.queue.push({i});
    q.queue.close();
  }
  int wrong = 0;
  for (const auto& times : taken) wrong += times != 1;
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace scheduler
