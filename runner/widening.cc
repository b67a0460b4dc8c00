// When a change reaches further than the module graph can tell.
#include "runner/widening.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/disk_observations.h"
#include "graph/posix_path.h"
#include "runner/atomic_file.h"
#include "runner/bounded_json.h"
#include "runner/probe_memo.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;
using nlohmann::json;

constexpr const char* kFileName = "surroundings";
// Of what is written; another one is as good as none.
constexpr int kFormat = 2;
// Of how many commits it is remembered what they were compared with.
constexpr std::size_t kMostBases = 8;

// Where mypy looks for its configuration, and typewave for its own.
constexpr std::array<std::string_view, 4> kConfigNames = {"mypy.ini", ".mypy.ini", "pyproject.toml",
                                                          "setup.cfg"};
// What installers write down, or are told.
constexpr std::array<std::string_view, 12> kLockNames = {
    "poetry.lock",    "uv.lock",   "pdm.lock",  "Pipfile",         "Pipfile.lock",     "pylock.toml",
    "conda-lock.yml", "pixi.lock", "pixi.toml", "environment.yml", "environment.yaml", "hatch.toml"};

template <typename Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_lock(std::string_view path) {
  const std::string_view name = posix_path::basename(path);
  if (is_one_of(name, kLockNames)) return true;
  if (name.starts_with("pylock.") && name.ends_with(".toml")) return true;
  if (!name.ends_with(".txt") && !name.ends_with(".in")) return false;
  const std::string_view folder = posix_path::basename(posix_path::dirname(path));
  return name.find("requirements") != std::string_view::npos || name.starts_with("constraints") ||
         folder == "requirements";
}

// Whether a file stands in the working directory or in one above it.
bool stands_above(std::string_view path, const std::string& cwd) {
  const std::string_view folder = posix_path::dirname(path);
  return folder == cwd || posix_path::lies_below(cwd, folder);
}

bool is_distribution(std::string_view name) {
  return name.ends_with(".dist-info") || name.ends_with(".egg-info") || name.ends_with(".egg-link");
}

bool is_name_table(const json& table) {
  return table.is_object() &&
         std::all_of(table.begin(), table.end(), [](const json& value) { return value.is_string(); });
}

bool is_snapshot(const json& then) {
  if (!then.is_object() || !then.contains("mypy") || !then["mypy"].is_string()) return false;
  constexpr std::array kTables = {"installed", "modules", "directories", "files"};
  return std::all_of(kTables.begin(), kTables.end(),
                     [&](const char* name) { return then.contains(name) && is_name_table(then[name]); });
}

bool is_base(const json& entry) {
  return entry.is_object() && entry.contains("base") && entry["base"].is_string() && entry.contains("then") &&
         is_snapshot(entry["then"]);
}

bool is_document(const json& document) {
  if (!document.is_object() || document.value("format", json()) != kFormat) return false;
  if (!document.contains("latest") || !is_snapshot(document["latest"])) return false;
  if (!document.contains("bases") || !document["bases"].is_array()) return false;
  const json& bases = document["bases"];
  return bases.size() <= kMostBases && std::all_of(bases.begin(), bases.end(), is_base);
}

// Nothing where nothing is remembered.
std::optional<json> load(const StateDirectory& state) {
  if (state.directory() == nullptr) return std::nullopt;
  const std::optional<std::string> bytes = state.directory()->read(kFileName);
  if (!bytes) {
    state.drop_displaced(kFileName);
    return std::nullopt;
  }
  // The SHA-256 of the document stands before it.
  const std::string_view digest = std::string_view(*bytes).substr(0, sizeof(graph::Digest::bytes));
  const std::string_view text = std::string_view(*bytes).substr(digest.size());
  std::optional<json> document;
  if (graph::sha256(text).view() == digest) document = parse_bounded_json(text);
  // Damaged, or of another version: as if nothing were known.
  if (!document || !is_document(*document)) {
    state.drop_damaged(kFileName);
    return std::nullopt;
  }
  return document;
}

