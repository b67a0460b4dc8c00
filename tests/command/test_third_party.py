"""Packages that are installed, upgraded and removed: what is checked again, and that the answer is cold mypy's."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.answers import difference
from support.environments import Environment
from support.project import Project

APP = {
    # What is imported inside of a function does not show in the interface: `user` is not checked again.
    "app.py": "def run() -> str:\n    import dep\n\n    return dep.size('a')\n",
    "user.py": "import app\n\ny: int = app.run()\n",
    "other.py": "z: int = ''\n",
}
TYPED = {"dep/__init__.py": "def size(name: str) -> int:\n    return len(name)\n", "dep/py.typed": ""}


@pytest.fixture
def environment(tmp_path: Path, checker_python: Path) -> Environment:
    return Environment.create(tmp_path / "environment", checker_python)


@pytest.fixture
def installed(project: Project, environment: Environment) -> Project:
    """A project that is checked with the environment's mypy."""
    project.python = environment.python
    project.write(APP)
    return project


def checked_modules(project: Project, *arguments: str) -> set[str]:
    """What a check checked; its answer was cold mypy's, and nothing was checked when it was asked again."""
    found = set(project.same(*(arguments or (".",))).summary["checked_modules"])
    assert project.check(*(arguments or (".",))).summary["checked_modules"] == []
    return found


def test_install_upgrade_and_remove(installed: Project, environment: Environment) -> None:
    assert {"app", "user", "other"} <= checked_modules(installed)
    environment.install("dep", "1.0", TYPED)
    assert checked_modules(installed) == {"app", "dep"}
    changed = {**TYPED, "dep/__init__.py": "def size(name: bytes) -> str:\n    return ''\n"}
    environment.install("dep", "2.0", changed)
    assert checked_modules(installed) == {"app", "dep"}
    body = {**changed, "dep/__init__.py": "# A remark.\ndef size(name: bytes) -> str:\n    return 'size'\n"}
    environment.install("dep", "2.1", body)
    assert checked_modules(installed) == {"dep"}
    environment.remove("dep")
    assert checked_modules(installed) == set()
    environment.install("dep", "2.0", changed)
    assert checked_modules(installed) == set()


def test_package_without_types_and_stub_packages(installed: Project, environment: Environment) -> None:
    # A rare name: a missing module counts for everything that mentions it, also in comments.
    untyped = {
        "dep/__init__.py": "def size(name): return len(name)\n",
        "dep/quixotic.py": "def quixotic() -> int: return 1\n",
    }
    checked_modules(installed)
    environment.install("dep", "1.0", untyped)
    assert checked_modules(installed) == {"app"}
    # A newer version without types has no say.
    environment.install("dep", "1.1", {**untyped, "dep/__init__.py": "def size(name, more): return 1\n"})
    assert checked_modules(installed) == set()
    stubs = {"dep-stubs/__init__.pyi": "def size(name: str) -> int: ...\n"}
    environment.install("types-dep", "1.0", stubs)
    assert checked_modules(installed) == {"app", "dep"}
    installed.write(
        {"app.py": "def run() -> str:\n    import dep.quixotic\n\n    return dep.size('') + dep.quixotic.quixotic()\n"}
    )
    assert checked_modules(installed) == {"app"}
    environment.install("types-dep", "1.1", {**stubs, "dep-stubs/py.typed": "partial\n"})
    # Partial stubs let mypy look into the package itself.
    assert checked_modules(installed) == {"app", "dep.quixotic"}
    environment.install("dep", "1.2", {**untyped, "dep/py.typed": ""})
    assert checked_modules(installed) == set()
    environment.remove("types-dep")
    assert checked_modules(installed) == {"app", "dep"}


def test_hints_for_stub_packages(installed: Project, environment: Environment) -> None:
    installed.write({"app.py": "def run() -> str:\n    import yaml\n\n    return yaml.safe_load('')\n"})
    assert "types-PyYAML" in installed.check(".").answer.stdout
    checked_modules(installed)
    environment.install("PyYAML", "1.0", {"yaml/__init__.py": "def safe_load(text): pass\n"})
    assert checked_modules(installed) == set()  # mypy's table of stubs decides, not what is installed
    environment.install("types-PyYAML", "1.0", {"yaml-stubs/__init__.pyi": "def safe_load(text: str) -> int: ...\n"})
    assert checked_modules(installed) == {"app", "yaml"}
    environment.remove("types-PyYAML")
    assert checked_modules(installed) == set()


def test_namespace_package_of_several_distributions(installed: Project, environment: Environment) -> None:
    installed.write(
        {"app.py": "def run() -> str:\n    import space.a\n    from space import b\n\n    return space.a.f() + b.g()\n"}
    )
    checked_modules(installed)
    environment.install("space-a", "1.0", {"space/a.py": "def f() -> int:\n    return 1\n", "space/py.typed": ""})
    without_marker = checked_modules(installed)
    assert {"app", "space.a"} <= without_marker
    environment.install("space-b", "1.0", {"space/b.py": "def g() -> str:\n    return ''\n"})
    assert checked_modules(installed) == {"app", "space.b"}
    environment.remove("space-a")
    checked_modules(installed)


