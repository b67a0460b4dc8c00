"""What an upgrade invalidates, as README.md says it: of mypy, Python, stubs, plugins, typewave; other options."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.environments import Environment
from support.project import Project

PROJECT = {
    "price.py": "def price(name: str) -> int:\n    return len(name)\n",
    "order.py": "from price import price\n\ntotal: str = price('a')\n",
    "tool.py": "import json\n\nprint(json.dumps(1))\n",
}
OWN = {"price", "order", "tool"}
# Runs before anything else in that environment's Python.
OTHER_PYTHON = (
    "import sys; sys.version_info = type('Version', (tuple,), {{'major': 3, 'minor': {0}, 'micro': {1}}})({2})\n"
)


@pytest.fixture
def environment(tmp_path: Path, checker_python: Path) -> Environment:
    return Environment.create(tmp_path / "environment", checker_python)


@pytest.fixture
def warm(project: Project, environment: Environment) -> Project:
    """A project whose results are all in the store."""
    project.python = environment.python
    project.write(PROJECT)
    assert checked(project) == OWN
    assert checked(project) == set()
    return project


def checked(project: Project, *arguments: str) -> set[str]:
    """The project's own modules that were checked."""
    summary = project.check(*(arguments or (".",))).summary
    assert summary, "the run wrote no summary"
    return set(summary["checked_modules"]) & OWN


def distribution(environment: Environment, name: str, version: str) -> None:
    """Makes Python say that this version is installed, in front of the one that really is."""
    folder = environment.site / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")


@pytest.mark.parametrize("name", ["mypy", "librt", "ast_serialize"])
def test_another_mypy_checks_everything(warm: Project, environment: Environment, name: str) -> None:
    distribution(environment, name, "99.0")
    assert checked(warm) == OWN
    assert checked(warm) == set()


@pytest.mark.parametrize(("options", "which"), [
    (["--python-version=3.12"], OWN),
    (["--platform=darwin"], OWN),
    (["--strict"], OWN),
    (["--disallow-any-generics"], OWN),
    (["--pretty"], set()),
    (["--show-column-numbers"], set()),
])  # fmt: skip
def test_another_option_checks_what_it_may_concern(warm: Project, options: list[str], which: set[str]) -> None:
    assert checked(warm, *options, ".") == which
    assert checked(warm, ".") == set(), "what was there before is still there"
    assert checked(warm, *options, ".") == set()


def test_a_section_of_the_configuration_concerns_its_modules(warm: Project) -> None:
    warm.write({"mypy.ini": "[mypy]\n[mypy-order]\ndisallow_any_generics = True\n"})
    assert checked(warm) == {"order"}


def test_an_upgrade_of_python_counts_from_its_minor_version(warm: Project, environment: Environment) -> None:
    def become(minor: int, micro: int) -> None:
        version = (3, minor, micro, "final", 0)
        (environment.site / "a_python.pth").write_text(OTHER_PYTHON.format(minor, micro, version), encoding="utf-8")

    become(11, 77)
    assert checked(warm) == set()
    become(12, 0)
    assert checked(warm) == OWN
    assert checked(warm, "--python-version=3.11", ".") == set()
    become(11, 78)
    assert checked(warm) == set()


def test_stubs_concern_those_who_import_them(warm: Project, environment: Environment) -> None:
    warm.write({"tool.py": "import dep\n\ndep.size(1)\n"})
    assert checked(warm) == {"tool"}
    environment.install("types-dep", "1.0", {"dep-stubs/__init__.pyi": "def size(name: str) -> int: ...\n"})
    assert checked(warm) == {"tool"}
    environment.install("types-dep", "2.0", {"dep-stubs/__init__.pyi": "def size(name: int) -> int: ...\n"})
    assert checked(warm) == {"tool"}
    environment.install("unused", "1.0", {"unused/__init__.py": "", "unused/py.typed": ""})
    assert checked(warm) == set()


def test_a_plugin_concerns_everything(warm: Project, environment: Environment) -> None:
    def install(version: str, remark: str) -> None:
        files = {
            "rules.py": f"# {remark}\nfrom mypy.plugin import Plugin\n\n\ndef plugin(version):\n    return Plugin\n"
        }
        environment.install("rules", version, files)

    install("1.0", "one")
    warm.write({"mypy.ini": "[mypy]\nplugins = rules\n"})
    assert checked(warm) == OWN
    assert checked(warm) == set()
    install("1.1", "another")
    assert checked(warm) == OWN
    assert checked(warm) == set()


def test_another_build_of_typewave_concerns_nothing(warm: Project, tmp_path: Path) -> None:
    """What is stored has a version of its own, which a release changes when it has to."""
    upgraded = tmp_path / "upgraded"
    upgraded.write_bytes(warm.binary.read_bytes() + b"another build")
    upgraded.chmod(0o755)
    warm.binary = upgraded
    assert checked(warm) == set()


def test_another_machine_and_user_concern_nothing(warm: Project, tmp_path: Path, checker_python: Path) -> None:
    python = Environment.create(tmp_path / "elsewhere" / "environment", checker_python).python
    there = Project(warm.binary, python, tmp_path / "elsewhere", {"USER": "somebody", "LOGNAME": "somebody"})
    there.write(PROJECT)
    warm.store.rename(there.store)
    assert checked(there) == set()
