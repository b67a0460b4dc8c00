#include "runner/probe_memo.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "graph/regular_file.h"
#include "runner/atomic_file.h"
#include "runner/bounded_json.h"
#include "runner/seal.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view kFormat = "typewave-probe-2";
// More than an answer with thousands of a plugin's files; parsed, it takes a multiple.
constexpr std::size_t kLargestAnswer = std::size_t{16} << 20;
// How much longer an answer may become when its places are put in.
constexpr std::size_t kLargestGrowth = std::size_t{64} << 20;
// In the state directory.
constexpr const char* kFileName = "probe";
constexpr std::string_view kMagic = "TWQ\x01";

// Variables that mypy, its plugins' loader or Python's start-up consult (mypy_facts: environment).
constexpr const char* kVariables[] = {"MYPYPATH",
                                      "MYPY_CACHE_DIR",
                                      "MYPY_NUM_WORKERS",
                                      "XDG_CONFIG_HOME",
                                      "PYTHONPATH",
                                      "PYTHONHOME",
                                      "VIRTUAL_ENV",
                                      "PYODIDE",
                                      "PYTHONSAFEPATH",
                                      "PYTHONNOUSERSITE",
                                      "MYPY_ALT_LIB_PATH",
                                      "MYPY_TEST_PREFIX",
                                      "MYPY_CONFIG_FILE_DIR"};

// Variables that only decide how messages are printed, which is not the probe's to answer.
bool is_about_printing(std::string_view name) {
  return name == "COLUMNS" || name == "TERM" || name == "NO_COLOR" || name.ends_with("FORCE_COLOR") ||
         name == "MYPY_FORCE_TERMINAL_WIDTH";
}

std::optional<std::string> regular_text(const std::string& path) {
  graph::FileRead read = graph::read_file(path);
  if (!read.error.empty() || !graph::is_regular(read.stat)) return std::nullopt;
  return std::move(read.text);
}

// A pipe or a device, as of `--config-file <(command)`: it can be read once, and by mypy.
bool cannot_be_looked_at(const std::string& path) {
  std::error_code ignored;
  const fs::file_type type = fs::status(path, ignored).type();
  return type != fs::file_type::regular && type != fs::file_type::directory &&
         type != fs::file_type::not_found && type != fs::file_type::none;
}

// What an installed distribution consists of, without its scripts: those name the environment they lie in.
std::optional<std::string> digest_of_record(const std::string& path) {
  const std::optional<std::string> text = regular_text(path);
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("../")) kept += line + "\n";
  }
  return graph::sha256(kept).hex();
}

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "-" : std::string("=") + value;
}

// `left`: how many bytes it may add in all, for a record that was made to grow.
std::string replace_directory(const std::string& text, const std::string& from, const std::string& to,
                              std::size_t& left) {
  constexpr std::string_view kBefore = "=: ,'\"";
  constexpr std::string_view kAfter = "/: ,'\"";
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const std::size_t end = at + from.size();
    const bool starts = at == 0 || kBefore.find(text[at - 1]) != std::string_view::npos;
    const bool ends = end == text.size() || kAfter.find(text[end]) != std::string_view::npos;
    if (starts && ends && to.size() <= left) {
      left -= to.size();
      result.append(text, copied, at - copied).append(to);
      copied = end;
    }
    at = end;
  }
  return result.append(text, copied);
}

template <typename Counts>
std::string names_digest(const std::string& directory, const Counts& counts) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename();
    if (!counts(name)) continue;
    std::error_code ignored;
    if (it->is_directory(ignored)) name += '/';
    names.push_back(std::move(name));
  }
  if (error) return "unlistable";
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return graph::sha256(text).hex();
}

// What of a package directory decides the answer: path files and which versions of mypy and its companions
// lie there.
std::string listing_digest(const std::string& directory, const json& identity) {
  return names_digest(directory, [&](const std::string& name) {
    if (name.ends_with(".pth")) return true;
    for (const auto& [distribution, version] : identity.items()) {
      if (name.starts_with(distribution + "-") && name.ends_with(".dist-info")) return true;
    }
    return false;
  });
}

// What of a directory Python may import, and which distributions are installed there in which versions.
std::string imports_digest(const std::string& directory) {
  return names_digest(directory, [](const std::string& name) {
    if (name.ends_with("-info")) return true;
    const std::size_t dot = name.find('.');
    const std::string ending = dot == std::string::npos ? "" : name.substr(dot);
    return name[0] != '.' && name != "__pycache__" &&
           (ending.empty() || ending == ".py" || ending.ends_with(".so"));
  });
}

std::string digest_of_names(const std::string& directory, bool importable) {
  if (importable) return imports_digest(directory);
  return names_digest(directory, [](const std::string&) { return true; });
}

// Of what a plugin asked of the environment the value itself is nobody's business.
std::string hidden_variable(const std::string& name) {
  return graph::sha256(variable(name)).hex();
}

}  // namespace

