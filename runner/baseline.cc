// A file of known diagnostics.
#include "runner/baseline.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "graph/disk_file_system.h"
#include "graph/posix_path.h"
#include "runner/atomic_file.h"
#include "runner/given_file.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kFormat = 1;
// All of a baseline counts as one region: what says the same is the same wherever it stands.
constexpr int kAnywhere = 0;

std::string one_line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

auto order_of(const KnownDiagnostic& one) {
  return std::tie(one.line, one.severity, one.code, one.message, one.source);
}

graph::Error broken(const std::string& why) {
  return {"the baseline cannot be used: " + why,
          "mend it, or write it anew with --update-baseline after removing it"};
}

}  // namespace

std::string baseline_text(const Baseline& baseline) {
  std::string text = "{\n  \"format\": " + std::to_string(kFormat) + ",\n  \"diagnostics\": [";
  const char* between = "\n";
  for (const auto& [file, diagnostics] : baseline) {
    std::vector<KnownDiagnostic> sorted = diagnostics;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
    for (const KnownDiagnostic& one : sorted) {
      text += between;
      between = ",\n";
      text += "    " + one_line({{"file", file},
                                 {"line", one.line},
                                 {"severity", one.severity},
                                 {"code", one.code},
                                 {"message", one.message},
                                 {"source", one.source}});
    }
  }
  return text + "\n  ]\n}\n";
}

graph::Result<Baseline> parse_baseline(const std::string& text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return broken("it is not JSON");
  try {
    if (document.at("format") != kFormat)
      return broken("its format is " + document.at("format").dump() + ", not 1");
    Baseline baseline;
    for (const json& entry : document.at("diagnostics")) {
      KnownDiagnostic one;
      one.line = entry.at("line");
      one.severity = entry.at("severity");
      one.code = entry.at("code");
      one.message = entry.at("message");
      one.source = entry.at("source");
      one.place = {one.line, kAnywhere};
      baseline[entry.at("file").get<std::string>()].push_back(std::move(one));
    }
    return baseline;
  } catch (const json::exception&) {
    return broken("it does not have the form that --update-baseline writes");
  }
}

graph::Result<Baseline> read_baseline(const std::string& file) {
  const auto text = read_kept_file(file, "--update-baseline writes it", "--baseline");
  if (!text) {
    return graph::Error{"the baseline " + file + " cannot be read: " + text.error().message,
                        text.error().hint};
  }
  auto baseline = parse_baseline(*text);
  if (baseline) return baseline;
  return graph::Error{file + ": " + baseline.error().message, baseline.error().hint};
}

std::optional<graph::Error> write_baseline(const Baseline& baseline, const std::string& file) {
  // A link stays a link: what it leads to is replaced.
  std::error_code trouble;
  const std::filesystem::path target = std::filesystem::weakly_canonical(file, trouble);
  const std::string path = trouble ? file : target.string();
  const std::string unfinished = path + "." + random_name() + ".tmp";
  std::ofstream stream(unfinished, std::ios::binary | std::ios::trunc);
  stream << baseline_text(baseline);
  stream.close();
  if (stream) std::filesystem::rename(unfinished, path, trouble);
  if (stream && !trouble) return std::nullopt;
  const std::string why = trouble ? trouble.message() : std::strerror(errno);
  std::filesystem::remove(unfinished, trouble);
  return graph::Error{"cannot write the baseline " + file + ": " + why,
                      "give --baseline a path that can be written"};
}

BaselineReport apply_baseline(Baseline& baseline, bool update, const std::string& folder,
                              const std::string& cwd,
                              const std::function<bool(const std::string&)>& is_covered, AnswerParts& parts) {
  BaselineReport report;
  Baseline found;
  std::map<std::string, std::vector<bool>> seen;  // which entries of a file were found
  graph::DiskFileSystem disk;
  for (ModuleDiagnostics& module : parts.modules) {
    const std::string path = posix_path::absolute(module.path, cwd);
    const std::string name = posix_path::relative(path, folder);
    const auto text = disk.read(path);
    std::vector<KnownDiagnostic> current;
    for (auto& [index, one] : standing_alone(module.diagnostics, source_lines(text ? *text : ""))) {
      one.place = {one.line, kAnywhere};
      current.push_back(std::move(one));
    }
    Matches matches = match_diagnostics(baseline[name], current);
    const auto known = static_cast<std::size_t>(std::count(matches.known.begin(), matches.known.end(), true));
    report.known += known;
    report.added += update ? current.size() - known : 0;
    seen[name] = std::move(matches.found);
    if (update) matches.known.assign(current.size(), true);
    drop_known(module.diagnostics, matches.known);
    if (!current.empty()) found[name] = std::move(current);
  }
  for (const auto& [name, entries] : baseline) {
    const std::string path = posix_path::absolute(name, folder);
    if (!seen.contains(name) && !is_covered(path) && disk.is_file(path)) {
      found[name] = entries;
      continue;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (seen.contains(name) && seen[name][i]) continue;
      report.stale.push_back(name + ":" + std::to_string(entries[i].line) + ": " + entries[i].message);
    }
  }
  std::erase_if(parts.modules, [](const ModuleDiagnostics& module) { return module.diagnostics.empty(); });
  if (update) baseline = std::move(found);
  return report;
}

}  // namespace runner
