#include "runner/graph_memory.h"

#include <utility>

#include "runner/machine.h"
#include "runner/run_changes.h"
#include "runner/run_memory.h"
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
  if (!may_remember(options)) return std::nullopt;
  const auto run = digest_of_graph_inputs(cwd, setup.python, setup.mypy_arguments, setup.probe);
  if (!run) return std::nullopt;
  graph::DigestBuilder builder;
  builder.field("answer", "graph");
  builder.field("run", *run);
  add_options(builder, options);
  return builder.finish();
}

GraphMemory::GraphMemory(const StateDirectory& state)
    : state_(state),
      started_ns_(elapsed_clock_ns()),
      threads_(static_cast<unsigned>(usable_processors())),
      recalling_(
          std::async(kAside, [this] { return recall_last_run(state_, threads_, {}, kLastGraphFile); })) {}

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
  if (text.size() > kLargestText || !follows_from_what_was_seen(setup)) return;
  LastRun run{.inputs = inputs, .seen = observations_of(setup), .answer = {.output = text}, .store = {}};
  if (SecondLook(setup, run.seen, graph::ChangeSearch::Extent::kAll, threads_).finish()) return;
  remember_last_run(state_, std::move(run), started_ns_, kLastGraphFile);
}

}  // namespace runner
