// Which interpreters are tried, in which order, and what identifies one.
#include "runner/interpreter.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process_surroundings.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::ScopedVariable;
using support::write_file;
using Strings = std::vector<std::string>;

// A machine with nothing on PATH but bin/, and an empty project.
struct Machine {
  Machine() {
    fs::create_directories(root / "bin");
    fs::create_directories(project());
  }
  fs::path project() const { return root / "project"; }
  std::string at(const std::string& name) const { return (root / name).string(); }

  // An executable; `content` is its first line.
  Machine& executable(const std::string& name, const std::string& content = "#!/bin/sh\n") {
    file(name, content);
    fs::permissions(root / name, fs::perms::owner_all);
    return *this;
  }
  Machine& file(const std::string& name, const std::string& content = "") {
    fs::create_directories((root / name).parent_path());
    write_file(root / name, content);
    return *this;
  }

  // "origin: path" of each, with paths relative to the machine; or the error.
  Strings found(const std::optional<std::string>& option = std::nullopt) const {
    const auto result = find_interpreters(option, project().string(), at("tool/bin/typewave"));
    if (!result) return {"error: " + result.error().message};
    Strings lines;
    for (const Interpreter& one : *result) {
      lines.push_back(one.origin + ": " + fs::path(one.path).lexically_relative(root.path()).string() +
                      (one.required ? " (required)" : ""));
    }
    return lines;
  }

  support::TemporaryDirectory root;
  ScopedVariable path{"PATH", (root / "bin").string()};
  ScopedVariable launcher{"TYPEWAVE_PYTHON", std::nullopt};
  ScopedVariable environment{"VIRTUAL_ENV", std::nullopt};
  ScopedVariable fallback{"TYPEWAVE_FALLBACK_PYTHON", std::nullopt};
};

TEST_CASE("without any interpreter there is none, and no error") {
  CHECK(Machine().found().empty());
}

TEST_CASE("candidates come from the nearest to the farthest") {
  Machine machine;
  machine.executable("fallback/python").executable("bin/python3").executable("other/bin/python");
  machine.executable("bin/mypy", "#!" + machine.at("other/bin/python") + "\nimport mypy\n");
  machine.executable("project/.venv/bin/python").executable("active/bin/python");
  machine.executable("launcher/bin/python").executable("tool/bin/python");
  machine.launcher.set(machine.at("launcher/bin/python"));
  machine.environment.set(machine.at("active"));
  machine.fallback.set(machine.at("fallback/python"));
  CHECK(machine.found() == Strings{"the Python of `python -m typewave`: launcher/bin/python",
                                   "$VIRTUAL_ENV: active/bin/python",
                                   ".venv of the project: project/.venv/bin/python",
                                   "the environment typewave is installed in: tool/bin/python",
                                   "the mypy on PATH: other/bin/python", "python3 on PATH: bin/python3",
                                   "the environment of ./tw: fallback/python"});
}

TEST_CASE("an environment may have its Python under the name python3 only") {
  Machine machine;
  machine.executable("tool/bin/python3");
  CHECK(machine.found() == Strings{"the environment typewave is installed in: tool/bin/python3"});
}

TEST_CASE("a binary of an unknown place does not make the working directory an environment") {
  Machine machine;
  machine.executable("project/python");
  const support::ScopedWorkingDirectory here(machine.project());
  const auto found = find_interpreters(std::nullopt, machine.project().string(), "");
  CHECK((found && found->empty()));
}

TEST_CASE("an interpreter found in two ways is tried once") {
  Machine machine;
  machine.executable("project/.venv/bin/python");
  machine.environment.set(machine.at("project/.venv"));
  CHECK(machine.found() == Strings{"$VIRTUAL_ENV: project/.venv/bin/python"});
}

TEST_CASE("a link to an interpreter is not resolved: where it lies names the environment") {
  Machine machine;
  machine.executable("usr/python3.11");
  fs::create_directories(machine.root / "project/.venv/bin");
  fs::create_symlink(machine.root / "usr/python3.11", machine.root / "project/.venv/bin/python");
  CHECK(machine.found() == Strings{".venv of the project: project/.venv/bin/python"});
}

TEST_CASE("what cannot be executed is no candidate") {
  Machine machine;
  machine.file("bin/python3", "not executable");
  fs::create_directories(machine.root / "project/.venv/bin/python");
  machine.environment.set("");
  CHECK(machine.found().empty());
}

TEST_CASE("the interpreter of mypy's script: named, or found by env") {
  Machine machine;
  machine.executable("bin/python3.12").executable("other/python3");
  SUBCASE("by env") {
    machine.executable("bin/mypy", "#!/usr/bin/env python3.12\n");
    CHECK(machine.found() == Strings{"the mypy on PATH: bin/python3.12"});
  }
  SUBCASE("with an argument") {
    machine.executable("bin/mypy", "#! " + machine.at("other/python3") + " -I\n");
    CHECK(machine.found() == Strings{"the mypy on PATH: other/python3"});
  }
  SUBCASE("a program, not a script") {
    machine.executable("bin/mypy",
                       "\x7f"
                       "ELF");
    CHECK(machine.found().empty());
  }
  SUBCASE("a shell script") {
    machine.executable("bin/mypy", "#!/bin/sh\n");
    CHECK(machine.found().empty());
  }
  SUBCASE("env without a name, or one that is not there") {
    machine.executable("bin/mypy", "#!/usr/bin/env\n");
    CHECK(machine.found().empty());
    machine.executable("bin/mypy", "#!/usr/bin/env python9\n");
    CHECK(machine.found().empty());
  }
}

