#include "runner/doctor_report.h"

#include <sys/utsname.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include "runner/store_limit.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

std::string line(std::string_view name, const std::string& text) {
  constexpr std::size_t kColumn = 15;
  std::string result(name);
  result.resize(kColumn, ' ');
  return result + text + "\n";
}

std::string directory_text(const DirectoryFacts& facts) {
  if (facts.path.empty()) return "none";
  if (!facts.trouble.empty()) return facts.path + ": " + facts.trouble;
  std::string text = facts.path + ": ";
  text += facts.exists ? size_text(facts.bytes) + " in " + std::to_string(facts.files) + " files"
                       : "not there yet";
  text += ", " + facts.file_system.kind.name + ", " + size_text(facts.file_system.free_bytes) + " free";
  if (!facts.file_system.writable) text += ", not writable";
  return text;
}

std::string configuration_text(const DoctorFacts& facts) {
  std::string text = facts.config_file.empty() ? "none" : facts.config_file;
  std::string others;
  for (const std::string& tried : facts.config_tried) {
    if (tried == facts.config_file) continue;
    others += others.empty() ? " (nothing for mypy in " : ", ";
    others += tried;
  }
  if (!others.empty()) text += others + ")";
  if (facts.own_settings) text += "; pyproject.toml has settings for typewave";
  return text;
}

std::string mypy_text(const DoctorFacts& facts) {
  std::string text = line("mypy", facts.python ? facts.mypy_version + " of " + *facts.python : "none");
  for (const Candidate& one : facts.candidates) {
    text += line("", one.origin + ": " + one.path + ": " + one.verdict);
  }
  return text;
}

std::string graph_text(const GraphFacts& graph) {
  std::string text =
      line("modules", std::to_string(graph.own_modules) + " own, " + std::to_string(graph.followed_modules) +
                          " followed; " + std::to_string(graph.components) + " components in " +
                          std::to_string(graph.waves) + " waves, the largest cycle of " +
                          std::to_string(graph.largest_cycle.size()));
  return text + line("next run", std::to_string(graph.reused) + " components reused, up to " +
                                     std::to_string(graph.checked) + " checked");
}

// A program given with -c is source text.
ordered_json arguments_without_source(const std::vector<std::string>& arguments) {
  ordered_json shown = ordered_json::array();
  bool program = false;
  for (const std::string& argument : arguments) {
    const std::string length = "<" + std::to_string(argument.size()) + " bytes>";
    const bool joined = argument.starts_with("-c") && argument.size() > 2;
    const bool long_joined = argument.starts_with("--command=");
    shown.push_back(program || joined || long_joined ? length : argument);
    program = argument == "-c" || argument == "--command";
  }
  return shown;
}

// A configuration may have put the value of a variable anywhere.
std::string without_hidden(std::string document, const DoctorFacts& facts) {
  constexpr std::size_t kTelling = 4;  // shorter ones occur by chance
  for (const auto& [name, value] : facts.hidden) {
    if (value.size() < kTelling) continue;
    std::string written = ordered_json(value).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    written = written.substr(1, written.size() - 2);
    const std::string instead = "<$" + name + ">";
    for (std::size_t at = 0; (at = document.find(written, at)) != std::string::npos; at += instead.size()) {
      document.replace(at, written.size(), instead);
    }
  }
  return document;
}

ordered_json describe(const DirectoryFacts& facts) {
  return {{"path", facts.path},
          {"exists", facts.exists},
          {"trouble", facts.trouble},
          {"files", facts.files},
          {"bytes", facts.bytes},
          {"file_system", facts.file_system.kind.name},
          {"free_bytes", facts.file_system.free_bytes},
          {"writable", facts.file_system.writable}};
}

ordered_json describe(const GraphFacts& graph) {
  return {{"own_modules", graph.own_modules},
          {"followed_modules", graph.followed_modules},
          {"components", graph.components},
          {"waves", graph.waves},
          {"largest_cycle", graph.largest_cycle},
          {"reused", graph.reused},
          {"checked", graph.checked}};
}

