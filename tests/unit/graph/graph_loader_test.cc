// Which modules a run loads, in which order, and what each is said to import.
#include "graph/graph_loader.h"

#include <doctest/doctest.h>

#include "tests/support/module_tree.h"

using graph::FollowImports;
using graph::SuppressionReason;
using support::imports_of;
using support::modules_of;
using support::ModuleTree;
using support::reports_of;

namespace {

const graph::Module& module_of(const graph::LoadedGraph& loaded, const std::string& name) {
  return loaded.graph[*loaded.graph.find(name)];
}

graph::OptionsSection following(const std::string& pattern, FollowImports follow) {
  graph::OptionsSection section;
  section.pattern = pattern;
  section.follow_imports = follow;
  return section;
}

graph::OptionsSection ignoring_missing(const std::string& pattern) {
  graph::OptionsSection section;
  section.pattern = pattern;
  section.ignore_missing_imports = true;
  return section;
}

}  // namespace

TEST_CASE("sources come first, then what they import, breadth first") {
  ModuleTree tree;
  tree.file("a.py", "import c\nimport d").file("b.py").file("c.py", "import e").file("d.py").file("e.py");
  const graph::LoadedGraph loaded = tree.load({"a.py", "b.py"});
  CHECK_FALSE(loaded.blocker);
  CHECK(modules_of(loaded) == "a b c d e");
  CHECK(imports_of(loaded, "a") == "c/10 d/10");
  CHECK(module_of(loaded, "a").root_source);
  CHECK_FALSE(module_of(loaded, "c").root_source);
  CHECK(module_of(loaded, "c").canonical_path == "@/project/c.py");
}

TEST_CASE("parents become modules without becoming imports") {
  ModuleTree tree;
  tree.file("a.py", "from p.q.b import x").file("p/__init__.py").file("p/q/__init__.py").file("p/q/b.py");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(modules_of(loaded) == "a p.q.b p.q p");
  CHECK(imports_of(loaded, "a") == "p.q.b/5");
  CHECK(imports_of(loaded, "p.q.b") == "");
  CHECK(module_of(loaded, "p.q.b").ancestors == std::vector<std::string>{"p.q", "p"});
  CHECK(module_of(loaded, "p.q.b").imported_from == std::pair(graph::ModuleId{0}, 1U));
  CHECK_FALSE(module_of(loaded, "p.q").imported_from);
}

TEST_CASE("a file name with a dot says nothing about packages") {
  ModuleTree tree;
  tree.file("a.b.py");
  CHECK(module_of(tree.load({"a.b=a.b.py"}), "a.b").ancestors.empty());
}

TEST_CASE("a directory without files of its own is a module that imports builtins only") {
  ModuleTree tree;
  tree.file("a.py", "import n.b").file("n/b.py");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(module_of(loaded, "n").is_directory);
  CHECK(module_of(loaded, "n").file == nullptr);
  CHECK(module_of(loaded, "n").dependencies.size() == 1);
}

TEST_CASE("failed creations count in the order of modules") {
  ModuleTree tree;
  tree.file("a.py", "import gone\nimport b").file("b.py", "import gone\nimport c").file("c.py");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(module_of(loaded, "a").order == 1);
  CHECK(module_of(loaded, "b").order == 3);
  CHECK(module_of(loaded, "c").order == 6);  // after builtins and gone once more
}

TEST_CASE("missing modules are suppressed and reported to each importer") {
  ModuleTree tree;
  tree.file("a.py", "import b\nfrom gone import x").file("b.py", "\nlocal import gone.deep");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(imports_of(loaded, "a") == "b/10 gone!/5");
  CHECK(reports_of(loaded, "a") == "missing gone:2");
  CHECK(imports_of(loaded, "b") == "gone.deep!/20 gone!/20");
  CHECK(reports_of(loaded, "b") == "missing gone.deep:2, missing gone:2");
  CHECK(loaded.graph.missing.at("gone") == SuppressionReason::kNotFound);
}

TEST_CASE("the options of the missing module silence the report") {
  ModuleTree tree;
  tree.file("a.py", "import gone\nimport lost").section(ignoring_missing("gone"));
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(reports_of(loaded, "a") == "missing lost:2");
  CHECK(imports_of(loaded, "a") == "gone!/10 lost!/10");
}

