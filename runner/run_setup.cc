#include "runner/run_setup.h"

#include <unordered_map>
#include <utility>

#include "graph/posix_path.h"
#include "runner/console.h"
#include "runner/machine.h"
#include "runner/plain_mypy.h"
#include "runner/plugin_memo.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

using nlohmann::json;

std::optional<std::string> text_or_nothing(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<std::string>();
}

// Where mypy cannot even list its sources (a path too long for the system, names that are no text), what it
// says of them is the answer.
SourceResult whole_answer_of_mypy(const RunSetup& setup) {
  auto answer = capture_plain_mypy(setup.python, cold_arguments(setup.mypy_arguments), {});
  if (!answer) return answer.error();
  return EarlyExit{answer->exit_code, std::move(answer->stdout_text), std::move(answer->stderr_text)};
}

SourceResult sources_from_mypy(const RunSetup& setup) {
  auto worker = WorkerProcess::start(setup.python, setup.patience);
  if (!worker) return worker.error();
  auto reply = (*worker)->ask({{"do", "sources"}, {"argv", setup.mypy_arguments}});
  if (!reply) return whole_answer_of_mypy(setup);
  const json& answer = reply->header;
  try {
    if (answer.at("did") == "exit")
      return EarlyExit{answer.at("code"), answer.at("stdout"), answer.at("stderr")};
    std::vector<graph::Source> sources;
    for (const json& entry : answer.at("sources")) {
      graph::Source source;
      source.path = text_or_nothing(entry.at("path")).value_or("");
      source.module = text_or_nothing(entry.at("module")).value_or("__main__");
      source.base_directory = text_or_nothing(entry.at("base_directory"));
      source.text = text_or_nothing(entry.at("text"));
      sources.push_back(std::move(source));
    }
    return sources;
  } catch (const json::exception& error) {
    return graph::Error{std::string("the user's mypy listed its sources in an unknown form: ") +
                        error.what()};
  }
}

// A module of the bundled typeshed whose whole closure is, and for which no section of the configuration sets
// anything.
std::vector<bool> find_constant(const RunSetup& setup) {
  const std::string bundled = setup.probe.mypy_directory + "/typeshed/";
  const auto& modules = setup.graph.modules;
  std::vector<bool> constant(modules.size(), false);
  if (setup.probe.custom_typeshed || setup.probe.has_plugins) return constant;
  for (const graph::Component& component : setup.components->components()) {
    bool holds = true;
    for (const graph::ModuleId id : component.modules) {
      const graph::Module& module = modules[id.value];
      holds = holds && module.path.starts_with(bundled) && module.options->sections.empty() &&
              !module.root_source && module.suppressed.empty();
    }
    for (const graph::ComponentId dependency : component.dependencies) {
      holds = holds && constant[(*setup.components)[dependency].modules.front().value];
    }
    for (const graph::ModuleId id : component.modules) constant[id.value] = holds;
  }
  return constant;
}

void list_stubs(graph::FileSystem& files, const std::string& directory, std::vector<std::string>& paths) {
  const auto* entries = files.list(directory);
  if (entries == nullptr) return;
  for (const graph::DirectoryEntry& entry : *entries) {
    const std::string path = directory + "/" + entry.name;
    if (entry.kind == graph::FileKind::kDirectory) {
      list_stubs(files, path, paths);
    } else if (entry.name.ends_with(".pyi")) {
      paths.push_back(path);
    }
  }
}

// What the bundled typeshed holds. Used sets leave constant modules out, so every key has to know all of
// them.
graph::Digest digest_typeshed(RunSetup& setup) {
  const std::string root = setup.probe.mypy_directory + "/typeshed";
  std::vector<std::string> paths;
  list_stubs(setup.files, root, paths);
  graph::ScanTarget target;
  target.python_major = setup.probe.build.python_major;
  target.python_minor = setup.probe.build.python_minor;
  target.platform = setup.probe.build.platform;
  std::vector<graph::ScanRequest> requests;
  for (const std::string& path : paths) requests.push_back({path, &target});
  const auto files = setup.scanner->scan(requests);
  graph::DigestBuilder builder;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    builder.field("name", std::string_view(paths[i]).substr(root.size()));
    builder.field("content", files[i]->digest);
  }
  return builder.finish();
}

graph::PluginDependencies asked_plugins(const RunSetup& setup, const graph::SearchPaths& paths,
                                        const graph::CanonicalPaths& canonical, const LoadRequest& request) {
  if (!setup.probe.plugins_add_dependencies) return {};
  const auto memo = std::make_shared<PluginMemo>(setup, paths, canonical, *request.store);
  if (!setup.earlier) {
    return [memo](std::span<const graph::Module* const> modules) { return memo->ask(modules); };
  }
  // Plugins read the disk: of a file that was another one nothing can be asked.
  return [memo, &setup](std::span<const graph::Module* const> modules)
             -> std::optional<std::vector<std::vector<graph::AddedDependency>>> {
    std::vector<const graph::Module*> unchanged;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < modules.size(); ++i) {
      const auto path = graph::posix_path::absolute(modules[i]->path, setup.probe.build.cwd);
      if (setup.earlier->changed.contains(path)) continue;
      unchanged.push_back(modules[i]);
      places.push_back(i);
    }
    auto known = memo->ask(unchanged);
    if (!known) return std::nullopt;
    std::vector<std::vector<graph::AddedDependency>> added(modules.size());
    for (std::size_t i = 0; i < places.size(); ++i) added[places[i]] = std::move((*known)[i]);
    return added;
  };
}

