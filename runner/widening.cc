// When a change reaches further than the module graph can tell.
#include "runner/widening.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "graph/posix_path.h"
#include "runner/atomic_file.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;
using nlohmann::json;

constexpr const char* kFileName = "surroundings";
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

json load(const StateDirectory& state) {
  if (state.directory() == nullptr) return json::object();
  const std::optional<std::string> bytes = state.directory()->read(kFileName);
  if (!bytes) {
    state.drop_displaced(kFileName);
    return json::object();
  }
  // The SHA-256 of the document stands before it.
  const std::string_view digest = std::string_view(*bytes).substr(0, sizeof(graph::Digest::bytes));
  const std::string_view text = std::string_view(*bytes).substr(digest.size());
  json document = graph::sha256(text).view() == digest ? json::parse(text, nullptr, false) : json();
  // Damaged, or of another version: as if nothing were known.
  if (!document.is_object() || !document.value("bases", json::array()).is_array()) {
    state.drop_damaged(kFileName);
    return json::object();
  }
  return document;
}

void save(const StateDirectory& state, const json& document) {
  if (!state.writable()) return;
  auto file = AtomicFile::create(*state.directory(), *state.directory(), kFileName);
  const std::string text = document.dump(-1, ' ', true, json::error_handler_t::replace);
  if (!file || file->write(graph::sha256(text).view()) || file->write(text)) return;
  [[maybe_unused]] const auto lost = file->publish(Durability::kLosable);
}

// The newest first.
json bases_of(const json& document) {
  return document.value("bases", json::array());
}

const json* known_for(const json& bases, const std::string& base) {
  for (const json& entry : bases) {
    if (entry.is_object() && entry.value("base", json()) == base && entry.contains("then")) {
      return &entry["then"];
    }
  }
  return nullptr;
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
  graph::DigestBuilder mypy;
  for (const auto& [name, value] : setup.probe.environment) {
    // Options are what the user says today; the rest is what there is.
    if (!name.starts_with("option ")) mypy.field(name, value);
  }
  mypy_ = mypy.finish().hex();
  for (const std::string& directory : setup.probe.build.search_paths.package_path) {
    const auto* entries = setup.view().list(directory);
    if (entries == nullptr) continue;
    for (const graph::DirectoryEntry& entry : *entries) {
      if (is_distribution(entry.name)) packages_.emplace(entry.name, "");
    }
  }
  constexpr std::size_t kDigits = 16;
  for (const graph::Module& module : setup.graph.modules) {
    if (module.file == nullptr || !module.canonical_path.starts_with("@site")) continue;
    packages_.emplace(module.name, module.file->digest.hex().substr(0, kDigits));
  }
}

nlohmann::json Surroundings::document() const {
  return {{"mypy", mypy_}, {"packages", packages_}};
}

std::optional<std::string> Surroundings::difference(const json& then) const {
  if (then.value("mypy", "") != mypy_) return "mypy, its typeshed or a plugin is another one";
  const json packages = then.value("packages", json::object());
  const auto changed = [](const std::string& name) { return "what is installed changed (" + name + ")"; };
  for (const auto& [name, digest] : packages_) {
    // Modules are known as far as they are imported.
    if (packages.contains(name) ? packages[name] != digest : digest.empty()) return changed(name);
  }
  for (const auto& [name, digest] : packages.items()) {
    if (digest == "" && !packages_.contains(name)) return changed(name);
  }
  return std::nullopt;
}

std::optional<std::string> Surroundings::change_since(const StateDirectory& state,
                                                      const std::string& base) const {
  try {
    return compare_and_note(state, base);
  } catch (const json::exception&) {
    return std::nullopt;  // what is remembered is not of this form: as if nothing were
  }
}

std::optional<std::string> Surroundings::compare_and_note(const StateDirectory& state,
                                                          const std::string& base) const {
  json document = load(state);
  json bases = bases_of(document);
  const json* known = known_for(bases, base);
  if (known != nullptr) return difference(*known);
  json then = document.contains("latest") ? document["latest"] : this->document();
  auto answer = difference(then);
  document["latest"] = then;
  bases.insert(bases.begin(), json{{"base", base}, {"then", std::move(then)}});
  if (bases.size() > kMostBases) bases.erase(bases.begin() + kMostBases, bases.end());
  document["bases"] = std::move(bases);
  save(state, document);
  return answer;
}

void Surroundings::remember(const StateDirectory& state) const {
  const json document = load(state);
  const json now = this->document();
  if (document.value("latest", json()) == now && bases_of(document).empty()) return;
  save(state, {{"latest", now}, {"bases", json::array()}});
}

}  // namespace runner
