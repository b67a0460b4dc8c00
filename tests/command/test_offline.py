"""No network: a run in which whatever opens an internet socket is killed is a run like any other."""

from __future__ import annotations

import platform
import signal
import sys
from pathlib import Path

import pytest

from support import offline
from support.oracle import run
from support.project import SHOP_ERRORS, Project

UNDER_THE_FILTER = (sys.executable, offline.__file__)

pytestmark = pytest.mark.skipif(
    platform.machine() not in offline.SOCKET_CALL, reason="the filter is not written for this processor"
)


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_filter_kills(tmp_path: Path, family: str) -> None:
    program = [sys.executable, "-c", f"import socket; socket.socket(socket.{family})"]
    assert run([*UNDER_THE_FILTER, *program], tmp_path, {}).status == -signal.SIGSYS
    inside = [sys.executable, "-c", f"import subprocess; print(subprocess.call({program!r}))"]
    assert run([*UNDER_THE_FILTER, *inside], tmp_path, {}).stdout == f"{-signal.SIGSYS}\n"
    harmless = [sys.executable, "-c", "import socket; socket.socketpair(); socket.socket(socket.AF_UNIX)"]
    assert run([*UNDER_THE_FILTER, *harmless], tmp_path, {}).status == 0


def test_nothing_needs_the_network(shop: Project) -> None:
    shop.prefix = UNDER_THE_FILTER
    first = shop.check("--verify", ".")
    assert f"Found {SHOP_ERRORS} errors" in first.answer.stdout
    assert first.summary["verified"] is True
    again = shop.check(".")
    assert (again.answer.stdout, again.summary["checked"]) == (first.answer.stdout, 0)
    # Another interpreter is asked, plain mypy runs, nothing is kept.
    assert shop.check("--no-store", "-v", ".").answer.status == 1
    assert shop.call("--version").status == 0
    assert shop.call("graph", f"--python={shop.python}", f"--store={shop.store}", ".").status == 0
