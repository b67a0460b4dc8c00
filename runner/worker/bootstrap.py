"""Handed to `PYTHON -c`: installs the worker package sent as the first frame and runs it on the socket argv[1].

Under `-c` the first entry of sys.path is the working directory; mypy started from its console script has the
script's directory there instead, and mypy drops that entry when it computes its search paths. So it is replaced before
anything is imported that is not loaded yet: the checked folder may hold a json.py.
"""

# sys.path is mended between two groups of imports.
# ruff: noqa: I001
import sys
import os

if sys.path and sys.path[0] == "":
    sys.path[0] = os.path.dirname(sys.executable)

import gc
import importlib
import importlib.abc
import importlib.util
import json
import marshal
import struct
from collections.abc import Sequence
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


class EmbeddedModules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, sources: dict[str, bytes], codes: dict[str, CodeType]) -> None:
        self.sources = sources
        self.codes = codes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.sources:
            return None
        return importlib.util.spec_from_loader(
            fullname, self, origin=f"<{fullname}>", is_package=self.is_package(fullname)
        )

    def is_package(self, fullname: str) -> bool:
        return any(name.startswith(fullname + ".") for name in self.sources)

    def get_source(self, fullname: str) -> str:
        return self.sources[fullname].decode()

    def get_code(self, fullname: str) -> CodeType:
        return self.codes.get(fullname) or self.source_to_code(self.sources[fullname], f"<{fullname}>")


# Python takes a compiled file for current if size and second of the source are the same: of a plugin that is
# edited twice in a second it would run the older form. And a check leaves nothing in the checked folders.
sys.dont_write_bytecode = True
channel = int(sys.argv[1])
magic, header_size, payload_size = struct.unpack("<IIQ", read_exactly(channel, 16))
header = json.loads(read_exactly(channel, header_size))
if magic != 0x31575754 or header.get("do") != "code" or sum(header["blobs"]) != payload_size:
    os._exit(3)
blobs = [read_exactly(channel, size) for size in header["blobs"]]
sources = dict(zip(header["modules"], blobs))
compiled = dict(zip(header["compiled"], blobs[len(sources) :])).get(importlib.util.MAGIC_NUMBER.hex())
sys.meta_path.insert(0, EmbeddedModules(sources, marshal.loads(compiled) if compiled else {}))
importlib.import_module("typewave_worker").main(channel)
