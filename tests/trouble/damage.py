"""Ways to damage a file, and what has to hold whatever was damaged."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.answers import difference
from support.checkout import Checked
from support.oracle import Answer
from support.project import Project, own_lines

Damage = Callable[[Path, random.Random], None]
PACK_FOOTER = 56
PACK_BLOCK = struct.Struct("<QII16s")
STATE = ".typewave_cache"
IN_STORE = r"\d+ damaged (record or pack|records or packs) in the store"
IN_STATE = rf"\d+ (record or file|records or files) in {re.escape(STATE)}, damaged or of another version,"
WARNING = re.compile(
    rf"typewave: warning: ({IN_STORE}|{IN_STATE}|{IN_STORE} and {IN_STATE}) (was|were) ignored; "
    "what was lost is computed again"
)


def _rewritten(change: Callable[[bytes, random.Random], bytes]) -> Damage:
    def damage(path: Path, chance: random.Random) -> None:
        path.write_bytes(change(path.read_bytes(), chance))

    return damage


def _zeroed(start: Callable[[int], int], size: int = 4096) -> Damage:
    def zero(content: bytes, chance: random.Random) -> bytes:
        first = max(0, start(len(content)))
        count = len(content[first : first + size])
        return content[:first] + bytes(count) + content[first + count :]

    return _rewritten(zero)


def flip_a_bit(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    bit = chance.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def cut_anywhere(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def _of_another_version(path: Path, chance: random.Random) -> None:
    """Whole and well-formed, but by another version of typewave; a file without a version gets another word."""
    content = bytearray(path.read_bytes())
    if content.startswith(b"TWPACK\r\n"):
        content[8] += 1
        index = int.from_bytes(content[-PACK_FOOTER : -PACK_FOOTER + 8], "little")
        digest = hashlib.sha256(content[:16] + content[index : -PACK_FOOTER + 16]).digest()
        content[-PACK_FOOTER + 16 : -8] = digest
    elif content.startswith((b"TWL", b"TWQ", b"TWH")):
        content[3] += 1
        content[-32:] = hashlib.sha256(content[:-32]).digest()
    else:
        content[8 % len(content)] += 1
    path.write_bytes(content)


def _swap_blocks(path: Path, chance: random.Random) -> None:
    """Two objects of a pack change places; in other files, two halves."""
    content = bytearray(path.read_bytes())
    if content.startswith(b"TWPACK\r\n"):
        index, count = struct.unpack_from("<QI", content, len(content) - PACK_FOOTER)
        blocks = [PACK_BLOCK.unpack_from(content, index + 32 * number) for number in range(count)]
        (one, size, *_), (other, other_size, *_) = blocks[0], blocks[-1]
        length = min(size, other_size)
    else:
        one, length = 0, len(content) // 2
        other = length
    content[one : one + length], content[other : other + length] = (
        content[other : other + length],
        content[one : one + length],
    )
    path.write_bytes(content)


def _replaced(make: Callable[[Path], object]) -> Damage:
    def damage(path: Path, chance: random.Random) -> None:
        path.unlink()
        make(path)

    return damage


def _full_folder(path: Path) -> None:
    (path / "deeper").mkdir(parents=True)
    (path / "deeper" / "file").write_text("mine\n", encoding="utf-8")


def _link_to_a_file(path: Path) -> None:
    target = path.parents[3] / "outside"
    target.write_text("outside\n", encoding="utf-8")
    path.symlink_to(target)


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


DAMAGES: dict[str, Damage] = {
    "empty": _rewritten(lambda content, chance: b""),
    "one byte": _rewritten(lambda content, chance: content[:1]),
    "cut": cut_anywhere,
    "half": _rewritten(lambda content, chance: content[: len(content) // 2]),
    "last byte missing": _rewritten(lambda content, chance: content[:-1]),
    "longer": _rewritten(lambda content, chance: content + b"more"),
    "first page zero": _zeroed(lambda size: 0),
    "middle page zero": _zeroed(lambda size: size // 2),
    "last page zero": _zeroed(lambda size: size - 4096),
    "all zero": _rewritten(lambda content, chance: bytes(len(content))),
    "random": _rewritten(lambda content, chance: chance.randbytes(len(content))),
    "random magic": _rewritten(lambda content, chance: chance.randbytes(8) + content[8:]),
    "another version": _of_another_version,
    "two objects swapped": _swap_blocks,
    "a folder": _replaced(Path.mkdir),
    "a full folder": _replaced(_full_folder),
    "a pipe": _replaced(os.mkfifo),
    "a socket": _replaced(_socket),
    "a link to a file": _replaced(_link_to_a_file),
    "a link to nowhere": _replaced(lambda path: path.symlink_to("nowhere")),
}


def kind_of(name: str) -> str:
    """Files of one kind differ in digits of time and chance."""
    return re.sub(r"[0-9a-f]{8,}", "N", name)


@dataclass
class Settled:
    """A project that was checked, with everything typewave wrote: it can be put back as often as needed."""

    project: Project
    written: dict[Path, bytes] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def folders(self) -> tuple[Path, Path]:
        return self.project.store, self.project.folder / STATE

    def remember(self) -> None:
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    self.written[path] = path.read_bytes()

    def put_back(self) -> None:
        for folder in self.folders:
            for path in sorted(folder.rglob("*"), reverse=True):
                if path.is_symlink() or not (path.is_dir() or path in self.written):
                    path.unlink()
                elif path.is_dir() and path in self.written:
                    shutil.rmtree(path)
        for path, content in self.written.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != content:
                path.unlink(missing_ok=True)
                path.write_bytes(content)

    def kinds(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in self.written:
            found.setdefault(kind_of(str(path.relative_to(self.project.root))), []).append(path)
        return found

    def survives(self, expected: Answer) -> Checked:
        """The right answer with at most one warning, which names a count, and never twice."""
        first = self.project.check(".")
        assert not difference(expected, first.answer), difference(expected, first.answer)
        warned = own_lines(first.answer.stderr)
        assert len(warned) <= 1, warned
        for line in warned:
            assert WARNING.fullmatch(line), line
        again = self.project.check(".")
        assert not difference(expected, again.answer), difference(expected, again.answer)
        assert own_lines(again.answer.stderr) == []
        assert again.summary["checked"] == 0
        return first
