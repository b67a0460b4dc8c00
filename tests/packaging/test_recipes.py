"""The recipes of README.md for continuous integration: valid, and their steps do what they promise.

A provider's machine is played: a fresh folder, home and environment for every run, and a cache that behaves as the
provider's does.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.wheels import REPOSITORY, tool

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
WORKFLOW, PIPELINE = ".github/workflows/types.yml", ".gitlab-ci.yml"
SHOP = REPOSITORY / "testdata" / "shop"
REUSED = re.compile(r"^components .* (\d+) reused, (\d+) checked, 0 failed", re.MULTILINE)


def recipe(name: str) -> str:
    """The block of README.md that begins with a file's name."""
    found = re.search(rf"^```yaml\n# {re.escape(name)}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no {name}"
    return found[1]


def parsed(name: str) -> Any:
    # Imported late: whoever runs other tests need not have it.
    return importlib.import_module("yaml").safe_load(recipe(name))


@dataclass
class Machine:
    """Where one run takes place; nothing of an earlier run is on it."""

    root: Path
    wheel: Path
    printed: str = ""
    status: int = 0

    def __post_init__(self) -> None:
        # The Python that the provider's set-up step gives; it has mypy, so that nothing need be downloaded.
        tool(sys.executable, "-m", "venv", "--without-pip", self.root / "python")
        packages = next((self.root / "python").glob("lib/*/site-packages"))
        tools = next(Path(sys.executable).parent.parent.glob("lib/*/site-packages"))
        (packages / "tools.pth").write_text(f"{tools}\n", encoding="utf-8")
        self.home.mkdir()
        shutil.copytree(SHOP, self.folder, ignore=shutil.ignore_patterns(".*_cache"))
        (self.folder / "requirements.txt").write_text("mypy==2.4.1\n", encoding="utf-8")

    @property
    def folder(self) -> Path:
        return self.root / "checkout"

    @property
    def home(self) -> Path:
        return self.root / "home"

    def shell(self, script: str, variables: Mapping[str, str]) -> None:
        """As both providers run it: the first command that fails ends it."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
                "PATH": f"{self.root / 'python' / 'bin'}{os.pathsep}{os.defpath}",
                "HOME": str(self.home),
                "CI": "true",
                **variables,
                "TYPEWAVE": str(self.wheel),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed += done.stdout
        self.status = self.status or done.returncode

    def reused_and_checked(self) -> tuple[int, int]:
        """How many components were reused and how many were checked, as `--stats` says."""
        found = REUSED.search(self.printed)
        assert found, self.printed
        return int(found[1]), int(found[2])


@dataclass
class GitHub:
    """What the steps of a workflow do; caches cannot be changed, and are found by key, then by the newest prefix."""

    caches: dict[str, Path] = field(default_factory=dict)
    runs: int = 0

    def expression(self, text: str) -> str:
        known = {"runner.os": "Linux", "github.run_id": str(1000 + self.runs), "github.run_attempt": "1"}
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: known[found[1]], text)

    def run(self, machine: Machine, storage: Path) -> None:
        self.runs += 1
        workflow = parsed(WORKFLOW)
        (job,) = workflow["jobs"].values()
        for step in job["steps"]:
            condition = step.get("if", "success()")
            assert condition in ("success()", "${{ !cancelled() }}")
            if machine.status != 0 and condition == "success()":
                continue
            settings = {name: self.expression(str(value)) for name, value in step.get("with", {}).items()}
            action = step.get("uses", "").split("@")[0]
            if action == "actions/cache/restore":
                self.restore(settings, machine)
            elif action == "actions/cache/save":
                self.save(settings, machine, storage / str(self.runs))
            elif action == "":
                machine.shell(self.expression(step["run"]), workflow["env"])
            else:
                assert action in ("actions/checkout", "actions/setup-python")

    def place(self, settings: Mapping[str, str], machine: Machine) -> Path:
        return Path(settings["path"].replace("~", str(machine.home)))

    def restore(self, settings: Mapping[str, str], machine: Machine) -> None:
        keys = [settings["key"], *settings["restore-keys"].split()]
        for key in keys:
            newest = [saved for name, saved in self.caches.items() if name.startswith(key)]
            if newest:
                shutil.copytree(newest[-1], self.place(settings, machine))
                return

    def save(self, settings: Mapping[str, str], machine: Machine, saved: Path) -> None:
        assert settings["key"] not in self.caches, "a cache of GitHub cannot be saved twice under one key"
        shutil.copytree(self.place(settings, machine), saved)
        self.caches[settings["key"]] = saved


@dataclass
class GitLab:
    """What a job's script does; a cache is replaced at the end of a job, and lies below the project's folder."""

    caches: dict[str, Path] = field(default_factory=dict)
    runs: int = 0

    def run(self, machine: Machine, storage: Path) -> None:
        self.runs += 1
        job = parsed(PIPELINE)["types"]
        known = {"$CI_COMMIT_REF_SLUG": f"branch-{self.runs}", "$CI_DEFAULT_BRANCH": "branch-1"}

        def expanded(text: str) -> str:
            for name, value in known.items():
                text = text.replace(name, value)
            return text

        cache = job["cache"]
        (place,) = cache["paths"]
        for key in [cache["key"], *cache["fallback_keys"]]:
            if expanded(key) in self.caches:
                shutil.copytree(self.caches[expanded(key)], machine.folder / place)
                break
        for command in job["script"]:
            if machine.status == 0:
                machine.shell(command, job["variables"])
        assert machine.status == 0 or cache["when"] == "always"
        saved = storage / str(self.runs)
        shutil.copytree(machine.folder / place, saved)
        self.caches[expanded(cache["key"])] = saved


@pytest.mark.parametrize(
    ("name", "schema"),
    [(WORKFLOW, "vendor.github-workflows"), (PIPELINE, "vendor.gitlab-ci")],
    ids=["GitHub", "GitLab"],
)
def test_recipe_is_valid(tmp_path: Path, name: str, schema: str) -> None:
    file = tmp_path / "recipe.yml"
    file.write_text(recipe(name), encoding="utf-8")
    tool(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file)


@pytest.mark.parametrize("provider", [GitHub, GitLab])
def test_second_run_finds_everything(tmp_path: Path, wheel: Path, provider: type[GitHub] | type[GitLab]) -> None:
    """On another machine, in another folder; the check finds errors, and its results are kept all the same."""
    played = provider()
    machines = []
    for name in ("first", "second machine"):
        machine = Machine(tmp_path / name, wheel)
        played.run(machine, tmp_path / "caches")
        assert machine.status == 1
        assert "Found 7 errors in 5 files (checked 12 source files)" in machine.printed
        machines.append(machine)
    reused, checked = machines[0].reused_and_checked()
    assert checked > 0
    assert machines[1].reused_and_checked() == (reused + checked, 0)
    assert len(played.caches) == 2
