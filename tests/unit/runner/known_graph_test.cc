// A graph that was kept is taken up again as it was, only where nothing that decides about it has changed.
#include "runner/known_graph.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/planned_project.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

using support::PlannedProject;
using support::TemporaryDirectory;

const graph::Digest kInputs = graph::sha256("inputs");

// A project whose sources lie in a folder: `a` imports `b`.
class KnownProject {
 public:
  KnownProject()
      : project_("a -> b; b; c"),
        state_(StateDirectory::open(folder_.path(), StateDirectory::Access::kReadWrite)) {
    RunSetup& setup = project_.setup;
    setup.scanner = std::make_unique<graph::ParallelFileScanner>(1, nullptr);
    setup.arbitrated = std::make_unique<ArbitratedScanner>(*setup.scanner, "python", std::set<std::string>());
    write("a", "x = 1\nimport b\n");
    write("b", "");
    write("c", "y = 1\n");
    for (graph::Module& module : setup.graph.modules) {
      module.path = path_of(module.name);
      module.file = scan(setup, module);
    }
    for (std::size_t i = 0; i < setup.sources.size(); ++i) {
      setup.sources[i].path = setup.graph.modules[i].path;
      setup.sources[i].base_directory = folder_.path().string();
    }
    for (graph::Dependency& dependency : setup.graph.modules[0].dependencies) dependency.line = 2;
    setup.typeshed = graph::sha256("typeshed");
    setup.probe.environment = {{"typeshed", setup.typeshed.hex()}};
    for (const char* module : {"b", "c", "a"}) project_.keep(module);
    run_ = &project_.plan();
  }

  std::string path_of(const std::string& module) const { return folder_ / (module + ".py"); }
  void write(const std::string& module, std::string_view text) { support::write_file(path_of(module), text); }

  std::string encode() const { return encode_known_graph(kInputs, *run_, seen()); }

  // What a run would see of the disk now.
  graph::DiskObservations seen() const {
    graph::DiskObservations seen;
    seen.paths = {{path_of("gone"), gone}};
    for (const char* module : {"a", "b", "c"}) {
      graph::SeenFile file;
      file.path = path_of(module);
      file.digest = file.code = file.shape = graph::sha256(support::read_file(file.path));
      seen.files.push_back(file);
    }
    // Files that are no modules of the graph, as those of typeshed.
    for (int i = 0; i < 20; ++i) seen.files.emplace_back().path = path_of("other " + std::to_string(i));
    return seen;
  }

  bool take_up(const std::string& bytes, RunSetup& setup) {
    const auto known = KnownGraph::read(bytes);
    REQUIRE(known.has_value());
    CHECK(known->inputs() == kInputs);
    memory_ = std::make_unique<StatCache>(state_);
    graph::DiskObservations now = seen();
    return known->take_up(setup, now, *memory_, 1);
  }

  PlannedProject& project() { return project_; }
  graph::FileKind gone = graph::FileKind::kMissing;

 private:
  static const graph::ScannedFile* scan(RunSetup& setup, const graph::Module& module) {
    const graph::ScanTarget target;
    const graph::ScanRequest request{.path = module.path, .target = &target};
    return setup.scanner->scan({&request, 1}).front();
  }

  TemporaryDirectory folder_;
  PlannedProject project_;
  const PlannedRun* run_ = nullptr;
  StateDirectory state_;
  std::unique_ptr<StatCache> memory_;
};

