#include "runner/explanation.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "runner/diagnostic_codec.h"
#include "runner/stored_outcomes.h"

namespace runner {
namespace {

using scheduler::Decision;
using scheduler::Verdict;

std::string hex_of(std::uint32_t mark) {
  char bytes[sizeof(mark)];
  std::memcpy(bytes, &mark, sizeof(mark));
  return graph::to_hex({bytes, sizeof(bytes)});
}

template <typename Describe>
KeyInputs recorded(const Describe& describe) {
  StringTable strings;
  RecordingSink sink(strings);
  describe(sink);
  return decode_inputs(sink.finish(), strings).value_or(KeyInputs());
}

KeyInputs inputs_now(const PlannedRun& run, graph::ComponentId id) {
  scheduler::NamedModules::Memo memo;
  return recorded([&](scheduler::KeySink& sink) { run.keys().describe(id, memo, sink); });
}

std::string last_part(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

// The names that a combined digest of visible submodules stands for are not kept; those that came into the
// run or left it tell which they were.
void add_names(std::vector<KeyChange>& changes, const std::vector<std::string>& appeared,
               const std::vector<std::string>& vanished, const std::set<std::uint32_t>& words) {
  const bool concerned = std::any_of(changes.begin(), changes.end(), [](const KeyChange& change) {
    return change.name == "visible submodules" || change.name == "missing in the run";
  });
  if (!concerned) return;
  for (const std::string& name : appeared) {
    if (!words.contains(graph::word_hash(last_part(name)))) continue;
    changes.push_back({{}, "module", name, std::nullopt, name});
  }
  for (const std::string& name : vanished) {
    if (!words.contains(graph::word_hash(last_part(name)))) continue;
    changes.push_back({{}, "module", name, name, std::nullopt});
  }
}

std::set<std::uint32_t> words_of(const RunSetup& setup, graph::ComponentId id) {
  std::set<std::uint32_t> words;
  for (const graph::ModuleId module : (*setup.components)[id].modules) {
    const graph::ScannedFile* file = setup.graph[module].file;
    if (file != nullptr) words.insert(file->scan.words.begin(), file->scan.words.end());
  }
  return words;
}

NameChanges names_since(const RunHistory& history, const graph::ModuleGraph& graph) {
  NameChanges changes;
  for (const graph::Module& module : graph.modules) {
    if (history.find(module.name) == nullptr) changes.appeared.push_back(module.name);
  }
  for (const ComponentPast& past : history.components) {
    for (const std::uint32_t name : past.names) {
      if (!graph.find(history.name(name))) changes.vanished.push_back(history.name(name));
    }
  }
  return changes;
}

}  // namespace

std::map<std::string, std::string> option_texts_of(const RunSetup& setup) {
  std::map<std::string, std::string> texts;
  std::set<const graph::EffectiveOptions*> written;
  for (const graph::Module& module : setup.graph.modules) {
    if (!written.insert(module.options).second) continue;
    auto all = nlohmann::json::object();
    for (const std::uint32_t section : module.options->sections) {
      const graph::OptionsSection& one = setup.options->sections()[section];
      const auto changes = nlohmann::json::parse(one.changes, nullptr, false);
      if (changes.is_object()) all.update(changes);
      all["sections"].push_back(one.pattern);
    }
    // What is set by no word of the configuration.
    for (const char* name : {"disable_error_code", "enable_error_code"}) {
      if (all.contains(name) && all[name].empty()) all.erase(name);
    }
    texts.emplace(graph::to_hex(module.options->digest.view().substr(0, 8)), all.dump());
  }
  return texts;
}

Explainer::Explainer(const PlannedRun& run, const RunHistory* history, PackStore& store)
    : run_(run),
      history_(history),
      store_(store),
      paths_(run.setup().probe.build.cwd, run.setup().probe.format.show_absolute_path),
      option_texts_(option_texts_of(run.setup())) {
  find_nearest_changes();
  if (history_ == nullptr) return;
  run_changes_ =
      compare_inputs(history_->inputs(history_->run_inputs),
                     recorded([this](scheduler::KeySink& sink) { run_.keys().run().describe(sink); }));
  names_ = names_since(*history_, graph());
  option_texts_.insert(history_->option_texts.begin(), history_->option_texts.end());
}

std::string Explainer::shown(const graph::Module& module) const {
  return module.path.empty() ? "" : paths_.of_file(module.path);
}

// Breadth first from all changes at once, against the direction of imports.
void Explainer::find_nearest_changes() {
  const graph::Condensation& components = *run_.setup().components;
  std::vector<std::vector<graph::ModuleId>> importers(graph().modules.size());
  for (std::uint32_t i = 0; i < importers.size(); ++i) {
    for (const graph::Dependency& dependency : graph()[{i}].dependencies) {
      importers[dependency.module.value].push_back({i});
    }
  }
  nearest_.resize(importers.size());
  std::deque<graph::ModuleId> open;
  for (std::uint32_t i = 0; i < importers.size(); ++i) {
    if (!changed_by_itself(components.of({i}))) continue;
    nearest_[i] = graph::ModuleId{i};
    open.push_back({i});
  }
  for (; !open.empty(); open.pop_front()) {
    for (const graph::ModuleId importer : importers[open.front().value]) {
      if (nearest_[importer.value]) continue;
      nearest_[importer.value] = nearest_[open.front().value];
      open.push_back(importer);
    }
  }
}

std::optional<graph::ModuleId> Explainer::nearest_change(graph::ModuleId module) const {
  return nearest_[module.value];
}

std::vector<KeyChange> Explainer::changes_now(graph::ComponentId id, bool& compared) const {
  const RunSetup& setup = run_.setup();
  const ComponentPast* past = history_ == nullptr
                                  ? nullptr
                                  : history_->find(setup.graph[(*setup.components)[id].modules.front()].name);
  compared = past != nullptr;
  if (past == nullptr) return {};
  std::vector<KeyChange> changes = run_changes_;
  for (KeyChange& change : compare_inputs(history_->inputs(past->inputs), inputs_now(run_, id))) {
    changes.push_back(std::move(change));
  }
  add_names(changes, names_.appeared, names_.vanished, words_of(setup, id));
  return changes;
}

std::vector<KeyChange> Explainer::changes_then(const ComponentPast& past) const {
  std::vector<KeyChange> changes;
  if (past.before.empty()) return changes;
  if (history_->run_changed_in == past.keyed_in) {
    changes = compare_inputs(history_->inputs(history_->run_before), history_->inputs(history_->run_inputs));
  }
  for (KeyChange& change : compare_inputs(history_->inputs(past.before), history_->inputs(past.inputs))) {
    changes.push_back(std::move(change));
  }
  if (history_->modules.run != past.keyed_in) return changes;
  if (const auto module = graph().find(history_->name(past.names.front()))) {
    add_names(changes, history_->modules.appeared, history_->modules.vanished,
              words_of(run_.setup(), run_.setup().components->of(*module)));
  }
  return changes;
}

std::optional<std::vector<std::string>> Explainer::looked_at(const graph::Digest& static_key,
                                                             const std::string& module) const {
  const auto record = store_.get(RecordKind::kManifest, static_key);
  if (!record) return std::nullopt;
  const auto bytes = store_.get(RecordKind::kTouched, graph::sha256(*record));
  if (!bytes) return std::nullopt;
  const auto touched = decode_touched(*bytes);
  if (!touched) return std::nullopt;
  std::vector<std::string> symbols;
  for (const scheduler::TouchedSymbols& one : *touched) {
    if (one.module != module) continue;
    for (std::size_t begin = 0; begin < one.symbols.size();) {
      const std::size_t end = std::min(one.symbols.find('\n', begin), one.symbols.size());
      symbols.push_back(one.symbols.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return symbols;
}

// All interfaces of the newest entry that are others now, or may be.
std::vector<InterfaceChange> Explainer::interfaces_now(graph::ComponentId id) const {
  std::vector<InterfaceChange> changes;
  const graph::Digest& key = run_.state()[id].static_key;
  const auto record = store_.get(RecordKind::kManifest, key);
  const auto entry = record ? decode_entry(*record) : graph::Error{"no entry"};
  if (!entry) return changes;
  const std::vector<std::string>& used = entry->outcome.used;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto module = graph().find(used[i]);
    if (!module) continue;
    const graph::Digest* interface = run_.state().interface_of(*module);
    const std::string from = hex_of(entry->used_marks[i]);
    const std::string to = interface == nullptr ? "" : interface->hex().substr(0, from.size());
    if (from != to) changes.push_back({used[i], from, to, looked_at(key, used[i])});
  }
  return changes;
}

bool Explainer::changed_by_itself(graph::ComponentId id) const {
  return run_.state().state(id) != scheduler::ComponentState::kReused &&
         run_.state()[id].decision.verdict == Verdict::kCheck;
}

void Explainer::append_imports(graph::ModuleId from, graph::ModuleId to, Why& why) const {
  const auto steps = shortest_imports(graph(), from, [to](graph::ModuleId module) { return module == to; });
  if (steps) why.imports.insert(why.imports.end(), steps->begin(), steps->end());
}

void Explainer::find_origin_now(graph::ModuleId from, Why& why) const {
  const auto used = graph().find(why.detail);
  if (!used) return;
  append_imports(from, *used, why);
  const graph::ModuleId origin = nearest_change(*used).value_or(*used);
  append_imports(*used, origin, why);
  bool compared = false;
  why.origin = graph()[origin].name;
  why.origin_changes = changes_now(run_.setup().components->of(origin), compared);
}

// Follows the interfaces that changed in the same run back to a key that did.
void Explainer::find_origin_then(graph::ModuleId from, const ComponentPast& past, Why& why) const {
  const ComponentPast* at = &past;
  std::set<const ComponentPast*> seen;
  graph::ModuleId module = from;
  while (at->reason == Decision::Reason::kInterfaceChanged && seen.insert(at).second) {
    const std::string detail = history_->name(at->detail);
    const auto used = graph().find(detail);
    const ComponentPast* below = history_->find(detail);
    if (!used || below == nullptr) return;
    append_imports(module, *used, why);
    why.origin = detail;
    module = *used;
    if (below->checked_in != past.checked_in) {
      if (below->keyed_in == past.checked_in) why.origin_changes = changes_then(*below);
      return;
    }
    at = below;
  }
  if (at == &past) return;
  why.origin_changes = changes_then(*at);
}

Why Explainer::why_now(graph::ModuleId module) const {
  const graph::ComponentId id = run_.setup().components->of(module);
  const Decision& decision = run_.state()[id].decision;
  Why why;
  why.reason = decision.reason;
  why.detail = decision.detail;
  why.changes = changes_now(id, why.compared);
  if (decision.reason != Decision::Reason::kInterfaceChanged && decision.reason != Decision::Reason::kWaiting)
    return why;
  why.interfaces = interfaces_now(id);
  find_origin_now(module, why);
  return why;
}

LastTime Explainer::last_time(graph::ModuleId module, const ComponentPast& past) const {
  LastTime last;
  if (history_->repeated_at == 0) {
    if (past.checked_in == history_->run) last.verdict = LastTime::Verdict::kChecked;
    if (past.seen_in != history_->run) last.verdict = LastTime::Verdict::kLeftOut;
  }
  last.checks = past.checks;
  last.checked_at = past.checked_at;
  last.seconds = past.seconds;
  if (past.checks == 0) return last;
  Why& why = last.why;
  why.reason = past.reason;
  why.detail = history_->name(past.detail);
  if (past.keyed_in == past.checked_in) {
    why.compared = !past.before.empty();
    why.changes = changes_then(past);
  }
  if (past.reason == Decision::Reason::kInterfaceChanged) {
    const graph::Digest& key = run_.state()[run_.setup().components->of(module)].static_key;
    why.interfaces = {{why.detail, hex_of(past.from_mark), hex_of(past.to_mark), looked_at(key, why.detail)}};
    find_origin_then(module, past, why);
  }
  return last;
}

Explanation Explainer::explain(graph::ModuleId module) const {
  const graph::ComponentId id = run_.setup().components->of(module);
  Explanation explanation;
  explanation.module = module;
  explanation.verdict = run_.state()[id].decision.verdict;
  explanation.now = why_now(module);
  if (history_ == nullptr) return explanation;
  if (const ComponentPast* past = history_->find(graph()[module].name)) {
    explanation.last = last_time(module, *past);
  }
  return explanation;
}

}  // namespace runner
