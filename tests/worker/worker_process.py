"""A real worker at the other end of a socketpair, started as the coordinator starts it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typewave_worker.protocol import Connection

SOURCES = Path(__file__).resolve().parents[2] / "runner" / "worker"


def module_files() -> dict[str, Path]:
    """The worker's modules but for the bootstrap, by name."""
    return {
        "typewave_worker" if file.stem == "__init__" else f"typewave_worker.{file.stem}": file
        for file in sorted(SOURCES.glob("*.py"))
        if file.name != "bootstrap.py"
    }


class WorkerProcess:
    """`compiled`: what a binary holds besides the sources, marshalled code by the magic number of its Python."""

    def __init__(
        self, cwd: Path, environment: dict[str, str] | None = None, compiled: dict[str, bytes] | None = None
    ) -> None:
        ours, theirs = socket.socketpair()
        bootstrap = (SOURCES / "bootstrap.py").read_text()
        self.process = subprocess.Popen(
            [sys.executable, "-c", bootstrap, str(theirs.fileno())],
            cwd=cwd,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONHASHSEED": "0", **(environment or {})},
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.socket = ours
        self.connection = Connection(ours)
        self.loaded: set[str] = set()
        modules, compiled = module_files(), compiled or {}
        blobs = [*(file.read_bytes() for file in modules.values()), *compiled.values()]
        self.connection.send({"do": "code", "modules": [*modules], "compiled": [*compiled]}, blobs)

    def ask(self, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> dict[str, Any]:
        self.connection.send(header, blobs)
        return self.connection.receive()[0]

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_peak_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> int:
        with contextlib.suppress(OSError):
            self.connection.send({"do": "stop"})
        code = self.process.wait(timeout=20)
        self.socket.close()
        return code
