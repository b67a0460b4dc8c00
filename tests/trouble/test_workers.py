"""Workers in trouble: killed, hung, out of memory, talking nonsense, leaving others behind."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.processes import is_running, wait_for
from support.project import Project, own_lines
from support.promises import Promises
from trouble.trap import TARGETS, end_all, once, running_in, set_trap

PROMISE = "workers in trouble"
PATIENCE = 300.0  # seconds; where the machine has other things to do


@pytest.fixture(autouse=True)
def nobody_left(project: Project) -> Iterator[None]:
    yield
    end_all(project.folder)


def memory_of(root: int) -> int:
    """Bytes that a process and all below it hold, shared pages counted once for each."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.name))
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        todo += parents.get(pid, [])
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * resource.getpagesize()
        except OSError:
            continue
    return total


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by signal 9 (Killed)"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was killed by signal 11 (Segmentation fault)"),
        ("os.abort()", "was killed by signal 6 (Aborted)"),
        ("os._exit(0)", "exited with status 0"),
        ("os.write(3, b'rubbish' * 10)", "sent something that is not a frame"),
        ("os.write(3, b'\\x54\\x57\\x57\\x31' + b'\\xff' * 12)", "sent something that is not a frame"),
        ("os.closerange(3, 64)", "exited with status"),
        ("raise MemoryError('no more')", "MemoryError: no more"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise RuntimeError('mypy: INTERNAL ERROR')", "RuntimeError: mypy: INTERNAL ERROR"),
    ],
)
def test_a_component_that_ends_its_worker(project: Project, promises: Promises, act: str, words: str) -> None:
    set_trap(project, act)
    with promises.attempt(PROMISE, "deaths"):
        checked = project.check("-j2", *TARGETS)
        assert checked.answer.status == 2
        assert "tool.py:3: error: " in checked.answer.stdout
        assert "shop/customer.py:5: error: " in checked.answer.stdout
        lines = own_lines(checked.answer.stderr)
        assert lines[0].startswith("typewave: error: checking trap failed: ")
        assert words in lines[0]
        assert any(line.startswith("typewave: hint: ") and "-m mypy" in line for line in lines)
        assert checked.summary["failed"] == 1
        assert "trap" not in checked.summary["checked_modules"]
        set_trap(project, "pass")
        assert "trap" in project.same(*TARGETS).summary["checked_modules"]


@pytest.mark.parametrize("act", ["os.kill(os.getpid(), signal.SIGSEGV)", "os._exit(0)", "os.write(3, b'x' * 99)"])
def test_one_death_costs_time_only(project: Project, promises: Promises, act: str) -> None:
    set_trap(project, once("died", act))
    with promises.attempt(PROMISE, "deaths"):
        assert project.same(*TARGETS).summary["failed"] == 0
        assert project.same(*TARGETS).summary["checked"] == 0


def test_the_rest_of_a_batch_is_not_blamed(project: Project, promises: Promises) -> None:
    """Every module's first check ends the worker: none may fail for what happened to another."""
    names = [f"m{number}" for number in range(6)]
    project.write({f"{name}.py": f"def f() -> int:\n    return 1\n\n\nx = f()\ny: str = {name!r}\n" for name in names})
    act = (
        "marker = Path('..') / fullname\n"
        "            if not marker.exists():\n"
        "                marker.touch()\n"
        "                os.kill(os.getpid(), signal.SIGKILL)"
    )
    set_trap(project, act, calls='fullname.endswith(".f")')
    with promises.attempt(PROMISE, "deaths"):
        checked = project.check("-j1", *(f"{name}.py" for name in names))
        assert checked.answer.status == 0, checked.answer.stderr
        assert checked.summary["failed"] == 0


def test_hung_component(project: Project, promises: Promises) -> None:
    set_trap(project, "if os.path.exists('../hang'):\n                time.sleep(1000)")
    project.check("shop", "tool.py")
    (project.root / "hang").touch()
    with promises.attempt(PROMISE, "hung"):
        checked = project.check("--worker-timeout", "10", "-j2", *TARGETS)
        assert checked.answer.status == 2
        assert "tool.py:3: error: " in checked.answer.stdout
        lines = own_lines(checked.answer.stderr)
        assert lines[0] == "typewave: error: checking trap failed: its worker gave no answer in time"
        assert "--worker-timeout" in lines[1]
        assert checked.summary["failed"] == 1


