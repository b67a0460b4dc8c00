// Which sources a run has, by what the user named.
#include "graph/source_discovery.h"

#include <doctest/doctest.h>

#include "tests/support/memory_file_system.h"

using support::MemoryFileSystem;

namespace {

using Names = std::vector<std::string>;

struct Run {
  explicit Run(std::string_view paths) : files("/work", paths) { options.cwd = "/work"; }

  graph::SourceList discover() { return graph::discover_sources(options, table, files); }
  // "path module base" of each source.
  Names listed() {
    const graph::SourceList list = discover();
    CHECK_MESSAGE(!list.needs_mypy, list.needs_mypy.value_or(""));
    Names lines;
    for (const graph::Source& source : list.sources) {
      lines.push_back(source.path + " " + source.module + " " + source.base_directory.value_or("-"));
    }
    return lines;
  }

  MemoryFileSystem files;
  graph::BuildOptions options;
  graph::OptionsTable table{{}, {}};
};

}  // namespace

TEST_CASE("a directory is walked: __init__ first, then directories, stubs, sources, each by name") {
  Run run("/work/p/__init__.py /work/p/b.py /work/p/c.pyi /work/p/a.py /work/p/z/__init__.py /work/p/z/m.py");
  run.options.files = {"p/"};
  CHECK(run.listed() == Names{"p/__init__.py p /work", "p/z/__init__.py p.z /work", "p/z/m.py p.z.m /work",
                              "p/c.pyi p.c /work", "p/a.py p.a /work", "p/b.py p.b /work"});
}

TEST_CASE("a stub hides the source beside it, and a directory with sources both") {
  Run run("/work/a.py /work/a.pyi /work/b/m.py /work/b.py /work/c/data.txt /work/c.py");
  run.options.files = {"."};
  CHECK(run.listed() == Names{"./b/m.py m /work/b", "./a.pyi a /work", "./c.py c /work"});
}

TEST_CASE("caches, hidden names and installed packages are passed by") {
  Run run(
      "/work/__pycache__/a.py /work/.x/b.py /work/.c.py /work/site-packages/d.py /work/node_modules/e.py "
      "/work/m.py");
  run.options.files = {"."};
  CHECK(run.listed() == Names{"./m.py m /work"});
}

TEST_CASE("exclude is searched in the path from the working directory, directories with a slash") {
  Run run("/work/a/t.py /work/b/t.py /work/c.py");
  run.options.files = {"."};
  run.options.exclude = {"^a/$", "^c"};
  CHECK(run.listed() == Names{"./b/t.py t /work/b"});
}

TEST_CASE("namespace packages count below a package or an explicit base only") {
  Run run("/work/p/__init__.py /work/p/n/m.py /work/q/m.py");
  run.options.files = {"p/n/m.py", "q/m.py"};
  CHECK(run.listed() == Names{"p/n/m.py p.n.m /work", "q/m.py m /work/q"});
  run.options.explicit_package_bases = true;
  CHECK(run.listed() == Names{"p/n/m.py p.n.m /work", "q/m.py q.m /work"});
  run.options.search_paths.mypy_path = {"/work/q"};
  CHECK(run.listed() == Names{"p/n/m.py p.n.m /work", "q/m.py m /work/q"});
  run.options.explicit_package_bases = false;
  run.options.namespace_packages = false;
  CHECK(run.listed() == Names{"p/n/m.py m /work/p/n", "q/m.py m /work/q"});
}

TEST_CASE("stub packages are named for what they stub") {
  Run run("/work/p-stubs/__init__.pyi /work/p-stubs/m.pyi");
  run.options.files = {"p-stubs/m.pyi"};
  CHECK(run.listed() == Names{"p-stubs/m.pyi p.m /work"});
}

TEST_CASE("a file that is no module is a script") {
  Run run("/work/bin/tool");
  run.options.files = {"bin/tool"};
  CHECK(run.listed() == Names{"bin/tool __main__ -"});
  run.options.scripts_are_modules = true;
  CHECK(run.listed() == Names{"bin/tool tool -"});
}

TEST_CASE("names that are no identifiers stop the way up") {
  Run run("/work/x-y/p/__init__.py /work/x-y/p/foo-bar.py");
  run.options.files = {"x-y/p/foo-bar.py"};
  CHECK(run.listed() == Names{"x-y/p/foo-bar.py p.foo-bar /work/x-y"});
}

TEST_CASE("what mypy has an error for, or only Python can judge, is left to mypy") {
  Run run("/work/bad-name/__init__.py /work/empty/ /work/m.py /work/\xC3\xA9/__init__.py");
  const auto needs_mypy = [&](const Names& files) {
    run.options.files = files;
    return run.discover().needs_mypy.has_value();
  };
  CHECK(needs_mypy({"bad-name/__init__.py"}));
  CHECK(needs_mypy({"empty"}));
  CHECK(needs_mypy({"\xC3\xA9/__init__.py"}));
  CHECK_FALSE(needs_mypy({"m.py"}));
  run.options.exclude = {"(?i)x"};
  CHECK(needs_mypy({"."}));
  run.options.exclude = {};
  run.options.exclude_gitignore = true;
  CHECK(needs_mypy({"."}));
}

TEST_CASE("a directory that cannot be listed is left to mypy") {
  Run run("/work/p/m.py");
  run.files.forbid_listing("/work/p");
  run.options.files = {"p"};
  CHECK(run.discover().needs_mypy);
}

TEST_CASE("packages are listed through sys.path, modules only named, a command has its text") {
  Run run("/site/p/__init__.py /site/p/py.typed /site/p/m.py");
  run.options.sys_path = {"/site"};
  run.options.packages = {"p"};
  run.options.modules = {"q"};
  const graph::SourceList list = run.discover();
  REQUIRE(list.sources.size() == 3);
  CHECK(list.sources[1].path == "/site/p/m.py");
  CHECK(list.sources[1].module == "p.m");
  CHECK_FALSE(list.sources[1].base_directory);
  CHECK(list.sources[2].module == "q");
  CHECK(list.sources[2].path.empty());

  Run command("");
  command.options.command = "import a";
  CHECK(command.discover().sources.at(0).text == "import a");
  CHECK(command.discover().sources.at(0).module == "__main__");
  Run missing("");
  missing.options.packages = {"p"};
  CHECK(missing.discover().needs_mypy);
}

TEST_CASE("python_path holds the base directories, the last first, and the working directory last") {
  Run run("/work/a/x.py /work/b/y.py");
  run.options.files = {"a/x.py", "b/y.py", "a/x.py"};
  CHECK(graph::python_path_of(run.discover().sources, run.options) == Names{"/work/b", "/work/a", "/work"});
}