// Most modules have the options that hold for all; others are scanned again.
graph::SourceFound scanning_ahead(RunSetup& setup, graph::ScanMemory* memory) {
  setup.scanner =
      std::make_unique<graph::ParallelFileScanner>(static_cast<unsigned>(usable_processors()), memory);
  const graph::BuildOptions& build = setup.probe.build;
  const graph::ModuleOptions& options = setup.probe.module_options;
  return [&scanner = *setup.scanner, target = graph::ScanTarget{.python_major = build.python_major,
                                                                .python_minor = build.python_minor,
                                                                .platform = build.platform,
                                                                .always_true = options.always_true,
                                                                .always_false = options.always_false}](
             const graph::Source& source) { scanner.anticipate(source.path, target); };
}

}  // namespace

std::unique_ptr<RunSetup> fresh_setup(const RunSetup& asked) {
  auto setup = std::make_unique<RunSetup>();
  setup->python = asked.python;
  setup->mypy_arguments = asked.mypy_arguments;
  setup->probe = asked.probe;
  setup->settled = asked.settled;
  setup->patience = asked.patience;
  return setup;
}

SourceResult list_sources(RunSetup& setup, graph::ScanMemory* memory) {
  graph::SourceFound found;
  if (memory != nullptr) found = scanning_ahead(setup, memory);
  graph::SourceList list = graph::discover_sources(setup.probe.build, *setup.options, setup.view(), found);
  if (list.endless || list.needs_mypy) setup.scanner.reset();  // nothing is known of what there is to scan
  if (list.endless) {
    return graph::Error{"the sources cannot be listed: " + *list.endless,
                        "look for links that lead back to a directory above, and --exclude them"};
  }
  setup.sources_from_mypy = list.needs_mypy.has_value();
  if (list.needs_mypy) return sources_from_mypy(setup);
  return std::move(list.sources);
}

graph::DiskObservations observations_of(const RunSetup& setup) {
  graph::DiskObservations seen = setup.files.observations();
  setup.scanner->add_to(seen);
  return seen;
}

graph::DiskObservations take_observations(RunSetup& setup) {
  return setup.known ? std::move(setup.known->seen) : observations_of(setup);
}

bool follows_from_what_was_seen(const RunSetup& setup) {
  if (setup.known) return true;
  const ProbeAnswer& probe = setup.probe;
  return !setup.sources_from_mypy && !probe.plugins_add_dependencies && probe.vouched_plugins &&
         !setup.earlier && setup.scanner != nullptr && setup.arbitrated != nullptr &&
         setup.arbitrated->asked() == 0;
}

int stop_as_mypy(const EarlyExit& exit) {
  print_stdout(exit.stdout_text);
  print_stderr(exit.stderr_text);
  return exit.code;
}

std::optional<NeedsMypy> load_run(RunSetup& setup, const LoadRequest& request) {
  const graph::BuildOptions& build = setup.probe.build;
  graph::SearchPaths& paths = setup.search_paths;
  paths = build.search_paths;
  paths.python_path = graph::python_path_of(setup.sources, build);
  std::unordered_map<std::string, std::string> names;
  for (const graph::Source& source : setup.sources) names.emplace(source.module, source.path);
  setup.resolver =
      std::make_unique<graph::ModuleResolver>(build, paths, *setup.options, setup.view(), std::move(names));
  if (!setup.earlier) {
    if (!setup.scanner) {
      setup.scanner = std::make_unique<graph::ParallelFileScanner>(request.threads, request.memory);
    }
    setup.arbitrated = std::make_unique<ArbitratedScanner>(*setup.scanner, setup.python, request.doubted);
  }
  graph::FileScanner& scanner =
      setup.earlier ? static_cast<graph::FileScanner&>(setup.earlier->scanner) : *setup.arbitrated;
  const graph::CanonicalPaths canonical(build.cwd, paths, setup.view());
  graph::LoadedGraph loaded = graph::load_graph({.options = build,
                                                 .sources = setup.sources,
                                                 .table = *setup.options,
                                                 .resolver = *setup.resolver,
                                                 .files = setup.view(),
                                                 .scanner = scanner,
                                                 .arbiter = {},
                                                 .canonical_path = canonical,
                                                 .plugins = asked_plugins(setup, paths, canonical, request)});
  if (loaded.blocker) return NeedsMypy{*loaded.blocker, true};
  setup.graph = std::move(loaded.graph);
  setup.components = graph::condense(setup.graph);
  setup.constant = find_constant(setup);
  // The tree of an earlier run is looked at with what this one knows of typeshed.
  if (!setup.earlier) {
    setup.typeshed = digest_typeshed(setup);
    setup.probe.environment.emplace_back("typeshed", setup.typeshed.hex());
  }
  return std::nullopt;
}

}  // namespace runner
