// What git does not know of is compared with what it was when a whole run saw it.
#include "runner/widening.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "graph/digest.h"
#include "tests/support/planned_project.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::PlannedProject;
using support::TemporaryDirectory;

constexpr const char* kBase = "a commit";

// A repository whose module `own` imports `stub`, which lies on mypy_path, and `lib`, which is installed.
class Project {
 public:
  Project() : state_(StateDirectory::open(folder_.path(), StateDirectory::Access::kReadWrite)) {
    for (const char* path : {"repository/.git", "repository/src", "stubs", "site-packages/lib"}) {
      fs::create_directories(folder_ / path);
    }
    support::write_file(folder_ / "stubs/stub.pyi", "");
    support::write_file(folder_ / "site-packages/lib/__init__.py", "");
    RunSetup& setup = project_.setup;
    setup.probe.mypy_directory = path_of("site-packages/mypy");
    setup.probe.build.cwd = path_of("repository");
    setup.probe.build.search_paths.mypy_path = {path_of("stubs"), path_of("repository/src")};
    setup.probe.build.search_paths.package_path = {path_of("site-packages")};
    place("own", "@root/own.py", "repository/own.py");
    place("stub", "@path/stub.pyi", "stubs/stub.pyi");
    place("lib", "@site/lib/__init__.py", "site-packages/lib/__init__.py");
    place("builtins", "@typeshed/builtins.pyi", "site-packages/mypy/typeshed/stdlib/builtins.pyi");
  }

  std::string path_of(const fs::path& part) const { return (folder_ / part).string(); }
  RunSetup& setup() { return project_.setup; }
  void edit(const std::string& module) { project_.edit(module, "other"); }
  void place(const std::string& module, const std::string& canonical, const std::string& path) {
    graph::Module& placed = setup().graph.modules[setup().graph.find(module)->value];
    placed.canonical_path = canonical;
    placed.path = path_of(path);
  }
  // As when mypy stops to find it, or has never found it.
  void lose(const std::string& module) {
    place(module, "@root/gone.py", "repository/gone.py");
    setup().graph.missing.emplace(module, graph::SuppressionReason::kNotFound);
  }

  // The disk is looked at anew, as in another process.
  Surroundings look() {
    setup().files = graph::DiskFileSystem();
    return Surroundings(setup());
  }
  void remember() { look().remember(state_); }
  std::string change(const std::string& base = kBase) {
    return look().change_since(state_, base).value_or("none");
  }
  const StateDirectory& state() const { return state_; }
  std::string file() const { return path_of(".typewave_cache/surroundings"); }

 private:
  TemporaryDirectory folder_;
  PlannedProject project_{"own -> stub lib; stub; lib; builtins"};
  StateDirectory state_;
};

TEST_CASE("surroundings that stayed the same are no change") {
  Project project;
  CHECK(project.change() == "none");  // nothing is remembered yet
  project.remember();
  CHECK(project.change() == "none");
  project.edit("own");       // git knows
  project.edit("builtins");  // mypy's identity covers it
  support::write_file(project.path_of("stubs/README"), "");
  fs::create_directory(project.path_of("stubs/__pycache__"));
  support::write_file(project.path_of("repository/src/new.py"), "");
  CHECK(project.change() == "none");
}

TEST_CASE("a module outside of the repository holds something else") {
  Project project;
  project.remember();
  project.edit("stub");
  CHECK(project.change() == "stub changed, which lies outside of the repository");
  CHECK(project.change() == "stub changed, which lies outside of the repository");  // until a whole run
  project.remember();
  CHECK(project.change() == "none");
  project.edit("lib");
  CHECK(project.change("another") == "what is installed changed (lib)");
}

TEST_CASE("a module is found elsewhere, not any more, or now") {
  Project project;
  SUBCASE("elsewhere") {
    project.remember();
    project.place("stub", "@path/stub/__init__.pyi", "stubs/stub/__init__.pyi");
    CHECK(project.change() == "stub changed, which lies outside of the repository");
  }
  SUBCASE("not any more") {
    project.remember();
    project.lose("lib");
    CHECK(project.change() == "what is installed changed (lib)");
  }
  SUBCASE("now") {
    project.lose("lib");
    project.remember();
    project.setup().graph.missing.clear();
    project.place("lib", "@site/lib/__init__.py", "site-packages/lib/__init__.py");
    CHECK(project.change() == "what is installed changed (lib)");
  }
  SUBCASE("now, in the repository") {
    project.lose("stub");
    project.remember();
    project.setup().graph.missing.clear();
    project.place("stub", "@root/stub.py", "repository/stub.py");
    CHECK(project.change() == "none");
  }
}

TEST_CASE("what was not imported is not known") {
  Project project;
  project.setup().graph.modules[2].text = "print()";
  project.remember();
  project.setup().graph.modules[2].text.reset();
  CHECK(project.change() == "none");
}

