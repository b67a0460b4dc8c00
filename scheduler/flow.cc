#include "scheduler/flow.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/info.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "graph/result.h"
#include "scheduler/shared_work.h"

namespace scheduler {
namespace {

namespace flow = oneapi::tbb::flow;
using flow::continue_msg;

// A component in the flow graph: `decide` fires when the interfaces of all undecided components it imports
// are known; `publish` answers to its dependents when its own interface is known, which for a component that
// is checked is told from a worker's thread. No thread of TBB ever waits for a worker, and no exception
// leaves a body: what is thrown ends the component it is about.
struct ComponentNode {
  using Publish = flow::async_node<continue_msg, continue_msg>;
  std::vector<graph::ComponentId> awaits;
  std::unique_ptr<flow::continue_node<continue_msg>> decide;
  std::unique_ptr<Publish> publish;
  Publish::gateway_type* gateway = nullptr;
  bool taken = false;  // by the checker, which owes an answer
  bool told = false;   // that it was started
  bool gated = false;  // waits for a component that has no interface
};

// The checker ends when the queue is closed: also where an exception ends the run, or joining it would never
// end.
struct QueueCloser {
  ReadyQueue& queue;
  ~QueueCloser() { queue.close(); }
};

class Flow final : public CheckEvents, public WorkSource {
 public:
  Flow(const FlowInputs& inputs, RunState& run)
      : inputs_(inputs),
        run_(run),
        queue_(inputs.costs, inputs.decisions.closure, inputs.checker.workers()),
        nodes_(run.size()) {}

  void run() {
    std::vector<graph::ComponentId> undecided = undecided_components();
    if (undecided.empty()) return;
    find_awaited();
    find_gate(undecided);
    if (!gate_) make_nodes(undecided);
    shared_.emplace(inputs_.decisions.store, run_, [this](graph::ComponentId id) {
      if (!reuse_after_all(id)) queue_.push(id);
    });
    if (gate_) ++open_;
    std::jthread checking([this] { run_checker(); });
    const QueueCloser at_the_end{queue_};
    if (gate_) {
      go_through_gate(undecided);
      undecided = undecided_components();
      if (undecided.empty() && inputs_.on_all_read) inputs_.on_all_read();
      make_nodes(undecided);
    }
    // From here on the graph does not change.
    open_ += undecided.size();
    for (const graph::ComponentId id : undecided) {
      if (nodes_[id.value].awaits.empty()) nodes_[id.value].decide->try_put(continue_msg());
    }
    close_one();
    wait_for_all();
  }

  // CheckEvents: from the checker's threads.
  void on_interface(graph::ComponentId id, std::vector<graph::Digest> interfaces) override {
    run_[id].interfaces = std::move(interfaces);
    run_.set(id, ComponentState::kInterfaceReady);
    pass_on(id);
  }

  void on_checked(graph::ComponentId id, Outcome outcome) override {
    try {
      ManifestEntry entry = manifest_entry(std::move(outcome), inputs_.decisions.graph, run_);
      inputs_.decisions.store.keep(run_[id].static_key, entry);
      run_[id].used_digest = entry.used_digest;
      run_[id].outcome = std::move(entry.outcome);
      run_[id].outcome->touched.clear();
    } catch (...) {
      on_failed(id, caught_failure(id, inputs_.decisions));
      return;
    }
    finish(id, ComponentState::kChecked);
  }

  void on_failed(graph::ComponentId id, CheckFailure failure) override {
    using enum CheckFailure::Kind;
    if (failure.kind == kBlocking || failure.kind == kWhole) {
      abandoned_ = true;
      shared_->give_up_waiting();
    }
    shared_->release(id);
    const bool published = run_.interface_known(id);
    run_[id].failure = std::move(failure);
    run_.set(id, ComponentState::kFailed);
    // Dependents have to hear of it, or they would wait for ever.
    if (!published) pass_on(id);
    tell_finished(id);
  }