TEST_CASE("a stub package with __getattr__ may hold anything") {
  ModuleTree tree;
  tree.file("a.py", "import s.gone\nimport p.gone")
      .file("s/__init__.pyi", "getattr")
      .file("p/__init__.py", "getattr");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(reports_of(loaded, "a") == "missing p.gone:2");
  CHECK(imports_of(loaded, "a") == "s/20 p/20 s.gone!/10 p.gone!/10");
}

TEST_CASE("a suppressed import that has become a module in the end is an import again, at the end") {
  ModuleTree tree;
  // Only the submodule is typed: its parent is found once the submodule has been.
  tree.file("a.py", "import n\nimport b").file("b.py", "import n.typed");
  tree.file("/site/n/typed/__init__.py").file("/site/n/typed/py.typed").file("/site/n/other.py");
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(imports_of(loaded, "a") == "b/10 n/10");
  CHECK(reports_of(loaded, "a") == "missing n:1");
  CHECK(loaded.graph.missing.empty());
}

TEST_CASE("installed modules and typeshed are silenced unless named or asked for") {
  ModuleTree tree;
  tree.file("a.py", "import lib").file("/site/lib/__init__.py").file("/site/lib/py.typed");
  CHECK(module_of(tree.load({"a.py"}), "lib").ignore_all);
  CHECK(module_of(tree.load({"a.py"}), "builtins").ignore_all);
  CHECK_FALSE(module_of(tree.load({"-m lib"}), "lib").ignore_all);
  tree.options.no_silence_site_packages = true;
  CHECK_FALSE(module_of(tree.load({"a.py"}), "lib").ignore_all);
}

TEST_CASE("follow_imports = silent loads and silences, but not stubs unless asked") {
  ModuleTree tree;
  tree.file("a.py", "import b\nimport s").file("b.py").file("s.pyi");
  tree.module_options.follow_imports = FollowImports::kSilent;
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK_FALSE(module_of(loaded, "a").ignore_all);
  CHECK(module_of(loaded, "b").ignore_all);
  CHECK_FALSE(module_of(loaded, "s").ignore_all);
  tree.module_options.follow_imports_for_stubs = true;
  CHECK(module_of(tree.load({"a.py"}), "s").ignore_all);
}

TEST_CASE("follow_imports = skip leaves modules out, not the core ones") {
  ModuleTree tree;
  tree.file("a.py", "import b\nimport typing").file("b.py");
  tree.module_options.follow_imports = FollowImports::kSkip;
  tree.module_options.follow_imports_for_stubs = true;
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK(imports_of(loaded, "a") == "typing/10 b!/10");
  CHECK(reports_of(loaded, "a") == "");
  CHECK(loaded.graph.missing.at("b") == SuppressionReason::kSkipped);
}

TEST_CASE("a skipped module whose missing imports are ignored counts as not found") {
  ModuleTree tree;
  tree.file("a.py", "import b").file("b.py").section(following("b", FollowImports::kSkip));
  tree.module_options.ignore_missing_imports = true;
  CHECK(tree.load({"a.py"}).graph.missing.at("b") == SuppressionReason::kNotFound);
}

TEST_CASE("follow_imports = error reports imports and ancestors that are left out") {
  ModuleTree tree;
  tree.file("p/__init__.py").file("p/a.py", "\nimport b").file("b.py");
  tree.module_options.follow_imports = FollowImports::kError;
  const graph::LoadedGraph loaded = tree.load({"p/a.py"});
  CHECK(modules_of(loaded) == "p.a");
  CHECK(reports_of(loaded, "p.a") == "ancestor p:1, skipped b:2");
}

TEST_CASE("a parent left out is no longer looked for as an import") {
  ModuleTree tree;
  tree.file("p/__init__.py").file("p/a.py", "import p").section(following("p", FollowImports::kError));
  const graph::LoadedGraph loaded = tree.load({"p/a.py"});
  CHECK(imports_of(loaded, "p.a") == "p!/10");
  CHECK(reports_of(loaded, "p.a") == "ancestor p:1");
}

TEST_CASE("names of a from import are modules when parsed, named or found") {
  ModuleTree tree;
  tree.file("a.py", "from p import b, x\nfrom q import named").file("p/__init__.py").file("p/b.py");
  tree.file("q/__init__.py").file("elsewhere.py");
  const graph::LoadedGraph loaded = tree.load({"a.py", "q.named=elsewhere.py"});
  CHECK(imports_of(loaded, "a") == "p.b/10 q.named/10 p/5 q/20");
}

