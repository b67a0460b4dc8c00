"""Runs a command and measures it with all its descendants: wall time, CPU time, memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.oracle import TREE, Answer

FIRST_PAUSE_S = 0.1  # a process that is gone before is not held up by being looked at
SHORTEST_PAUSE_S = 0.004
PAUSE_BY_COST = 30  # reading another process's page tables holds it up, so that may take 3 % of the time
WIDE_LOOK = 16  # descendants have higher numbers than their ancestors until numbers start over: seldom looked at all
TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """What a command took and said."""

    seconds: float
    cpu_seconds: float
    memory_bytes: int  # the most that all its processes had at once, shared pages counted once (if it took 0.1 s)
    answer: Answer


def stat_of(process: int) -> tuple[int, float] | None:
    """Its parent, and the CPU seconds of its own threads."""
    try:
        text = (PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS


def proportional_bytes(process: int) -> int:
    """Its proportional set size; nothing when it is gone."""
    try:
        for line in (PROC / str(process) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Sampler(threading.Thread):
    """Looks at processes and their descendants now and then until it is told to stop."""

    def __init__(self, roots: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.roots = roots
        self.peak = 0
        self.cpu_seconds: dict[int, float] = {}  # last seen
        self._samples = 0
        self._ended = threading.Event()

    def run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._ended.wait(pause):
            start = time.monotonic()
            self.sample()
            pause = max(SHORTEST_PAUSE_S, PAUSE_BY_COST * (time.monotonic() - start))

    def sample(self) -> None:
        parents: dict[int, int] = {}
        cpu: dict[int, float] = {}
        lowest = 0 if self._samples % WIDE_LOOK == WIDE_LOOK - 1 else min(self.roots)
        self._samples += 1
        for process in (int(entry) for entry in os.listdir(PROC) if entry.isdigit()):
            if process >= lowest and (found := stat_of(process)):
                parents[process], cpu[process] = found
        tree = {root for root in self.roots if root in parents}
        grown = True
        while grown:
            more = {process for process, parent in parents.items() if parent in tree} - tree
            grown = bool(more)
            tree |= more
        self.cpu_seconds.update({process: cpu[process] for process in tree})
        self.peak = max(self.peak, sum(proportional_bytes(process) for process in tree))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def measure(command: Sequence[str], folder: Path, variables: Mapping[str, str], daemon: int | None = None) -> Usage:
    """Runs it to its end. `daemon` is a process that works for it without being its child."""
    before = stat_of(daemon) if daemon else None
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(variables), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        sampler = Sampler([process.pid, *([daemon] if daemon else [])])
        sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        after = stat_of(daemon) if daemon else None
        sampler.stop()

        def text(file: int) -> str:
            content = os.pread(file, os.fstat(file).st_size, 0)
            return content.decode("utf-8", "backslashreplace").replace(str(folder), TREE)

        answer = Answer(process.returncode, text(stdout.fileno()), text(stderr.fileno()))
    # Of what was not looked at: its own resident pages, shared ones included.
    memory = sampler.peak or used.ru_maxrss * 1024
    # Descendants that nobody waited for are only known from the samples.
    seen = sum(cpu for one, cpu in sampler.cpu_seconds.items() if one != daemon)
    cpu_seconds = max(used.ru_utime + used.ru_stime, seen)
    if before and after:
        cpu_seconds += after[1] - before[1]
    return Usage(seconds, cpu_seconds, memory, answer)
