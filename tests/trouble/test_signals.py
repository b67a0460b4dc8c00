"""Ctrl-C, SIGTERM, SIGHUP and closed streams, at every stage: nothing stays behind, nothing finished is lost."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import subprocess
import termios
import time
import zlib
from pathlib import Path

import pytest
from trouble.trap import TARGETS, is_running, marked, once, set_trap, wait_for

from support.project import Project, own_lines
from support.promises import Promises

PROMISE = "Ctrl-C, signals, closed streams"
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}

# Hangs with a program below it, in the worker's process group or in a session of its own.
HANG = "(subprocess.Popen(['sleep', '{mark}'], start_new_session={session}), time.sleep(600))"


def hang(marker: Path, mark: str, *, session: bool = False) -> str:
    return once(marker, HANG.format(mark=mark, session=session))


def mark_of(project: Project) -> str:
    return f"1000.{os.getpid()}{zlib.crc32(str(project.root).encode()) % 10_000:04d}"


def below(parent: int) -> list[int]:
    """All descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    todo = [parent]
    while todo:
        found += children.get(todo[-1], [])
        todo += children.get(todo.pop(), [])
    return found


# Where typewave is when the signal comes: while a component is checked, while mypy itself runs, while it asks mypy
# for its options.
STAGES = {"check": ((), False), "mypy itself": (("-v",), False), "probe": ((), True)}


@pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("session", [False, True], ids=["group", "session"])
def test_everything_ends(
    project: Project, promises: Promises, number: signal.Signals, stage: str, session: bool
) -> None:
    marker, mark = project.root / "waiting", mark_of(project)
    options, at_load = STAGES[stage]
    if at_load:
        load = f"if not os.path.exists('{marker}'):\n    Path('{marker}').touch()\n    "
        set_trap(project, "pass", load=load + HANG.format(mark=mark, session=session))
    else:
        set_trap(project, hang(marker, mark, session=session))
    with promises.attempt(PROMISE, "signals"):
        process = project.start("-j2", *options, *TARGETS)
        assert wait_for(lambda: marker.exists() and bool(marked(mark)), 60)
        family = below(process.pid)
        began = time.monotonic()
        process.send_signal(number)  # to typewave alone
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == STATUS[number]
        assert wait_for(lambda: not any(is_running(pid) for pid in family), 10)
        assert wait_for(lambda: not marked(mark), 10)
        assert time.monotonic() - began < 12  # 2 s where the machine has nothing else to do
        assert b"Traceback" not in stderr
        assert b"error" not in stderr
        assert not list(project.store.rglob("*.tmp"))
        marker.touch()
        again = project.same(*TARGETS)
        assert again.summary["store"]["corrupt"] == 0
        if stage == "check":
            assert "shop.price" not in again.summary["checked_modules"]
            assert own_lines(again.answer.stderr) == []


def read_terminal(terminal: int, until: float) -> bytes:
    text = b""
    while time.monotonic() < until and select.select([terminal], [], [], 0.1)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                break
            raise
        if not part:
            break
        text += part
    return text


def test_ctrl_c_at_a_terminal(project: Project, promises: Promises) -> None:
    marker, mark = project.root / "waiting", mark_of(project)
    set_trap(project, hang(marker, mark))
    command = [str(project.binary), "check", *project.own_arguments(), *TARGETS]
    with promises.attempt(PROMISE, "signals"):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(project.folder)
            for number in STATUS:
                signal.signal(number, signal.SIG_DFL)
            os.execve(command[0], command, {**project.environment(), "TERM": "xterm"})
        before = termios.tcgetattr(terminal)
        shown = b""

        def hangs() -> bool:
            nonlocal shown
            shown += read_terminal(terminal, time.monotonic() + 0.2)
            return marker.exists() and b"components" in shown and bool(marked(mark))

        assert wait_for(hangs, 60)
        family = below(pid)
        os.write(terminal, b"\x03")
        shown = read_terminal(terminal, time.monotonic() + 10)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert status == 130
        assert wait_for(lambda: not any(is_running(one) for one in family), 10)
        assert wait_for(lambda: not marked(mark), 10)
        assert termios.tcgetattr(terminal) == before
        assert shown.endswith(b"\r\x1b[K"), shown  # the line is gone, the cursor at its beginning
        assert b"error" not in shown
        os.close(terminal)