// `bases`: the newest first.
void save(const StateDirectory& state, json latest, json bases) {
  if (!state.writable()) return;
  auto file = AtomicFile::create(*state.directory(), *state.directory(), kFileName);
  const json document = {{"format", kFormat}, {"latest", std::move(latest)}, {"bases", std::move(bases)}};
  const std::string text = document.dump(-1, ' ', true, json::error_handler_t::replace);
  if (!file || file->write(graph::sha256(text).view()) || file->write(text)) return;
  [[maybe_unused]] const auto lost = file->publish(Durability::kLosable);
}

const json* known_for(const json& bases, const std::string& base) {
  for (const json& entry : bases) {
    if (entry["base"] == base) return &entry["then"];
  }
  return nullptr;
}

// A run of other arguments, or on another branch, looks at other things: what it did not meet is still as the
// last one found it that did.
void keep_unmet(const json& then, json& now) {
  constexpr std::size_t kMost = 50'000;  // of a table, so that what nobody meets any more does not pile up
  for (const char* table : {"modules", "directories", "files"}) {
    if (then[table].size() + now[table].size() > kMost) continue;
    for (const auto& [name, state] : then[table].items()) now[table].emplace(name, state);
  }
}

// How something outside of the repository is: by whom it was put there, and what it holds.
constexpr std::string_view kInstalled = "installed ";
constexpr std::string_view kOutside = "outside ";
// Of a module that is not found. One that is not asked for is not noted at all.
constexpr const char* kMissing = "";

std::string short_hex(const graph::Digest& digest) {
  constexpr std::size_t kBytes = 8;
  return graph::to_hex(digest.view().substr(0, kBytes));
}

// What git has in its hands: all below the top of the working tree but an environment that lies in it.
class Territory {
 public:
  Territory(const ProbeAnswer& probe, graph::FileSystem& files)
      : cwd_(probe.build.cwd), top_(top_above(cwd_)) {
    for (const std::string& spelled : probe.build.search_paths.package_path) {
      std::string directory = posix_path::absolute(spelled, cwd_);
      if (posix_path::lies_below(directory, top_) && is_environment(directory, files))
        environments_.push_back(directory);
      installed_.push_back(std::move(directory));
    }
  }

  bool owns(std::string_view path) const {
    return (path == top_ || posix_path::lies_below(path, top_)) && !lies_in(path, environments_);
  }
  // How something is that is not owned.
  std::string state(std::string_view path, const graph::Digest& content) const {
    return std::string(lies_in(path, installed_) ? kInstalled : kOutside) + short_hex(content);
  }

 private:
  // Git is not asked: a whole run has nothing else to do with it.
  static std::string top_above(const std::string& cwd) {
    for (std::filesystem::path directory = cwd;; directory = directory.parent_path()) {
      std::error_code trouble;
      if (std::filesystem::exists(directory / ".git", trouble)) return directory.native();
      if (directory == directory.parent_path()) return cwd;
    }
  }
  // And not the folder of sources to which an editable installation points.
  static bool is_environment(const std::string& directory, graph::FileSystem& files) {
    const std::string_view name = posix_path::basename(directory);
    if (name == "site-packages" || name == "dist-packages") return true;
    const auto* entries = files.list(directory);
    return entries != nullptr && std::any_of(entries->begin(), entries->end(), [](const auto& entry) {
             return entry.name.ends_with(".dist-info");
           });
  }
  static bool lies_in(std::string_view path, const std::vector<std::string>& directories) {
    return std::any_of(directories.begin(), directories.end(), [&](const std::string& directory) {
      return path == directory || posix_path::lies_below(path, directory);
    });
  }

  const std::string& cwd_;
  std::string top_;
  std::vector<std::string> installed_;
  std::vector<std::string> environments_;
};