def test_path_files(installed: Project, environment: Environment, tmp_path: Path) -> None:
    checked_modules(installed)
    source = tmp_path / "checkout" / "src"
    for name, text in TYPED.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    path_file = environment.site / "__editable__.dep-1.0.pth"
    path_file.write_text(f"{source}\n", encoding="utf-8")
    environment.seal()
    assert checked_modules(installed) == {"app", "dep"}
    (source / "dep" / "__init__.py").write_text("def size(name: int) -> str:\n    return ''\n", encoding="utf-8")
    (environment.root / "requirements.txt").write_text("edited checkout", encoding="utf-8")
    assert checked_modules(installed) == {"app", "dep"}
    # A line that is code.
    path_file.write_text(f"import sys; sys.path.append({str(source)!r})\n", encoding="utf-8")
    (environment.root / "requirements.txt").write_text("edited checkout, path file with code", encoding="utf-8")
    assert checked_modules(installed) == set()
    path_file.unlink()
    environment.seal()
    assert checked_modules(installed) == set()


FINDER = """\
import sys
from importlib.machinery import PathFinder


class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return PathFinder.find_spec(name, [{source!r}]) if name == "dep" else None


def install():
    sys.meta_path.append(Finder)
    sys.path.append("__editable__.dep-1.0.finder.__path_hook__")
"""


def test_import_hooks_are_not_followed(installed: Project, environment: Environment, tmp_path: Path) -> None:
    source = tmp_path / "checkout"
    for name, text in TYPED.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    checked_modules(installed)
    module = "__editable___dep_1_0_finder"
    (environment.site / f"{module}.py").write_text(FINDER.format(source=str(source)), encoding="utf-8")
    (environment.site / "__editable__.dep-1.0.pth").write_text(f"import {module}; {module}.install()\n")
    environment.seal()
    assert checked_modules(installed) == set()


def test_packages_of_another_interpreter(installed: Project, tmp_path: Path, checker_python: Path) -> None:
    other = Environment.create(tmp_path / "other", checker_python)
    installed.write({"mypy.ini": f"[mypy]\npython_executable = {other.python}\n"})
    assert "Cannot find" in installed.check(".").answer.stdout
    other.install("dep", "1.0", TYPED)
    assert set(installed.check(".").summary["checked_modules"]) == {"app", "dep"}
    assert not difference(installed.cold_here("."), installed.check(".").answer)
    source = tmp_path / "source"
    (source / "dep").mkdir(parents=True)
    (source / "dep" / "__init__.pyi").write_text("def size(name: str) -> str: ...\n", encoding="utf-8")
    (source / "dep" / "py.typed").touch()
    other.remove("dep")
    (other.site / "dep.pth").write_text(f"{source}\n", encoding="utf-8")
    assert "app.py" not in installed.check(".").answer.stdout
    (other.site / "dep.pth").unlink()
    (other.root / "pyvenv.cfg").write_text(
        (other.root / "pyvenv.cfg").read_text(encoding="utf-8").replace("false", "true"), encoding="utf-8"
    )
    assert not difference(installed.cold_here("."), installed.check(".").answer)


PLUGIN = """\
from mypy.plugin import Plugin
from dep_rules import ANSWER


class Rules(Plugin):
    def get_function_hook(self, fullname):
        if fullname == "tool.ask":
            return lambda context: context.api.named_generic_type("builtins." + ANSWER, [])
        return None


def plugin(version):
    return Rules
"""


def test_plugin_package_and_what_it_imports(installed: Project, environment: Environment) -> None:
    installed.write(
        {
            "tool.py": "def ask() -> object:\n    return 1\n",
            "app.py": "from tool import ask\n\nreveal_type(ask())\n",
            "mypy.ini": "[mypy]\nplugins = dep_plugin\n",
        }
    )
    environment.install(
        "dep-rules",
        "1.0",
        {"dep_rules/__init__.py": "from dep_rules.answer import ANSWER\n", "dep_rules/answer.py": "ANSWER = 'int'\n"},
    )
    environment.install("dep-plugin", "1.0", {"dep_plugin.py": PLUGIN})
    checked_modules(installed)
    assert 'Revealed type is "int"' in installed.check(".").answer.stdout
    # Neither the plugin's file nor its version changes.
    environment.install(
        "dep-rules",
        "2.0",
        {"dep_rules/__init__.py": "from dep_rules.answer import ANSWER\n", "dep_rules/answer.py": "ANSWER = 'str'\n"},
    )
    assert "app" in checked_modules(installed)
    assert 'Revealed type is "str"' in installed.check(".").answer.stdout
    environment.install("unrelated", "1.0", {"unrelated.py": "x = 1\n"})
    assert checked_modules(installed) == set()
    # A file of the working directory comes last on the plugin's path, one beside the packages before others.
    environment.remove("dep-rules")
    (environment.site / "dep_rules.py").write_text("ANSWER = 'bytes'\n", encoding="utf-8")
    environment.seal()
    assert "app" in checked_modules(installed)
    assert 'Revealed type is "bytes"' in installed.check(".").answer.stdout
    (environment.site / "dep_rules").mkdir()
    (environment.site / "dep_rules" / "__init__.py").write_text("ANSWER = 'float'\n", encoding="utf-8")
    environment.seal()
    assert "app" in checked_modules(installed)
    assert 'Revealed type is "float"' in installed.check(".").answer.stdout
