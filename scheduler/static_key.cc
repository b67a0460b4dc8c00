#include "scheduler/static_key.h"

#include <algorithm>
#include <unordered_set>

#include "graph/import_scanner.h"

namespace scheduler {
namespace {

// Changes whenever the meaning of a key or of what is stored under it changes.
constexpr std::string_view kKeyFormat = "typewave-key-5";

std::string_view first_part(std::string_view name) {
  return name.substr(0, name.find('.'));
}

std::string_view follow_imports_name(graph::FollowImports follow) {
  switch (follow) {
    case graph::FollowImports::kNormal:
      return "normal";
    case graph::FollowImports::kSilent:
      return "silent";
    case graph::FollowImports::kSkip:
      return "skip";
    case graph::FollowImports::kError:
      return "error";
  }
  return "";
}

std::string import_options_text(const graph::ModuleOptions& options) {
  std::string text = "follow_imports = ";
  text += follow_imports_name(options.follow_imports);
  if (options.ignore_missing_imports) text += ", ignore_missing_imports";
  if (options.follow_imports_for_stubs) text += ", follow_imports_for_stubs";
  return text;
}

std::string_view report_kind_name(graph::ImportReport::Kind kind) {
  switch (kind) {
    case graph::ImportReport::Kind::kNotFound:
      return "not found";
    case graph::ImportReport::Kind::kSkipped:
      return "skipped";
    case graph::ImportReport::Kind::kSkippedAncestor:
      return "skipped ancestor";
  }
  return "";
}

std::string_view not_found_name(graph::NotFoundReason reason) {
  switch (reason) {
    case graph::NotFoundReason::kNotFound:
      return "not found";
    case graph::NotFoundReason::kFoundWithoutTypeHints:
      return "found without type hints";
    case graph::NotFoundReason::kWrongWorkingDirectory:
      return "wrong working directory";
    case graph::NotFoundReason::kApprovedStubsNotInstalled:
      return "stubs not installed";
  }
  return "";
}

}  // namespace

StaticKeys::StaticKeys(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                       const ComponentClosure& closure, graph::OptionsTable& options, RunInputs run,
                       const std::vector<bool>& constant, KeyDemand demand)
    : graph_(graph),
      condensation_(condensation),
      closure_(closure),
      run_(graph, std::move(run)),
      run_digest_(digest_of(run_)),
      constant_(constant),
      named_(graph, condensation, closure, demand == KeyDemand::kAll),
      options_(options) {
  const std::unordered_set<std::string_view> typeshed(run_.inputs().typeshed_names.begin(),
                                                      run_.inputs().typeshed_names.end());
  for (std::uint32_t i = 0; i < graph_.modules.size(); ++i) {
    const graph::Module& module = graph_.modules[i];
    const bool bundled = constant_[i] || module.canonical_path.starts_with("@typeshed/");
    if (!bundled && typeshed.contains(first_part(module.name))) shadowing_.push_back({i});
    if (demand == KeyDemand::kFew) continue;
    for (const graph::SuppressedImport& import : module.suppressed) {
      if (import_options_.contains(import.name)) continue;
      import_options_.emplace(import.name, import_options_text(options.for_module(import.name).options));
    }
  }
  // The order in which a run meets them does not matter.
  std::sort(shadowing_.begin(), shadowing_.end(),
            [this](graph::ModuleId a, graph::ModuleId b) { return graph_[a].name < graph_[b].name; });
}

void StaticKeys::RunPart::describe(KeySink& sink) const {
  sink.input({}, "format", kKeyFormat);
  for (const auto& [name, value] : inputs_.environment) sink.input({}, name, value);
  if (!inputs_.depends_on_all_sources) return;
  for (const graph::Module& module : graph_.modules) {
    if (module.file == nullptr) continue;
    sink.input({}, "source that a plugin may read", module.name);
    sink.content({}, "source that a plugin may read digest", module.file->digest);
  }
}

void StaticKeys::describe_module(const graph::Module& module, KeySink& sink) const {
  const std::string_view subject = module.name;
  sink.input(subject, "path", module.canonical_path);
  if (module.file != nullptr) sink.content(subject, kSourceInput, module.file->code);
  sink.content(subject, "options", module.options->digest);
  sink.input(subject, "errors silenced", module.ignore_all ? "yes" : "no");
  for (const graph::Dependency& dependency : module.dependencies) {
    const graph::Module& target = graph_[dependency.module];
    const char priority[2] = {static_cast<char>('0' + dependency.priority),
                              constant_[dependency.module.value] ? 'c' : 'v'};
    sink.input(subject, "import", target.name);
    sink.input(subject, "import priority", std::string_view(priority, sizeof(priority)));
  }
  for (const graph::SuppressedImport& import : module.suppressed) {
    const auto reason = graph_.missing.find(import.name);
    sink.input(subject, "missing import", import.name);
    sink.input(subject, "missing import options", import_options_of(import.name));
    sink.input(subject, "missing import reason",
               reason == graph_.missing.end() ? "-" : suppression_name(reason->second));
  }
  for (const graph::ImportReport& report : module.reports) {
    sink.input(subject, "reported import", report.target);
    sink.input(subject, "reported import kind", report_kind_name(report.kind));
    sink.input(subject, "reported import line", std::to_string(report.line));
    sink.input(subject, "reported import reason", not_found_name(report.reason));
  }
}

std::string StaticKeys::import_options_of(const std::string& missing) const {
  if (const auto known = import_options_.find(missing); known != import_options_.end()) return known->second;
  const std::lock_guard lock(options_mutex_);
  return import_options_text(options_.for_module(missing).options);
}

void StaticKeys::describe(graph::ComponentId id, NamedModules::Memo& memo, KeySink& sink) const {
  sink.part(kRunPart, run_digest_, run_);
  for (const graph::ModuleId module : condensation_[id].modules) describe_module(graph_[module], sink);
  for (const graph::ModuleId module : shadowing_) {
    if (closure_[id].contains(condensation_.of(module)))
      sink.input({}, "shadows typeshed", graph_[module].name);
  }
  named_.describe(id, memo, sink);
}

graph::Digest StaticKeys::key(graph::ComponentId id, NamedModules::Memo& memo) const {
  DigestSink sink;
  describe(id, memo, sink);
  return sink.finish();
}

}  // namespace scheduler