// Of what can be modules, in a folder that others write to as well.
graph::Digest digest_of_modules(const std::vector<graph::DirectoryEntry>* entries) {
  if (entries == nullptr) return {};
  graph::DigestBuilder builder;
  for (const graph::DirectoryEntry& entry : *entries) {
    const bool file = entry.kind == graph::FileKind::kFile;
    const bool has_dot = entry.name.find('.') != std::string::npos;
    // A name without a dot is no module's if it is a file's.
    if (!graph::always_matters(entry.name) || file != has_dot || entry.name == "__pycache__") continue;
    builder.field(entry.name, static_cast<std::uint64_t>(entry.kind));
  }
  return builder.finish();
}

// What `then` says of a name that is noted now as well; null if it says nothing.
const std::string* said_then(const json& then, const char* table, const std::string& name) {
  const auto found = then[table].find(name);
  return found == then[table].end() ? nullptr : found->get_ptr<const std::string*>();
}

std::string reason_for(const std::string& name, const std::string& now, const std::string& then) {
  if (now.starts_with(kInstalled) || then.starts_with(kInstalled))
    return "what is installed changed (" + name + ")";
  return name + " changed, which lies outside of the repository";
}

}  // namespace

std::optional<std::string> changed_foundation(const ChangeSet& changes, const ProbeAnswer& probe) {
  const std::string& cwd = probe.build.cwd;
  const std::string config = probe.config_file.empty() ? "" : posix_path::absolute(probe.config_file, cwd);
  for (const std::string& path : changes.paths) {
    const std::string shown = posix_path::relative(path, cwd);
    const std::string_view name = posix_path::basename(path);
    const bool near = stands_above(path, cwd);
    if (path == config || (near && is_one_of(name, kConfigNames)))
      return "the configuration " + shown + " changed";
    if (is_one_of(path, probe.plugin_files)) return shown + ", which a plugin is made of or reads, changed";
    if ((near || posix_path::lies_below(path, cwd)) && is_lock(path))
      return shown + " changed, and with it what is installed";
    if (probe.build.exclude_gitignore && name == ".gitignore")
      return shown + " changed, which decides what is checked";
    for (const std::string& typeshed : probe.build.search_paths.typeshed_path) {
      if (probe.custom_typeshed && posix_path::lies_below(path, posix_path::absolute(typeshed, cwd))) {
        return "typeshed changed (" + shown + ")";
      }
    }
  }
  if (!probe.vouched_plugins && !changes.paths.empty()) return "a plugin may read any file";
  return std::nullopt;
}

Surroundings::Surroundings(RunSetup& setup) {
  const ProbeAnswer& probe = setup.probe;
  const Territory territory(probe, setup.view());
  note_installed(setup);
  const auto note_directory = [&](const std::string& path) {
    if (territory.owns(path) || directories_.contains(path)) return;
    directories_.emplace(path, territory.state(path, digest_of_modules(setup.view().list(path))));
  };
  const std::string& cwd = probe.build.cwd;
  std::string folder;  // of the last module, of which many follow each other
  bool owned = false;
  for (const graph::Module& module : setup.graph.modules) {
    // Most are the repository's own or belong to mypy, which can be told at once.
    if (module.text || module.path.empty() || module.canonical_path.starts_with("@root")) continue;
    if (!probe.custom_typeshed && module.canonical_path.starts_with("@typeshed")) continue;
    const std::string path = posix_path::absolute(module.path, cwd);
    const std::string_view home = module.file == nullptr ? std::string_view(path) : posix_path::dirname(path);
    if (home != folder) {
      folder = home;
      owned = territory.owns(folder);
      note_directory(folder);
    }
    if (owned) continue;
    graph::DigestBuilder content;
    content.field("path", path);
    if (module.file != nullptr) content.field("content", module.file->digest);
    modules_.emplace(module.name, territory.state(path, content.finish()));
  }
  for (const auto& [name, reason] : setup.graph.missing) modules_.emplace(name, kMissing);
  // What appears in these can also hide what was found elsewhere.
  const graph::SearchPaths& paths = probe.build.search_paths;
  for (const auto* directories : {&paths.mypy_path, &paths.package_path}) {
    for (const std::string& directory : *directories) note_directory(posix_path::absolute(directory, cwd));
  }
  graph::DigestBuilder mypy;
  for (const auto& [name, value] : probe.environment) {
    // Options are what the user says today; the rest is what there is.
    if (!name.starts_with("option ")) mypy.field(name, value);
  }
  if (probe.custom_typeshed) {
    for (const std::string& spelled : paths.typeshed_path) {
      const std::string directory = posix_path::absolute(spelled, cwd);
      if (territory.owns(directory)) continue;
      note_directory(directory);
      for (const auto& [module, versions] : probe.build.typeshed_versions) {
        mypy.field(module, versions.first);
        mypy.field("until", versions.second);
      }
    }
  }
  mypy_ = mypy.finish().hex();
  if (probe.config_file.empty()) return;
  const std::string config = posix_path::absolute(probe.config_file, cwd);
  if (!territory.owns(config)) files_.emplace(config, digest_of_file(config).value_or(""));
}

