"""The library that stands between typewave and its files (interposer.c), built once."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.checkout import Checked
from support.oracle import TREE, Answer
from support.project import Project
from trouble.damage import STATE

SOURCE = Path(__file__).resolve().parent / "interposer.c"
WAIT_SECONDS = 120


def build_interposer(folder: Path) -> Path:
    library = folder / "interposer.so"
    command = ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stderr}")
    return library


KILLED = -1  # in the place of an error


@dataclass(frozen=True)
class Failure:
    """Calls of these kinds on anything below a folder fail, from the n-th on."""

    calls: str  # words of interposer.c, separated by commas
    error: int
    first: int = 1

    def __str__(self) -> str:
        return f"{self.calls} from {self.first}: {errno.errorcode[self.error]}"


@dataclass
class Interposed:
    project: Project
    library: Path

    def failing(self, failure: Failure, *arguments: str) -> tuple[Checked, int]:
        """A run that fails to use its store and the checkout's state, and how many calls of these kinds there were."""
        counter = self.project.root / "counter"
        counter.unlink(missing_ok=True)
        variables = {
            "DISK_FAILS_BELOW": f"{self.project.store}:{self.project.folder / STATE}",
            "DISK_CALLS": failure.calls,
            "DISK_ERROR": str(failure.error),
            "DISK_FAILS_FROM": str(failure.first),
            "DISK_COUNTER": str(counter),
        }
        checked = self._with(variables, *arguments)
        return checked, counter.stat().st_size if counter.exists() else 0

    def _with(self, variables: dict[str, str], *arguments: str) -> Checked:
        kept = self.project.prefix
        # Not in the project's variables: those are part of mypy's environment.
        self.project.prefix = ("env", f"LD_PRELOAD={self.library}", *(f"{k}={v}" for k, v in variables.items()), *kept)
        try:
            return self.project.check(*arguments)
        finally:
            self.project.prefix = kept

    def changing(
        self, file: Path, time_opened: int, change: Callable[[], object], *arguments: str
    ) -> tuple[Checked, bool]:
        """A run that is stopped when `file` is about to be opened for the n-th time, by whichever process, and goes
        on after the change; whether it came so far."""
        folder = self.project.root / "moments"
        folder.mkdir(exist_ok=True)
        for mark in folder.iterdir():
            mark.unlink()
        variables = {"STOP_AT": str(file), "STOP_TIME": str(time_opened), "STOP_FOLDER": str(folder)}
        kept = self.project.prefix
        self.project.prefix = ("env", f"LD_PRELOAD={self.library}", *(f"{k}={v}" for k, v in variables.items()), *kept)
        try:
            self.project.summary_file.unlink(missing_ok=True)
            running = self.project.start(*arguments)
        finally:
            self.project.prefix = kept
        reached = folder / f"opened.{time_opened}"
        end = time.monotonic() + WAIT_SECONDS
        while not reached.exists() and running.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
        came = reached.exists()
        if came:
            change()
        (folder / "go").touch()
        try:
            printed, said = running.communicate(timeout=WAIT_SECONDS)
        finally:
            running.kill()

        def portable(text: bytes) -> str:
            return text.decode("utf-8", "backslashreplace").replace(str(self.project.folder), TREE)

        answer = Answer(running.returncode, portable(printed), portable(said))
        return Checked(answer, self.project.summary()), came


def errors_of(names: str) -> list[int]:
    return [getattr(errno, name) for name in names.split()]


def is_root() -> bool:
    return os.geteuid() == 0
