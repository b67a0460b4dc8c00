"""Keeps the package's compiled code for the next worker: to compile it takes a third of the time that
mypy's import does.

Code is trusted by whoever runs it, so it lies neither in the store, which may be shared, nor in the checked folder, but
where only this user can write. The bootstrap reads it, and everything is done without it where it cannot be kept.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import Final, Protocol

# Of other versions and interpreters too, the newest ones.
KEPT: Final = 8


class Loader(Protocol):
    sources: dict[str, str]
    codes: dict[str, CodeType]

    def get_code(self, fullname: str) -> CodeType: ...


def keep(path: str, name: str, loader: Loader, open_private: Callable[[str, int], int]) -> None:
    """Compiles all modules of the loader and leaves them in the folder `path`, if that can be had."""
    with suppress(OSError):
        folder = _open_folder(path, open_private)
        try:
            loader.codes = {module: loader.get_code(module) for module in loader.sources}
            data = marshal.dumps(loader.codes)
            _write(folder, name, hashlib.sha256(data).digest() + data)
            _remove_old(folder)
        finally:
            os.close(folder)


def _open_folder(path: str, open_private: Callable[[str, int], int]) -> int:
    # Not in somebody else's place, as `sudo` without another HOME would: its owner could not use it.
    if os.stat(os.path.dirname(path)).st_uid == os.geteuid():
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
    return open_private(path, os.O_RDONLY | os.O_DIRECTORY)


def _write(folder: int, name: str, data: bytes) -> None:
    temporary = f"{name}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(temporary, dir_fd=folder)
        raise


def _remove_old(folder: int) -> None:
    times = {name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime for name in os.listdir(folder)}
    for name in sorted(times, key=times.__getitem__, reverse=True)[KEPT:]:
        os.unlink(name, dir_fd=folder)
