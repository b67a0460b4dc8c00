"""The user's arguments as mypy understands them, without looking for the files they name."""

from __future__ import annotations

import builtins
import glob
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, NamedTuple, NoReturn

from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.modulefinder import BuildSource
from mypy.options import Options

# A file that need not exist: it keeps mypy from complaining about a directory without Python files.
FAKE_ENTRY = "typewave.py"
# A configuration beyond all sense: mypy would be busy with it until memory ends.
LARGEST_SETTINGS = 100_000_000


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


class Looked:
    """What mypy reads its settings from, beside the arguments themselves."""

    def __init__(self) -> None:
        self.files: set[str] = set()  # opened: configurations, and files of arguments (`@file`)
        self.patterns: set[str] = set()  # of paths


class Processed(NamedTuple):
    options: Options
    sources: list[BuildSource]
    stdout: str
    stderr: str
    looked: Looked


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


@contextmanager
def _watched(looked: Looked) -> Iterator[None]:
    """For the time when mypy reads its settings: notes where, and refuses pipes, which would make it wait for ever."""
    open_file, match = builtins.open, glob.glob
    last = ""

    def open_readable(file: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal last
        if isinstance(file, (str, bytes, os.PathLike)):
            last = os.fsdecode(file)
            looked.files.add(last)
            _require_file(last)
        return open_file(file, *arguments, **named)

    def match_noted(pattern: Any, *arguments: Any, **named: Any) -> Any:
        looked.patterns.add(os.fspath(pattern))
        return match(pattern, *arguments, **named)

    builtins.open, vars(glob)["glob"] = open_readable, match_noted
    try:
        yield
    except MypyExit:
        raise
    except Exception as error:
        if not last:
            raise
        # mypy itself prints a traceback and ends with the same status.
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        _refuse(f"mypy cannot read its settings in {last}: {why}", "mend or remove the file")
    finally:
        builtins.open, vars(glob)["glob"] = open_file, match


def _require_file(path: str) -> None:
    """What is named below /dev or /proc, as in `--config-file <(command)`, was meant."""
    try:
        status = os.stat(path)
    except OSError:
        return
    if path.startswith(("/dev/", "/proc/")):
        return
    if stat.S_ISREG(status.st_mode) and status.st_size > LARGEST_SETTINGS:
        trouble = f"is larger than {LARGEST_SETTINGS // 1_000_000} MB"
    elif stat.S_ISFIFO(status.st_mode):
        trouble = "is a pipe"
    elif stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        trouble = "is a device"
    else:
        return  # a folder or a socket cannot be opened: mypy has its own way with them
    _refuse(f"{path} {trouble}, which cannot be read as settings", "remove it, or name another file with --config-file")


def _refuse(what: str, hint: str) -> NoReturn:
    raise MypyExit(2, "", f"typewave: error: {what}\ntypewave: hint: {hint}\n") from None


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
    looked = Looked()
    try:
        with redirect_stdout(stdout), redirect_stderr(stderr), _watched(looked):
            sources, options = process_options(argv, stdout=stdout, stderr=stderr, fscache=file_system)
    except SystemExit as stop:
        code = stop.code
        if isinstance(code, str):
            stderr.write(code + "\n")
        number = code if isinstance(code, int) else int(code is not None)
        raise MypyExit(number, stdout.getvalue(), stderr.getvalue()) from None
    return Processed(options, sources, stdout.getvalue(), stderr.getvalue(), looked)