void Surroundings::note_installed(RunSetup& setup) {
  for (const std::string& directory : setup.probe.build.search_paths.package_path) {
    const auto* entries = setup.view().list(directory);
    if (entries == nullptr) continue;
    installed_.emplace(directory, "");
    for (const graph::DirectoryEntry& entry : *entries) {
      if (is_distribution(entry.name)) installed_.emplace(entry.name, "");
    }
  }
}

nlohmann::json Surroundings::document() const {
  return {{"mypy", mypy_},
          {"installed", installed_},
          {"modules", modules_},
          {"directories", directories_},
          {"files", files_}};
}

std::optional<std::string> Surroundings::difference(const json& then) const {
  if (then["mypy"] != mypy_) return "mypy, its typeshed or a plugin is another one";
  const auto changed = [](const std::string& name) { return "what is installed changed (" + name + ")"; };
  for (const auto& [name, nothing] : installed_) {
    if (!then["installed"].contains(name)) return changed(name);
  }
  for (const auto& [name, nothing] : then["installed"].items()) {
    if (!installed_.contains(name)) return changed(name);
  }
  for (const auto& [name, now] : files_) {
    const std::string* before = said_then(then, "files", name);
    if (before != nullptr && *before != now) return "the configuration " + name + " changed";
  }
  // Modules and their folders are known as far as they are imported, or missed.
  for (const auto& [table, noted] : {std::pair{"modules", &modules_}, {"directories", &directories_}}) {
    for (const auto& [name, now] : *noted) {
      const std::string* before = said_then(then, table, name);
      if (before != nullptr && *before != now) return reason_for(name, now, *before);
    }
  }
  return std::nullopt;
}

std::optional<std::string> Surroundings::change_since(const StateDirectory& state,
                                                      const std::string& base) const {
  const std::optional<json> document = load(state);
  json bases = document ? (*document)["bases"] : json::array();
  if (const json* known = known_for(bases, base)) return difference(*known);
  json then = document ? (*document)["latest"] : this->document();
  auto answer = difference(then);
  bases.insert(bases.begin(), json{{"base", base}, {"then", then}});
  if (bases.size() > kMostBases) bases.erase(bases.begin() + kMostBases, bases.end());
  save(state, std::move(then), std::move(bases));
  return answer;
}

void Surroundings::remember(const StateDirectory& state) const {
  const std::optional<json> document = load(state);
  json now = this->document();
  if (document) keep_unmet((*document)["latest"], now);
  if (document && (*document)["latest"] == now && (*document)["bases"].empty()) return;
  save(state, std::move(now), json::array());
}

}  // namespace runner
