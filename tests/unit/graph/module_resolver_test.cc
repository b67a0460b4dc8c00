// Where modules are found: every rule of mypy's search, one small tree each.
#include "graph/module_resolver.h"

#include <doctest/doctest.h>

#include "tests/support/memory_file_system.h"

using graph::NotFoundReason;
using support::MemoryFileSystem;

namespace {

// A run in /work with stubs in /stubs, packages in /site and /other, and typeshed in /typeshed.
struct Run {
  explicit Run(std::string_view paths, std::string cwd = "/work") : files(cwd, paths) {
    options.cwd = std::move(cwd);
    options.python_minor = 12;
    options.search_paths = {.python_path = {"/base", options.cwd},
                            .mypy_path = {"/stubs"},
                            .package_path = {"/site", "/other", "/site"},
                            .typeshed_path = {"/typeshed"}};
  }

  // The path found, or the reason's name.
  std::string find(const std::string& module, bool fast_path = false) {
    if (!resolver) resolver.emplace(options, options.search_paths, table, files, sources);
    const graph::Resolution& answer = resolver->find(module, fast_path);
    if (answer.found) return answer.path;
    switch (answer.reason) {
      case NotFoundReason::kNotFound:
        return "not found";
      case NotFoundReason::kFoundWithoutTypeHints:
        return "without type hints";
      case NotFoundReason::kWrongWorkingDirectory:
        return "wrong working directory";
      case NotFoundReason::kApprovedStubsNotInstalled:
        return "stubs not installed";
    }
    return "?";
  }

  MemoryFileSystem files;
  graph::BuildOptions options;
  graph::OptionsTable table{{}, {{.pattern = "loose.*", .follow_untyped_imports = true, .changes = "{}"}}};
  std::unordered_map<std::string, std::string> sources;
  std::optional<graph::ModuleResolver> resolver;
};

}  // namespace

TEST_CASE("the search goes through mypy_path, python_path, typeshed, stubs, typed packages") {
  CHECK(Run("/stubs/m.py /base/m.py").find("m") == "/stubs/m.py");
  CHECK(Run("/base/m.py /work/m.py").find("m") == "/base/m.py");
  CHECK(Run("/work/m.py /typeshed/m.pyi").find("m") == "/work/m.py");
  CHECK(Run("/typeshed/m.pyi /site/m-stubs/__init__.pyi").find("m") == "/typeshed/m.pyi");
  CHECK(Run("/other/m-stubs/__init__.pyi /site/m/__init__.py /site/m/py.typed").find("m") ==
        "/other/m-stubs/__init__.pyi");
  CHECK(Run("/site/m/__init__.py /site/m/py.typed").find("m") == "/site/m/__init__.py");
}

TEST_CASE("in one directory a package comes before a module and a stub before a source") {
  CHECK(Run("/base/m/__init__.pyi /base/m/__init__.py /base/m.pyi /base/m.py").find("m") ==
        "/base/m/__init__.pyi");
  CHECK(Run("/base/m/__init__.py /base/m.pyi").find("m") == "/base/m/__init__.py");
  CHECK(Run("/base/m/ /base/m.pyi /base/m.py").find("m") == "/base/m.pyi");
  CHECK(Run("/base/m.py /work/m.pyi").find("m") == "/base/m.py");
}

TEST_CASE("stub packages count in installed packages only") {
  CHECK(Run("/base/m-stubs/__init__.pyi").find("m") == "not found");
  CHECK(Run("/base/m-stubs/__init__.pyi /base/m.py").find("m") == "/base/m-stubs/__init__.pyi");
  CHECK(Run("/site/m-stubs/__init__.pyi /site/m-stubs/k.pyi").find("m.k") == "/site/m-stubs/k.pyi");
}

