#include "runner/settled_inputs.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "graph/regular_file.h"
#include "runner/probe_memo.h"

namespace runner {
namespace {

using nlohmann::json;

std::optional<graph::FileStat> look_at(const std::string& path) {
  graph::FileStat stat;
  return graph::stat_file(path, stat) ? std::optional(stat) : std::nullopt;
}

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

SettledInputs::SettledInputs(json inputs) : inputs_(std::move(inputs)) {
  std::vector<std::string> directories;
  for (const json& file : inputs_.at("files")) {
    const std::string path = file.at(0);
    files_.emplace_back(path, look_at(path));
    const auto& stat = files_.back().second;
    if (!stat) directories.push_back(parent_of(path));
    if (stat && !S_ISREG(stat->mode) && !S_ISDIR(stat->mode)) can_be_read_once_ = true;
  }
  for (const char* list : {"listings", "names"}) {
    for (const json& entry : inputs_.at(list)) directories.push_back(entry.at(0));
  }
  std::sort(directories.begin(), directories.end());
  directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
  for (const std::string& path : directories) directories_.emplace_back(path, look_at(path));
}

bool SettledInputs::older_than(std::int64_t moment_ns) const {
  const auto older = [&](const Look& look) { return !look.second || look.second->ctime_ns < moment_ns; };
  return std::all_of(files_.begin(), files_.end(), older) &&
         std::all_of(directories_.begin(), directories_.end(), older);
}

std::optional<std::string> SettledInputs::change() const {
  for (const auto& [path, seen] : files_) {
    if (look_at(path) != seen) return path;
  }
  // Directories have other entries too, which may come and go.
  json rest = inputs_;
  rest["files"] = json::array();
  if (!ProbeMemo::holds(rest)) return "what mypy's settings or plugins are found in";
  return std::nullopt;
}

std::string SettledInputs::difference(const SettledInputs& other) const {
  const auto first_new = [](const std::vector<Look>& looks, const std::vector<Look>& others) -> std::string {
    const auto is_new = [&](const Look& look) {
      return std::find(others.begin(), others.end(), look) == others.end();
    };
    const auto found = std::find_if(looks.begin(), looks.end(), is_new);
    return found == looks.end() ? "" : found->first;
  };
  for (const auto& list : {&SettledInputs::files_, &SettledInputs::directories_}) {
    if (std::string path = first_new(this->*list, other.*list); !path.empty()) return path;
  }
  return inputs_ == other.inputs_ ? "" : "what is read";
}

std::int64_t coarse_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void publish(PackStore& store, const SettledInputs* settings) {
  if (settings != nullptr && settings->change()) {
    store.discard();
  } else {
    store.flush();
  }
}

}  // namespace runner
