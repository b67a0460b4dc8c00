"""The page's sources: formatted, linted, typed, tested, short."""

from __future__ import annotations

import json
import subprocess

import pytest

from page.page_tools import SOURCES, node_tools, node_variables

MAXIMUM_LINES = 500
COMMANDS = {
    "biome": ["node_modules/.bin/biome", "ci", "--error-on-warnings", "--colors=off", "."],
    "tsc": ["node_modules/.bin/tsc", "--noEmit"],
    "node --test": ["node", "--test", "test/*.test.ts"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_tools_find_nothing(name: str) -> None:
    done = subprocess.run(
        COMMANDS[name],
        cwd=node_tools(),
        env=node_variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


def test_files_stay_short() -> None:
    files = [path for path in SOURCES.rglob("*.*s") if "node_modules" not in path.parts]
    assert len(files) > 20
    assert {path.name for path in files if len(path.read_text("utf-8").splitlines()) > MAXIMUM_LINES} == set()


def test_packages_are_pinned_and_come_from_the_registry() -> None:
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert [name for name, version in versions.items() if not version[0].isdigit()] == []
    locked = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, one in locked.items() if name and not one.get("integrity", "").startswith("sha512-")] == []
    assert {name: locked[f"node_modules/{name}"]["version"] for name in versions} == versions


def test_names_never_become_markup() -> None:
    found = [
        path.name
        for path in (SOURCES / "src").glob("*.ts")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "DOMParser",
        )
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