TEST_CASE("a partial stub package lets the runtime package answer for the rest") {
  Run run("/site/m-stubs/k.pyi /site/m/__init__.py /site/m/x.py");
  run.files.add_file("/site/m-stubs/py.typed", " partial\n");
  CHECK(run.find("m.k") == "/site/m-stubs/k.pyi");
  CHECK(run.find("m.x") == "/site/m/x.py");
  CHECK(run.find("m") == "/site/m/__init__.py");
  CHECK(run.files.reads() == std::vector<std::string>{"/site/m-stubs/py.typed"});
}

TEST_CASE("a partial stub package without __init__ makes up a runtime directory, as in mypy") {
  Run run("/site/m-stubs/k.pyi");
  run.files.add_file("/site/m-stubs/py.typed", "partial");
  CHECK(run.find("m") == "/site//m");
}

TEST_CASE("a stub package with a py.typed that does not say partial stands alone") {
  Run run("/site/m-stubs/__init__.pyi /site/m/__init__.py /site/m/x.py");
  run.files.add_file("/site/m-stubs/py.typed", "full");
  CHECK(run.find("m.x") == "without type hints");
}

TEST_CASE("an installed package needs py.typed, at any level") {
  CHECK(Run("/site/m/__init__.py").find("m") == "without type hints");
  CHECK(Run("/site/m.py").find("m") == "without type hints");
  CHECK(Run("/site/m.pyi").find("m") == "not found");
  CHECK(Run("/site/n/m/__init__.py /site/n/m/py.typed").find("n.m") == "/site/n/m/__init__.py");
}

TEST_CASE("follow_untyped_imports takes packages without py.typed") {
  Run run("/site/loose/__init__.py");
  CHECK(run.find("loose") == "/site/loose/__init__.py");
  CHECK(run.table.unused_sections().empty());
}

TEST_CASE("a typed subpackage makes its parent found from then on") {
  Run run("/site/n/typed/__init__.py /site/n/typed/py.typed /site/n/untyped.py");
  run.options.namespace_packages = false;
  CHECK(run.find("n") == "without type hints");
  CHECK(run.find("n.typed") == "/site/n/typed/__init__.py");
  CHECK(run.find("n") == "/site/n");
}

TEST_CASE("without namespace packages every enclosing directory needs an __init__") {
  const std::string_view tree = "/base/p/q/m.py";
  CHECK(Run(tree).find("p.q.m") == "/base/p/q/m.py");
  CHECK(Run(tree).find("p.q") == "/base/p/q");
  Run run(tree);
  run.options.namespace_packages = false;
  CHECK(run.find("p.q.m") == "not found");
  CHECK(run.find("p.q") == "not found");
}

TEST_CASE("of near misses the one with the outermost __init__ wins, then the first") {
  CHECK(Run("/stubs/p/m.py /base/p/q/ /base/p/m.py").find("p.m") == "/stubs/p/m.py");
  CHECK(Run("/stubs/p/q/m.py /base/p/q/__init__.py /base/p/q/m.py").find("p.q.m") == "/base/p/q/m.py");
  CHECK(Run("/stubs/n/a/ /base/n/a/__init__.py").find("n.a") == "/stubs/n/a");
}

TEST_CASE("a name must be in the listing of its directory") {
  Run run("/base/p/__init__.py /base/p/m.py");
  run.files.forbid_listing("/base/p");
  CHECK(run.find("p.m") == "not found");
}

TEST_CASE("typeshed is searched as its VERSIONS allow: the module's line, else its first part's") {
  Run run(
      "/typeshed/old/__init__.pyi /typeshed/old/sub/__init__.pyi /typeshed/old/sub/deep.pyi "
      "/typeshed/new.pyi");
  run.options.typeshed_versions = {{"old", {"3.0", "3.11"}}, {"old.sub", {"3.0", ""}}, {"new", {"3.13", ""}}};
  CHECK(run.find("old") == "not found");
  CHECK(run.find("old.sub") == "/typeshed/old/sub/__init__.pyi");
  CHECK(run.find("old.sub.deep") == "not found");
  CHECK(run.find("new") == "not found");
}