def test_a_terminal_that_goes_away(project: Project, promises: Promises) -> None:
    marker, mark = project.root / "waiting", mark_of(project)
    set_trap(project, hang(marker, mark, session=True))
    command = [str(project.binary), "check", *project.own_arguments(), *TARGETS]
    with promises.attempt(PROMISE, "signals"):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(project.folder)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.execve(command[0], command, project.environment())
        assert wait_for(lambda: marker.exists() and bool(marked(mark)), 60)
        family = below(pid)
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 129
        assert wait_for(lambda: not any(is_running(one) for one in family), 10)
        assert wait_for(lambda: not marked(mark), 10)


@pytest.mark.parametrize("options", [(), ("-v",)], ids=["check", "mypy itself"])
def test_killed(project: Project, promises: Promises, options: tuple[str, ...]) -> None:
    marker, mark = project.root / "waiting", mark_of(project)
    set_trap(project, hang(marker, mark))
    with promises.attempt(PROMISE, "signals"):
        process = project.start("-j2", *options, *TARGETS)
        assert wait_for(lambda: marker.exists() and bool(marked(mark)), 60)
        others = [] if options == () else marked(mark)
        family = sorted({*below(process.pid)} - {*others})
        process.kill()
        process.communicate(timeout=30)
        assert wait_for(lambda: not any(is_running(pid) for pid in family), 10)
        for pid in marked(mark):  # what plain mypy's plugin started is no concern of a typewave that is gone
            os.kill(pid, signal.SIGKILL)
        again = project.same(*TARGETS)
        assert again.summary["store"]["corrupt"] == 0


def test_jobs_of_the_shell_that_became_typewave(project: Project, promises: Promises) -> None:
    """`exec` makes typewave the parent of what the shell had started: that is not its own."""
    mark = mark_of(project)
    set_trap(project, "pass")
    project.prefix = ("sh", "-c", f'sleep {mark} >/dev/null 2>&1 & exec "$@"', "sh")
    with promises.attempt(PROMISE, "runs"):
        project.same(*TARGETS)
        [job] = marked(mark)
        os.kill(job, signal.SIGKILL)


def many_errors(project: Project) -> None:
    project.write({"many.py": "".join(f"x{number}: int = ''\n" for number in range(3000))})


@pytest.mark.parametrize("options", [(), ("-v",)], ids=["check", "mypy itself"])
@pytest.mark.parametrize("reader", ["head -1", "true"])
def test_reader_that_leaves(project: Project, promises: Promises, options: tuple[str, ...], reader: str) -> None:
    many_errors(project)
    with promises.attempt(PROMISE, "closed streams"):
        for _ in range(2):
            command = [str(project.binary), "check", *project.own_arguments(), *options, "many.py"]
            piped = ["bash", "-c", f'"$@" 2>stderr | {reader}; echo "${{PIPESTATUS[0]}}"', "bash", *command]
            done = subprocess.run(
                piped, cwd=project.folder, env=project.environment(), capture_output=True, timeout=120, text=True
            )
            assert done.stdout.splitlines()[-1] in ("1", "2"), done
            stderr = (project.folder / "stderr").read_text(encoding="utf-8")
            (project.folder / "stderr").unlink()
            assert "Traceback" not in stderr
            assert "Broken pipe" not in stderr
            if not options:
                assert stderr == ""


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize("options", [(), ("-v",)], ids=["check", "mypy itself"])
def test_closed_from_the_beginning(project: Project, promises: Promises, closed: str, options: tuple[str, ...]) -> None:
    set_trap(project, "pass")
    with promises.attempt(PROMISE, "closed streams"):
        command = [str(project.binary), "check", *project.own_arguments(), *options, *TARGETS]
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
            cwd=project.folder,
            env=project.environment(),
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 1, done
        assert b"Traceback" not in done.stderr
        assert project.same(*TARGETS).summary["store"]["corrupt"] == 0


def test_nobody_reads(project: Project, promises: Promises) -> None:
    """A pipe that is full and not read: a signal ends typewave all the same."""
    many_errors(project)
    with promises.attempt(PROMISE, "signals"):
        process = project.start("many.py")
        assert wait_for(lambda: bool(project.packs()), 60) or True
        time.sleep(2)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 143
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        process.stderr.close()
