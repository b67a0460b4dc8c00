#include "scheduler/decide.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "graph/result.h"

namespace scheduler {
namespace {

std::uint32_t mark_of(const graph::Digest& digest) {
  return static_cast<std::uint32_t>(digest.bytes[0]) | static_cast<std::uint32_t>(digest.bytes[1]) << 8 |
         static_cast<std::uint32_t>(digest.bytes[2]) << 16 |
         static_cast<std::uint32_t>(digest.bytes[3]) << 24;
}

// Hashes names and interface digests of used modules in the order given.
class UsedDigest {
 public:
  void add(const std::string& name, const graph::Digest& interface) {
    builder_.field("module", name);
    builder_.field("interface", interface);
  }
  graph::Digest finish() { return builder_.finish(); }

 private:
  graph::DigestBuilder builder_;
};

Decision differs(Decision::Reason reason, const std::string& name) {
  return {Verdict::kCheck, reason, name, 0, 0};
}

Decision match(graph::ComponentId id, const ManifestEntry& entry, const DecisionInputs& inputs,
               const RunState& run) {
  UsedDigest used;
  const std::vector<std::string>& names = entry.outcome.used;
  const std::string* unknown = nullptr;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto module = inputs.graph.find(names[i]);
    // A module outside of the closure is not ordered before this component: its interface may be known or not
    // by chance, and mypy could not look at it either.
    // Nor is the component's own interface an input.
    const auto home = module ? std::optional(inputs.condensation.of(*module)) : std::nullopt;
    if (!home || home == id || !inputs.closure[id].contains(*home)) {
      return differs(Decision::Reason::kNotReachable, names[i]);
    }
    const graph::Digest* interface = run.interface_of(*module);
    if (interface == nullptr) {
      if (unknown == nullptr) unknown = &names[i];
      continue;
    }
    if (mark_of(*interface) != entry.used_marks[i]) {
      Decision decision = differs(Decision::Reason::kInterfaceChanged, names[i]);
      decision.from_mark = entry.used_marks[i];
      decision.to_mark = mark_of(*interface);
      return decision;
    }
    used.add(names[i], *interface);
  }
  if (unknown != nullptr) return {Verdict::kUndecided, Decision::Reason::kWaiting, *unknown, 0, 0};
  if (used.finish() != entry.used_digest) {
    return differs(Decision::Reason::kInterfaceChanged, names.empty() ? std::string() : names.front());
  }
  return {Verdict::kReuse, Decision::Reason::kSame, {}, 0, 0};
}

void reuse(ManifestEntry entry, ComponentRecord& record) {
  record.decision = {Verdict::kReuse, Decision::Reason::kSame, {}, 0, 0};
  record.interfaces.clear();
  for (const ModuleOutcome& module : entry.outcome.modules) record.interfaces.push_back(module.interface);
  record.used_digest = entry.used_digest;
  record.outcome = std::move(entry.outcome);
}

// What the store has for a component; looked up before, if nobody kept anything since.
std::vector<ManifestEntry> take_candidates(ComponentRecord& record, const DecisionInputs& inputs) {
  std::vector<ManifestEntry> found = record.candidates && !inputs.store.has_grown()
                                         ? std::move(*record.candidates)
                                         : inputs.store.entries(record.static_key);
  record.candidates.reset();
  return found;
}

// The outcome of a component without diagnostics.
ManifestEntry silent_entry(graph::ComponentId id, const KnownOutcome& known, const DecisionInputs& inputs) {
  ManifestEntry entry{.used_digest = known.used_digest, .used_marks = {}, .outcome = {}};
  entry.outcome.seconds = known.seconds;
  for (const graph::ModuleId module : inputs.condensation[id].modules) {
    entry.outcome.modules.push_back({.interface = inputs.known->interfaces[module.value],
                                     .diagnostics = {},
                                     .mentions_lines = inputs.known->mentions_lines[module.value]});
  }
  return entry;
}

// The outcome that is known, with its diagnostics.
std::optional<ManifestEntry> known_entry(graph::ComponentId id, const KnownOutcome& known,
                                         const DecisionInputs& inputs, ComponentRecord& record) {
  if (known.silent) {
    inputs.store.note_use(record.static_key);
    return silent_entry(id, known, inputs);
  }
  const std::vector<graph::ModuleId>& modules = inputs.condensation[id].modules;
  for (ManifestEntry& entry : take_candidates(record, inputs)) {
    const auto same = [&](const ModuleOutcome& one, graph::ModuleId module) {
      return one.interface == inputs.known->interfaces[module.value];
    };
    if (entry.used_digest == known.used_digest &&
        std::equal(entry.outcome.modules.begin(), entry.outcome.modules.end(), modules.begin(), modules.end(),
                   same))
      return std::move(entry);
  }
  return std::nullopt;
}

// Reuses the outcome that is known, if it is still to be had.
bool take_over(graph::ComponentId id, const DecisionInputs& inputs, RunState& run) {
  ComponentRecord& record = run[id];
  std::optional<ManifestEntry> entry = known_entry(id, inputs.known->by_component[id.value], inputs, record);
  if (!entry) return false;
  record.taken_over = true;
  reuse(std::move(*entry), record);
  return true;
}

// Whether the decision follows from what is known of the component; then it is made.
bool decide_by_known(graph::ComponentId id, const DecisionInputs& inputs, RunState& run) {
  const KnownOutcome& known = inputs.known->by_component[id.value];
  if (!known.valid) return false;
  ComponentRecord& record = run[id];
  std::optional<graph::ModuleId> unknown;
  for (std::uint32_t i = known.first; i < known.last; ++i) {
    const graph::ModuleId module = inputs.known->used[i];
    const graph::Digest* interface = run.interface_of(module);
    if (interface == nullptr) {
      if (!unknown) unknown = module;
    } else if (*interface != inputs.known->interfaces[module.value]) {
      return false;
    }
  }
  record.waits_as_known = unknown.has_value();
  if (unknown) {
    record.decision = {Verdict::kUndecided, Decision::Reason::kWaiting, inputs.graph[*unknown].name, 0, 0};
    return true;
  }
  return take_over(id, inputs, run);
}

}  // namespace