  // WorkSource: from the checker's threads.
  std::vector<graph::ComponentId> take(const ComponentSet& loaded, Readiness readiness) override {
    for (;;) {
      const std::vector<graph::ComponentId> ready = queue_.take(loaded, readiness);
      const std::vector<graph::ComponentId> batch = start(ready);
      if (batch.empty() && !ready.empty()) continue;  // others are at it, or did it
      if (!abandoned_ || batch.empty()) return batch;
      for (const graph::ComponentId id : batch) {
        on_failed(id, {CheckFailure::Kind::kBlocking, name_of(id, inputs_.decisions), "the run is blocked"});
      }
    }
  }

  std::vector<graph::ComponentId> take_ahead(const ComponentSet& loaded,
                                             const std::vector<graph::ComponentId>& busy) override {
    if (abandoned_) return {};
    return start(queue_.take_ahead(loaded, busy));
  }

  void give_back(const std::vector<graph::ComponentId>& batch) override {
    for (const graph::ComponentId id : batch) {
      nodes_[id.value].taken = false;
      queue_.push(id);
    }
  }

  graph::Digest interface_of(graph::ModuleId module) const override {
    const graph::Digest* digest = run_.interface_of(module);
    INVARIANT(digest != nullptr, "a worker only loads interfaces that are known");
    return *digest;
  }

 private:
  void note_taken(const std::vector<graph::ComponentId>& batch) {
    for (const graph::ComponentId id : batch) {
      ComponentNode& node = nodes_[id.value];
      node.taken = true;
      if (!std::exchange(node.told, true)) inputs_.progress.on_started({&id, 1});
    }
  }

  std::vector<graph::ComponentId> undecided_components() const {
    std::vector<graph::ComponentId> undecided;
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      if (run_.state({i}) == ComponentState::kUndecided) undecided.push_back({i});
    }
    return undecided;
  }

  // After the edit of one component all others wait for it. Mostly its interface is what it was, and what
  // follows is decided faster than nodes for it are made.
  void find_gate(const std::vector<graph::ComponentId>& undecided) {
    const auto is_first = [this](graph::ComponentId id) { return nodes_[id.value].awaits.empty(); };
    if (std::count_if(undecided.begin(), undecided.end(), is_first) == 1) {
      gate_ = *std::find_if(undecided.begin(), undecided.end(), is_first);
    }
  }

