#include "runner/cycles_command.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "graph/import_uses.h"
#include "runner/console.h"
#include "runner/cycles_report.h"
#include "runner/given_file.h"
#include "runner/history_file.h"
#include "runner/preview.h"
#include "runner/report_file.h"
#include "runner/state_directory.h"
#include "runner/view_words.h"

namespace runner {
namespace {

constexpr int kNewCycles = 1;

graph::Result<CycleNames> load_known(const std::string& path) {
  const auto text = read_kept_file(path, "write it with --update", "--fail-on-new");
  if (!text) return graph::Error{"cannot read " + path + ": " + text.error().message, text.error().hint};
  auto known = read_known_cycles(*text);
  if (!known) return graph::Error{"cannot use " + path + ": " + known.error().message, known.error().hint};
  return known;
}

// What costs most first: by what was measured, as far as it was; then by size.
void sort_by_cost(CyclesReport& report) {
  const auto seconds = [&](const graph::ImportCycle& cycle) {
    return report.measured.seconds[cycle.component.value].value_or(-1);
  };
  std::stable_sort(
      report.cycles.begin(), report.cycles.end(),
      [&](const graph::ImportCycle& a, const graph::ImportCycle& b) { return seconds(a) > seconds(b); });
}

// As the last run with the same arguments remembered them.
std::vector<std::optional<std::uint64_t>> checks_of(const RunSetup& setup, const StateDirectory& state,
                                                    const std::vector<std::string>& arguments) {
  std::vector<std::optional<std::uint64_t>> checks(setup.components->size());
  const auto history = read_history(state, arguments);
  for (std::uint32_t i = 0; history && i < checks.size(); ++i) {
    const std::string& first = setup.graph[(*setup.components)[{i}].modules.front()].name;
    if (const ComponentPast* past = history->find(first)) checks[i] = past->checks;
  }
  return checks;
}

int write_known(const CyclesReport& report, const std::string& path) {
  if (const auto error = write_report_file(path, known_cycles_text(names_of(report)))) return fail(*error);
  print_note("wrote " + counted(report.cycles.size(), "import cycle") + " to " + path);
  return 0;
}

int compare_with_known(const CyclesOptions& options, const CycleNames& known, CyclesReport& report) {
  const CycleNews news = compare_cycles(known, names_of(report));
  report.news = &news;
  print_stdout(options.json ? cycles_json(report) : new_cycles_text(report, options.most_cuts));
  report.news = nullptr;
  if (!news.added.empty()) {
    const bool one = news.added.size() == 1;
    print_note(counted(news.added.size(), "import cycle") +
               (one ? " is new or has grown since " : " are new or have grown since ") + *options.known +
               " was written (--update accepts them)");
    return kNewCycles;
  }
  const auto one_or_many = [](std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
  };
  print_note(
      "no import cycle is new, " + one_or_many(report.cycles.size(), " is known", " are known") +
      (news.shrunk > 0
           ? "; " + one_or_many(news.shrunk, " has shrunk or is gone: --update keeps it from coming back",
                                " have shrunk or are gone: --update keeps them from coming back")
           : ""));
  return 0;
}

}  // namespace

int run_cycles(const CyclesOptions& options) {
  if (options.update && !options.known) {
    return fail({"--update does not say which file", "add --fail-on-new FILE"});
  }
  CycleNames known;
  if (options.known && !options.update) {
    auto loaded = load_known(*options.known);
    if (!loaded) return fail(loaded.error());
    known = std::move(*loaded);
  }
  const StateDirectory state =
      StateDirectory::open(std::filesystem::current_path(), StateDirectory::Access::kReadWrite);
  Preview preview;
  if (const auto code = prepare_preview(options.about, state, preview)) return *code;
  RunSetup& setup = preview.setup;
  const PlannedRun run = preview.plan();
  const MeasuredCosts measured = measured_costs(run, state);
  CyclesReport report{setup.graph, *setup.components, measured,
                      graph::import_cycles(setup.graph, *setup.components, graph::import_uses(setup.graph)),
                      checks_of(setup, state, options.about.mypy_arguments)};
  if (!options.all || options.known) {
    report.in_libraries =
        std::erase_if(report.cycles, [](const graph::ImportCycle& cycle) { return !cycle.own; });
  }
  sort_by_cost(report);
  if (options.update) return write_known(report, *options.known);
  if (options.known) return compare_with_known(options, known, report);
  print_stdout(options.json ? cycles_json(report) : cycles_text(report, options.most_cuts));
  return 0;
}

}  // namespace runner
