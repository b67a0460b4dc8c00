#include "runner/store_command.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include "runner/console.h"
#include "runner/pack_collection.h"
#include "runner/pack_directory.h"
#include "runner/store_choice.h"
#include "runner/store_survey.h"

namespace runner {
namespace {

constexpr int kFound = 1;
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kPause{20};

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// A folder may have any name; the terminal sees no control characters.
std::string visible(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %%",
                100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

std::string age(std::int64_t moment_ns) {
  const std::int64_t seconds = (static_cast<std::int64_t>(now_ns()) - moment_ns) / 1'000'000'000;
  const auto ago = [](std::int64_t count, const char* unit) {
    return std::to_string(count) + " " + unit + (count == 1 ? "" : "s") + " ago";
  };
  if (moment_ns == 0) return "never";
  if (seconds < 1) return "now";
  if (seconds < 120) return ago(seconds, "second");
  if (seconds < 120 * 60) return ago(seconds / 60, "minute");
  if (seconds < 48 * 60 * 60) return ago(seconds / 60 / 60, "hour");
  return ago(seconds / 60 / 60 / 24, "day");
}

std::string status_text(const std::string& path, const StoreSurvey& survey, const StoreLimit& limit) {
  std::string text = "store      " + path + "\n";
  text += "size       " + size_text(survey.bytes) + " of " + size_text(limit.bytes) + ", " +
          counted(survey.packs, "pack", "packs") + "\n";
  const auto kind = [&survey](RecordKind which) {
    return survey.records.at(static_cast<std::size_t>(which));
  };
  text += "entries    " + std::to_string(survey.record_count()) + ": " +
          counted(kind(RecordKind::kManifest), "result", "results") + ", " +
          counted(kind(RecordKind::kInterface), "interface", "interfaces") + ", " +
          counted(kind(RecordKind::kTouched), "list", "lists") + " of symbols, " +
          counted(kind(RecordKind::kAnswer), "whole answer", "whole answers") + ", " +
          std::to_string(kind(RecordKind::kProbe) + kind(RecordKind::kPlugins) + kind(RecordKind::kPaths) +
                         kind(RecordKind::kSightings) + kind(RecordKind::kBodies)) +
          " others\n";
  text += "hit rate   " + percent(survey.reused, survey.reused + survey.checked) + ": " +
          std::to_string(survey.reused) + " of " +
          counted(survey.reused + survey.checked, "component", "components") + " reused in " +
          counted(survey.runs, "run", "runs") + "\n";
  text += "age        oldest pack " + age(survey.oldest_ns) + ", newest " + age(survey.newest_ns) + "\n";
  if (survey.broken_packs > 0) {
    text += "damaged    " + counted(survey.broken_packs, "pack", "packs") +
            "; `typewave store verify --heal` removes what is damaged\n";
  }
  for (const ProjectShare& project : survey.projects) {
    text += "project    " + visible(project.label) + " (" + project.id +
            "): " + counted(project.records, "entry", "entries") + ", " + size_text(project.bytes) +
            ", hit rate " + percent(project.reused, project.reused + project.checked) + " in " +
            counted(project.runs, "run", "runs") + ", first " + age(project.first_run_ns) + ", last " +
            age(project.last_run_ns) + "\n";
  }
  return text;
}

std::string status_json(const std::string& path, const StoreSurvey& survey, const StoreLimit& limit) {
  using nlohmann::ordered_json;
  const auto seconds = [](std::int64_t ns) { return static_cast<double>(ns) / 1e9; };
  const auto rate = [](std::uint64_t reused, std::uint64_t checked) {
    const std::uint64_t all = reused + checked;
    return all == 0 ? ordered_json() : ordered_json(static_cast<double>(reused) / static_cast<double>(all));
  };
  constexpr const char* kKinds[] = {"",        "results",   "touched", "interfaces", "probes",
                                    "plugins", "sightings", "paths",   "answers",    "bodies"};
  static_assert(std::size(kKinds) == kRecordKinds + 1);
  ordered_json kinds = ordered_json::object();
  for (std::size_t i = 1; i <= kRecordKinds; ++i) kinds[kKinds[i]] = survey.records.at(i);
  ordered_json projects = ordered_json::array();
  for (const ProjectShare& project : survey.projects) {
    projects.push_back({{"id", project.id},
                        {"name", project.label},
                        {"entries", project.records},
                        {"bytes", project.bytes},
                        {"runs", project.runs},
                        {"reused", project.reused},
                        {"checked", project.checked},
                        {"hit_rate", rate(project.reused, project.checked)},
                        {"first_run", seconds(project.first_run_ns)},
                        {"last_run", seconds(project.last_run_ns)}});
  }
  const ordered_json document = {
      {"format", 1},
      {"path", path},
      {"bytes", survey.bytes},
      {"limit", limit.bytes},
      {"packs", survey.packs},
      {"damaged_packs", survey.broken_packs},
      {"entries", survey.record_count()},
      {"kinds", std::move(kinds)},
      {"runs", survey.runs},
      {"reused", survey.reused},
      {"checked", survey.checked},
      {"hit_rate", rate(survey.reused, survey.checked)},
      {"oldest", seconds(survey.oldest_ns)},
      {"newest", seconds(survey.newest_ns)},
      {"projects", std::move(projects)},
  };
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

class StoreCommand {
 public:
  StoreCommand(const StoreOptions& options, std::string path, StoreLimit limit)
      : options_(options), path_(std::move(path)), limit_(limit) {}

  int run() {
    if (options_.action == StoreAction::kPath) {
      print_stdout(path_ + "\n");
      return 0;
    }
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path_ + "/v1/packs", ignored)) &&
        (!std::filesystem::exists(path_, ignored) || std::filesystem::is_directory(path_, ignored))) {
      return no_store();
    }
    const bool writes =
        options_.action == StoreAction::kGc || options_.action == StoreAction::kClear || options_.heal;
    auto directory =
        PackDirectory::open(path_, writes ? PackStore::Access::kReadWrite : PackStore::Access::kReadOnly);
    if (!directory) return fail(directory.error());
    switch (options_.action) {
      case StoreAction::kGc:
        return collect(*directory);
      case StoreAction::kClear:
        return clear(*directory);
      case StoreAction::kVerify:
        return verify(*directory);
      default:
        return status(survey_store(*directory));
    }
  }