  // Until the interface of the gate is known, or known to be never; what it decides is decided then.
  void go_through_gate(const std::vector<graph::ComponentId>& undecided) {
    decide_late(*gate_);
    if (run_.state(*gate_) == ComponentState::kReady) {
      push(*gate_);
    } else {
      pass_on(*gate_);
      close_one();
    }
    std::future<void> passed = gate_passed_.get_future();
    const auto is_open = [&] {
      return passed.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    for (auto id = undecided.begin(); id != undecided.end() && !is_open(); ++id) prepare_safely(*id);
    if (!is_open() && inputs_.on_wait) inputs_.on_wait();
    passed.wait();
    if (!abandoned_ && run_.interface_known(*gate_)) {
      bool as_known = is_as_known(*gate_, inputs_.decisions, run_);
      for (const graph::ComponentId id : undecided_components()) {
        decide_behind_gate(id, as_known);
        as_known = as_known && is_as_known(id, inputs_.decisions, run_);
      }
      return find_awaited();
    }
    // The others still wait for it, which tells them that they are skipped, but not as a node.
    for (ComponentNode& node : nodes_) node.gated = std::erase(node.awaits, *gate_) > 0;
  }

  // `as_known`: all interfaces that were not known before are what they were in the run that is known.
  void decide_behind_gate(graph::ComponentId id, bool as_known) {
    if (!decide_safely(id, as_known) || run_[id].decision.verdict != Verdict::kReuse) return;
    inputs_.progress.on_decided(id, true);
    run_.set(id, ComponentState::kReused);
  }

  // The interface of a component is known, or there will be none.
  void pass_on(graph::ComponentId id) {
    if (id == gate_) return gate_passed_.set_value();
    nodes_[id.value].gateway->try_put(continue_msg());
  }

  void make_nodes(const std::vector<graph::ComponentId>& undecided) {
    for (const graph::ComponentId id : undecided) make_node(id);
    for (const graph::ComponentId id : undecided) {
      for (const graph::ComponentId awaited : nodes_[id.value].awaits) {
        flow::make_edge(*nodes_[awaited.value].publish, *nodes_[id.value].decide);
      }
    }
  }

  void make_node(graph::ComponentId id) {
    ComponentNode& node = nodes_[id.value];
    node.decide = std::make_unique<flow::continue_node<continue_msg>>(
        graph_, [this, id](const continue_msg&) noexcept { decide_late(id); });
    node.publish = std::make_unique<ComponentNode::Publish>(
        graph_, flow::unlimited,
        [this, id](const continue_msg&, ComponentNode::Publish::gateway_type& gateway) noexcept {
          publish(id, gateway);
        });
    flow::make_edge(*node.decide, *node.publish);
  }

  // A component waits for the undecided ones that it reaches without passing through another. Its imports
  // alone are not enough: one of them may be reused although something below it is undecided, if that did not
  // count for it (used sets leave typeshed out); but whoever checks the component has to load it.
  void find_awaited() {
    std::vector<std::vector<graph::ComponentId>> below(run_.size());  // of those that are decided
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      std::vector<graph::ComponentId> awaited;
      for (const graph::ComponentId dependency : inputs_.decisions.condensation[{i}].dependencies) {
        if (run_.state(dependency) == ComponentState::kUndecided) {
          awaited.push_back(dependency);
        } else {
          const auto& more = below[dependency.value];
          awaited.insert(awaited.end(), more.begin(), more.end());
        }
      }
      std::sort(awaited.begin(), awaited.end());
      awaited.erase(std::unique(awaited.begin(), awaited.end()), awaited.end());
      const bool undecided = run_.state({i}) == ComponentState::kUndecided;
      (undecided ? nodes_[i].awaits : below[i]) = std::move(awaited);
    }
  }

  bool dependencies_stand(graph::ComponentId id) const {
    const auto stands = [this](graph::ComponentId dependency) { return run_.interface_known(dependency); };
    const std::vector<graph::ComponentId>& imports = inputs_.decisions.condensation[id].dependencies;
    const std::vector<graph::ComponentId>& awaits = nodes_[id.value].awaits;
    return !nodes_[id.value].gated && std::all_of(imports.begin(), imports.end(), stands) &&
           std::all_of(awaits.begin(), awaits.end(), stands);
  }

  void decide_late(graph::ComponentId id) {
    if (abandoned_ || !dependencies_stand(id)) {
      run_.set(id, ComponentState::kSkipped);
      return;
    }
    if (!decide_safely(id)) return;
    const Verdict verdict = run_[id].decision.verdict;
    INVARIANT(verdict != Verdict::kUndecided,
              "all interfaces a component may use are known when it is decided");
    inputs_.progress.on_decided(id, verdict == Verdict::kReuse);
    run_.set(id, verdict == Verdict::kReuse ? ComponentState::kReused : ComponentState::kReady);
  }

  // While the gate is being checked. What fails will do so again when it is needed.
  void prepare_safely(graph::ComponentId id) noexcept {
    if (id == gate_) return;
    try {
      prepare(id, inputs_.decisions, run_);
    } catch (...) {
      run_[id].candidates.reset();
    }
  }

  // False when that fails; so does the component then.
  bool decide_safely(graph::ComponentId id, bool as_known = false) {
    try {
      if (!as_known || !reuse_as_known(id, inputs_.decisions, run_)) decide(id, inputs_.decisions, run_);
      return true;
    } catch (...) {
      run_[id].failure = caught_failure(id, inputs_.decisions);
      run_.set(id, ComponentState::kFailed);
      return false;
    }
  }

  // A thread that waits for a graph looks for its tasks all the time, though they are few while workers
  // check: it would take the better part of a processor from them.
  void wait_for_all() {
    const std::future<void> finished = all_finished_.get_future();
    const bool others_run_tasks = oneapi::tbb::info::default_concurrency() > 1;
    if (others_run_tasks) finished.wait();
    graph_.wait_for_all();
    finished.wait();  // for the gate, which is not of the graph
  }

