"""Wheels of typewave and environments that they are installed in by pip."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.oracle import Answer, environment, run

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TOOLS = Path(sys.executable).parent


def tool(*command: str | Path, folder: Path = REPOSITORY) -> str:
    """Runs one of the tools beside this Python, which has to succeed; gives what it printed."""
    variables = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


def build_wheel(folder: Path, binary: Path, source: Path = REPOSITORY) -> None:
    """Makes the wheel in a folder; from a binary that is there already, so that nothing is compiled."""
    prebuilt = f"--config-settings=cmake.define.TYPEWAVE_PREBUILT={binary.resolve()}"
    options = ["--no-deps", "--no-build-isolation", f"--wheel-dir={folder}", prebuilt]
    tool(sys.executable, "-m", "pip", "wheel", *options, source)


def name_platform(wheel: Path, folder: Path) -> None:
    """What CONTRIBUTING.md says to do with a wheel that is for others."""
    tool("auditwheel", "repair", "--exclude", "lib*", "--wheel-dir", folder, wheel)


@dataclass(frozen=True)
class WheelEnvironment:
    """A virtual environment, and a home folder that belongs to it."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> WheelEnvironment:
        made = cls(root)
        tool(sys.executable, "-m", "venv", "--without-pip", made.folder)
        (root / "home").mkdir()
        return made

    @property
    def folder(self) -> Path:
        return self.root / "environment"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def typewave(self) -> Path:
        return self.folder / "bin" / "typewave"

    @property
    def home(self) -> Path:
        return self.root / "home"

    def pip(self, *arguments: str) -> None:
        tool(sys.executable, "-m", "pip", "--quiet", "--python", self.python, *arguments)

    def files(self) -> set[str]:
        return {
            str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if "__pycache__" not in path.parts
        }

    def run(self, *command: str | Path, folder: Path, variables: Mapping[str, str] | None = None) -> Answer:
        """Runs a command as somebody who has activated no environment and has nothing of Python's on PATH."""
        bare = {**environment(self.home, {}), "PATH": "/nonexistent", **(variables or {})}
        return run([str(word) for word in command], folder, bare)