TEST_CASE("targets before 3.10 get the typeshed of 3.10") {
  Run run("/typeshed/m.pyi");
  run.options.python_minor = 9;
  run.options.typeshed_versions = {{"m", {"3.10", "3.10"}}};
  CHECK(run.find("m") == "/typeshed/m.pyi");
}

TEST_CASE("a distribution with stubs is named, for submodules only while it is not installed") {
  Run run("/site/six/__init__.py /site/yaml-stubs/__init__.pyi");
  run.options.stubs.flat = {{"yaml", "types-PyYAML"}, {"six", "types-six"}};
  run.options.stubs.namespaced = {{"google.protobuf", "types-protobuf"}};
  CHECK(run.find("six") == "stubs not installed");
  CHECK(run.find("six.moves") == "stubs not installed");
  CHECK(run.find("yaml.missing") == "not found");
  CHECK(run.find("google.protobuf.any") == "stubs not installed");
  CHECK(run.find("google.cloud") == "not found");
}

TEST_CASE("a module above the working directory's package is a hint, unless speed matters") {
  const std::string_view tree = "/top/pack/__init__.py /top/pack/a.py /top/free.py";
  CHECK(Run(tree, "/top/pack").find("pack.a") == "wrong working directory");
  CHECK(Run(tree, "/top/pack").find("free") == "wrong working directory");
  CHECK(Run(tree, "/top/pack").find("pack.a", /*fast_path=*/true) == "not found");
  Run remembered(tree, "/top/pack");
  CHECK(remembered.find("pack.a", /*fast_path=*/true) == "not found");
  CHECK(remembered.find("pack.a") == "not found");
  CHECK(Run("/top/pack/a.py /top/free.py", "/top/pack").find("free") == "not found");
}

TEST_CASE("fast_module_lookup takes sources first and looks for nothing inside a plain module") {
  Run run("/far/p/__init__.py /far/p/m.py /base/p/m/x.py /base/p/__init__.py /base/p/m/__init__.py");
  run.options.fast_module_lookup = true;
  run.sources = {{"p.m", "/far/p/m.py"}};
  CHECK(run.find("p.m") == "/far/p/m.py");
  CHECK(run.find("p.m.x") == "not found");
  CHECK(run.find("p") == "/base/p/__init__.py");
}

TEST_CASE("odd names are answered for") {
  Run run("/base/a/__init__.py /base/a/__init__/__init__.py");
  CHECK(run.find("") == "not found");
  CHECK(run.find(".a") == "not found");
  CHECK(run.find("a.") == "/base/a//__init__.py");
  CHECK(run.find("a.__init__") == "/base/a/__init__/__init__.py");
}

TEST_CASE("all modules of a package, sorted by file name, without what is excluded") {
  Run run(
      "/base/p/__init__.py /base/p/b.py /base/p/b.pyi /base/p/n/k.py /base/p/x.y.py /base/p/.h.py "
      "/base/p/__pycache__/c.py /base/p/data.txt /base/p/skip/__init__.py");
  run.options.exclude = {"/skip/$"};
  run.find("p");
  const auto modules = run.resolver->find_recursive("p");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  REQUIRE(modules.has_value());
  CHECK(*modules == Pairs{{"p", "/base/p/__init__.py"},
                          {"p.b", "/base/p/b.pyi"},
                          {"p.n", "/base/p/n"},
                          {"p.n.k", "/base/p/n/k.py"}});
  CHECK(run.resolver->find_recursive("q")->empty());
}

TEST_CASE("silence reaches below package directories and typeshed, by whole names") {
  Run run("/base/m.py");
  run.find("m");
  CHECK(run.resolver->lies_in_site_packages_or_typeshed("/site/m.py"));
  CHECK(run.resolver->lies_in_site_packages_or_typeshed("/typeshed/m.pyi"));
  CHECK_FALSE(run.resolver->lies_in_site_packages_or_typeshed("/site2/m.py"));
  CHECK_FALSE(run.resolver->lies_in_typeshed("/site/m.py"));
}
