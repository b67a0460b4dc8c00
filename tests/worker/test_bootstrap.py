"""What a worker runs: code compiled for its Python if it is sent some, else the sources."""

from __future__ import annotations

import importlib.util
import marshal
import re
import subprocess
import sys
from pathlib import Path

from support.oracle import REPOSITORY
from worker_process import WorkerProcess, module_files

THIS_PYTHON = importlib.util.MAGIC_NUMBER.hex()
TARGET = {"python_major": 3, "python_minor": 11, "platform": "linux", "always_true": [], "always_false": []}
ANSWER = {"did": "scan", "by": "compiled code"}


def other_code() -> bytes:
    """A worker whose scans say that it is not the one of the sources."""
    codes = {}
    for name, file in module_files().items():
        source = file.read_text()
        if name == "typewave_worker.scan":
            source = f"def scan_file(path, target):\n    return {ANSWER}\n"
        codes[name] = compile(source, f"<{name}>", "exec")
    return marshal.dumps(codes)


def scan(folder: Path, compiled: dict[str, bytes]) -> dict[str, object]:
    (folder / "a.py").write_text("import os\n")
    worker = WorkerProcess(folder, compiled=compiled)
    answer = worker.ask({"do": "scan", "path": "a.py", "target": TARGET})
    assert worker.stop() == 0
    return answer


def test_code_for_this_python_is_run(tmp_path: Path) -> None:
    assert scan(tmp_path, {"00000000": b"not for us", THIS_PYTHON: other_code()}) == ANSWER


def test_code_for_other_pythons_is_not(tmp_path: Path) -> None:
    assert scan(tmp_path, {"00000000": other_code()})["ok"] is True
    assert scan(tmp_path, {})["ok"] is True


def test_compiler_writes_what_the_sources_say(tmp_path: Path) -> None:
    output = tmp_path / "worker_code.inc"
    modules = [f"{name}={file}" for name, file in module_files().items()]
    subprocess.run([sys.executable, REPOSITORY / "runner/compile_worker.py", output, *modules], check=True)
    text = output.read_text()
    content = bytes(int(octal, 8) for octal in re.findall(r"\\(\d{3})", text))
    assert f'{{"{THIS_PYTHON}", ' in text
    assert {*marshal.loads(content)} == {*module_files()}
    assert scan(tmp_path, {THIS_PYTHON: content})["ok"] is True