std::optional<std::string> digest_of_input(const std::string& path) {
  auto digest = path.ends_with(".dist-info/RECORD") ? digest_of_record(path) : digest_of_file(path);
  if (digest) return digest;
  // mypy says other things of a folder, or a file that it may not read, than of nothing.
  std::error_code ignored;
  const fs::file_type type = fs::status(path, ignored).type();
  if (type == fs::file_type::directory) return "a directory";
  return type == fs::file_type::regular ? std::optional<std::string>("unreadable") : std::nullopt;
}

void add_plugin_digests(json& answer) {
  for (json& plugin : answer.at("plugins")) {
    std::vector<std::string> parts;
    for (const json& path : plugin.at("inputs")) {
      parts.push_back(fs::path(path.get<std::string>()).filename().string() + " " +
                      digest_of_input(path).value_or("unreadable"));
    }
    for (const json& path : plugin.value("directories", json::array())) {
      parts.push_back("names " + digest_of_names(path, false));
    }
    for (const json& name : plugin.value("variables", json::array())) {
      parts.push_back(name.get<std::string>() + "=" + hidden_variable(name));
    }
    // In an order that does not depend on where things lie.
    std::sort(parts.begin(), parts.end());
    graph::DigestBuilder builder;
    for (const std::string& part : parts) builder.field("input", part);
    plugin["digest"] = builder.finish().hex();
  }
}

std::optional<std::string> digest_of_file(const std::string& path) {
  const std::optional<std::string> text = regular_text(path);
  if (!text) return std::nullopt;
  return graph::sha256(*text).hex();
}

ProbeMemo::ProbeMemo(const Whereabouts& whereabouts, std::string interpreter,
                     std::vector<std::string> mypy_arguments, PackStore& store, const StateDirectory* state)
    : names_(whereabouts),
      cwd_(whereabouts.cwd),
      repeatable_(!interpreter.empty()),
      interpreter_(std::move(interpreter)),
      mypy_arguments_(std::move(mypy_arguments)),
      store_(store),
      state_(state) {}

json ProbeMemo::relocate(const json& value, bool to_names) const {
  std::size_t left = kLargestGrowth;
  return relocate(value, to_names, left);
}

json ProbeMemo::relocate(const json& value, bool to_names, std::size_t& left) const {
  if (value.is_string()) {
    std::string text = value;
    for (const auto& [directory, name] : names_.directories()) {
      text = to_names ? replace_directory(text, directory, name, left)
                      : replace_directory(text, name, directory, left);
    }
    return text;
  }
  if (value.is_array()) {
    json result = json::array();
    for (const json& item : value) result.push_back(relocate(item, to_names, left));
    return result;
  }
  if (value.is_object()) {
    json result = json::object();
    for (const auto& [name, item] : value.items()) result[name] = relocate(item, to_names, left);
    return result;
  }
  return value;
}

json ProbeMemo::inputs_of(const json& answer) const {
  json files = json::array();
  std::set<std::string> seen;
  const auto add = [&](const std::string& path) {
    // An environment's own settings name where it lies; interpreter_identity() has what counts of them.
    if (relocate(path, true).get<std::string>().ends_with("@{environment}/pyvenv.cfg")) return;
    if (!seen.insert(path).second) return;
    const auto digest = digest_of_input(path);
    files.push_back({path, digest ? json(*digest) : json(nullptr)});
  };
  for (const json& path : answer.at("config").at("tried")) add(path);
  for (const json& path : answer.at("inputs")) add(path);
  for (const json& plugin : answer.at("plugins")) {
    for (const json& path : plugin.at("inputs")) add(path);
  }
  const json& identity = answer.at("mypy").at("identity");
  json listings = json::array();
  for (const json& directory : answer.at("listings")) {
    listings.push_back({directory, listing_digest(directory, identity)});
  }
  json names = json::array();
  const auto add_names = [&names](const json& directory, bool importable) {
    names.push_back({directory, importable, digest_of_names(directory, importable)});
  };
  for (const json& directory : answer.value("import_listings", json::array())) add_names(directory, true);
  for (const json& directory : answer.value("patterns", json::array())) add_names(directory, false);
  json hidden = json::object();
  for (const json& plugin : answer.at("plugins")) {
    for (const json& directory : plugin.value("directories", json::array())) add_names(directory, false);
    for (const json& name : plugin.value("variables", json::array())) {
      if (!is_about_printing(name.get<std::string>()))
        hidden[name.get<std::string>()] = hidden_variable(name);
    }
  }
  json variables = json::object();
  for (const auto& [name, value] : answer.at("environment").items()) {
    if (!is_about_printing(name)) variables[name] = variable(name);
  }
  json markers = json::array();
  for (const json& marker : answer.at("config").at("markers")) {
    const fs::path path = fs::path(marker.get<std::string>()).lexically_relative(cwd_);
    std::error_code ignored;
    markers.push_back({path.string(), fs::exists(path, ignored)});
  }
  return {{"files", std::move(files)},
          {"listings", std::move(listings)},
          {"identity", identity},
          {"names", std::move(names)},
          {"variables", std::move(variables)},
          {"hidden_variables", std::move(hidden)},
          {"markers", std::move(markers)}};
}