 private:
  int no_store() const {
    if (options_.action == StoreAction::kStatus) return status({});
    print_stdout("nothing is stored in " + path_ + "\n");
    return 0;
  }

  int status(const StoreSurvey& survey) const {
    print_stdout(options_.json ? status_json(path_, survey, limit_) : status_text(path_, survey, limit_));
    return 0;
  }

  // Waits for another process that collects.
  std::optional<FileHandle> take_lock(const PackDirectory& directory) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::optional<FileHandle> lock = directory.try_lock();
    while (!lock && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kPause);
      lock = directory.try_lock();
    }
    if (!lock) {
      print_error({"cannot lock " + path_ + ": another process has been collecting its garbage for a minute",
                   "wait for it, or end it"});
    }
    return lock;
  }

  int collect(const PackDirectory& directory) const {
    const std::optional<FileHandle> lock = take_lock(directory);
    if (!lock) return kTrouble;
    PackCollection collection(directory, limit_);
    const PackCollection::Result result = collection.collect(limit_.bytes, true);
    if (result.trouble) return fail(*result.trouble);
    if (const auto error = collection.merge_small_packs()) return fail(*error);
    print_stdout("removed " + std::to_string(result.records_removed) + " of " +
                 counted(result.records_before, "entry", "entries") + "; " + path_ + " now takes " +
                 size_text(directory.used_bytes()) + " of " + size_text(limit_.bytes) + ", before " +
                 size_text(result.bytes_before) + "\n");
    return 0;
  }

  int clear(const PackDirectory& directory) const {
    const std::optional<FileHandle> lock = take_lock(directory);
    if (!lock) return kTrouble;
    const std::uint64_t before = directory.used_bytes();
    directory.clear();
    if (const std::vector<std::string> left = directory.list(); !left.empty()) {
      return fail({"cannot remove " + directory.path_of(left.front()), "make the store writable"});
    }
    print_stdout("removed everything from " + path_ + ": " + size_text(before) + "\n");
    return 0;
  }

  int verify(const PackDirectory& directory) const {
    const StoreExamination found = examine_store(directory);
    for (const std::string& finding : found.findings) print_stdout(finding + "\n");
    print_stdout(
        counted(found.records, "entry", "entries") + " in " + counted(found.packs, "pack", "packs") + " (" +
        size_text(found.bytes) + "): " +
        (found.findings.empty() ? "all sound" : counted(found.findings.size(), "finding", "findings")) +
        "\n");
    if (found.findings.empty()) return 0;
    if (options_.heal) return heal(directory, found);
    print_note("damaged entries are never used; `typewave store verify --heal` removes them");
    return kFound;
  }

  int heal(const PackDirectory& directory, const StoreExamination& found) const {
    const std::optional<FileHandle> lock = take_lock(directory);
    if (!lock) return kTrouble;
    for (const std::string& name : found.broken_packs) directory.remove(name);
    PackCollection collection(directory, limit_);
    std::optional<graph::Error> error = collection.merge(found.damaged_packs);
    if (!error) error = collection.collect(limit_.bytes, true).trouble;
    if (error) return fail(*error);
    const StoreExamination again = examine_store(directory);
    for (const std::string& finding : again.findings) print_stdout(finding + "\n");
    if (!again.findings.empty()) {
      return fail(
          {"something in " + path_ + " cannot be healed", "`typewave store clear` empties the store"});
    }
    print_stdout("healed: " + counted(again.records, "entry is", "entries are") + " left, all sound\n");
    return 0;
  }

  const StoreOptions& options_;
  const std::string path_;
  const StoreLimit limit_;
};

}  // namespace

int run_store(const StoreOptions& options) {
  const std::optional<std::string> path = options.store ? options.store : default_store_directory();
  if (!path || path->empty()) {
    return fail({"no place for a store: neither XDG_CACHE_HOME nor HOME is set", "name one with --store"});
  }
  const std::string cwd = std::filesystem::current_path();
  return StoreCommand(options, *path, store_limit_of(options.store_limit, cwd)()).run();
}

}  // namespace runner