TEST_CASE("a graph comes back with its sources, components and keys, and nothing is decided by the store") {
  KnownProject project;
  RunSetup setup;
  REQUIRE(project.take_up(project.encode(), setup));
  REQUIRE(setup.probe.environment == project.project().setup.probe.environment);
  const RunSetup& before = project.project().setup;
  REQUIRE(setup.graph.modules.size() == before.graph.modules.size());
  REQUIRE(setup.sources.size() == before.sources.size());
  for (std::size_t i = 0; i < setup.sources.size(); ++i) {
    CHECK(setup.sources[i].module == before.sources[i].module);
    CHECK(setup.sources[i].path == before.sources[i].path);
    CHECK(setup.sources[i].base_directory == before.sources[i].base_directory);
  }
  CHECK(setup.components->size() == before.components->size());
  CHECK(setup.constant == before.constant);
  CHECK(setup.known->changed == 0);

  const PlannedRun again(setup, project.project().store, false, 1);
  const PlannedRun& first = project.project().plan();
  for (std::uint32_t i = 0; i < first.state().size(); ++i) {
    CHECK(again.state()[{i}].static_key == first.state()[{i}].static_key);
    CHECK(again.state().state({i}) == scheduler::ComponentState::kReused);
    CHECK(again.state()[{i}].interfaces == first.state()[{i}].interfaces);
    CHECK(again.state()[{i}].taken_over);
  }
}

TEST_CASE("a source with the same imports is scanned again and its component decided anew") {
  KnownProject project;
  const std::string bytes = project.encode();
  project.write("a", "x = 1\n\n\nimport b\nz = 2\n");
  RunSetup setup;
  REQUIRE(project.take_up(bytes, setup));
  CHECK(setup.known->changed == 1);
  const graph::Module& module = setup.graph[*setup.graph.find("a")];
  CHECK(module.file->digest == graph::sha256("x = 1\n\n\nimport b\nz = 2\n"));
  CHECK(module.dependencies.front().line == 4);
  const PlannedRun run(setup, project.project().store, false, 1);
  const auto id = setup.components->of(*setup.graph.find("a"));
  CHECK(run.state().state(id) == scheduler::ComponentState::kUndecided);
  CHECK(run.state()[id].decision.reason == scheduler::Decision::Reason::kNeverChecked);
  CHECK(run.state().count(scheduler::ComponentState::kReused) == 2);
}

TEST_CASE("scans of unchanged sources are made when they are asked for") {
  KnownProject project;
  RunSetup setup;
  REQUIRE(project.take_up(project.encode(), setup));
  const graph::ImportScan& scan = setup.graph[*setup.graph.find("a")].file->imports();
  REQUIRE(scan.imports.size() == 1);
  CHECK(scan.imports[0].module == "b");
  CHECK(&setup.graph[*setup.graph.find("a")].file->imports() == &scan);
}

TEST_CASE("nothing is taken up when something may decide about the graph") {
  KnownProject project;
  const std::string bytes = project.encode();
  RunSetup setup;
  SUBCASE("other imports") {
    project.write("b", "import c\n");
  }
  SUBCASE("an error that only mypy can explain") {
    project.write("b", "def\n");
  }
  SUBCASE("another kind of path") {
    project.gone = graph::FileKind::kFile;
  }
  CHECK_FALSE(project.take_up(bytes, setup));
  CHECK(setup.known == nullptr);
  CHECK(setup.graph.modules.empty());
}

TEST_CASE("a graph that mypy or a plugin had a word in is not kept") {
  KnownProject project;
  RunSetup& setup = project.project().setup;
  SUBCASE("sources listed by mypy") {
    setup.sources_from_mypy = true;
  }
  SUBCASE("a plugin that adds dependencies") {
    setup.probe.plugins_add_dependencies = true;
  }
  SUBCASE("a plugin that may read anything") {
    setup.probe.vouched_plugins = false;
  }
  SUBCASE("text of -c") {
    setup.sources[0].text = "x";
  }
  CHECK(project.encode().empty());
}

TEST_CASE("damaged bytes are no graph") {
  KnownProject project;
  const std::string bytes = project.encode();
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK_FALSE(KnownGraph::read(damaged).has_value());
    CHECK_FALSE(KnownGraph::read(bytes.substr(0, at)).has_value());
  }
}

}  // namespace
}  // namespace runner
