"""The hooks of .pre-commit-hooks.yaml, installed and run by the real pre-commit in a git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.once import made_once
from support.wheels import REPOSITORY

# What a clone of this repository has to hold for its hooks to be installed.
PRODUCT = (
    ".pre-commit-hooks.yaml",
    "CMakeLists.txt",
    "LICENSE",
    "README.md",
    "graph",
    "pyproject.toml",
    "runner",
    "scheduler",
)
SOURCES = {
    "shop/__init__.py": "",
    "shop/price.py": "def price(name: str) -> int:\n    return len(name)\n",
    "shop/order.py": "from shop.price import price\n\ntotal: int = price('a')\n",
    "README.txt": "A shop.\n",
}
CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: typewave
        args: [--stats, shop]
        additional_dependencies: [mypy==2.4.1]
        verbose: true
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgSign=false")
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=True).stdout.strip()


def commit_all(folder: Path) -> str:
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "All")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with this one's product in it."""

    def make(folder: Path) -> None:
        for name in PRODUCT:
            copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy2
            copy(REPOSITORY / name, folder / name)
        git(folder, "init", "--quiet")
        commit_all(folder)

    return made_once(tmp_path_factory, "hooks", make)


class Commits:
    """A git repository whose commits the hook guards."""

    def __init__(self, root: Path, hooks: Path, build: dict[str, str]) -> None:
        self.folder = root / "project"
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "PRE_COMMIT_HOME": str(root / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            # How this machine reaches PyPI and npm.
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "NPM_", "NODE_"))},
            **build,
        }
        self.folder.mkdir()
        git(self.folder, "init", "--quiet")
        text = CONFIGURATION.format(repository=hooks, revision=git(hooks, "rev-parse", "HEAD"))
        self.write({**SOURCES, ".pre-commit-config.yaml": text, ".gitignore": ".typewave_cache/\n"})
        commit_all(self.folder)

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def stage(self, files: dict[str, str]) -> None:
        self.write(files)
        git(self.folder, "add", *files)

    def run(self, *arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--color=never", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.returncode, done.stdout


def play(commits: Commits) -> None:
    """What happens to somebody who uses the hook."""
    status, text = commits.run("--all-files")
    assert status == 0, text
    assert "Success: no issues found in 3 source files" in text

    commits.stage({"README.txt": "A small shop.\n"})
    status, text = commits.run()
    assert status == 0
    assert "(no files to check)" in text

    commits.stage({"shop/price.py": "def price(name: str) -> str:\n    return name\n"})
    # What is not staged is out of the way while the hook runs.
    commits.write({"shop/order.py": "nonsense(\n"})
    status, text = commits.run()
    assert status == 1
    assert "shop/order.py:3: error: Incompatible types in assignment" in text, text
    git(commits.folder, "checkout", "--", "shop/order.py")

    commits.stage({"shop/order.py": "from shop.price import price\n\ntotal: str = price('a')\n"})
    assert commits.run()[0] == 0
    # Settings of mypy count as well.
    commits.stage({"mypy.ini": "[mypy]\nplugins = absent.py\n"})
    assert commits.run()[0] == 1


def test_hook(tmp_path: Path, hooks: Path, typewave: Path) -> None:
    """With the binary that is there; only the compilation is left out of the hook's installation."""
    play(Commits(tmp_path, hooks, {"SKBUILD_CMAKE_DEFINE": f"TYPEWAVE_PREBUILT={typewave.resolve()}"}))


@pytest.mark.slow
def test_hook_from_source(tmp_path: Path, hooks: Path) -> None:
    play(Commits(tmp_path, hooks, {}))
