#include "runner/graph_memory.h"

#include <utility>

#include "graph/regular_file.h"
#include "runner/machine.h"
#include "runner/run_changes.h"
#include "runner/stat_cache.h"

namespace runner {
namespace {

constexpr std::size_t kLargestText = std::size_t{64} << 20;

void add_all(graph::DigestBuilder& builder, std::string_view tag, const std::vector<std::string>& values) {
  for (const std::string& value : values) builder.field(tag, value);
}

void add_number(graph::DigestBuilder& builder, std::string_view tag, std::uint64_t number) {
  builder.field(tag, number);
}

// All of GraphOptions but where the text goes and what finds the interpreter, which `setup` says.
void add_options(graph::DigestBuilder& builder, const GraphOptions& options) {
  add_number(builder, "format", static_cast<std::uint64_t>(options.format));
  if (options.level) add_number(builder, "level", static_cast<std::uint64_t>(*options.level));
  add_number(builder, "own only", options.own_only ? 1 : 0);
  add_all(builder, "focus", options.query.focus);
  add_all(builder, "dependents of", options.query.dependents_of);
  add_all(builder, "dependencies of", options.query.dependencies_of);
  if (options.query.depth) add_number(builder, "depth", *options.query.depth);
  if (options.path) {
    builder.field("path from", options.path->first);
    builder.field("path to", options.path->second);
  }
}

}  // namespace

bool may_remember(const GraphOptions& options) {
  return options.format != GraphFormat::kHtml && !options.affected_since;
}

std::optional<graph::Digest> graph_inputs(const GraphOptions& options, const RunSetup& setup,
                                          const std::string& cwd) {
  graph::FileStat self;
  if (!may_remember(options) || !graph::stat_file("/proc/self/exe", self)) return std::nullopt;
  graph::DigestBuilder builder;
  builder.field("answer", "graph");
  add_number(builder, "typewave's device", self.device);
  add_number(builder, "typewave's inode", self.inode);
  add_number(builder, "typewave's change", static_cast<std::uint64_t>(self.ctime_ns));
  builder.field("working directory", cwd);
  builder.field("interpreter", setup.python);
  add_all(builder, "argument", setup.mypy_arguments);
  builder.field("mypy", setup.probe.digest);
  for (const auto& [name, value] : setup.probe.environment) builder.field(name, value);
  add_options(builder, options);
  return builder.finish();
}

bool follows_from_what_was_seen(const RunSetup& setup) {
  const ProbeAnswer& probe = setup.probe;
  const bool plugins = probe.has_plugins && (probe.plugins_add_dependencies || !probe.vouched_plugins);
  return !setup.sources_from_mypy && !plugins && !setup.earlier && setup.scanner != nullptr &&
         setup.arbitrated != nullptr && setup.arbitrated->asked() == 0;
}

GraphMemory::GraphMemory(const StateDirectory& state)
    : state_(state),
      started_ns_(elapsed_clock_ns()),
      threads_(static_cast<unsigned>(usable_processors())),
      recalling_(std::async(std::launch::async | std::launch::deferred,
                            [this] { return recall_last_run(state_, threads_, kLastGraphFile); })) {}

std::optional<std::string> GraphMemory::recall(const graph::Digest& inputs) {
  std::optional<RecalledRun> recalled = recalling_.get();
  if (!recalled || recalled->packed.inputs != inputs) return std::nullopt;
  if (std::optional<LastRun>& last = recalled->whole) {
    // Whatever is in a file may count: imports, and which words it has.
    const graph::Refreshed now = graph::look_again(last->seen, threads_, false, recalled->glance);
    if (now.code || now.bytes) return std::nullopt;
    if (now.stats) remember_last_run(state_, std::move(*last), started_ns_, kLastGraphFile);
  }
  return std::move(recalled->answer.output);
}

void GraphMemory::remember(const graph::Digest& inputs, const RunSetup& setup,
                           const std::string& text) const {
  if (text.size() > kLargestText || !follows_from_what_was_seen(setup) || change_during(setup)) return;
  LastRun run{.inputs = inputs, .seen = setup.files.observations(), .answer = {.output = text}, .store = {}};
  setup.scanner->add_to(run.seen);
  remember_last_run(state_, std::move(run), started_ns_, kLastGraphFile);
}

}  // namespace runner