TEST_CASE("a whole run that does not meet a module says nothing of it") {
  Project project;
  project.remember();
  project.edit("stub");
  project.place("stub", "@root/stub.py", "repository/stub.py");
  project.remember();
  CHECK(project.change() == "none");
  project.place("stub", "@path/stub.pyi", "stubs/stub.pyi");
  CHECK(project.change() == "stub changed, which lies outside of the repository");
}

TEST_CASE("something appears or vanishes beside a module") {
  Project project;
  project.remember();
  std::string where = "site-packages/lib";
  std::string words = "what is installed changed (" + project.path_of(where) + ")";
  SUBCASE("a submodule") {
    support::write_file(project.path_of(where + "/part.py"), "");
  }
  SUBCASE("a package") {
    fs::create_directory(project.path_of(where + "/part"));
  }
  SUBCASE("a mark of types") {
    support::write_file(project.path_of(where + "/py.typed"), "");
  }
  SUBCASE("on mypy_path, where it may hide one of the repository") {
    where = "stubs";
    support::write_file(project.path_of(where + "/own.pyi"), "");
    words = project.path_of(where) + " changed, which lies outside of the repository";
  }
  SUBCASE("a directory of mypy_path") {
    where = "stubs";
    fs::remove_all(project.path_of(where));
    words = project.path_of(where) + " changed, which lies outside of the repository";
  }
  SUBCASE("a distribution") {
    fs::create_directory(project.path_of("site-packages/other-1.0.dist-info"));
    words = "what is installed changed (other-1.0.dist-info)";
  }
  CHECK(project.change() == words);
}

TEST_CASE("an environment in the repository is none of git's business, sources it points to are") {
  Project project;
  const std::string environment = "repository/venv/site-packages";
  fs::create_directories(project.path_of(environment));
  project.setup().probe.build.search_paths.package_path = {project.path_of(environment),
                                                           project.path_of("repository/src")};
  project.place("lib", "@site/lib.py", environment + "/lib.py");
  project.place("stub", "@site2/stub.py", "repository/src/stub.py");
  project.remember();
  project.edit("stub");
  support::write_file(project.path_of("repository/src/new.py"), "");
  CHECK(project.change() == "none");
  project.edit("lib");
  CHECK(project.change() == "what is installed changed (lib)");
}

TEST_CASE("a configuration and a typeshed outside of the repository") {
  Project project;
  ProbeAnswer& probe = project.setup().probe;
  probe.config_file = project.path_of("mypy.ini");
  probe.custom_typeshed = true;
  probe.build.search_paths.typeshed_path = {project.path_of("typeshed/stdlib")};
  project.place("builtins", "@typeshed/builtins.pyi", "typeshed/stdlib/builtins.pyi");
  support::write_file(probe.config_file, "[mypy]\n");
  project.remember();
  CHECK(project.change() == "none");
  SUBCASE("configuration") {
    support::write_file(probe.config_file, "[mypy]\nstrict = true\n");
    CHECK(project.change() == "the configuration " + probe.config_file + " changed");
  }
  SUBCASE("a stub") {
    project.edit("builtins");
    CHECK(project.change() == "builtins changed, which lies outside of the repository");
  }
  SUBCASE("its table of versions") {
    probe.build.typeshed_versions.emplace("late", std::pair("3.12", ""));
    CHECK(project.change() == "mypy, its typeshed or a plugin is another one");
  }
}

TEST_CASE("what is remembered counts as absent when it is damaged or of another form") {
  Project project;
  project.remember();
  project.edit("stub");
  const std::string written = support::read_file(project.file()).substr(sizeof(graph::Digest::bytes));
  const auto put = [&](const std::string& text) {
    support::write_file(project.file(), std::string(graph::sha256(text).view()) + text);
  };
  const auto replaced = [&](const std::string& what, const std::string& by) {
    std::string text = written;
    REQUIRE(text.find(what) != std::string::npos);
    return text.replace(text.find(what), what.size(), by);
  };
  put(written);
  CHECK(project.change("first") != "none");
  put(replaced("\"bases\":[]", R"("bases":[{"base":"first","then":{}}])"));
  CHECK(project.change("first") == "none");
  put(replaced("\"bases\":[]", R"("bases":["first"])"));
  CHECK(project.change("first") == "none");
  put(replaced("\"format\":2", "\"format\":1"));
  CHECK(project.change() == "none");
  put(replaced("\"modules\":{", "\"modules\":{\"odd\":[],"));
  CHECK(project.change() == "none");
  put(replaced("\"directories\"", "\"folders\""));
  CHECK(project.change() == "none");
  put(R"({"bases":[],"latest":{"mypy":"","packages":{}}})");  // of an earlier version
  CHECK(project.change() == "none");
  put("");
  CHECK(project.change() == "none");
  put(std::string(100'000, '['));
  CHECK(project.change() == "none");
  support::write_file(project.file(), "x");
  CHECK(project.change() == "none");
  CHECK(project.state().damaged() == 9);
}

}  // namespace
}  // namespace runner
