#include "runner/verify_bundle.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "graph/python_text.h"
#include "graph/regular_file.h"
#include "runner/dry_run.h"
#include "runner/shown_path.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

const char* state_name(scheduler::ComponentState state) {
  using enum scheduler::ComponentState;
  switch (state) {
    case kReused:
      return "reused";
    case kChecked:
      return "checked";
    case kFailed:
      return "failed";
    case kSkipped:
      return "skipped";
    case kLeftOut:
      return "left out";
    case kUndecided:
    case kReady:
    case kInterfaceReady:
      break;
  }
  return "unfinished";
}

ordered_json describe_components(const PlannedRun& run) {
  ordered_json components = ordered_json::array();
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    const scheduler::ComponentRecord& record = run.state()[{i}];
    ordered_json entry = {{"modules", ordered_json::array()},
                          {"state", state_name(run.state().state({i}))},
                          {"reason", reason_text(record.decision)},
                          {"key", record.static_key.hex()},
                          {"interfaces", ordered_json::array()}};
    for (const graph::ModuleId id : (*run.setup().components)[{i}].modules) {
      entry["modules"].push_back(run.setup().graph[id].name);
    }
    for (const graph::Digest& digest : record.interfaces) entry["interfaces"].push_back(digest.hex());
    if (record.failure) entry["failure"] = record.failure->text;
    components.push_back(std::move(entry));
  }
  return components;
}

// Modules whose files the differing lines name, and those that were to be checked and could not be.
std::set<graph::ModuleId> involved_modules(const PlannedRun& run, const std::vector<std::string>& files) {
  const RunSetup& setup = run.setup();
  const ShownPath shown(setup.probe.build.cwd, setup.probe.format.show_absolute_path);
  std::set<graph::ModuleId> involved;
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph.modules[i];
    const bool failed = run.state().state(setup.components->of({i})) == scheduler::ComponentState::kFailed;
    if (failed || std::binary_search(files.begin(), files.end(), module.path) ||
        std::binary_search(files.begin(), files.end(), shown.of_file(module.path))) {
      involved.insert({i});
    }
  }
  return involved;
}

// Text as it is, other bytes in hexadecimal; null for what cannot be read.
ordered_json content(const std::string& path) {
  const graph::FileRead read = graph::read_file(path);
  if (!read.error.empty()) return nullptr;
  if (graph::python_text::is_utf8(read.text)) return read.text;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : read.text) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return {{"hex", hex}};
}

ordered_json collect_files(const PlannedRun& run, const std::vector<std::string>& files) {
  const RunSetup& setup = run.setup();
  std::set<graph::ModuleId> wanted = involved_modules(run, files);
  for (const graph::ModuleId id : std::set<graph::ModuleId>(wanted)) {
    for (const graph::Dependency& dependency : setup.graph[id].dependencies) wanted.insert(dependency.module);
  }
  std::set<std::string> paths(setup.probe.plugin_files.begin(), setup.probe.plugin_files.end());
  if (!setup.probe.config_file.empty()) paths.insert(setup.probe.config_file);
  const std::string bundled = setup.probe.mypy_directory + "/typeshed/";
  for (const graph::ModuleId id : wanted) {
    const graph::Module& module = setup.graph[id];
    if (!module.is_directory && !module.text && !module.path.starts_with(bundled)) paths.insert(module.path);
  }
  ordered_json texts = ordered_json::object();
  for (const std::string& path : paths) texts[path] = content(path);
  return texts;
}

ordered_json variables(const ProbeAnswer& probe) {
  ordered_json set = ordered_json::object();
  for (const std::string& name : probe.variables) {
    if (const char* value = std::getenv(name.c_str()); value != nullptr) set[name] = value;
  }
  return set;
}

ordered_json printed(const PrintedAnswer& answer) {
  return {{"exit", answer.exit_code}, {"stdout", answer.stdout_text}, {"stderr", answer.stderr_text}};
}

}  // namespace

std::string bundle_json(const PlannedRun& run, const PrintedAnswer& answer, const VerifiedAnswer& verified,
                        bool repeated) {
  const RunSetup& setup = run.setup();
  const ProbeAnswer& probe = setup.probe;
  const ordered_json document = {
      {"format", 1},
      {"typewave", TYPEWAVE_VERSION},
      {"mypy", {{"version", probe.mypy_version}, {"directory", probe.mypy_directory}}},
      {"python", setup.python},
      {"directory", probe.build.cwd},
      {"arguments", setup.mypy_arguments},
      {"variables", variables(probe)},
      {"configuration", probe.config_file},
      {"key_inputs", probe.environment},
      {"answers", {{"mypy", printed(verified.reference)}, {"typewave", printed(answer)}}},
      {"difference", verified.difference.diff},
      {"repeated", repeated},
      {"components", describe_components(run)},
      {"files", collect_files(run, verified.difference.files)},
  };
  return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

graph::Result<bool> write_bundle(const std::string& document, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << document;
  file.flush();
  if (!file) {
    return graph::Error{"cannot write " + path + ": " + std::strerror(errno),
                        "give --verify-bundle a path that can be written"};
  }
  return true;
}

}  // namespace runner
