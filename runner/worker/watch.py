"""What foreign code reads while it runs: files, directories, environment variables, other programs.

A look at whether a file exists leaves no trace, nor does what a program started by it reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Any, Final

# Not files: what is read there is the machine's.
DEVICES: Final = ("/dev/", "/proc/", "/sys/")
IMPORT_SYSTEM: Final = "<frozen importlib"
LISTING: Final = ("os.listdir", "os.scandir", "glob.glob")
PROGRAMS: Final = ("os.exec", "os.posix_spawn", "os.spawn", "os.system", "socket.connect", "subprocess.Popen")


@cache
def standard_library() -> tuple[str, ...]:
    import sysconfig  # imports a lot, which a check without plugins never needs

    return tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")})


class Readings:
    def __init__(self) -> None:
        self.files: set[str] = set()
        self.directories: set[str] = set()
        self.variables: set[str] = set()
        self.programs: set[str] = set()  # audit events of programs and connections


_open: list[Readings] = []  # of the watches that are on, innermost last
_installed = False


@contextmanager
def watch() -> Iterator[Readings]:
    """Notes what is read inside; hooks that were added to the interpreter once stay, and then do nothing."""
    global _installed
    if not _installed:
        standard_library()  # asked by the hook, so it must not be found out inside
        sys.addaudithook(_heed)
        _installed = True
    readings = Readings()
    _open.append(readings)
    try:
        with _watched_environment(readings):
            yield readings
    finally:
        _open.remove(readings)


def _heed(event: str, arguments: tuple[Any, ...]) -> None:
    if not _open:
        return
    if event == "open":
        path, mode, flags = arguments
        if isinstance(mode, str):
            reads = not set(mode) & set("wax")
        else:
            reads = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_CREAT) == 0
        if reads and not _is_import(sys._getframe(1)):
            _note("files", path)
    elif event in LISTING:
        if event != "glob.glob" and not _is_import(sys._getframe(1)):
            _note("directories", "." if arguments[0] is None else arguments[0])
    elif event in PROGRAMS:
        _open[-1].programs.add(event)


def _note(kind: str, path: object) -> None:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return  # a descriptor: whoever opened it was noted
    name = os.path.abspath(os.fsdecode(path))
    if name.startswith((*DEVICES, *standard_library())) and "site-packages" not in name:
        return
    getattr(_open[-1], kind).add(name)


def _is_import(frame: FrameType | None) -> bool:
    """Whether Python's own import system is at work: modules are known by other means."""
    return frame is not None and frame.f_code.co_filename.startswith(IMPORT_SYSTEM)


@contextmanager
def _watched_environment(readings: Readings) -> Iterator[None]:
    environment: Any = type(os.environ)
    get_item = environment.__getitem__

    def watched(self: Any, name: str) -> str:
        if isinstance(name, str) and not _is_incidental(sys._getframe(1)):
            readings.variables.add(name)
        found: str = get_item(self, name)
        return found

    environment.__getitem__ = watched
    try:
        yield
    finally:
        environment.__getitem__ = get_item


def _is_incidental(frame: FrameType | None) -> bool:
    """A reading of the standard library's own, or of the plugin that puts the environment back after it was changed."""
    while frame is not None and frame.f_code.co_filename.endswith(
        ("/os.py", "<frozen os>", "_collections_abc.py", "<frozen _collections_abc>")
    ):
        frame = frame.f_back
    if frame is None:
        return True
    code = frame.f_code
    if code.co_name in ("expandvars", "expanduser"):
        return False
    if code.co_filename.startswith(("<frozen", *standard_library())) and "site-packages" not in code.co_filename:
        return True
    return code.co_name == "temp_environ" and frame.f_globals.get("__name__", "").startswith("mypy_django_plugin.")
