"""Handed to `PYTHON -c`: installs the worker package sent as the first frame and runs it on the socket argv[1].

Under `-c` the first entry of sys.path is the working directory; mypy started from its console script has the
script's directory there instead, and mypy drops that entry when it computes its search paths. So it is replaced before
anything is imported that is not loaded yet: the checked folder may hold a json.py.
"""

# ruff: noqa: I001
import sys
import os

if sys.path and sys.path[0] == "":
    sys.path[0] = os.path.dirname(sys.executable)

import gc
import hashlib
import importlib
import importlib.util
import json
import marshal
import stat
import struct
from collections.abc import Sequence
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

gc.disable()  # until mypy is imported: what imports make stays


def read_exactly(descriptor: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class EmbeddedSources(InspectLoader):
    """Finds and loads the package's modules; compiles those that it has no code of."""

    def __init__(self, sources: dict[str, str], codes: dict[str, CodeType]) -> None:
        self.sources = sources
        self.codes = codes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.sources:
            return None
        return ModuleSpec(fullname, self, origin=f"<{fullname}>", is_package=self.is_package(fullname))

    def is_package(self, fullname: str) -> bool:
        return any(name.startswith(fullname + ".") for name in self.sources)

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = self.codes.get(fullname) or compile(
            self.sources[fullname], f"<{fullname}>", "exec", dont_inherit=True
        )
        return code

    def get_source(self, fullname: str) -> str:
        return self.sources[fullname]


def compiled_folder() -> str | None:
    """Where compiled code is kept between runs; never where the checked folder could have brought it along."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", ""), ".cache")
    try:
        here = os.path.join(os.getcwd(), "")
    except OSError:
        return None
    path = os.path.join(os.path.realpath(caches), "typewave-worker")
    return path if os.path.isabs(caches) and not path.startswith(here) else None


def open_private(name: str, flags: int, folder: int | None = None) -> int:
    """Opens what this user alone can have written: whoever wrote it decides what the worker does."""
    descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    status = os.fstat(descriptor)
    kind = stat.S_IFDIR if flags & os.O_DIRECTORY else stat.S_IFREG
    if stat.S_IFMT(status.st_mode) == kind and status.st_uid == os.geteuid() and not status.st_mode & 0o077:
        return descriptor
    os.close(descriptor)
    raise PermissionError(name)


def read_compiled(path: str, name: str) -> dict[str, CodeType]:
    """The code an earlier worker kept under this name; none if anything is not as it left it."""
    try:
        folder = open_private(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with open(open_private(name, os.O_RDONLY, folder), "rb") as file:
                data = file.read()
        finally:
            os.close(folder)
    except OSError:
        return {}
    # Verified first: damage would crash Python's reader.
    intact = hashlib.sha256(data[32:]).digest() == data[:32]
    codes: dict[str, CodeType] = marshal.loads(data[32:]) if intact else {}
    return codes


# Python takes a compiled file for current if size and second of the source are the same: of a plugin that is
# edited twice in a second it would run the older form. And a check leaves nothing in the checked folders.
sys.dont_write_bytecode = True
channel = int(sys.argv[1])
magic, header_size, payload_size = struct.unpack("<IIQ", read_exactly(channel, 16))
frame_header = read_exactly(channel, header_size)
header = json.loads(frame_header)
if magic != 0x31575754 or header.get("do") != "code" or sum(header["blobs"]) != payload_size:
    os._exit(3)
blobs = [read_exactly(channel, size) for size in header["blobs"]]
interpreter = f"{sys.implementation.cache_tag} {sys.version} {importlib.util.MAGIC_NUMBER!r} {sys.flags.optimize} "
compiled_name = hashlib.sha256(b"".join((interpreter.encode(), frame_header, *blobs))).hexdigest()
compiled_at = compiled_folder()
own = EmbeddedSources(
    dict(zip(header["modules"], (blob.decode() for blob in blobs))),
    read_compiled(compiled_at, compiled_name) if compiled_at else {},
)
sys.meta_path.insert(0, own)
if compiled_at and not own.codes:
    importlib.import_module("typewave_worker.compiled").keep(compiled_at, compiled_name, own, open_private)
importlib.import_module("typewave_worker").main(channel)