bool ProbeMemo::holds(const json& inputs) {
  for (const auto& [name, value] : inputs.at("variables").items()) {
    if (variable(name) != value) return false;
  }
  for (const json& file : inputs.at("files")) {
    if (cannot_be_looked_at(file.at(0))) return false;
    const auto digest = digest_of_input(file.at(0));
    if (file.at(1) != (digest ? json(*digest) : json(nullptr))) return false;
  }
  for (const json& marker : inputs.at("markers")) {
    std::error_code ignored;
    if (fs::exists(marker.at(0).get<std::string>(), ignored) != marker.at(1).get<bool>()) return false;
  }
  for (const json& names : inputs.at("names")) {
    if (digest_of_names(names.at(0), names.at(1)) != names.at(2)) return false;
  }
  for (const auto& [name, value] : inputs.at("hidden_variables").items()) {
    if (hidden_variable(name) != value) return false;
  }
  for (const json& listing : inputs.at("listings")) {
    if (listing_digest(listing.at(0), inputs.at("identity")) != listing.at(1)) return false;
  }
  return true;
}

graph::Digest ProbeMemo::key() const {
  graph::DigestBuilder builder;
  builder.field("format", kFormat);
  builder.field("worker", WorkerProcess::source_digest());
  builder.field("interpreter", relocate(interpreter_, true).get<std::string>());
  for (const std::string& argument : mypy_arguments_) {
    builder.field("argument", relocate(argument, true).get<std::string>());
  }
  // Without a repository's root here, mypy looks for its configuration in every directory above.
  std::error_code ignored;
  if (!fs::exists(cwd_ + "/.git", ignored) && !fs::exists(cwd_ + "/.hg", ignored)) {
    builder.field("depth", static_cast<std::uint64_t>(std::count(cwd_.begin(), cwd_.end(), '/')));
  }
  for (const char* name : kVariables) {
    builder.field(name, relocate(variable(name), true).get<std::string>());
  }
  return builder.finish();
}

std::optional<json> ProbeMemo::answer_in(const graph::Digest& key, const std::string& record) {
  if (record.size() > kLargestAnswer) return std::nullopt;
  const auto parsed = parse_bounded_json(record);
  if (!parsed) return std::nullopt;
  try {
    const json memo = relocate(*parsed, false);
    SettledInputs seen(memo.at("inputs"));
    if (!holds(memo.at("inputs"))) return std::nullopt;
    recalled_ = std::move(seen);
    identity_ = graph::sha256(key.hex() + record);
    return memo.at("answer");
  } catch (const json::exception&) {
    return std::nullopt;  // not a record of ours: as if it were absent
  }
}

std::optional<json> ProbeMemo::recall() {
  if (!repeatable_) return std::nullopt;
  const graph::Digest key = this->key();
  if (const auto record = record_here(key)) {
    if (auto answer = answer_in(key, *record)) return answer;
  }
  for (const std::string& record : store_.get_all(RecordKind::kProbe, key)) {
    if (auto answer = answer_in(key, record)) {
      keep_here(key, record);
      return answer;
    }
  }
  return std::nullopt;
}

std::optional<SettledInputs> ProbeMemo::look(const json& answer) const {
  if (!repeatable_) return std::nullopt;
  try {
    if (answer.value("unsettled", false)) return std::nullopt;
    return SettledInputs(inputs_of(answer));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

void ProbeMemo::remember(const json& answer) {
  // An answer without its inputs cannot be vouched for; it serves this run alone.
  if (const auto inputs = look(answer)) remember(answer, *inputs);
}

void ProbeMemo::remember(const json& answer, const SettledInputs& inputs) {
  const json memo = {{"inputs", inputs.inputs()}, {"answer", answer}};
  const graph::Digest key = this->key();
  std::string record;
  try {
    record = relocate(memo, true).dump();
  } catch (const json::exception&) {
    return;  // text that is not UTF-8 cannot be kept
  }
  store_.put(RecordKind::kProbe, key, record);
  keep_here(key, record);
  identity_ = graph::sha256(key.hex() + record);
}

std::optional<std::string> ProbeMemo::record_here(const graph::Digest& key) const {
  if (state_ == nullptr || state_->directory() == nullptr) return std::nullopt;
  const std::optional<std::string> bytes = state_->directory()->read(kFileName);
  if (!bytes) {
    state_->drop_displaced(kFileName);
    return std::nullopt;
  }
  const std::optional<std::string_view> body = unsealed(*bytes);
  if (!body || !body->starts_with(kMagic)) {
    state_->drop_damaged(kFileName);
    return std::nullopt;
  }
  const std::string start = std::string(kMagic) + std::string(key.view());
  if (!body->starts_with(start)) return std::nullopt;
  return std::string(body->substr(start.size()));
}

void ProbeMemo::keep_here(const graph::Digest& key, const std::string& record) const {
  if (state_ == nullptr || !state_->writable()) return;
  std::string bytes = std::string(kMagic) + std::string(key.view()) + record;
  seal(bytes);
  write_losable(*state_->directory(), kFileName, bytes);
}

}  // namespace runner
