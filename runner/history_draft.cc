#include "runner/history_draft.h"

#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "runner/explanation.h"
#include "runner/seal.h"

namespace runner {
namespace {

// How many names of modules that came or went.
constexpr std::size_t kMaxNames = 200;

}  // namespace

graph::Digest digest_of_keys(const PlannedRun& run) {
  std::string keys;
  keys.reserve(run.state().size() * sizeof(graph::Digest));
  for (std::uint32_t i = 0; i < run.state().size(); ++i) keys += run.state()[{i}].static_key.view();
  return graph::sha256(keys);
}

HistoryDraft::HistoryDraft(std::shared_ptr<const RunHistory> last, const PlannedRun& run)
    : last_(std::move(last)), run_(&run), by_component_(run.state().size()) {
  next_.run = last_->run + 1;
  next_.arguments = run.setup().mypy_arguments;
  next_.keys = digest_of_keys(run);
  // Numbers stay, so that what did not change is copied; unless most strings are not used any more.
  const std::size_t expected = run.setup().graph.modules.size() * 4 + 1000;
  same_numbers_ = last_->strings.size() < expected;
  if (same_numbers_) next_.strings = last_->strings.extension();
  write_run_inputs();
  compare_modules();
  write_option_texts();
  for (std::uint32_t i = 0; i < run.state().size(); ++i) write_draft({i});
}

void HistoryDraft::write_draft(graph::ComponentId id) {
  using enum scheduler::ComponentState;
  const auto state = run_->state().state(id);
  if (state != kReused && state != kUndecided) return;
  const ComponentPast* past = past_of(id);
  if (past == nullptr || past->key_mark != mark_of(run_->state()[id].static_key)) return;
  Draft& draft = by_component_[id.value];
  draft.begin = drafts_.size();
  draft.seconds_at = write_component(drafts_, seen(id, past));
  draft.end = drafts_.size();
}

bool HistoryDraft::write_final(graph::ComponentId id, std::string& bytes) {
  using enum scheduler::ComponentState;
  const scheduler::ComponentRecord& record = run_->state()[id];
  const auto state = run_->state().state(id);
  const Draft& draft = by_component_[id.value];
  if (state == kReused && draft.begin < draft.end) {
    if (record.outcome) {  // it may be another than that of then
      const auto seconds = std::bit_cast<std::uint64_t>(record.outcome->seconds);
      std::memcpy(drafts_.data() + draft.seconds_at, &seconds, sizeof(seconds));
    }
    bytes.append(drafts_, draft.begin, draft.end - draft.begin);
    return true;
  }
  const ComponentPast* past = past_of(id);
  if (state != kReused && state != kChecked) {
    if (past != nullptr) write_component(bytes, copy(*past));
    return past != nullptr;
  }
  ComponentPast next = seen(id, past);
  if (record.outcome) next.seconds = record.outcome->seconds;
  if (state == kChecked) next.note_check(next_.run, next_.moment, reason_of(record.decision, next_.strings));
  write_component(bytes, next);
  return true;
}

std::string HistoryDraft::finish(std::int64_t now) && {
  next_.moment = now;
  std::string components;
  components.reserve(drafts_.size() + drafts_.size() / 8);
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < by_component_.size(); ++i) {
    if (write_final({i}, components)) ++count;
  }
  std::string bytes;
  constexpr std::size_t kUsualName = 64;
  bytes.reserve(components.size() + next_.strings.size() * kUsualName);
  write_history(bytes, next_, count);
  bytes += components;
  seal(bytes);
  return bytes;
}

std::string_view HistoryDraft::carried_over(std::string_view recorded) {
  if (same_numbers_ || recorded.empty()) return recorded;
  auto renumbered = renumber_inputs(recorded, last_->strings, next_.strings);
  return renumbered ? next_.hold(std::move(*renumbered)) : std::string_view();
}

void HistoryDraft::write_run_inputs() {
  RecordingSink sink(next_.strings);
  run_->keys().run().describe(sink);
  next_.run_inputs = next_.hold(sink.finish());
  const std::string_view before = carried_over(last_->run_inputs);
  const bool changed = last_->run > 0 && before != next_.run_inputs;
  next_.run_before = changed ? before : carried_over(last_->run_before);
  next_.run_changed_in = changed ? next_.run : last_->run_changed_in;
}

void HistoryDraft::compare_modules() {
  next_.modules = last_->modules;
  if (last_->run == 0) return;
  NameChanges changes{{}, {}, next_.run};
  for (const graph::Module& module : run_->setup().graph.modules) {
    if (changes.appeared.size() < kMaxNames && last_->find(module.name) == nullptr) {
      changes.appeared.push_back(module.name);
    }
  }
  for (const ComponentPast& past : last_->components) {
    for (const std::uint32_t name : past.names) {
      if (changes.vanished.size() == kMaxNames) break;
      if (!run_->setup().graph.find(last_->name(name))) changes.vanished.push_back(last_->name(name));
    }
  }
  if (!changes.appeared.empty() || !changes.vanished.empty()) next_.modules = std::move(changes);
}

void HistoryDraft::write_option_texts() {
  next_.option_texts = option_texts_of(run_->setup());
  // Keys before the last change may refer to those of then.
  for (const auto& [digest, text] : last_->option_texts) {
    if (next_.option_texts.size() < kMaxNames) next_.option_texts.emplace(digest, text);
  }
}

const ComponentPast* HistoryDraft::past_of(graph::ComponentId id) const {
  const graph::Component& component = (*run_->setup().components)[id];
  return last_->find(run_->setup().graph[component.modules.front()].name);
}

ComponentPast HistoryDraft::seen(graph::ComponentId id, const ComponentPast* past) {
  ComponentPast next = past != nullptr ? *past : ComponentPast();
  next.names.clear();
  for (const graph::ModuleId module : (*run_->setup().components)[id].modules) {
    next.names.push_back(next_.strings.intern(run_->setup().graph[module].name));
  }
  next.detail = next_.strings.intern(past == nullptr ? "" : last_->strings[past->detail]);
  next.key_mark = mark_of(run_->state()[id].static_key);
  next.seen_in = next_.run;
  if (past == nullptr || past->key_mark != next.key_mark) {
    next.keyed_in = next_.run;
    next.before = past == nullptr ? std::string_view() : carried_over(past->inputs);
    next.inputs = recorded(id);
  } else {
    next.inputs = carried_over(past->inputs);
    next.before = carried_over(past->before);
  }
  return next;
}

ComponentPast HistoryDraft::copy(const ComponentPast& past) {
  ComponentPast next = past;
  for (std::uint32_t& name : next.names) name = next_.strings.intern(last_->strings[name]);
  next.detail = next_.strings.intern(last_->strings[past.detail]);
  next.inputs = carried_over(past.inputs);
  next.before = carried_over(past.before);
  return next;
}

std::string_view HistoryDraft::recorded(graph::ComponentId id) {
  RecordingSink sink(next_.strings);
  run_->keys().describe(id, memo_, sink);
  return next_.hold(sink.finish());
}

}  // namespace runner
