"""SIGKILL at any moment: the next run works, and its answer is that of a clean run with an empty store."""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from support.project import SHOP, Project, own_lines
from support.promises import Promises
from trouble.interposing import KILLED, Failure, Interposed, build_interposer

PROMISE = "kill -9: the next run's answer is a clean run's"

# What changes the disk, each with the other names that the same step may have.
CALLS = {
    "write": "write,pwrite64,writev",
    "rename": "rename,renameat,renameat2",
    "unlink": "unlink,unlinkat",
    "sync": "fsync,fdatasync",
    "resize": "truncate,ftruncate,fallocate",
    "create": "mkdir,mkdirat",
    "lock": "flock,fcntl",
}
# The same for the library that stands in front of the system: it counts over all threads.
CHANGES = "create,mkdir,write,sync,rename,unlink"
EDIT = {"tool.py": "import shop.price\n\nshop.price.price(2)\nx: int = ''\n"}
# More is a hang.
PATIENCE = 120


@pytest.fixture(scope="module")
def interposer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_interposer(tmp_path_factory.mktemp("interposer"))


def may_trace() -> bool:
    done = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return done.returncode == 0


def killed_at(project: Project, calls: str, number: int) -> bool:
    """Runs a check, of which each thread is killed, with its process, at its so-manieth call; workers are left alone.
    Whether that ended it."""
    names = ",".join("?" + name for name in calls.split(","))
    project.prefix = (
        *("strace", "-f", "-b", "execve", "-qq", "-o", os.devnull),
        *("-e", f"trace={names}", "-e", f"inject={names}:signal=SIGKILL:when={number}"),
    )
    try:
        # Not by `check()`: the summary may be half written.
        return project.call("check", *project.own_arguments(), ".").status < 0
    finally:
        project.prefix = ()


class Kills:
    """One project, brought to the same state before each attempt."""

    def __init__(self, project: Project, *, cold: bool) -> None:
        self.project = project
        project.write(SHOP)
        if not cold:
            project.check(".")
            project.write(EDIT)
        self.saved = project.root / "saved"
        self.saved.mkdir()
        for path in self.parts():
            if path.exists():
                shutil.copytree(path, self.saved / path.name, symlinks=True)
        clean = Project(project.binary, project.python, project.root / "clean")
        clean.write({**SHOP, **({} if cold else EDIT)})
        self.clean = clean.check(".").answer

    def parts(self) -> tuple[Path, Path]:
        return self.project.store, self.project.folder / ".typewave_cache"

    def restore(self) -> None:
        for path in self.parts():
            shutil.rmtree(path, ignore_errors=True)
            if (self.saved / path.name).exists():
                shutil.copytree(self.saved / path.name, path, symlinks=True)

    def next_run_is_right(self) -> None:
        after = self.project.check(".")
        assert after.answer.status == self.clean.status
        assert after.answer.stdout == self.clean.stdout
        assert own_lines(after.answer.stderr) == []
        assert after.summary["store"]["corrupt"] == 0
        sound = self.project.call("store", "verify", f"--store={self.project.store}")
        assert sound.status == 0, sound.stdout


def kill_everywhere(kills: Kills, calls: str, numbers: list[int] | None, promises: Promises) -> int:
    """Kills at every call, or at those of these numbers, until a run is not ended by it. How many were."""
    ended = 0
    for number in numbers or itertools.count(1):
        kills.restore()
        if not killed_at(kills.project, calls, number):
            break
        ended += 1
        with promises.attempt(PROMISE, "at a system call"):
            kills.next_run_is_right()
    return ended


@pytest.mark.skipif(not may_trace(), reason="strace cannot trace here")
def test_kill_at_some_calls(project: Project, promises: Promises) -> None:
    kills = Kills(project, cold=False)
    ended = [kill_everywhere(kills, CALLS[calls], [1, 3], promises) for calls in ("write", "rename", "unlink", "sync")]
    assert sum(ended) >= 5


@pytest.mark.slow
@pytest.mark.skipif(not may_trace(), reason="strace cannot trace here")
@pytest.mark.parametrize("cold", [True, False], ids=["cold", "edited"])
@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
def test_kill_at_every_call(project: Project, promises: Promises, calls: str, cold: bool) -> None:
    ended = kill_everywhere(Kills(project, cold=cold), calls, None, promises)
    assert ended or calls == CALLS["resize"]


