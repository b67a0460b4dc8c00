#include "scheduler/flow.h"

#include <oneapi/tbb/flow_graph.h>

#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "graph/result.h"

namespace scheduler {
namespace {

namespace flow = oneapi::tbb::flow;
using flow::continue_msg;

// A component in the flow graph: `decide` fires when the interfaces of all undecided components it imports
// are known; `publish` answers to its dependents when its own interface is known, which for a component that
// is checked is told from a worker's thread. No thread of TBB ever waits for a worker.
struct ComponentNode {
  using Publish = flow::async_node<continue_msg, continue_msg>;
  std::unique_ptr<flow::continue_node<continue_msg>> decide;
  std::unique_ptr<Publish> publish;
  Publish::gateway_type* gateway = nullptr;
};

class Flow final : public CheckEvents, public WorkSource {
 public:
  Flow(const FlowInputs& inputs, RunState& run)
      : inputs_(inputs),
        run_(run),
        queue_(inputs.costs, inputs.decisions.closure, inputs.checker.workers()),
        nodes_(run.size()) {}

  void run() {
    std::vector<graph::ComponentId> undecided;
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      if (run_.state({i}) == ComponentState::kUndecided) undecided.push_back({i});
    }
    if (undecided.empty()) return;
    for (const graph::ComponentId id : undecided) make_node(id);
    std::vector<graph::ComponentId> roots;
    for (const graph::ComponentId id : undecided) {
      if (!connect(id)) roots.push_back(id);
    }
    // From here on the graph does not change.
    std::jthread checking([this] { inputs_.checker.run(*this, *this); });
    for (const graph::ComponentId id : roots) nodes_[id.value].decide->try_put(continue_msg());
    graph_.wait_for_all();
    queue_.close();
  }

  // CheckEvents: from the checker's threads.
  void on_interface(graph::ComponentId id, std::vector<graph::Digest> interfaces) override {
    run_[id].interfaces = std::move(interfaces);
    run_.set(id, ComponentState::kInterfaceReady);
    nodes_[id.value].gateway->try_put(continue_msg());
  }

  void on_checked(graph::ComponentId id, Outcome outcome) override {
    ManifestEntry entry = manifest_entry(std::move(outcome), inputs_.decisions.graph, run_);
    inputs_.decisions.store.keep(run_[id].static_key, entry);
    run_[id].outcome = std::move(entry.outcome);
    finish(id, ComponentState::kChecked);
  }

  void on_failed(graph::ComponentId id, CheckFailure failure) override {
    run_[id].failure = std::move(failure);
    const bool published = run_.interface_known(id);
    ComponentNode& node = nodes_[id.value];
    run_.set(id, ComponentState::kFailed);
    // Dependents have to hear of it, or they would wait for ever.
    if (!published) node.gateway->try_put(continue_msg());
    inputs_.progress.on_finished(id);
    node.gateway->release_wait();
  }

  // WorkSource: from the checker's threads.
  std::vector<graph::ComponentId> take(const ComponentSet& loaded) override {
    std::vector<graph::ComponentId> batch = queue_.take(loaded);
    if (!batch.empty()) inputs_.progress.on_started(batch);
    return batch;
  }

  graph::Digest interface_of(graph::ModuleId module) const override {
    const graph::Digest* digest = run_.interface_of(module);
    INVARIANT(digest != nullptr, "a worker only loads interfaces that are known");
    return *digest;
  }

 private:
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

  // Whether the component waits for another one.
  bool connect(graph::ComponentId id) {
    bool waits = false;
    for (const graph::ComponentId dependency : inputs_.decisions.condensation[id].dependencies) {
      ComponentNode& node = nodes_[dependency.value];
      if (node.publish == nullptr) continue;
      flow::make_edge(*node.publish, *nodes_[id.value].decide);
      waits = true;
    }
    return waits;
  }

  bool dependencies_stand(graph::ComponentId id) const {
    for (const graph::ComponentId dependency : inputs_.decisions.condensation[id].dependencies) {
      if (!run_.interface_known(dependency)) return false;
    }
    return true;
  }

  void decide_late(graph::ComponentId id) {
    if (!dependencies_stand(id)) {
      run_.set(id, ComponentState::kSkipped);
      return;
    }
    decide(id, inputs_.decisions, run_);
    const Verdict verdict = run_[id].decision.verdict;
    INVARIANT(verdict != Verdict::kUndecided,
              "all interfaces a component may use are known when it is decided");
    inputs_.progress.on_decided(id, verdict == Verdict::kReuse);
    run_.set(id, verdict == Verdict::kReuse ? ComponentState::kReused : ComponentState::kReady);
  }

  void publish(graph::ComponentId id, ComponentNode::Publish::gateway_type& gateway) {
    if (run_.state(id) != ComponentState::kReady) {
      gateway.try_put(continue_msg());
      return;
    }
    nodes_[id.value].gateway = &gateway;
    gateway.reserve_wait();
    queue_.push(id);
  }

  void finish(graph::ComponentId id, ComponentState state) {
    run_.set(id, state);
    inputs_.progress.on_finished(id);
    nodes_[id.value].gateway->release_wait();
  }

  const FlowInputs& inputs_;
  RunState& run_;
  ReadyQueue queue_;
  flow::graph graph_;
  std::vector<ComponentNode> nodes_;
};

}  // namespace

void run_flow(const FlowInputs& inputs, RunState& run) {
  Flow(inputs, run).run();
}

}  // namespace scheduler
