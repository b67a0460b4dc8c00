#include "runner/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <unordered_map>
#include <utility>

#include "runner/atomic_file.h"
#include "runner/explanation.h"

namespace runner {
namespace {

constexpr std::string_view kEnding = ".history";
// How many sets of arguments are remembered.
constexpr std::size_t kMaxFiles = 16;
// How many names of modules that came or went.
constexpr std::size_t kMaxNames = 200;

std::string file_name(const std::vector<std::string>& arguments) {
  graph::DigestBuilder builder;
  for (const std::string& argument : arguments) builder.field("argument", argument);
  return builder.finish().hex().substr(0, 16) + std::string(kEnding);
}

std::uint64_t mark_of(const graph::Digest& digest) {
  std::uint64_t mark;
  std::memcpy(&mark, digest.bytes.data(), sizeof(mark));
  return mark;
}

graph::Digest digest_of_keys(const PlannedRun& run) {
  std::string keys;
  keys.reserve(run.state().size() * sizeof(graph::Digest));
  for (std::uint32_t i = 0; i < run.state().size(); ++i) keys += run.state()[{i}].static_key.view();
  return graph::sha256(keys);
}

// Histories by age, the newest first.
std::vector<std::string> names_by_age(const OwnedDirectory& directory) {
  std::vector<std::pair<std::filesystem::file_time_type, std::string>> found;
  for (const std::string& name : directory.names()) {
    if (!name.ends_with(kEnding)) continue;
    std::error_code error;
    const auto time = std::filesystem::last_write_time(directory.path_of(name), error);
    if (!error) found.emplace_back(time, name);
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::string> names;
  for (auto& [time, name] : found) names.push_back(std::move(name));
  return names;
}

// Makes the next history out of the last one and a run.
class HistoryWriter {
 public:
  HistoryWriter(const RunHistory& last, const PlannedRun& run, std::int64_t now) : last_(last), run_(run) {
    next_.run = last.run + 1;
    next_.moment = now;
    next_.arguments = run.setup().mypy_arguments;
    next_.keys = digest_of_keys(run);
    // Numbers stay, so that what did not change is copied; unless most strings are not used any more.
    const std::size_t expected = run.setup().graph.modules.size() * 4 + 1000;
    same_numbers_ = last.strings.size() < expected;
    if (same_numbers_) next_.strings = last.strings.extension();
  }

  RunHistory write() {
    write_run_inputs();
    compare_modules();
    next_.components.reserve(run_.state().size());
    for (std::uint32_t i = 0; i < run_.state().size(); ++i) write_component({i});
    write_option_texts();
    return std::move(next_);
  }

 private:
  std::string_view carried_over(std::string_view recorded) {
    if (same_numbers_ || recorded.empty()) return recorded;
    auto renumbered = renumber_inputs(recorded, last_.strings, next_.strings);
    return renumbered ? next_.hold(std::move(*renumbered)) : std::string_view();
  }

  void write_run_inputs() {
    RecordingSink sink(next_.strings);
    run_.keys().run().describe(sink);
    next_.run_inputs = next_.hold(sink.finish());
    const std::string_view before = carried_over(last_.run_inputs);
    const bool changed = last_.run > 0 && before != next_.run_inputs;
    next_.run_before = changed ? before : carried_over(last_.run_before);
    next_.run_changed_in = changed ? next_.run : last_.run_changed_in;
  }

  void compare_modules() {
    next_.modules = last_.modules;
    if (last_.run == 0) return;
    NameChanges changes{{}, {}, next_.run};
    for (const graph::Module& module : run_.setup().graph.modules) {
      if (changes.appeared.size() < kMaxNames && last_.find(module.name) == nullptr) {
        changes.appeared.push_back(module.name);
      }
    }
    for (const ComponentPast& past : last_.components) {
      for (const std::uint32_t name : past.names) {
        if (changes.vanished.size() == kMaxNames) break;
        if (!run_.setup().graph.find(last_.name(name))) changes.vanished.push_back(last_.name(name));
      }
    }
    if (!changes.appeared.empty() || !changes.vanished.empty()) next_.modules = std::move(changes);
  }

  void write_component(graph::ComponentId id) {
    using enum scheduler::ComponentState;
    const scheduler::ComponentRecord& record = run_.state()[id];
    const auto state = run_.state().state(id);
    const graph::Component& component = (*run_.setup().components)[id];
    const ComponentPast* past = last_.find(run_.setup().graph[component.modules.front()].name);
    if (state != kReused && state != kChecked) {
      if (past != nullptr) copy(*past);
      return;
    }
    ComponentPast next = past != nullptr ? *past : ComponentPast();
    next.names.clear();
    for (const graph::ModuleId module : component.modules) {
      next.names.push_back(next_.strings.intern(run_.setup().graph[module].name));
    }
    next.detail =
        past == nullptr ? next_.strings.intern("") : next_.strings.intern(last_.strings[past->detail]);
    next.key_mark = mark_of(record.static_key);
    next.seen_in = next_.run;
    if (past == nullptr || past->key_mark != next.key_mark) {
      next.keyed_in = next_.run;
      next.before = past == nullptr ? std::string_view() : carried_over(past->inputs);
      next.inputs = recorded(id);
    } else {
      next.inputs = carried_over(past->inputs);
      next.before = carried_over(past->before);
    }
    if (record.outcome) next.seconds = record.outcome->seconds;
    if (state == kChecked) note_check(record.decision, next);
    next_.components.push_back(std::move(next));
  }

  void copy(const ComponentPast& past) {
    ComponentPast next = past;
    for (std::uint32_t& name : next.names) name = next_.strings.intern(last_.strings[name]);
    next.detail = next_.strings.intern(last_.strings[past.detail]);
    next.inputs = carried_over(past.inputs);
    next.before = carried_over(past.before);
    next_.components.push_back(std::move(next));
  }

  std::string_view recorded(graph::ComponentId id) {
    RecordingSink sink(next_.strings);
    run_.keys().describe(id, memo_, sink);
    return next_.hold(sink.finish());
  }

  void note_check(const scheduler::Decision& decision, ComponentPast& next) {
    next.checked_in = next_.run;
    next.checked_at = next_.moment;
    ++next.checks;
    next.reason = decision.reason;
    next.detail = next_.strings.intern(decision.detail);
    next.from_mark = decision.from_mark;
    next.to_mark = decision.to_mark;
  }

  void write_option_texts() {
    next_.option_texts = option_texts_of(run_.setup());
    // Keys before the last change may refer to those of then.
    for (const auto& [digest, text] : last_.option_texts) {
      if (next_.option_texts.size() < kMaxNames) next_.option_texts.emplace(digest, text);
    }
  }

  const RunHistory& last_;
  const PlannedRun& run_;
  RunHistory next_;
  scheduler::NamedModules::Memo memo_;
  bool same_numbers_ = true;
};

// A file's time of change is when its run was, to the second; if it is not, a later run touched it.
void set_time(const OwnedDirectory& directory, const std::string& name, const timespec& time) {
  const timespec times[] = {{0, UTIME_OMIT}, time};
  ::utimensat(directory.descriptor(), name.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

std::int64_t repeated_at(const OwnedDirectory& directory, const std::string& name, std::int64_t moment) {
  struct stat status {};
  if (::fstatat(directory.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return status.st_mtim.tv_sec == moment && status.st_mtim.tv_nsec == 0 ? 0 : status.st_mtim.tv_sec;
}

std::optional<RunHistory> read_file(const StateDirectory& state, const std::string& name) {
  std::optional<std::string> bytes = state.directory()->read(name);
  if (!bytes) {
    state.drop_displaced(name);
    return std::nullopt;
  }
  std::optional<RunHistory> history = RunHistory::decode(std::move(*bytes));
  if (!history) state.drop_damaged(name);
  if (history) history->repeated_at = repeated_at(*state.directory(), name, history->moment);
  return history;
}

}  // namespace

std::optional<RunHistory> read_history(const StateDirectory& state,
                                       const std::vector<std::string>& arguments) {
  if (state.directory() == nullptr) return std::nullopt;
  auto history = read_file(state, file_name(arguments));
  if (history && history->arguments != arguments) return std::nullopt;
  return history;
}

std::optional<RunHistory> read_newest_history(const StateDirectory& state) {
  if (state.directory() == nullptr) return std::nullopt;
  for (const std::string& name : names_by_age(*state.directory())) {
    if (auto history = read_file(state, name)) return history;
  }
  return std::nullopt;
}

RunHistory next_history(const RunHistory& last, const PlannedRun& run, std::int64_t now) {
  return HistoryWriter(last, run, now).write();
}

void note_repeated_run(const StateDirectory& state, const std::vector<std::string>& arguments) {
  if (state.writable()) set_time(*state.directory(), file_name(arguments), {0, UTIME_NOW});
}

void remember_run(const StateDirectory& state, const PlannedRun& run, const RunHistory& last) {
  if (!state.writable()) return;
  const std::vector<std::string>& arguments = run.setup().mypy_arguments;
  const bool checked = run.state().count(scheduler::ComponentState::kChecked) > 0;
  if (!checked && last.run > 0 && last.keys == digest_of_keys(run)) {
    note_repeated_run(state, arguments);
    return;
  }
  const OwnedDirectory& directory = *state.directory();
  graph::Result<AtomicFile> file = AtomicFile::create(directory, directory, file_name(arguments));
  if (!file) return;
  const std::time_t now = std::time(nullptr);
  if (file->write(next_history(last, run, now).encode())) return;
  if (file->publish(Durability::kLosable)) return;
  set_time(directory, file_name(arguments), {now, 0});
  const std::vector<std::string> names = names_by_age(directory);
  for (std::size_t i = kMaxFiles; i < names.size(); ++i) directory.remove(names[i]);
}

}  // namespace runner
