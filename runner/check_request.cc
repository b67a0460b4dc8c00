#include "runner/check_request.h"

#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "graph/digest.h"
#include "scheduler/submodule_order.h"

namespace runner {
namespace {

using nlohmann::json;

const char* reason_name(graph::NotFoundReason reason) {
  switch (reason) {
    case graph::NotFoundReason::kNotFound:
      return "not_found";
    case graph::NotFoundReason::kFoundWithoutTypeHints:
      return "found_without_type_hints";
    case graph::NotFoundReason::kWrongWorkingDirectory:
      return "wrong_working_directory";
    case graph::NotFoundReason::kApprovedStubsNotInstalled:
      return "approved_stubs_not_installed";
  }
  return "";
}

const char* report_name(graph::ImportReport::Kind kind) {
  switch (kind) {
    case graph::ImportReport::Kind::kNotFound:
      return "not_found";
    case graph::ImportReport::Kind::kSkipped:
      return "skipped";
    case graph::ImportReport::Kind::kSkippedAncestor:
      return "skipped_ancestor";
  }
  return "";
}

// A base for the raw numbers of type variables that mypy infers: a function of the component alone, so that
// an interface does not depend on what was checked before, and far from other components' numbers.
std::uint64_t type_variable_base(const graph::Component& component, const graph::ModuleGraph& graph) {
  return 1 + (std::uint64_t{graph::word_hash(graph[component.modules.front()].name)} << 12);
}

json module_request(graph::ModuleId id, const graph::ModuleGraph& graph) {
  const graph::Module& module = graph[id];
  json dependencies = json::array();
  for (const graph::Dependency& dependency : module.dependencies) {
    dependencies.push_back(
        {dependency.module.value, dependency.priority, graph::signed_line(dependency.line)});
  }
  json suppressed = json::array();
  for (const graph::SuppressedImport& import : module.suppressed) {
    const auto reason = graph.missing.find(import.name);
    suppressed.push_back({import.name, import.priority, graph::signed_line(import.line),
                          reason == graph.missing.end() ? 1 : static_cast<int>(reason->second)});
  }
  json reports = json::array();
  for (const graph::ImportReport& report : module.reports) {
    reports.push_back({{"kind", report_name(report.kind)},
                       {"target", report.target},
                       {"line", graph::signed_line(report.line)},
                       {"reason", reason_name(report.reason)},
                       {"path", report.path}});
  }
  const bool stripped = module.ignore_all || module.options->options.ignore_errors ||
                        (module.file != nullptr && module.file->imports().ignores_errors);
  json request = {{"number", id.value},
                  {"path", module.path.empty() ? json(nullptr) : json(module.path)},
                  {"text", module.text ? json(*module.text) : json(nullptr)},
                  {"canonical", module.canonical_path},
                  {"root", module.root_source},
                  {"ignore_all", module.ignore_all},
                  {"order", module.order},
                  {"dependencies", std::move(dependencies)},
                  {"suppressed", std::move(suppressed)},
                  {"reports", std::move(reports)},
                  {"ancestors", module.ancestors}};
  request["source_sha1"] = source_sha1(module);
  const bool has_source = module.file != nullptr && !module.is_directory;
  request["imports"] = has_source ? json(imports_digest(module.file->imports(), stripped)) : json(nullptr);
  return request;
}

std::vector<std::uint32_t> source_modules(const graph::ModuleGraph& graph) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < graph.modules.size(); ++i) {
    if (graph[{i}].root_source) numbers.push_back(i);
  }
  return numbers;
}

}  // namespace

