"""Takes packs of a store apart and makes others of the parts, as somebody would who knows the format: every checksum
holds. runner/pack_index.h has the layout."""

from __future__ import annotations

import ctypes
import hashlib
import struct
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

HEADER = b"TWPACK\r\n" + struct.pack("<II", 1, 0)
BLOCK = struct.Struct("<QII16s")
RECORD = struct.Struct("<32sIIIB3x")
COUNTS = struct.Struct("<QII")
FOOTER_SIZE = 56
LARGEST_BLOCK = 64 << 20


class Kind(IntEnum):
    MANIFEST = 1
    TOUCHED = 2
    INTERFACE = 3
    PROBE = 4
    PLUGINS = 5
    SIGHTINGS = 6
    PATHS = 7
    ANSWER = 8
    BODIES = 9


class Record(NamedTuple):
    kind: int
    key: bytes
    content: bytes


def _zstd() -> ctypes.CDLL:
    library = ctypes.CDLL("libzstd.so.1")
    for name in ("ZSTD_compress", "ZSTD_decompress", "ZSTD_compressBound"):
        getattr(library, name).restype = ctypes.c_size_t
    return library


def compress(raw: bytes) -> bytes:
    zstd = _zstd()
    room = ctypes.create_string_buffer(zstd.ZSTD_compressBound(ctypes.c_size_t(len(raw))))
    size = zstd.ZSTD_compress(room, ctypes.c_size_t(len(room)), raw, ctypes.c_size_t(len(raw)), 3)
    return room.raw[:size]


def decompress(stored: bytes, size: int) -> bytes:
    room = ctypes.create_string_buffer(size or 1)
    assert _zstd().ZSTD_decompress(room, ctypes.c_size_t(size), stored, ctypes.c_size_t(len(stored))) == size
    return room.raw[:size]


def read_pack(path: Path) -> list[Record]:
    content = path.read_bytes()
    index, block_count, record_count = COUNTS.unpack_from(content, len(content) - FOOTER_SIZE)
    blocks = []
    for number in range(block_count):
        offset, stored, raw, _ = BLOCK.unpack_from(content, index + BLOCK.size * number)
        blocks.append(decompress(content[offset : offset + stored], raw))
    records = []
    for number in range(record_count):
        at = index + BLOCK.size * block_count + RECORD.size * number
        key, block, offset, size, kind = RECORD.unpack_from(content, at)
        records.append(Record(kind, key, blocks[block][offset : offset + size]))
    return records


def write_pack(path: Path, records: Iterable[Record]) -> None:
    """Each record in a block of its own. Equal contents are compressed once."""
    body, blocks, table = HEADER, b"", b""
    compressed: dict[bytes, bytes] = {}
    for number, record in enumerate(sorted(records, key=lambda one: (one.kind, one.key))):
        stored = compressed.get(record.content) or compress(record.content)
        compressed[record.content] = stored
        blocks += BLOCK.pack(len(body), len(stored), len(record.content), hashlib.sha256(stored).digest()[:16])
        table += RECORD.pack(record.key, number, 0, len(record.content), record.kind)
        body += stored
    counts = COUNTS.pack(len(body), len(blocks) // BLOCK.size, len(table) // RECORD.size)
    digest = hashlib.sha256(HEADER + blocks + table + counts).digest()
    path.unlink(missing_ok=True)
    path.write_bytes(body + blocks + table + counts + digest + b"TWPKEND\n")


def varint(value: int) -> bytes:
    made = b""
    while value >= 0x80:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])


def text(value: bytes) -> bytes:
    return varint(len(value)) + value


def manifest(interface: bytes, diagnostics: Iterable[bytes]) -> bytes:
    """An entry that used nothing, about one module; runner/diagnostic_codec.cc has the grammar."""
    found = list(diagnostics)
    module = interface + b"\0" + varint(len(found)) + b"".join(found)
    return bytes(32) + varint(0) + b"TWO\x02" + varint(0) + bytes(8) + varint(1) + module


def diagnostic(message: bytes, code: bytes) -> bytes:
    """On line 1; `code` is a word: a number for one that was there before, or 1 and a new one."""
    span_is_line = 64
    return bytes([span_is_line, 2, 2, 0, 2]) + text(message) + code + b"\0" + b"\0" + b"\0"