TEST_CASE("--python is the only candidate: a path from the project, or a name on PATH") {
  Machine machine;
  machine.executable("bin/python3").executable("bin/pypy").executable("project/tools/python");
  CHECK(machine.found("pypy") == Strings{"--python: bin/pypy (required)"});
  CHECK(machine.found("tools/python") == Strings{"--python: project/tools/python (required)"});
  CHECK(machine.found(machine.at("bin/pypy")) == Strings{"--python: bin/pypy (required)"});
  CHECK(machine.found("nowhere/python") == Strings{"error: --python nowhere/python: no such executable"});
  CHECK(machine.found("pypy9") == Strings{"error: --python pypy9: no such executable"});
  CHECK(machine.found("") == Strings{"error: --python : no such executable"});
}

TEST_CASE("pyproject.toml may name the only candidate") {
  Machine machine;
  machine.executable("bin/python3").executable("project/tools/python");
  const std::string origin = "[tool.typewave] python in pyproject.toml: ";
  machine.file("project/pyproject.toml", "[tool.typewave]\npython = \"tools/python\"\n");
  CHECK(machine.found() == Strings{origin + "project/tools/python (required)"});
  CHECK(machine.found("python3") == Strings{"--python: bin/python3 (required)"});
  machine.file("project/pyproject.toml", "[tool.typewave]\npython = \"gone/python\"\n");
  CHECK(machine.found() ==
        Strings{"error: pyproject.toml: tool.typewave.python names gone/python, which is no "
                "executable"});
  machine.file("project/pyproject.toml", "[tool.typewave]\npython = 3\n");
  CHECK(machine.found().front().ends_with("tool.typewave.python is not a string"));
  machine.file("project/pyproject.toml", "[tool.mypy]\nstrict = true\n");
  CHECK(machine.found() == Strings{"python3 on PATH: bin/python3"});
}

// Identity.

TEST_CASE("a virtual environment is identified by its version, not by where it or its base lies") {
  Machine machine;
  machine
      .executable("a/bin/python",
                  "\x7f"
                  "ELF")
      .executable("b/bin/python",
                  "\x7f"
                  "ELF");
  machine.file("a/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n");
  machine.file(
      "b/pyvenv.cfg",
      "home = /opt/bin\ninclude-system-site-packages = false\nversion = 3.11.7\nexecutable = /opt/x\n");
  const auto identity = [&](const char* path) { return interpreter_identity(machine.at(path)); };
  CHECK(identity("a/bin/python") == identity("b/bin/python"));
  machine.file("b/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n");
  CHECK(identity("a/bin/python") != identity("b/bin/python"));
  machine.file("b/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.11.7\n");
  CHECK(identity("a/bin/python") != identity("b/bin/python"));
}

TEST_CASE("a script in the place of an interpreter has no identity: it may lead anywhere") {
  Machine machine;
  machine.executable("a/bin/python").file("a/pyvenv.cfg", "version = 3.11.7\n");
  machine.executable("python", "#!/usr/bin/env bash\n");
  CHECK(interpreter_identity(machine.at("a/bin/python")).empty());
  CHECK(interpreter_identity(machine.at("python")).empty());
  fs::create_symlink(machine.at("python"), machine.at("link"));
  CHECK(interpreter_identity(machine.at("link")).empty());
}

TEST_CASE("another interpreter is identified by the file itself") {
  Machine machine;
  machine.executable("a/bin/python", "one").executable("b/bin/python", "one");
  const std::string before = interpreter_identity(machine.at("a/bin/python"));
  CHECK(before == interpreter_identity(machine.at("a/bin/python")));
  CHECK(before != interpreter_identity(machine.at("b/bin/python")));
  machine.executable("a/bin/python", "longer than before");
  CHECK(before != interpreter_identity(machine.at("a/bin/python")));
  CHECK(interpreter_identity(machine.at("gone/python")) == "missing " + machine.at("gone/python"));
}

// Whether it is worth to start one.

TEST_CASE("an environment without mypy need not be started") {
  Machine machine;
  machine.executable("venv/bin/python");
  const auto may_hold = [&] { return may_hold_mypy(machine.at("venv/bin/python")); };
  CHECK(may_hold());  // no environment: nothing is known
  machine.file("venv/pyvenv.cfg", "include-system-site-packages = false\n");
  CHECK_FALSE(may_hold());
  machine.file("venv/lib/python3.11/site-packages/other/__init__.py");
  machine.file("venv/lib/python3.11/site-packages/distutils-precedence.pth");
  CHECK_FALSE(may_hold());
  SUBCASE("mypy") {
    machine.file("venv/lib/python3.11/site-packages/mypy/__init__.py");
  }
  SUBCASE("a path file may lead to it") {
    machine.file("venv/lib/python3.11/site-packages/work.pth");
  }
  SUBCASE("the system's packages") {
    machine.file("venv/pyvenv.cfg", "include-system-site-packages = true\n");
  }
  SUBCASE("as Python reads the setting") {
    machine.file("venv/pyvenv.cfg", "home = /usr\nInclude-System-Site-Packages=True\n");
  }
  CHECK(may_hold());
}

}  // namespace
}  // namespace runner
