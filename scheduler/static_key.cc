#include "scheduler/static_key.h"

#include <algorithm>
#include <unordered_set>

#include "graph/import_scanner.h"

namespace scheduler {
namespace {

// Changes whenever the meaning of a key or of what is stored under it changes.
constexpr std::string_view kKeyFormat = "typewave-key-3";

class DigestSink final : public KeySink {
 public:
  explicit DigestSink(graph::DigestBuilder& builder) : builder_(builder) {}
  void input(std::string_view subject, std::string_view name, std::string_view value) override {
    builder_.field("subject", subject);
    builder_.field(name, value);
  }

 private:
  graph::DigestBuilder& builder_;
};

std::string_view first_part(std::string_view name) {
  return name.substr(0, name.find('.'));
}

std::string import_options_text(const graph::ModuleOptions& options) {
  std::string text;
  text += options.ignore_missing_imports ? 'i' : '-';
  text += static_cast<char>('0' + static_cast<int>(options.follow_imports));
  text += options.follow_imports_for_stubs ? 's' : '-';
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

}  // namespace

StaticKeys::StaticKeys(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                       const ComponentClosure& closure, graph::OptionsTable& options, RunInputs run,
                       const std::vector<bool>& constant)
    : graph_(graph),
      condensation_(condensation),
      closure_(closure),
      run_(std::move(run)),
      constant_(constant),
      named_(graph, condensation, closure) {
  graph::DigestBuilder builder;
  builder.field("format", kKeyFormat);
  for (const auto& [name, value] : run_.environment) builder.field(name, value);
  if (run_.depends_on_all_sources) {
    for (const graph::Module& module : graph_.modules) {
      if (module.file == nullptr) continue;
      builder.field("any module", module.name);
      builder.field("any source", module.file->digest);
    }
  }
  run_digest_ = builder.finish();

  const std::unordered_set<std::string_view> typeshed(run_.typeshed_names.begin(), run_.typeshed_names.end());
  for (std::uint32_t i = 0; i < graph_.modules.size(); ++i) {
    const graph::Module& module = graph_.modules[i];
    const bool bundled = constant_[i] || module.canonical_path.starts_with("@typeshed/");
    if (!bundled && typeshed.contains(first_part(module.name))) shadowing_.push_back({i});
    for (const graph::SuppressedImport& import : module.suppressed) {
      if (import_options_.contains(import.name)) continue;
      import_options_.emplace(import.name, import_options_text(options.for_module(import.name).options));
    }
  }
  // The order in which a run meets them does not matter.
  std::sort(shadowing_.begin(), shadowing_.end(),
            [this](graph::ModuleId a, graph::ModuleId b) { return graph_[a].name < graph_[b].name; });
}

void StaticKeys::describe_module(const graph::Module& module, KeySink& sink) const {
  const std::string_view subject = module.name;
  sink.input(subject, "path", module.canonical_path);
  if (module.file != nullptr) sink.input(subject, "source", module.file->code.view());
  sink.input(subject, "options", module.options->digest.view());
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
    sink.input(subject, "missing import options", import_options_.at(import.name));
    sink.input(subject, "missing import reason",
               reason == graph_.missing.end() ? "-" : std::to_string(static_cast<int>(reason->second)));
  }
  for (const graph::ImportReport& report : module.reports) {
    sink.input(subject, "import report", report_kind_name(report.kind));
    sink.input(subject, "import report target", report.target);
    sink.input(subject, "import report line", std::to_string(report.line));
    sink.input(subject, "import report reason", std::to_string(static_cast<int>(report.reason)));
  }
}

void StaticKeys::describe_imports(graph::ComponentId id, KeySink& sink) const {
  sink.input({}, "run", run_digest_.view());
  for (const graph::ModuleId module : condensation_[id].modules) describe_module(graph_[module], sink);
  for (const graph::ModuleId module : shadowing_) {
    if (closure_[id].contains(condensation_.of(module)))
      sink.input({}, "shadows typeshed", graph_[module].name);
  }
}

void StaticKeys::describe(graph::ComponentId id, KeySink& sink) const {
  describe_imports(id, sink);
  const NamedInputs named = named_.inputs(id);
  for (const std::uint32_t module : named.visible) sink.input({}, "visible submodule", graph_[{module}].name);
  for (const std::uint32_t position : named.missing) {
    const auto& [name, reason] = *std::next(graph_.missing.begin(), position);
    sink.input({}, "module missing in the run", name);
    sink.input({}, "module missing because", std::to_string(static_cast<int>(reason)));
  }
}

graph::Digest StaticKeys::key(graph::ComponentId id, NamedModules::Memo& memo) const {
  graph::DigestBuilder builder;
  DigestSink sink(builder);
  describe_imports(id, sink);
  named_.add_to(builder, id, memo);
  return builder.finish();
}

}  // namespace scheduler
