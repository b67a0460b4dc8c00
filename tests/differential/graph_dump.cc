// Loads and condenses a module graph as a JSON request on stdin says and prints all of it as JSON, for
// comparing with mypy. With a number as argument, loads that many more times and reports the least times.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "graph/condensation.h"
#include "graph/disk_file_system.h"
#include "graph/graph_loader.h"
#include "graph/parallel_file_scanner.h"

namespace {

using nlohmann::json;
// Processor time of this thread, which says more than the clock on the wall of a busy machine.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// Measures what the loader waits for.
class TimedScanner final : public graph::FileScanner {
 public:
  explicit TimedScanner(graph::FileScanner& scanner) : scanner_(scanner) {}
  std::vector<const graph::ScannedFile*> scan(std::span<const graph::ScanRequest> requests) override {
    const double start = milliseconds();
    std::vector<const graph::ScannedFile*> files = scanner_.scan(requests);
    spent += milliseconds() - start;
    return files;
  }
  const graph::ScannedFile* scan_text(std::string_view text, const graph::ScanTarget& target) override {
    return scanner_.scan_text(text, target);
  }

  double spent = 0;

 private:
  graph::FileScanner& scanner_;
};

graph::FollowImports follow_imports(const std::string& text) {
  if (text == "silent") return graph::FollowImports::kSilent;
  if (text == "skip") return graph::FollowImports::kSkip;
  if (text == "error") return graph::FollowImports::kError;
  return graph::FollowImports::kNormal;
}

template <typename T>
std::optional<T> optional_field(const json& from, const char* name) {
  const auto it = from.find(name);
  return it == from.end() ? std::nullopt : std::optional<T>(it->get<T>());
}

graph::ModuleOptions module_options(const json& from) {
  graph::ModuleOptions options;
  options.ignore_missing_imports = from.at("ignore_missing_imports");
  options.follow_imports_for_stubs = from.at("follow_imports_for_stubs");
  options.follow_untyped_imports = from.at("follow_untyped_imports");
  options.ignore_errors = from.at("ignore_errors");
  options.follow_imports = follow_imports(from.at("follow_imports"));
  options.always_true = from.at("always_true").get<std::vector<std::string>>();
  options.always_false = from.at("always_false").get<std::vector<std::string>>();
  return options;
}

graph::OptionsSection section(const json& from) {
  graph::OptionsSection section;
  section.pattern = from.at("pattern");
  section.ignore_missing_imports = optional_field<bool>(from, "ignore_missing_imports");
  section.follow_imports_for_stubs = optional_field<bool>(from, "follow_imports_for_stubs");
  section.follow_untyped_imports = optional_field<bool>(from, "follow_untyped_imports");
  section.ignore_errors = optional_field<bool>(from, "ignore_errors");
  section.always_true = optional_field<std::vector<std::string>>(from, "always_true");
  section.always_false = optional_field<std::vector<std::string>>(from, "always_false");
  if (from.contains("follow_imports")) section.follow_imports = follow_imports(from.at("follow_imports"));
  section.changes = from.dump();
  return section;
}

graph::BuildOptions build_options(const json& from) {
  graph::BuildOptions options;
  options.cwd = from.at("cwd");
  options.python_major = from.at("python").at(0);
  options.python_minor = from.at("python").at(1);
  options.platform = from.at("platform");
  options.namespace_packages = from.at("namespace_packages");
  options.explicit_package_bases = from.at("explicit_package_bases");
  options.fast_module_lookup = from.at("fast_module_lookup");
  options.no_silence_site_packages = from.at("no_silence_site_packages");
  for (const auto& [module, range] : from.at("typeshed_versions").items()) {
    options.typeshed_versions[module] = {range.at(0).get<std::string>(), range.at(1).get<std::string>()};
  }
  options.stubs.flat = from.at("stubs").at("flat").get<std::unordered_map<std::string, std::string>>();
  options.stubs.namespaced =
      from.at("stubs").at("namespaced").get<std::unordered_map<std::string, std::string>>();
  return options;
}

graph::SearchPaths search_paths(const json& from) {
  return {.python_path = from.at("python_path").get<std::vector<std::string>>(),
          .mypy_path = from.at("mypy_path").get<std::vector<std::string>>(),
          .package_path = from.at("package_path").get<std::vector<std::string>>(),
          .typeshed_path = from.at("typeshed_path").get<std::vector<std::string>>()};
}

std::vector<graph::Source> sources(const json& from) {
  std::vector<graph::Source> sources;
  for (const json& item : from) {
    graph::Source source;
    source.path = item.value("path", "");
    source.module = item.at("module");
    source.text = optional_field<std::string>(item, "text");
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<graph::OptionsSection> sections(const json& from) {
  std::vector<graph::OptionsSection> result;
  for (const json& item : from) result.push_back(section(item));
  return result;
}

json report_json(const graph::ImportReport& report) {
  static constexpr const char* kKinds[] = {"missing", "skipped", "ancestor"};
  return {{"kind", kKinds[static_cast<int>(report.kind)]},
          {"target", report.target},
          {"line", report.line},
          {"reason", static_cast<int>(report.reason)}};
}

json module_json(const graph::ModuleGraph& graph, const graph::Module& module) {
  json dependencies = json::array();
  for (const graph::Dependency& dependency : module.dependencies) {
    dependencies.push_back({graph[dependency.module].name, dependency.priority, dependency.line});
  }
  json suppressed = json::array();
  for (const graph::SuppressedImport& import : module.suppressed) {
    suppressed.push_back({import.name, import.priority, import.line});
  }
  json reports = json::array();
  for (const graph::ImportReport& report : module.reports) reports.push_back(report_json(report));
  json imported_from;
  if (module.imported_from) {
    imported_from = {graph[module.imported_from->first].path, module.imported_from->second};
  }
  return {{"name", module.name},
          {"path", module.path},
          {"order", module.order},
          {"ignore_all", module.ignore_all},
          {"dependencies", dependencies},
          {"suppressed", suppressed},
          {"ancestors", module.ancestors},
          {"imported_from", imported_from},
          {"reports", reports}};
}

json graph_json(const graph::ModuleGraph& graph, const graph::Condensation& components) {
  json modules = json::array();
  for (const graph::Module& module : graph.modules) modules.push_back(module_json(graph, module));
  json missing = json::object();
  for (const auto& [name, reason] : graph.missing) missing[name] = static_cast<int>(reason);
  json processing = json::array();
  for (const graph::Component& component : components.components()) {
    json members = json::array();
    for (const graph::ModuleId module : component.modules) members.push_back(graph[module].name);
    processing.push_back({{"modules", members}, {"wave", component.wave}});
  }
  return {{"modules", modules}, {"missing", missing}, {"components", processing}};
}

struct Times {
  double load = std::numeric_limits<double>::infinity();  // without scanning
  double condense = std::numeric_limits<double>::infinity();
};

class Run {
 public:
  explicit Run(const json& request)
      : request_(request),
        options_(build_options(request.at("options"))),
        sources_(sources(request.at("sources"))),
        scanner_(std::max(std::thread::hardware_concurrency(), 1U), nullptr) {
    for (const graph::Source& source : sources_) source_modules_[source.module] = source.path;
  }

  // One load with a fresh resolver. Files and listings stay known from earlier loads.
  json load(Times& times, bool describe) {
    graph::OptionsTable table(module_options(request_.at("module_options")),
                              sections(request_.at("sections")));
    TimedScanner scanner(scanner_);
    const double start = milliseconds();
    graph::ModuleResolver resolver(options_, search_paths(request_.at("search_paths")), table, files_,
                                   source_modules_);
    const graph::LoadedGraph loaded =
        graph::load_graph({.options = options_,
                           .sources = sources_,
                           .table = table,
                           .resolver = resolver,
                           .files = files_,
                           .scanner = scanner,
                           .arbiter = {},
                           .canonical_path = [](const std::string& path) { return path; },
                           .plugins = {}});
    const double load = milliseconds() - start - scanner.spent;
    if (loaded.blocker) return {{"blocker", *loaded.blocker}};
    const double condensing = milliseconds();
    const graph::Condensation components = graph::condense(loaded.graph);
    times.condense = std::min(times.condense, milliseconds() - condensing);
    times.load = std::min(times.load, load);
    if (!describe) return {};
    json result = graph_json(loaded.graph, components);
    result["first_load_ms"] = load;
    result["scan_ms"] = scanner.spent;
    return result;
  }

 private:
  const json& request_;
  graph::BuildOptions options_;
  std::vector<graph::Source> sources_;
  std::unordered_map<std::string, std::string> source_modules_;
  graph::DiskFileSystem files_;
  graph::ParallelFileScanner scanner_;
};

}  // namespace

int main(int argc, char** argv) {
  const json request = json::parse(std::cin);
  Run run(request);
  Times times;
  json result = run.load(times, true);
  for (int i = 0; argc > 1 && i < std::atoi(argv[1]); ++i) run.load(times, false);
  if (argc > 1 && !result.contains("blocker")) {
    result["load_ms"] = times.load;
    result["condense_ms"] = times.condense;
  }
  std::cout << result.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}
