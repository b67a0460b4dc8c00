"""Ctrl-C, termination, and readers that go away."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from support.processes import is_running, wait_for
from support.project import Project, own_lines

# The check of `slow` stops for a minute, once.
PLUGIN = """\
import os, time
from pathlib import Path
from mypy.plugin import Plugin


class Slow(Plugin):
    def get_function_hook(self, fullname):
        if fullname == "slow.wait" and not os.path.exists('{marker}'):
            Path('{marker}.new').write_text(str(os.getpid()))
            os.rename('{marker}.new', '{marker}')
            time.sleep(60)
        return None


def plugin(version):
    return Slow
"""
SLOW = "import quick\n\n\ndef wait() -> int:\n    return quick.one\n\n\ndef run() -> None:\n    wait()\n"


@pytest.fixture
def slow(project: Project) -> Project:
    marker = project.root / "waiting"
    project.write({"plugin.py": PLUGIN.format(marker=marker), "mypy.ini": "[mypy]\nplugins = plugin.py\n"})
    project.write({"quick.py": "one = 1\nwrong: int = ''\n", "slow.py": SLOW})
    return project


def workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for one in children for pid in one.read_text(encoding="utf-8").split()]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_stopped(slow: Project, number: signal.Signals, status: int) -> None:
    marker = slow.root / "waiting"
    process = slow.start("-j2", "quick.py", "slow.py")
    assert wait_for(marker.exists, 30)
    workers = {int(marker.read_text(encoding="utf-8")), *workers_of(process.pid)}
    began = time.monotonic()
    os.killpg(process.pid, number)
    stdout, stderr = process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert process.returncode == status
    assert stdout == b""
    assert b"Traceback" not in stderr
    assert b"error" not in stderr
    assert wait_for(lambda: not any(is_running(pid) for pid in workers), 2)
    assert slow.summary()["exit"] == status

    again = slow.same("quick.py", "slow.py")
    assert "quick" not in again.summary["checked_modules"]
    assert again.summary["store"]["corrupt"] == 0
    assert own_lines(again.answer.stderr) == []


def test_killed(slow: Project) -> None:
    marker = slow.root / "waiting"
    process = slow.start("quick.py", "slow.py")
    assert wait_for(marker.exists, 30)
    process.kill()
    process.communicate(timeout=10)
    assert own_lines(slow.same("quick.py", "slow.py").answer.stderr) == []


def test_stopped_while_mypy_itself_runs(slow: Project) -> None:
    marker = slow.root / "waiting"
    process = slow.start("-v", "quick.py", "slow.py")
    assert wait_for(marker.exists, 30)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 143
    worker = int(marker.read_text(encoding="utf-8"))
    assert wait_for(lambda: not is_running(worker), 2)


def test_reader_that_goes_away(project: Project) -> None:
    project.write({"many.py": "".join(f"x{number}: int = ''\n" for number in range(3000))})
    for _ in range(2):
        process = project.start("many.py")
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b"many.py:1: error: ")
        process.stdout.close()
        assert process.wait(timeout=60) == 1
        assert process.stderr.read() == b""
        process.stderr.close()


@pytest.mark.parametrize("stream", [1, 2])
def test_closed_stream(shop: Project, stream: int) -> None:
    command = [str(shop.binary), "check", *shop.own_arguments(), "."]
    closed = ["sh", "-c", f'exec "$@" {stream}>&-', "sh", *command]
    done = subprocess.run(closed, cwd=shop.folder, env=shop.environment(), capture_output=True, timeout=60)
    assert done.returncode == 1
    text = done.stdout if stream == 2 else b""
    assert text in (b"", shop.check(".").answer.stdout.encode())
    assert shop.same(".").summary["checked"] == 0