void decide(graph::ComponentId id, const DecisionInputs& inputs, RunState& run) {
  if (inputs.known != nullptr && decide_by_known(id, inputs, run)) return;
  ComponentRecord& record = run[id];
  record.decision = {Verdict::kCheck, Decision::Reason::kNeverChecked, {}, 0, 0};
  const std::size_t modules = inputs.condensation[id].modules.size();
  bool first = true;
  std::vector<ManifestEntry> candidates = take_candidates(record, inputs);
  for (ManifestEntry& entry : candidates) {
    if (entry.outcome.modules.size() != modules || entry.used_marks.size() != entry.outcome.used.size())
      continue;
    Decision decision = match(id, entry, inputs, run);
    if (decision.verdict == Verdict::kReuse) {
      reuse(std::move(entry), record);
      return;
    }
    // The newest entry explains best; but as long as any entry may still hold, the component is undecided.
    if (first || (decision.verdict == Verdict::kUndecided && record.decision.verdict == Verdict::kCheck)) {
      record.decision = std::move(decision);
    }
    first = false;
  }
  if (record.decision.verdict == Verdict::kUndecided) record.candidates = std::move(candidates);
}

void prepare(graph::ComponentId id, const DecisionInputs& inputs, RunState& run) {
  ComponentRecord& record = run[id];
  if (record.candidates || inputs.known == nullptr) return;
  const KnownOutcome& known = inputs.known->by_component[id.value];
  if (known.valid && !known.silent) record.candidates = inputs.store.entries(record.static_key);
}

bool is_as_known(graph::ComponentId id, const DecisionInputs& inputs, const RunState& run) {
  if (inputs.known == nullptr || !run.interface_known(id)) return false;
  const std::vector<graph::ModuleId>& modules = inputs.condensation[id].modules;
  return std::all_of(modules.begin(), modules.end(), [&](graph::ModuleId module) {
    return *run.interface_of(module) == inputs.known->interfaces[module.value];
  });
}

bool reuse_as_known(graph::ComponentId id, const DecisionInputs& inputs, RunState& run) {
  return inputs.known != nullptr && run[id].waits_as_known && take_over(id, inputs, run);
}

ManifestEntry manifest_entry(Outcome outcome, const graph::ModuleGraph& graph, const RunState& run) {
  ManifestEntry entry;
  UsedDigest used;
  for (const std::string& name : outcome.used) {
    const auto module = graph.find(name);
    INVARIANT(module.has_value(), "a used module is in the graph");
    const graph::Digest* interface = run.interface_of(*module);
    INVARIANT(interface != nullptr, "a used module's interface is known");
    entry.used_marks.push_back(mark_of(*interface));
    used.add(name, *interface);
  }
  entry.used_digest = used.finish();
  entry.outcome = std::move(outcome);
  return entry;
}

std::string name_of(graph::ComponentId id, const DecisionInputs& inputs) {
  return inputs.graph[inputs.condensation[id].modules.front()].name;
}

CheckFailure caught_failure(graph::ComponentId id, const DecisionInputs& inputs) {
  CheckFailure failure{CheckFailure::Kind::kCrash, name_of(id, inputs), "an unknown exception"};
  try {
    throw;
  } catch (const std::exception& error) {
    failure.text = error.what();
  } catch (...) {
    return failure;
  }
  return failure;
}

void plan(const DecisionInputs& inputs, RunState& run) {
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    const graph::ComponentId id{i};
    if (run.state(id) != ComponentState::kUndecided) continue;
    try {
      decide(id, inputs, run);
    } catch (...) {
      run[id].failure = caught_failure(id, inputs);
      run.set(id, ComponentState::kFailed);
      continue;
    }
    if (run[id].decision.verdict == Verdict::kReuse) run.set(id, ComponentState::kReused);
  }
}

}  // namespace scheduler