def test_the_limit_is_for_one_component_not_for_a_batch(project: Project, promises: Promises) -> None:
    """Twenty components in one batch that together take twice the limit."""
    names = [f"m{number}" for number in range(20)]
    project.write({f"{name}.py": f"def f() -> int:\n    return 1\n\n\nx = f()\ny: str = {name!r}\n" for name in names})
    with promises.attempt(PROMISE, "hung"):
        for limit in (10, 30, 90):
            set_trap(project, f"time.sleep({limit / 10})", calls='fullname.endswith(".f")')
            answer = project.check("--worker-timeout", str(limit), "-j1", *(f"{name}.py" for name in names)).answer
            # On a busy machine builtins alone may take longer; that is not what is tried here.
            assert "checking m" not in answer.stderr
            if answer.status == 0:
                break
        assert answer.status == 0, answer.stderr


def test_plugin_that_hangs_while_it_is_loaded(project: Project, promises: Promises) -> None:
    set_trap(project, "pass", load="time.sleep(1000)")
    with promises.attempt(PROMISE, "hung"):
        checked = project.check("--worker-timeout", "3", *TARGETS)
        assert checked.answer.status == 2
        [error] = [line for line in own_lines(checked.answer.stderr) if "error" in line]
        assert "reading mypy's options" in error
        assert "gave no answer in time" in error


PRINTING = {
    "print": "print('from the plugin')",
    "buffer": "sys.stdout.buffer.write(b'from the plugin\\n')",
    "descriptor": "os.write(1, b'from the plugin\\n')",
    "program": "subprocess.run(['echo', 'from the plugin'])",
    "program with our stream": "subprocess.run(['echo', 'from the plugin'], stdout=sys.stdout)",
    "the first stream": "sys.__stdout__.write('from the plugin\\n')",
}


@pytest.mark.parametrize("act", PRINTING.values(), ids=PRINTING)
def test_what_a_plugin_prints_comes_where_mypy_shows_it(project: Project, promises: Promises, act: str) -> None:
    set_trap(project, act)
    with promises.attempt(PROMISE, "printing"):
        assert "from the plugin" in project.same(*TARGETS).answer.stdout


@pytest.mark.parametrize("act", ["print('from the plugin')", "subprocess.run(['echo', 'from the plugin'])"])
def test_what_a_plugin_prints_while_it_is_loaded(project: Project, promises: Promises, act: str) -> None:
    set_trap(project, "pass", load=act)
    with promises.attempt(PROMISE, "printing"):
        first = project.same(*TARGETS)
        assert first.answer.stdout.count("from the plugin") == 1
        assert "from the plugin" not in first.answer.stderr
        assert project.same(*TARGETS).summary["checked"] == 0


# A child that goes on without the worker; with or without a hold on the worker's connection, in or out of its group.
CHILDREN = {
    "program": "subprocess.Popen(['sleep', '20'])",
    "own session": "subprocess.Popen(['sleep', '20'], start_new_session=True)",
    "inherits all": "subprocess.Popen(['sleep', '20'], close_fds=False)",
    "fork": "os.fork() or os.execvp('sleep', ['sleep', '20'])",
    "fork without exec": "os.fork() or (os.setsid(), [time.sleep(1) for _ in range(20)], os._exit(0))",
}


@pytest.mark.parametrize("act", CHILDREN.values(), ids=CHILDREN)
def test_children_that_outlive_their_worker(project: Project, promises: Promises, act: str) -> None:
    set_trap(project, act)
    with promises.attempt(PROMISE, "children"):
        project.same(*TARGETS)
        assert wait_for(lambda: running_in(project.folder) == [], 10)


def test_a_child_holds_the_connection_of_a_dead_worker(project: Project, promises: Promises) -> None:
    act = "(os.fork() or (time.sleep(600), os._exit(0))) and os.kill(os.getpid(), signal.SIGKILL)"
    set_trap(project, act)
    with promises.attempt(PROMISE, "children"):
        began = time.monotonic()
        checked = project.check(*TARGETS)
        assert time.monotonic() - began < 90
        assert checked.answer.status == 2
        assert "was killed by signal 9" in own_lines(checked.answer.stderr)[0]


