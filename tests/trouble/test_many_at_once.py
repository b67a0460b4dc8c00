"""Many processes on one store and in one checkout, some collecting, some dying: right answers, nothing stuck."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.oracle import Answer
from support.project import Project, own_lines
from support.promises import Promises

PROMISE = "many at once: right answers"
PATIENCE = 240
LAYERS = 5
WIDTH = 4


def layered(number: int) -> dict[str, str]:
    """Layers of modules, each importing the whole layer below; one error in each layer."""
    files = {}
    for layer in range(LAYERS):
        for column in range(WIDTH):
            below = [f"layer{layer - 1}_{other}" for other in range(WIDTH)] if layer else []
            lines = [f"import {name}" for name in below]
            lines.append(f"def value(text: str) -> int: return len(text) + {number}")
            lines += [f"x_{name}: int = {name}.value('')" for name in below]
            if column == 0:
                lines.append("wrong: int = ''")
            files[f"layer{layer}_{column}.py"] = "\n".join(lines) + "\n"
    return files


class Group:
    """Processes that were started at the same time, one summary each."""

    def __init__(self, projects: list[Project]) -> None:
        self.projects = projects
        self.summaries = [project.root / f"summary{number}.json" for number, project in enumerate(projects)]
        self.processes = [
            project.start(f"--summary-json={summary}", ".")
            for project, summary in zip(projects, self.summaries, strict=True)
        ]

    def finish(self) -> list[Answer]:
        answers = []
        for project, process in zip(self.projects, self.processes, strict=True):
            stdout, stderr = process.communicate(timeout=PATIENCE)
            text = stdout.decode().replace(str(project.folder), "<tree>")
            answers.append(Answer(process.returncode, text, stderr.decode()))
        return answers

    def checked(self) -> int:
        """How many components all of them checked."""
        return sum(int(json.loads(path.read_text(encoding="utf-8"))["checked"]) for path in self.summaries)


@pytest.fixture
def checkouts(project: Project) -> tuple[Project, Project]:
    """Two checkouts of one tree that share a store."""
    other = Project(project.binary, project.python, project.root / "other", store_folder=project.store)
    for checkout in (project, other):
        checkout.write(layered(0))
    return project, other


def clean_run(project: Project) -> tuple[Answer, int]:
    """The answer of a run with an empty store, and how many components it checked."""
    clean = Project(project.binary, project.python, project.root / "clean")
    clean.write({path.name: path.read_text(encoding="utf-8") for path in project.folder.glob("*.py")})
    checked = clean.check(".")
    return checked.answer, int(checked.summary["checked"])


def collector(project: Project, stop: Path) -> subprocess.Popen[bytes]:
    """Collects garbage again and again until the file is there."""
    loop = 'while [ ! -e "$1" ]; do "$2" store gc --store "$3" --store-limit 50M || exit 1; done'
    return subprocess.Popen(
        ["sh", "-c", loop, "sh", str(stop), str(project.binary), str(project.store)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def right(answers: list[Answer], clean: Answer) -> None:
    for answer in answers:
        assert (answer.status, answer.stdout) == (clean.status, clean.stdout)
        assert own_lines(answer.stderr) == []


def test_eight_processes_while_others_collect(checkouts: tuple[Project, Project], promises: Promises) -> None:
    project, other = checkouts
    clean, components = clean_run(project)
    stop = project.root / "stop"
    collecting = collector(project, stop)
    group = Group([project] * 4 + [other] * 4)
    with promises.attempt(PROMISE, "groups_of_eight"):
        right(group.finish(), clean)
        stop.touch()
        assert collecting.communicate(timeout=PATIENCE)[1] == b""
        assert collecting.returncode == 0
        # About once in all: a process that finds another at a component for a minute checks it as well.
        assert components <= group.checked() <= components * 5 / 4
        again = project.check(".")
        assert again.summary["checked"] == 0
        right([again.answer], clean)


def test_work_is_divided_although_trees_differ(checkouts: tuple[Project, Project], promises: Promises) -> None:
    project, other = checkouts
    other.write({f"layer{LAYERS - 1}_1.py": "mine: str = 1\n"})
    clean, components = clean_run(project)
    group = Group([project, other])
    answers = group.finish()
    with promises.attempt(PROMISE, "pairs"):
        right(answers[:1], clean)
        assert answers[1].status == 1
        assert group.checked() <= (components + 1) * 5 / 4


@pytest.mark.parametrize(
    "moment", [1.0, pytest.param(0.5, marks=pytest.mark.slow), pytest.param(2.0, marks=pytest.mark.slow)]
)
def test_a_process_that_is_killed_holds_nobody_up(
    checkouts: tuple[Project, Project], promises: Promises, moment: float
) -> None:
    project, other = checkouts
    clean, _ = clean_run(project)
    group = Group([project, other, other])
    time.sleep(moment)
    os.killpg(group.processes[0].pid, signal.SIGKILL)
    started = time.monotonic()
    with promises.attempt(PROMISE, "killed_holders"):
        right(group.finish()[1:], clean)
        assert time.monotonic() - started < PATIENCE / 2


HOLD = """
import fcntl, os, sys, time
files = [os.open(os.path.join(sys.argv[1], name), os.O_RDWR | os.O_CREAT) for name in ("lock", "room")]
for file in files:
    fcntl.flock(file, fcntl.LOCK_EX)
for name in ("claims", *(f"claims-{number}" for number in range(1, 16))):
    fcntl.lockf(os.open(os.path.join(sys.argv[1], name), os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


def test_locks_go_with_their_holder(shop: Project) -> None:
    """Every lock is held by a process that is killed a moment after the run started."""
    shop.check(".")
    shop.write({"tool.py": "x: int = ''\n"})
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(shop.store / "v1")], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    process = shop.start(".")
    time.sleep(1)
    holder.kill()
    holder.communicate()
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, stderr
    assert b"tool.py:1: error: Incompatible types in assignment" in stdout
    assert own_lines(stderr.decode()) == []


@pytest.mark.slow
def test_a_stopped_holder_costs_time_only(shop: Project) -> None:
    shop.check(".")
    shop.write({"tool.py": "x: int = ''\n"})
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(shop.store / "v1")], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.send_signal(signal.SIGSTOP)
        stdout, _ = shop.start(".").communicate(timeout=PATIENCE)
        assert b"tool.py:1: error: Incompatible types in assignment" in stdout
    finally:
        holder.kill()
        holder.communicate()


def test_a_reader_of_the_lock_file_is_no_holder(shop: Project) -> None:
    shop.check(".")
    with (shop.store / "v1" / "lock").open("rb") as file:
        assert fcntl.fcntl(file, fcntl.F_GETFD) >= 0
        assert shop.call("store", "gc", f"--store={shop.store}").status == 0
