// Which interfaces may hold numbers of lines.
#include "runner/line_numbers.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/planned_project.h"

TEST_CASE("an interface that may hold the number of a line is told from one that does not") {
  CHECK_FALSE(runner::mentions_lines(""));
  CHECK_FALSE(runner::mentions_lines("module.line online @ property@ \x1aline user@host"));
  CHECK(runner::mentions_lines("module.Local@12"));
  CHECK(runner::mentions_lines("user@host and Local@7"));
  CHECK(runner::mentions_lines(std::string("\x1e\x18") + " column" + "\x03\x1c\x1c" + "line" + "\x03,"));
  CHECK(runner::mentions_lines("{\"A\":{\"unbound\":[[3,4,3,9]]}}"));
  CHECK(runner::mentions_lines("@1"));
}

TEST_CASE("a file is seen by its shape if nothing in its components names a line") {
  support::PlannedProject project("a -> b; b; c");
  for (graph::Module& module : project.setup.graph.modules) module.path = module.name + ".py";
  scheduler::Diagnostic error;
  error.severity = "error";
  project.keep("b").keep("a", {error}).keep("c");
  graph::DiskObservations seen;
  for (const char* name : {"c", "b", "a"}) {
    const graph::Module& module = project.setup.graph[*project.setup.graph.find(name)];
    graph::SeenFile& file = seen.files.emplace_back();
    file.path = module.path;
    file.digest = module.file->digest;
  }
  seen.files[0].digest = graph::sha256("not what was scanned");
  seen.files.emplace_back().path = "pyproject.toml";
  runner::PlannedRun& run = project.plan();
  const runner::LineFreeFiles files(run, seen);
  graph::DiskObservations all = seen;
  files.note(run.state(), all);
  CHECK(all == seen);  // as long as interfaces may mention lines
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    for (scheduler::ModuleOutcome& module : run.state()[{i}].outcome->modules) module.mentions_lines = false;
  }
  files.note(run.state(), seen);
  std::string by_shape;
  for (const graph::SeenFile& file : seen.files) by_shape += file.by_shape ? "1" : "0";
  CHECK(by_shape == "0100");
}