  void close_one() {
    if (--open_ == 0) all_finished_.set_value();
  }

  void publish(graph::ComponentId id, ComponentNode::Publish::gateway_type& gateway) {
    if (run_.state(id) != ComponentState::kReady) {
      gateway.try_put(continue_msg());
      close_one();
      return;
    }
    nodes_[id.value].gateway = &gateway;
    gateway.reserve_wait();
    push(id);
  }

  void push(graph::ComponentId id) {
    try {
      queue_.push(id);
    } catch (...) {
      inputs_.progress.on_started({&id, 1});
      on_failed(id, caught_failure(id, inputs_.decisions));
    }
  }

  // Those of a batch that a worker is to check now.
  std::vector<graph::ComponentId> start(const std::vector<graph::ComponentId>& ready) {
    std::vector<graph::ComponentId> batch = shared_->claim(ready);
    if (inputs_.decisions.store.has_grown()) {
      std::erase_if(batch, [this](graph::ComponentId id) { return reuse_after_all(id); });
    }
    note_taken(batch);
    return batch;
  }

  // Another process may have checked a component since it was decided.
  bool reuse_after_all(graph::ComponentId id) noexcept {
    try {
      decide(id, inputs_.decisions, run_);
    } catch (...) {
      return false;  // a store that throws has nothing to reuse
    }
    if (run_[id].decision.verdict != Verdict::kReuse) return false;
    shared_->release(id);
    if (!std::exchange(nodes_[id.value].told, true)) inputs_.progress.on_started({&id, 1});
    run_.set(id, ComponentState::kReused);
    pass_on(id);
    tell_finished(id);
    return true;
  }

  void finish(graph::ComponentId id, ComponentState state) {
    run_.set(id, state);
    tell_finished(id);
  }

  // The last that happens for a component: once all have come here, the graph may end.
  void tell_finished(graph::ComponentId id) {
    inputs_.progress.on_finished(id);
    if (id != gate_) nodes_[id.value].gateway->release_wait();
    close_one();
  }

  // The checker returns when the queue is closed. Should it give up before, whatever it leaves fails.
  void run_checker() {
    graph::Error why{"the checker stopped before the end of the run"};
    try {
      inputs_.checker.run(*this, *this);
    } catch (const CheckerStopped& stopped) {
      why = {stopped.what(), stopped.hint};
    } catch (const std::exception& error) {
      why = {error.what()};
    } catch (...) {
      why = {"the checker failed"};
    }
    const auto fail = [&](graph::ComponentId id) {
      on_failed(id, {CheckFailure::Kind::kCrash, name_of(id, inputs_.decisions), why.message, why.hint});
    };
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      const ComponentState state = run_.state({i});
      const bool open = state == ComponentState::kReady || state == ComponentState::kInterfaceReady;
      if (open && nodes_[i].taken) fail({i});
    }
    const ComponentSet nothing(run_.size());
    const auto next = [&] { return take(nothing, Readiness::kStarted); };
    for (auto left = next(); !left.empty(); left = next()) {
      for (const graph::ComponentId id : left) fail(id);
    }
  }

  const FlowInputs& inputs_;
  RunState& run_;
  ReadyQueue queue_;
  flow::graph graph_;
  std::vector<ComponentNode> nodes_;
  // The one that all others wait for, if there is one. It has no node.
  std::optional<graph::ComponentId> gate_;
  std::promise<void> gate_passed_;  // its interface is known, or there will be none
  // The gate, and components with a node, for which something may happen yet; one more until all are counted.
  std::atomic<std::size_t> open_ = 1;
  std::promise<void> all_finished_;      // there are none left
  std::atomic<bool> abandoned_ = false;  // a blocking error: the answer will come from elsewhere
  std::optional<SharedWork> shared_;     // while it runs; what its thread uses stands above
};

}  // namespace

void run_flow(const FlowInputs& inputs, RunState& run) {
  Flow(inputs, run).run();
}

}  // namespace scheduler
