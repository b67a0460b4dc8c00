"""The worker's standard output: a file in memory, so that whatever a plugin or a program it starts prints can neither
disturb the protocol nor get lost.

Where plain mypy would show such text in the middle of its own, only plain mypy can give the answer.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from contextlib import suppress
from typing import Final

STDOUT: Final = 1
STDERR: Final = 2


class HeldOutput(io.TextIOWrapper):
    """Takes the place of one of the two streams and holds what mypy or a plugin prints."""

    def __init__(self, descriptor: int) -> None:
        self._bytes = io.BytesIO()
        self._descriptor = descriptor
        super().__init__(self._bytes, "utf-8", "backslashreplace", write_through=True)

    def fileno(self) -> int:
        return self._descriptor  # for child processes of a plugin

    def is_empty(self) -> bool:
        return self._bytes.tell() == 0

    def take(self) -> str:
        """What was printed since the last time."""
        if self.is_empty():
            return ""
        text = self._bytes.getvalue().decode("utf-8", "backslashreplace")
        self._bytes.seek(0)
        self._bytes.truncate()
        return text


def catch_standard_output() -> None:
    """From now on descriptor 1 is a file of ours; it is shared with every child process."""
    try:
        descriptor = os.memfd_create("stdout")
    except (AttributeError, OSError):
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), STDOUT)
        return
    os.dup2(descriptor, STDOUT)
    os.close(descriptor)


def was_printed() -> bool:
    """Whether anything came since the last time it was taken."""
    _flush()
    try:
        return os.fstat(STDOUT).st_size > 0
    except OSError:
        return False  # a plugin closed it


def take_printed() -> str:
    """What was printed since the last time."""
    _flush()
    try:
        size = os.fstat(STDOUT).st_size
        if not size:
            return ""
        data = os.pread(STDOUT, size, 0)
        os.ftruncate(STDOUT, 0)
        os.lseek(STDOUT, 0, os.SEEK_SET)
    except OSError:
        return ""
    return data.decode("utf-8", "backslashreplace")


def _flush() -> None:
    if sys.__stdout__ is None:
        return
    with suppress(OSError, ValueError):
        sys.__stdout__.flush()
