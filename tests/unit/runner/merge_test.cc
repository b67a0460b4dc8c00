// The diagnostics of all components together: sorted by path, with each once-per-run note at its place.
#include "runner/merge.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/graph_text.h"

namespace runner {
namespace {

using scheduler::ComponentState;
using scheduler::Diagnostic;
using Strings = std::vector<std::string>;

Diagnostic error(const std::string& message) {
  Diagnostic diagnostic;
  diagnostic.line = 1;
  diagnostic.severity = "error";
  diagnostic.message = message;
  return diagnostic;
}

Diagnostic note(const std::string& message, std::int32_t parent = -1) {
  Diagnostic diagnostic = error(message);
  diagnostic.severity = "note";
  diagnostic.parent = parent;
  return diagnostic;
}

Diagnostic once(const std::string& message, std::int32_t parent = -1) {
  Diagnostic diagnostic = note(message, parent);
  diagnostic.only_once = true;
  return diagnostic;
}

Diagnostic once_while_loading(const std::string& message) {
  Diagnostic diagnostic = once(message);
  diagnostic.from_import_phase = true;
  return diagnostic;
}

class Merged {
 public:
  explicit Merged(std::string_view text)
      : graph(support::graph_from_text(text)), components_(graph::condense(graph)) {}

  Merged& reports(const std::string& module, std::vector<Diagnostic> diagnostics) {
    diagnostics_[module] = std::move(diagnostics);
    return *this;
  }
  // No outcome for the component of this module.
  Merged& fails(const std::string& module) {
    failed_ = module;
    return *this;
  }

  std::vector<ModuleDiagnostics> merge() const {
    scheduler::RunState run(components_);
    DiagnosticMerge merge(graph, components_, run);
    for (std::uint32_t i = 0; i < run.size(); ++i) {
      scheduler::Outcome outcome;
      for (const graph::ModuleId id : components_[{i}].modules) {
        const auto it = diagnostics_.find(graph[id].name);
        outcome.modules.push_back({{}, it == diagnostics_.end() ? std::vector<Diagnostic>() : it->second});
      }
      if (!failed_.empty() && components_.of(*graph.find(failed_)) == graph::ComponentId{i}) continue;
      run[{i}].outcome = std::move(outcome);
      // Every other one is taken as soon as it has its final state, what remains in the end.
      if (i % 2 == 0) continue;
      run[{i}].interfaces.resize(components_[{i}].modules.size());
      run.set({i}, scheduler::ComponentState::kReused);
      merge.take_final();
    }
    return merge.finish();
  }

  // "a.py: first, second" for each module.
  Strings text() const {
    Strings lines;
    for (const ModuleDiagnostics& module : merge()) {
      std::string line = module.path + ":";
      for (const Diagnostic& one : module.diagnostics) line += " " + one.message;
      lines.push_back(line);
    }
    return lines;
  }

  graph::ModuleGraph graph;

