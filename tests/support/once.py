"""Folders that are made once in a run of the tests, whichever of its processes needs them first."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`, filled by `make`; its processes wait for each other."""
    base = factory.getbasetemp()
    # Each process of pytest-xdist has a folder of its own in the run's.
    run = base.parent if base.name.startswith("popen-gw") else base
    folder = run / name
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = run / f"{name}.made"
        if not finished.exists():
            folder.mkdir()
            make(folder)
            finished.touch()
    return folder