TEST_CASE("bodies are stripped where errors are ignored") {
  ModuleTree tree;
  tree.file("a.py", "import b\ndropped import c").file("b.py", "dropped import c").file("c.py");
  CHECK(imports_of(tree.load({"a.py"}), "b") == "c/20");
  tree.section(following("b", FollowImports::kSilent));
  const graph::LoadedGraph silent = tree.load({"a.py"});
  CHECK(imports_of(silent, "b") == "");
  CHECK(imports_of(silent, "a") == "b/10 c/20");
  tree.file("a.py", "ignore-errors\ndropped import c");
  CHECK(imports_of(tree.load({"a.py"}), "a") == "");
  tree.file("a.py", "dropped import c").module_options.ignore_errors = true;
  CHECK(imports_of(tree.load({"a.py"}), "a") == "");
}

TEST_CASE("the text of -c is a module without a file") {
  ModuleTree tree;
  tree.file("a.py");
  const graph::LoadedGraph loaded = tree.load({"-c import a"});
  CHECK(modules_of(loaded) == "__main__ a");
  CHECK(module_of(loaded, "__main__").text == "import a");
}

TEST_CASE("mypy's own scan replaces a doubtful one") {
  ModuleTree tree;
  tree.file("a.py", "unsure\nimport b").file("b.py").file("c.py");
  CHECK(tree.load({"a.py"}).blocker);
  tree.arbiter = [](const std::string& path, const graph::ScanTarget&) {
    graph::ImportScan scan;
    scan.imports.push_back({.line = 3, .module = path == "a.py" ? "c" : "wrong", .names = {}});
    return scan;
  };
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK_FALSE(loaded.blocker);
  CHECK(imports_of(loaded, "a") == "c/10");
}

TEST_CASE("what stops mypy stops the load") {
  ModuleTree tree;
  tree.file("a.py")
      .file("p/a.py")
      .file("b.py", "from .. import x")
      .file("c.py", "import d")
      .unreadable("d.py");
  const auto blocker = [&](const std::vector<std::string>& sources) {
    return tree.load(sources).blocker.value_or("nothing");
  };
  CHECK(blocker({"a.py", "a=p/a.py"}).starts_with("Duplicate module named \"a\""));
  CHECK(blocker({"x=a.py", "e.py"}).starts_with("Cannot read file e.py"));
  CHECK(blocker({"b.py"}).find("No parent module") != std::string::npos);
  CHECK(blocker({"c.py"}).starts_with("Cannot read file /project/d.py"));
  CHECK(blocker({"-m gone"}) == "Cannot find module \"gone\"");
  tree.file("f.py", "import a").file("./a.py");
  CHECK(blocker({"x=./a.py", "f.py"}).starts_with("Source file found twice"));
  tree.file("types.py");
  CHECK(blocker({"a.py"}) == "/project/types.py shadows library module \"types\"");
}

TEST_CASE("what a plugin adds is followed like an import, layer by layer") {
  ModuleTree tree;
  tree.file("a.py", "import b")
      .file("b.py")
      .file("p/__init__.py")
      .file("p/hidden.py", "import c")
      .file("c.py");
  std::string asked;
  tree.plugins = [&asked](std::span<const graph::Module* const> modules) {
    std::vector<std::vector<graph::AddedDependency>> answer;
    for (const graph::Module* module : modules) {
      answer.emplace_back();
      if (module->name == "a" || module->name == "b" || module->name == "c") asked += module->name;
      if (module->name == "b") answer.back() = {{.name = "p.hidden", .priority = 10}, {.name = "gone"}};
    }
    return std::optional(answer);
  };
  const graph::LoadedGraph loaded = tree.load({"a.py"});
  CHECK_FALSE(loaded.blocker);
  CHECK(asked == "abc");
  CHECK(modules_of(loaded) == "a b p.hidden p c");
  CHECK(imports_of(loaded, "b") == "p.hidden/10 gone!/0");
  CHECK(reports_of(loaded, "b") == "missing gone:1");
}

TEST_CASE("a plugin that does not answer leaves the run to mypy") {
  ModuleTree tree;
  tree.file("a.py");
  tree.plugins = [](std::span<const graph::Module* const>) { return std::nullopt; };
  CHECK(tree.load({"a.py"}).blocker);
}