ordered_json describe_machine(const DoctorFacts& facts) {
  utsname system{};
  ::uname(&system);
  return {{"system", std::string(system.sysname) + " " + system.release + " " + system.machine},
          {"processors", facts.processors},
          {"memory_limit", facts.memory_limit},
          {"max_memory", facts.max_memory},
          {"jobs", facts.jobs},
          {"checkout_file_system", facts.checkout.kind.name}};
}

ordered_json describe_mypy(const DoctorFacts& facts) {
  ordered_json tried = ordered_json::array();
  for (const Candidate& one : facts.candidates) {
    tried.push_back({{"path", one.path}, {"origin", one.origin}, {"verdict", one.verdict}});
  }
  ordered_json plugins = ordered_json::array();
  for (const PluginAnswer& one : facts.plugins) {
    plugins.push_back({{"spec", one.spec}, {"version", one.version}, {"vouched", one.vouched}});
  }
  return {{"version", facts.mypy_version},
          {"compiled", facts.mypy_compiled},
          {"python", facts.python ? ordered_json(*facts.python) : ordered_json()},
          {"tried", std::move(tried)},
          {"trouble", facts.mypy_trouble},
          {"configuration", facts.config_file},
          {"configurations_tried", facts.config_tried},
          {"plugins", std::move(plugins)},
          {"key_inputs", facts.key_inputs},
          {"delegate", facts.delegate ? ordered_json(*facts.delegate) : ordered_json()},
          {"blocked", facts.blocked ? ordered_json(*facts.blocked) : ordered_json()}};
}

}  // namespace

std::string doctor_text(const DoctorFacts& facts, const std::vector<Remark>& findings) {
  std::string text = line("typewave", TYPEWAVE_VERSION);
  text += mypy_text(facts);
  text += line("configuration", configuration_text(facts));
  for (const PluginAnswer& plugin : facts.plugins) {
    text += line("plugin", plugin.spec + (plugin.vouched ? " (known)" : " (unknown)"));
  }
  text += line("store", directory_text(facts.store));
  text += line("this checkout", directory_text(facts.state));
  text += line("machine", std::to_string(facts.processors) + " processors, " + size_text(facts.memory_limit) +
                              " of memory: " + std::to_string(facts.jobs) + " workers within " +
                              size_text(facts.max_memory));
  if (facts.graph) text += graph_text(*facts.graph);
  text += "\n";
  for (const Remark& finding : findings) {
    text += (finding.kind == Remark::Kind::kBroken ? "broken: " : "slow: ") + finding.words.message + "\n";
    if (!finding.words.hint.empty()) text += "  hint: " + finding.words.hint + "\n";
  }
  if (findings.empty()) text += "Nothing is broken, and nothing makes the next run slow.\n";
  return text;
}

std::string doctor_bundle(const DoctorFacts& facts, const std::vector<Remark>& findings) {
  ordered_json found = ordered_json::array();
  for (const Remark& finding : findings) {
    found.push_back({{"kind", finding.kind == Remark::Kind::kBroken ? "broken" : "slow"},
                     {"message", finding.words.message},
                     {"hint", finding.words.hint}});
  }
  ordered_json variables = ordered_json::object();
  for (const auto& [name, value] : facts.variables) {
    variables[name] = value ? ordered_json(*value) : ordered_json();
  }
  const ordered_json document = {
      {"format", 1},
      {"typewave", TYPEWAVE_VERSION},
      {"directory", facts.directory},
      {"arguments", arguments_without_source(facts.arguments)},
      {"variables", std::move(variables)},
      {"machine", describe_machine(facts)},
      {"mypy", describe_mypy(facts)},
      {"store", describe(facts.store)},
      {"damaged", facts.damaged},
      {"state", describe(facts.state)},
      {"graph", facts.graph ? describe(*facts.graph) : ordered_json()},
      {"findings", std::move(found)},
  };
  return without_hidden(document.dump(1, ' ', false, ordered_json::error_handler_t::replace), facts) + "\n";
}

}  // namespace runner