def test_no_worker_starts(project: Project, promises: Promises) -> None:
    """mypy stops whenever it is loaded again: one message, not one a component."""
    load = "if Path('../answered').exists():\n    os.kill(os.getpid(), signal.SIGKILL)\nPath('../answered').touch()"
    set_trap(project, "pass", load=load)
    with promises.attempt(PROMISE, "deaths"):
        checked = project.check("-j2", *TARGETS)
        assert checked.answer.status == 2
        lines = own_lines(checked.answer.stderr)
        assert len([line for line in lines if line.startswith("typewave: error: ")]) <= 3, lines
        # Which of its processes was the second depends on how often mypy had to be asked for its options.
        assert "killed by signal 9" in checked.answer.stderr


def test_out_of_address_space(project: Project, promises: Promises) -> None:
    set_trap(project, "held = bytearray(4_000_000_000)")
    project.prefix = ("sh", "-c", 'ulimit -v 2000000; exec "$@"', "sh")
    with promises.attempt(PROMISE, "out of memory"):
        checked = project.check("-j1", *TARGETS)
        assert checked.answer.status == 2
        assert own_lines(checked.answer.stderr)[0].startswith("typewave: error: checking trap failed: MemoryError")
        assert "tool.py:3: error: " in checked.answer.stdout


CONTROL_GROUPS = Path("/sys/fs/cgroup/memory")


@pytest.fixture
def control_group(project: Project) -> Path:
    """A control group (version 1) with 400 MB of memory, where this machine lets us make one."""
    group = CONTROL_GROUPS / f"typewave-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text("400M", encoding="utf-8")
    except OSError as error:
        pytest.skip(f"no control group can be made here: {error}")
    return group


def test_the_kernel_kills_a_worker_that_takes_too_much(
    project: Project, promises: Promises, control_group: Path
) -> None:
    set_trap(project, "held = [bytearray(b'x') * 1_000_000 for _ in range(3000)]")
    project.prefix = ("sh", "-c", f'echo $$ > {control_group}/cgroup.procs; exec "$@"', "sh")
    try:
        with promises.attempt(PROMISE, "out of memory"):
            checked = project.check("-j2", *TARGETS)
            assert checked.answer.status == 2
            first = own_lines(checked.answer.stderr)[0]
            assert first.startswith("typewave: error: checking trap failed: its worker was killed by signal 9")
            assert "because memory ran out" in first
            assert "tool.py:3: error: " in checked.answer.stdout
    finally:
        wait_for(lambda: (control_group / "cgroup.procs").read_text(encoding="utf-8") == "", 20)
        control_group.rmdir()


def generated(count: int) -> dict[str, str]:
    """Modules whose checks leave something behind in the worker."""
    body = "".join(f"class C{number}:\n    x{number}: dict[str, list[int]] = {{}}\n" for number in range(60))
    return {
        f"g{number}.py": f"import g{number // 2}\n{body}wrong: int = ''\n" if number else body
        for number in range(count)
    }


def peak_while(process: subprocess.Popen[bytes]) -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, memory_of(process.pid))
        time.sleep(0.05)
    return peak


def test_memory_is_bounded(project: Project, promises: Promises) -> None:
    project.write(generated(160))
    limit = 450_000_000
    with promises.attempt(PROMISE, "out of memory"):
        process = project.start("-j4", f"--max-memory={limit}", ".")
        output: list[bytes] = []
        assert process.stdout is not None
        reader = threading.Thread(target=lambda: output.append(process.stdout.read()))  # type: ignore[union-attr]
        reader.start()
        peak = peak_while(process)
        reader.join()
        assert process.returncode == 1
        assert peak < limit * 1.15, f"{peak:,}"
        free = project.check("--no-store", "-j1", ".")
        assert output[0].decode() == free.answer.stdout


def test_worker_dies_with_typewave(project: Project, promises: Promises) -> None:
    marker = project.root / "waiting"
    set_trap(project, once("waiting", "time.sleep(600)"))
    with promises.attempt(PROMISE, "deaths"):
        process = project.start("-j2", *TARGETS)
        assert wait_for(marker.exists, PATIENCE)
        process.kill()
        process.communicate(timeout=10)
        assert wait_for(lambda: not is_running(int(marker.read_text(encoding="utf-8"))), 5)
