"""Frames on the worker's socket, and what they say.

Every frame, in both directions, little-endian:

    u32 magic "TWW1" | u32 header bytes | u64 payload bytes | header (one JSON object, UTF-8) | payload

A header that announces ``"blobs": [size, ...]`` is followed by exactly those blobs as its payload. To the worker a
descriptor may come with the magic: it is that of a file with the payload, which does not follow then. A frame that
breaks these rules ends the worker with exit code 3; the end of the stream ends it with 0.

Requests carry ``do``, replies carry ``did``:

=========  ==========================================================================================================
code       the sources of this package (read by the bootstrap)
probe      how the user's mypy understands the arguments: options, targets, search paths, plugins -> ``probe``
sources    mypy's own source list -> ``sources``
scan       what mypy's parser finds in one file -> ``scan``
start      options, sources and search paths of the run; one per process -> ``started``
load       stored interfaces, components in topological order, one blob a module; no reply
check      components, independent of each other, with three blobs for each: the numbers of visible submodules and of
           missing modules, what is known of its bodies (or nothing) -> for each ``interface`` (its canonical bytes; if
           it is ``awaited``, as soon as dependents may start), then ``checked`` (its errors, what it looked at, and
           perhaps what there is to know of its bodies); or ``failed`` instead of either
stop       leave at once
=========  ==========================================================================================================

In ``start`` long lists of texts are blobs, with a zero byte after each text (``split_texts``): the names of all
modules, those of missing modules, the modules and the paths of the sources (none: empty).

``ended`` may come at any time: the worker cannot go on, and this is why. ``exit`` may answer probe, sources and start:
mypy itself decided to stop with these texts and this code. ``failed`` has a kind: ``blocking`` (mypy stops at such an
error; its text is not part of a result), ``whole`` (only a whole run of mypy shows it), ``changed`` (the file is not
the one that was hashed), ``mismatch`` (mypy's parser found other imports) and ``crash`` (an internal error; it ends
afterwards, because mypy's state can no longer be trusted).

An error is the list of mypy's ErrorInfo fields in the order of ``diagnostics.encode_errors``.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

Header = dict[str, Any]

MAGIC: Final = 0x31575754
PREFIX: Final = struct.Struct("<IIQ")
LARGEST_HEADER: Final = 1 << 30
DESCRIPTOR: Final = struct.Struct("i")
ROOM_FOR_ONE: Final = socket.CMSG_SPACE(DESCRIPTOR.size)
EXIT_MALFORMED: Final = 3
_to_json: Final = json.JSONEncoder(separators=(",", ":")).encode


class MalformedFrame(Exception):
    """The peer does not speak this protocol."""


class Disconnected(Exception):
    """The peer closed the stream between two frames."""


def split_texts(blob: bytes) -> list[str]:
    return blob.decode("utf-8", "replace").split("\0")[:-1]


class Connection:
    """One end of the socket, blocking."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._held = bytearray()

    def receive(self) -> tuple[Header, list[bytes]]:
        prefix, file = self._read_prefix()
        magic, header_size, payload_size = PREFIX.unpack(prefix)
        if magic != MAGIC or header_size > LARGEST_HEADER:
            raise MalformedFrame("not a frame of this protocol")
        try:
            header = json.loads(self._read(header_size))
        except ValueError as error:
            raise MalformedFrame("the header is not JSON") from error
        if not isinstance(header, dict):
            raise MalformedFrame("the header is not an object")
        sizes = header.get("blobs", [])
        if not _are_sizes(sizes) or sum(sizes) != payload_size:
            raise MalformedFrame("the payload is not what the header announces")
        if file is None:
            return header, [self._read(size) for size in sizes]
        try:
            return header, [_take(partial(os.read, file), size) for size in sizes]
        finally:
            os.close(file)

    def hold(self, header: Header, blobs: Sequence[bytes] = ()) -> None:
        """Keeps a frame until the next is sent."""
        self._held += _frame(header, blobs)

    def drop_held(self) -> None:
        self._held.clear()

    def send(self, header: Header, blobs: Sequence[bytes] = ()) -> None:
        frame = memoryview(bytes(self._held) + _frame(header, blobs))
        self._held.clear()
        try:
            while frame:
                frame = frame[self._socket.send(frame) :]
        except (BrokenPipeError, ConnectionResetError):
            raise Disconnected from None

    def _read_prefix(self) -> tuple[bytes, int | None]:
        """Of the next frame, and the descriptor that came with it."""
        try:
            part, ancillary, flags, _ = self._socket.recvmsg(PREFIX.size, ROOM_FOR_ONE, socket.MSG_CMSG_CLOEXEC)
        except ConnectionResetError:
            raise Disconnected from None
        if not part:
            raise Disconnected
        if flags & socket.MSG_CTRUNC:
            raise MalformedFrame("a file that came with it cannot be opened: too many are open")
        passed = [data for level, kind, data in ancillary if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)]
        return part + self._read(PREFIX.size - len(part)), DESCRIPTOR.unpack(passed[0])[0] if passed else None

    def _read(self, size: int) -> bytes:
        try:
            return _take(self._socket.recv, size)
        except ConnectionResetError:
            raise Disconnected from None


def _take(read: Callable[[int], bytes], size: int) -> bytes:
    parts: list[bytes] = []
    left = size
    while left:
        part = read(min(left, 1 << 20))
        if not part:
            raise MalformedFrame("the stream ends inside a frame")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _frame(header: Header, blobs: Sequence[bytes]) -> bytes:
    if blobs:
        header = {**header, "blobs": [len(blob) for blob in blobs]}
    text = _to_json(header).encode()
    return b"".join((PREFIX.pack(MAGIC, len(text), sum(map(len, blobs))), text, *blobs))


def _are_sizes(sizes: object) -> bool:
    return isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)
