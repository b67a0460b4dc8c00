#include "runner/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>
#include <utility>

#include "runner/atomic_file.h"

namespace runner {
namespace {

constexpr std::string_view kEnding = ".history";
constexpr std::string_view kRecentEnding = ".recent";
// How many sets of arguments are remembered.
constexpr std::size_t kMaxFiles = 16;

std::string file_name(const std::vector<std::string>& arguments) {
  graph::DigestBuilder builder;
  for (const std::string& argument : arguments) builder.field("argument", argument);
  return builder.finish().hex().substr(0, 16) + std::string(kEnding);
}

// Where the runs since a history are.
std::string name_of_recent(const std::string& history) {
  return history.substr(0, history.size() - kEnding.size()) + std::string(kRecentEnding);
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

std::optional<RecentRuns> read_recent(const StateDirectory& state, const std::string& name) {
  const std::optional<std::string> bytes = state.directory()->read(name);
  if (!bytes) {
    state.drop_displaced(name);
    return std::nullopt;
  }
  std::optional<RecentRuns> recent = RecentRuns::decode(*bytes);
  if (!recent) state.drop_damaged(name);
  return recent;
}

std::optional<RunHistory> read_file(const StateDirectory& state, const std::string& name) {
  std::optional<std::string> bytes = state.directory()->read(name);
  if (!bytes) {
    state.drop_displaced(name);
    return std::nullopt;
  }
  std::optional<RunHistory> history = RunHistory::decode(std::move(*bytes));
  if (!history) {
    state.drop_damaged(name);
    return std::nullopt;
  }
  if (const auto recent = read_recent(state, name_of_recent(name))) recent->bring_up_to_date(*history);
  history->repeated_at = repeated_at(*state.directory(), name, history->moment);
  return history;
}

HistoryDraft draft_of(const StateDirectory& state, const PlannedRun& run) {
  std::optional<RunHistory> last = read_history(state, run.setup().mypy_arguments);
  return {std::make_shared<const RunHistory>(std::move(last).value_or(RunHistory())), run};
}

bool write_whole(const OwnedDirectory& directory, const std::string& name, const PlannedRun& run,
                 const std::string& bytes) {
  if (!write_losable(directory, name, bytes)) return false;
  const std::string_view seal = std::string_view(bytes).substr(bytes.size() - sizeof(graph::Digest::bytes));
  const auto recent = RecentRuns::begin(graph::Digest::from_raw(seal), run);
  if (!recent || !write_losable(directory, name_of_recent(name), recent->encode())) {
    directory.remove(name_of_recent(name));
  }
  const std::vector<std::string> names = names_by_age(directory);
  for (std::size_t i = kMaxFiles; i < names.size(); ++i) {
    directory.remove(names[i]);
    directory.remove(name_of_recent(names[i]));
  }
  return true;
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

void note_repeated_run(const StateDirectory& state, const std::vector<std::string>& arguments) {
  if (state.writable()) set_time(*state.directory(), file_name(arguments), {0, UTIME_NOW});
}

PreparedHistory prepare_history(const StateDirectory& state, const PlannedRun& run) {
  if (!state.writable()) return {};
  const std::string name = file_name(run.setup().mypy_arguments);
  auto recent = read_recent(state, name_of_recent(name));
  const auto seal = recent ? state.directory()->read_end(name, sizeof(graph::Digest::bytes)) : std::nullopt;
  if (seal && *seal == recent->history().view() && recent->fits(run)) {
    recent->describe_keys(run);
    return {std::move(recent), std::nullopt};
  }
  return {std::nullopt, draft_of(state, run)};
}

void remember_run(const StateDirectory& state, const PlannedRun& run, PreparedHistory prepared) {
  if (!state.writable()) return;
  std::optional<RecentRuns>& recent = prepared.recent;
  std::optional<HistoryDraft>& draft = prepared.draft;
  const std::vector<std::string>& arguments = run.setup().mypy_arguments;
  const bool checked = run.state().count(scheduler::ComponentState::kChecked) > 0;
  if (!checked && (recent ? recent->has_same_keys(run) : draft->has_same_keys())) {
    note_repeated_run(state, arguments);
    return;
  }
  const OwnedDirectory& directory = *state.directory();
  const std::string name = file_name(arguments);
  const std::time_t now = std::time(nullptr);
  bool written = false;
  if (recent && recent->add(run, now)) {
    written = write_losable(directory, name_of_recent(name), recent->encode());
  } else {
    if (!draft) draft.emplace(draft_of(state, run));
    written = write_whole(directory, name, run, std::move(*draft).finish(now));
  }
  if (written) set_time(directory, name, {now, 0});
}

}  // namespace runner