std::string imports_digest(const graph::ImportScan& scan, bool bodies_stripped) {
  std::string text;
  for (const graph::ImportStatement& import : scan.imports) {
    if (bodies_stripped && import.in_dropped_body) continue;
    text += static_cast<char>('0' + static_cast<int>(import.kind));
    text += '|';
    text += std::to_string(import.dots);
    text += '|';
    text += import.module;
    text += '|';
    for (std::size_t i = 0; i < import.names.size(); ++i) {
      if (i > 0) text += ',';
      text += import.names[i];
    }
    text += '|';
    text += std::to_string(import.line);
    text += import.top_level ? "|1" : "|0";
    text += import.mypy_only ? "|1\n" : "|0\n";
  }
  if (bodies_stripped ? scan.template_strings_kept : scan.template_strings) text += "t-string\n";
  const graph::Sha1 digest = graph::sha1(text);
  return graph::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

json source_sha1(const graph::Module& module) {
  if (module.file == nullptr || module.is_directory) return nullptr;
  const graph::Sha1& sha1 = module.file->sha1;
  return graph::to_hex({reinterpret_cast<const char*>(sha1.data()), sha1.size()});
}

StartRequest start_request(const WorkerSetup& setup, const graph::ModuleGraph& graph) {
  std::string modules, missing, reasons, names, paths;
  for (const graph::Module& module : graph.modules) (modules += module.name) += '\0';
  for (const auto& [name, reason] : graph.missing) {
    (missing += name) += '\0';
    reasons += static_cast<char>('0' + static_cast<int>(reason));
  }
  std::vector<std::uint32_t> sources = source_modules(graph);
  // Named one by one where their paths count, or where there is no graph yet.
  if (setup.fast_module_lookup || sources.size() != setup.sources.size()) {
    sources.clear();
    for (const graph::Source& source : setup.sources) {
      (names += source.module) += '\0';
      (paths += source.path) += '\0';
    }
  }
  std::vector<std::uint32_t> order, spans;
  const scheduler::SubmoduleOrder submodules(graph);
  for (const graph::ModuleId module : submodules.modules()) order.push_back(module.value);
  for (const auto& [package, begin, end] : submodules.spans()) {
    spans.insert(spans.end(), {package.value, begin, end});
  }
  return {.header = {{"do", "start"},
                     {"argv", setup.mypy_arguments},
                     {"search",
                      {{"python_path", setup.search_paths.python_path},
                       {"mypy_path", setup.search_paths.mypy_path},
                       {"package_path", setup.search_paths.package_path},
                       {"typeshed_path", setup.search_paths.typeshed_path}}},
                     {"missing_reasons", std::move(reasons)}},
          .lists = {std::move(modules), std::move(missing), std::move(names), std::move(paths),
                    number_blob(order), number_blob(spans), number_blob(sources)}};
}

json component_request(const graph::Component& component, const graph::ModuleGraph& graph) {
  json modules = json::array();
  for (const graph::ModuleId id : component.modules) modules.push_back(module_request(id, graph));
  return {{"modules", std::move(modules)},
          {"type_variable_base", type_variable_base(component, graph)},
          {"awaited", !component.dependents.empty()}};
}

std::string number_blob(const std::vector<std::uint32_t>& numbers) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(std::uint32_t)};
}

std::optional<std::vector<std::uint32_t>> read_number_blob(std::string_view blob) {
  if (blob.size() % sizeof(std::uint32_t) != 0) return std::nullopt;
  std::vector<std::uint32_t> numbers(blob.size() / sizeof(std::uint32_t));
  if (!numbers.empty()) std::memcpy(numbers.data(), blob.data(), blob.size());
  return numbers;
}

json load_request(const graph::Component& component, const graph::ModuleGraph& graph,
                  const std::vector<bool>& constant) {
  json modules = json::array();
  for (const graph::ModuleId id : component.modules) {
    const graph::Module& module = graph[id];
    json dependencies = json::array();
    for (const graph::Dependency& dependency : module.dependencies) {
      dependencies.push_back(dependency.module.value);
    }
    modules.push_back({{"number", id.value},
                       {"path", module.path.empty() ? json(nullptr) : json(module.path)},
                       {"constant", constant[id.value] ? true : false},
                       {"dependencies", std::move(dependencies)}});
  }
  return modules;
}

}  // namespace runner