 private:
  graph::Condensation components_;
  std::map<std::string, std::vector<Diagnostic>> diagnostics_;
  std::string failed_;
};

TEST_CASE("modules come sorted by path, their diagnostics in order; those without are left out") {
  Merged merged("c -> a; b; a");
  merged.reports("c", {error("x"), error("a")}).reports("a", {error("y")});
  CHECK(merged.text() == Strings{"a.py: y", "c.py: x a"});
}

TEST_CASE("modules of one component keep what is theirs") {
  Merged merged("a -> b; b -> a");
  merged.reports("a", {error("in-a")}).reports("b", {error("in-b")});
  CHECK(merged.text() == Strings{"a.py: in-a", "b.py: in-b"});
}

TEST_CASE("a component without an outcome is left out") {
  Merged merged("a -> b; b");
  merged.reports("a", {error("x")}).reports("b", {error("y")}).fails("b");
  CHECK(merged.text() == Strings{"a.py: x"});
}

TEST_CASE("a note of the import phase stays at the module that is loaded first") {
  // Load order: z, a, b. Processing order: b, a, z. Path order: a, b, z.
  Merged merged("z -> a b; a -> b; b");
  for (const char* module : {"a", "b", "z"}) {
    merged.reports(module, {error("missing"), once_while_loading("help")});
  }
  CHECK(merged.text() == Strings{"a.py: missing", "b.py: missing", "z.py: missing help"});
}

TEST_CASE("a note of a check stays at the module that is processed first") {
  Merged merged("z -> a b; a -> b; b");
  for (const char* module : {"a", "b", "z"}) merged.reports(module, {error("bad"), once("help")});
  CHECK(merged.text() == Strings{"a.py: bad", "b.py: bad help", "z.py: bad"});
}

TEST_CASE("inside of a cycle the order of processing decides") {
  Merged merged("a -> b; b -> a");  // b is processed first
  merged.reports("a", {once("help")}).reports("b", {once("help")});
  CHECK(merged.text() == Strings{"b.py: help"});
}

TEST_CASE("loading comes before checking: its note hides the same text of every check") {
  Merged merged("z -> a; a");
  merged.reports("z", {once_while_loading("help")}).reports("a", {once("help")});
  CHECK(merged.text() == Strings{"z.py: help"});
}

TEST_CASE("a module that failed shows no note, so the next one does") {
  Merged merged("a -> b; b");
  merged.reports("a", {once("help")}).reports("b", {once("help")}).fails("b");
  CHECK(merged.text() == Strings{"a.py: help"});
}

TEST_CASE("within one module the first of several stays; other texts and ordinary messages are not touched") {
  Merged merged("a");
  merged.reports("a", {once("help"), note("help"), once("help"), once("other"), error("help")});
  CHECK(merged.text() == Strings{"a.py: help help other help"});
}

TEST_CASE("notes keep pointing at their errors when something before them goes") {
  Merged merged("b -> a; a");
  merged.reports("a", {once("help")});
  merged.reports("b", {once("help"), error("first"), note("of first", 1), once("help", 1), error("second"),
                       note("of second", 4)});
  const std::vector<ModuleDiagnostics> modules = merged.merge();
  REQUIRE(modules.size() == 2);
  const auto& diagnostics = modules[1].diagnostics;
  REQUIRE(diagnostics.size() == 4);
  CHECK(diagnostics[0].message == "first");
  CHECK(diagnostics[1].parent == 0);
  CHECK(diagnostics[2].message == "second");
  CHECK(diagnostics[3].parent == 2);
}

TEST_CASE("a note whose error went points at none") {
  Merged merged("b -> a; a");
  merged.reports("a", {once("help")}).reports("b", {once("help"), note("of help", 0)});
  const std::vector<ModuleDiagnostics> modules = merged.merge();
  REQUIRE(modules.size() == 2);
  REQUIRE(modules[1].diagnostics.size() == 1);
  CHECK(modules[1].diagnostics[0].parent == -1);
}

TEST_CASE("the import context leads from the outermost importer to the module") {
  Merged merged("main -> middle; middle -> leaf; leaf");
  const auto id = [&](const char* name) { return *merged.graph.find(name); };
  merged.graph.modules[id("middle").value].imported_from = {{id("main"), 3}};
  merged.graph.modules[id("leaf").value].imported_from = {{id("middle"), 7}};
  merged.reports("leaf", {error("x")}).reports("main", {error("y")});
  const std::vector<ModuleDiagnostics> modules = merged.merge();
  REQUIRE(modules.size() == 2);
  CHECK(modules[0].import_context ==
        std::vector<std::pair<std::string, int>>{{"main.py", 3}, {"middle.py", 7}});
  CHECK(modules[1].import_context.empty());
}

TEST_CASE("a program given with -c has no path but is shown as mypy does") {
  Merged merged("__main__");
  merged.graph.modules[0].path = "";
  merged.reports("__main__", {error("x")});
  CHECK(merged.text() == Strings{"<string>: x"});
}

TEST_CASE("settled are modules whose messages nothing can change any more") {
  const graph::ModuleGraph graph = support::graph_from_text("a; b; c; d");
  const graph::Condensation components = graph::condense(graph);
  scheduler::RunState run(components);
  const auto end = [&](const std::string& module, std::vector<Diagnostic> diagnostics) {
    const graph::ComponentId id = components.of(*graph.find(module));
    run[id].outcome.emplace().modules.push_back({{}, std::move(diagnostics)});
    run[id].interfaces.resize(1);
    run.set(id, scheduler::ComponentState::kReused);
  };
  DiagnosticMerge merge(graph, components, run);
  const auto settled = [&] {
    Strings paths;
    for (const ModuleDiagnostics* module : merge.take_final()) paths.push_back(module->path);
    return paths;
  };
  end("a", {error("x")});
  end("b", {error("x"), once("printed once")});
  end("c", {});
  CHECK(settled() == Strings{"a.py"});
  CHECK(settled().empty());
  end("d", {error("y")});
  CHECK(settled() == Strings{"d.py"});
  CHECK(merge.finish().size() == 3);
}

}  // namespace
}  // namespace runner
