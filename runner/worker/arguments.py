"""The user's arguments as mypy understands them, without looking for the files they name."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.modulefinder import BuildSource
from mypy.options import Options

# A file that need not exist: it keeps mypy from complaining about a directory without Python files.
FAKE_ENTRY = "typewave.py"


class MypyExit(Exception):
    """mypy decided to stop (usage error, --help, a bad config...)."""

    def __init__(self, code: int, stdout: str, stderr: str) -> None:
        super().__init__(stderr or stdout)
        self.code = code
        self.stdout = stdout
        self.stderr = stderr

    def reply(self) -> dict[str, Any]:
        return {
            "did": "exit",
            "code": self.code,
            "stdout": _as_printed(self.stdout),
            "stderr": _as_printed(self.stderr),
        }


def _as_printed(text: str) -> str:
    """With names that are no text spelled out, as on standard error."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Processed(NamedTuple):
    options: Options
    sources: list[BuildSource]
    stdout: str
    stderr: str


class _ShallowFileSystem(FileSystemCache):
    """Answers single look-ups truly, but pretends that every listed directory holds one file only."""

    def __init__(self) -> None:
        super().__init__()
        self._looking_up = 0

    def listdir(self, path: str) -> list[str]:
        return super().listdir(path) if self._looking_up else [FAKE_ENTRY]

    def isfile_case(self, path: str, prefix: str) -> bool:
        self._looking_up += 1
        try:
            return super().isfile_case(path, prefix)
        finally:
            self._looking_up -= 1

    def exists_case(self, path: str, prefix: str) -> bool:
        self._looking_up += 1
        try:
            return super().exists_case(path, prefix)
        finally:
            self._looking_up -= 1


def process_arguments(argv: list[str], *, crawl: bool = False) -> Processed:
    """Options and sources; without `crawl` the sources are only a stand-in."""
    if not crawl:
        try:
            return _process(argv, _ShallowFileSystem())
        except MypyExit:
            pass  # packages (-p) cannot be looked up in a pretended listing; and mypy's own words need true ones
    return _process(argv, FileSystemCache())


def _process(argv: list[str], file_system: FileSystemCache) -> Processed:
    stdout, stderr = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(stdout), redirect_stderr(stderr):
            sources, options = process_options(argv, stdout=stdout, stderr=stderr, fscache=file_system)
    except SystemExit as stop:
        code = stop.code
        if isinstance(code, str):
            stderr.write(code + "\n")
        number = code if isinstance(code, int) else int(code is not None)
        raise MypyExit(number, stdout.getvalue(), stderr.getvalue()) from None
    return Processed(options, sources, stdout.getvalue(), stderr.getvalue())
