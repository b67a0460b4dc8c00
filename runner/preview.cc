#include "runner/preview.h"

#include <filesystem>
#include <utility>

#include "runner/console.h"
#include "runner/disk_report.h"
#include "runner/machine.h"
#include "runner/memory_store.h"
#include "runner/store_choice.h"

namespace runner {

PlannedRun Preview::plan() {
  return PlannedRun(setup, *store, false, static_cast<unsigned>(usable_processors()));
}

std::optional<int> ask_for_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview) {
  const std::string cwd = std::filesystem::current_path();
  const auto directory = request.store ? request.store : default_store_directory();
  preview.store = std::make_unique<MemoryStore>();
  if (directory)
    preview.store = PackStore::open(*directory, PackStore::Access::kReadWrite, store_limit_of({}, cwd));
  auto interpreters = find_interpreters(request.python, cwd);
  if (!interpreters) return fail(interpreters.error());
  ProbeResult result =
      probe({request.mypy_arguments, std::move(*interpreters), cwd, kUsualPatience, &state}, *preview.store);
  preview.store->flush();
  if (const auto* error = std::get_if<graph::Error>(&result)) return fail(*error);
  if (const auto* exit = std::get_if<EarlyExit>(&result)) return stop_as_mypy(*exit);

  RunSetup& setup = preview.setup;
  Probe& found = std::get<Probe>(result);
  setup.python = found.python;
  setup.mypy_arguments = request.mypy_arguments;
  setup.probe = std::move(found.answer);
  setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
  return std::nullopt;
}

std::optional<int> load_preview(const StateDirectory& state, Preview& preview) {
  RunSetup& setup = preview.setup;
  preview.memory = std::make_unique<StatCache>(state);
  SourceResult sources = list_sources(setup, preview.memory.get());
  if (const auto* error = std::get_if<graph::Error>(&sources)) return fail(*error);
  if (const auto* exit = std::get_if<EarlyExit>(&sources)) return stop_as_mypy(*exit);
  setup.sources = std::move(std::get<std::vector<graph::Source>>(sources));

  const auto needs_mypy = load_run(setup, {.threads = static_cast<unsigned>(usable_processors()),
                                           .memory = preview.memory.get(),
                                           .doubted = {},
                                           .store = preview.store.get()});
  preview.memory->start_saving();
  if (!needs_mypy) return std::nullopt;
  settle_preview(state, preview);
  return fail(
      {"the graph cannot be built: " + needs_mypy->reason, "run `typewave check` to see mypy's own words"});
}

void settle_preview(const StateDirectory& state, Preview& preview) {
  DiskReport disk{.troubles = {preview.store->trouble(), state.trouble()},
                  .damaged_in_store = preview.store->counters().corrupt,
                  .damaged_in_state = 0};
  if (preview.memory) {
    preview.memory->save();
    disk.troubles.push_back(preview.memory->trouble());
  }
  disk.damaged_in_state = state.damaged();
  if (const auto warning = warning_of(disk)) print_warning(*warning);
}

std::optional<int> prepare_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview) {
  if (const auto code = ask_for_preview(request, state, preview)) return code;
  if (const auto code = load_preview(state, preview)) return code;
  settle_preview(state, preview);
  return std::nullopt;
}

}  // namespace runner
