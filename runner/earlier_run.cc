// The run that this one is compared with.
#include "runner/earlier_run.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "graph/posix_path.h"

namespace runner {
namespace {

// Where mypy itself has to list the sources it would list those of now: they are the earlier ones as far as
// they were there. What vanished since counts only where it was imported.
std::vector<graph::Source> surviving(const std::vector<graph::Source>& sources, graph::FileSystem& files) {
  std::vector<graph::Source> result;
  for (const graph::Source& source : sources) {
    if (source.path.empty() || files.kind(source.path) != graph::FileKind::kMissing) result.push_back(source);
  }
  return result;
}

}  // namespace

graph::Result<std::unique_ptr<EarlierRun>> EarlierRun::load(RunSetup& now, const graph::EarlierFiles& earlier,
                                                            PackStore& store, unsigned threads) {
  std::unique_ptr<EarlierRun> run(new EarlierRun());
  RunSetup& setup = run->setup_;
  setup.python = now.python;
  setup.mypy_arguments = now.mypy_arguments;
  setup.probe = now.probe;
  setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
  setup.earlier = std::make_unique<EarlierView>(now.files, *now.arbitrated, earlier, setup.probe.build.cwd);
  std::erase_if(setup.probe.build.files, [&](const std::string& path) {
    return setup.view().kind(path) == graph::FileKind::kMissing;
  });
  const graph::BuildOptions& build = setup.probe.build;
  const bool named =
      !build.files.empty() || !build.packages.empty() || !build.modules.empty() || build.command;
  if (named && !now.sources_from_mypy) {
    graph::SourceList list = graph::discover_sources(build, *setup.options, setup.view());
    setup.sources = list.needs_mypy ? surviving(now.sources, setup.view()) : std::move(list.sources);
  } else if (named) {
    setup.sources = surviving(now.sources, setup.view());
  }
  if (const auto trouble =
          load_run(setup, {.threads = threads, .memory = nullptr, .doubted = {}, .store = &store})) {
    return graph::Error{trouble->reason, {}};
  }
  run->run_ = std::make_unique<PlannedRun>(setup, store, false, threads);
  return run;
}

}  // namespace runner
