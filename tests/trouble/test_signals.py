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
from collections.abc import Iterator

import pytest

from support.processes import is_running, wait_for
from support.project import Project, own_lines
from support.promises import Promises
from trouble.trap import TARGETS, TRAP, end_all, once, running_in, set_trap

PROMISE = "Ctrl-C, signals, closed streams"
PATIENCE = 300.0  # seconds; where the machine has other things to do


@pytest.fixture(autouse=True)
def nobody_left(project: Project) -> Iterator[None]:
    yield
    end_all(project.folder)


STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}

# Hangs with a program below it, in the worker's process group or in a session of its own.
HANG = "(subprocess.Popen(['sleep', '1000'], start_new_session={session}), time.sleep(600))"


def hang(*, session: bool = False) -> str:
    return once("waiting", HANG.format(session=session))


def hangs(project: Project) -> bool:
    return (project.root / "waiting").exists() and running_in(project.folder, "sleep") != []


# Where typewave is when the signal comes: while a component is checked, while mypy itself runs, while it asks mypy
# for its options.
STAGES = {"check": ((), False), "mypy itself": (("-v",), False), "probe": ((), True)}


# Everything has to be gone within these seconds; the product gives its children less than one.
PROMISED = 2.0
# On a machine that is busy otherwise an attempt may take longer. One that never waits on a timer does not need more.
ATTEMPTS = 4

QUICK = {("SIGINT", "check", True), ("SIGTERM", "mypy itself", False), ("SIGHUP", "probe", True)}
CASES = [
    pytest.param(
        number,
        stage,
        session,
        id=f"{number.name}-{stage}-{'session' if session else 'group'}",
        marks=() if (number.name, stage, session) in QUICK else pytest.mark.slow,
    )
    for number in STATUS
    for stage in STAGES
    for session in (False, True)
]


def seconds_to_end(project: Project, number: signal.Signals, options: tuple[str, ...]) -> float:
    """From the signal until typewave and all that it or a plugin started is gone."""
    process = project.start("-j2", *options, *TARGETS)
    assert wait_for(lambda: hangs(project), PATIENCE)
    began = time.monotonic()
    process.send_signal(number)  # to typewave alone
    _, stderr = process.communicate(timeout=30)
    assert wait_for(lambda: running_in(project.folder) == [], 10)
    needed = time.monotonic() - began
    assert process.returncode == STATUS[number]
    assert b"Traceback" not in stderr
    assert b"error" not in stderr
    assert not list(project.store.rglob("*.tmp"))
    return needed


@pytest.mark.parametrize(("number", "stage", "session"), CASES)
def test_everything_ends(
    project: Project, promises: Promises, number: signal.Signals, stage: str, session: bool
) -> None:
    marker = project.root / "waiting"
    options, at_load = STAGES[stage]
    if at_load:
        load = "if not os.path.exists('../waiting'):\n    Path('../waiting').touch()\n    "
        set_trap(project, "pass", load=load + HANG.format(session=session))
    else:
        set_trap(project, hang(session=session))
        project.write({"trap.py": f"import shop.price\n{TRAP}"})  # which is finished before
    with promises.attempt(PROMISE, "signals"):
        needed: list[float] = []
        while not needed or (needed[-1] > PROMISED and len(needed) < ATTEMPTS):
            marker.unlink(missing_ok=True)
            needed.append(seconds_to_end(project, number, options))
        assert min(needed) <= PROMISED, needed
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
    set_trap(project, hang())
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

        def painted() -> bool:
            nonlocal shown
            shown += read_terminal(terminal, time.monotonic() + 0.2)
            return b"components" in shown and hangs(project)

        assert wait_for(painted, PATIENCE)
        os.write(terminal, b"\x03")
        shown = read_terminal(terminal, time.monotonic() + 10)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
        assert wait_for(lambda: running_in(project.folder) == [], 10)
        assert termios.tcgetattr(terminal) == before
        assert shown.endswith(b"\r\x1b[K"), shown  # the line is gone, the cursor at its beginning
        assert b"error" not in shown
        os.close(terminal)


def test_a_terminal_that_goes_away(project: Project, promises: Promises) -> None:
    set_trap(project, hang(session=True))
    command = [str(project.binary), "check", *project.own_arguments(), *TARGETS]
    with promises.attempt(PROMISE, "signals"):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(project.folder)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.execve(command[0], command, project.environment())
        assert wait_for(lambda: hangs(project), PATIENCE)
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 129
        assert wait_for(lambda: running_in(project.folder) == [], 10)


@pytest.mark.parametrize(
    ("options", "session"),
    [((), False), ((), True), (("-v",), True)],
    ids=["check", "own session", "mypy itself"],
)
def test_killed(project: Project, promises: Promises, options: tuple[str, ...], session: bool) -> None:
    set_trap(project, hang(session=session))
    with promises.attempt(PROMISE, "signals"):
        process = project.start("-j2", *options, *TARGETS)
        assert wait_for(lambda: hangs(project), PATIENCE)
        process.kill()
        process.communicate(timeout=30)
        pythons = {int((project.root / "waiting").read_text(encoding="utf-8"))}
        assert wait_for(lambda: not any(is_running(pid) for pid in pythons), 10)
        assert wait_for(lambda: running_in(project.folder) == [], 10)
        assert project.same(*TARGETS).summary["store"]["corrupt"] == 0


def test_mypy_itself_ends_by_a_signal(project: Project, promises: Promises) -> None:
    """Whoever stands between typewave and mypy passes its end on."""
    set_trap(project, "os.kill(os.getpid(), signal.SIGSEGV)")
    with promises.attempt(PROMISE, "signals"):
        answer = project.check("-v", *TARGETS).answer
        assert answer.status == 2
        assert any("mypy was killed by signal 11" in line for line in own_lines(answer.stderr)), answer.stderr


def test_what_mypy_itself_leaves_ends_with_it(project: Project, promises: Promises) -> None:
    set_trap(project, "subprocess.Popen(['sleep', '1000'], start_new_session=True)")
    with promises.attempt(PROMISE, "runs"):
        for options in (("-v",), ("--verify", "--report", "json:../report")):
            assert project.check(*options, *TARGETS).answer.status == 1
            assert wait_for(lambda: running_in(project.folder) == [], 10)


def test_jobs_of_the_shell_that_became_typewave(project: Project, promises: Promises) -> None:
    """`exec` makes typewave the parent of what the shell had started: that is not its own."""
    set_trap(project, "pass")
    project.prefix = ("sh", "-c", 'sleep 1000 >/dev/null 2>&1 & exec "$@"', "sh")
    with promises.attempt(PROMISE, "runs"):
        project.same(*TARGETS)
        [job] = running_in(project.folder, "sleep")
        os.kill(job, signal.SIGKILL)


def many_errors(project: Project) -> None:
    project.write({"many.py": "".join(f"x{number}: int = ''\n" for number in range(3000))})


@pytest.mark.parametrize("options", [(), ("-v",)], ids=["check", "mypy itself"])
@pytest.mark.parametrize("reader", ["head -1", pytest.param("true", marks=pytest.mark.slow)])
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


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0<&- 1>&- 2>&-"])
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
        assert wait_for(lambda: bool(project.packs()), PATIENCE)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 143
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        process.stderr.close()