def kill_at_changes(kills: Kills, interposer: Path, numbers: Iterable[int], promises: Promises) -> None:
    """Kills before the n-th change of typewave's files, whichever thread makes it, until a run is through."""
    for number in numbers:
        kills.restore()
        checked, _ = Interposed(kills.project, interposer).failing(Failure(CHANGES, KILLED, number), ".")
        with promises.attempt(PROMISE, "at a change of the disk"):
            kills.next_run_is_right()
        if checked.answer.status >= 0:
            return
        assert checked.answer.status == -signal.SIGKILL


def test_kill_at_some_changes(project: Project, interposer: Path, promises: Promises) -> None:
    kill_at_changes(Kills(project, cold=False), interposer, itertools.count(2, 4), promises)


@pytest.mark.slow
@pytest.mark.parametrize("cold", [True, False], ids=["cold", "edited"])
def test_kill_at_every_change(project: Project, interposer: Path, promises: Promises, cold: bool) -> None:
    kill_at_changes(Kills(project, cold=cold), interposer, itertools.count(1), promises)


def kill_after(project: Project, seconds: float, *, with_workers: bool) -> None:
    process = project.start(".")
    time.sleep(seconds)
    if with_workers:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate(timeout=PATIENCE)


def random_kills(project: Project, count: int, seed: int, promises: Promises) -> None:
    chosen = random.Random(seed)
    edited = Kills(project, cold=False)
    started = time.monotonic()
    edited.restore()
    project.check(".")
    duration = time.monotonic() - started
    for number in range(count):
        # The store is what earlier kills left, but now and then it begins anew.
        if number % 10 == 0:
            edited.restore()
        project.write({"other.py": f"from shop.price import price\n\nprice('{number}')\n"})
        kill_after(project, chosen.uniform(0, duration), with_workers=chosen.random() < 0.5)
        (project.folder / "other.py").unlink()
        with promises.attempt(PROMISE, "at random"):
            edited.next_run_is_right()


def test_some_random_kills(project: Project, promises: Promises) -> None:
    random_kills(project, 20, 1, promises)


@pytest.mark.slow
def test_many_random_kills(project: Project, promises: Promises) -> None:
    random_kills(project, 200, 2, promises)


@pytest.mark.skipif(not may_trace(), reason="strace cannot trace here")
def test_a_pack_is_durable_before_it_is_seen(shop: Project, promises: Promises) -> None:
    """Also its name, before what may rest on it gets one: a machine that loses power is no worse than kills."""
    trace = shop.root / "trace"
    names = "?write,?writev,?pwrite64,?rename,?renameat,?renameat2,?linkat,?fsync,?fdatasync"
    shop.prefix = ("strace", "-f", "-b", "execve", "-y", "-s", "0", "-qq", "-o", str(trace), "-e", f"trace={names}")
    shop.check(".")
    shop.prefix = ()
    packs = str(shop.store / "v1" / "packs")
    last: dict[str, str] = {}  # what was done to a file, by its path
    unsettled = False  # a pack whose name may get lost
    seen = 0
    for line in trace.read_text(encoding="utf-8").splitlines():
        call = re.match(r"\d+ +(\w+)\(\d+<([^>]*)>(?:, \"([^\"]*)\", \d+<([^>]*)>, \"([^\"]*)\")?", line)
        if not call:
            continue
        name, path, old, folder, new = call.groups()
        if folder == packs and new.endswith(".pack"):
            with promises.attempt(PROMISE, "packs_followed"):
                assert last[f"{path}/{old}"] in ("fsync", "fdatasync"), line
                assert not unsettled, line
            unsettled = True
            seen += 1
        elif path == packs and name == "fsync":
            unsettled = False
        last[path] = name
    assert seen >= 2
    assert not unsettled


def test_nothing_is_left_of_killed_runs(shop: Project) -> None:
    """A writer that died leaves a file; the next one that writes removes it, and not that of one that lives."""
    shop.check(".")
    dead = shop.store / "v1" / "tmp" / "0123456789abcdef-100.tmp"
    own = shop.folder / ".typewave_cache" / "0123456789abcdef.tmp"
    for path in (dead, own):
        path.write_bytes(b"half")
    shop.write(EDIT)
    shop.check(".")
    assert not dead.exists()
    assert not own.exists()
