"""Interfaces as bytes: canonical when written, real paths put back when read.

mypy writes names and TypedDict items sorted, yet messages list enum members and TypedDict keys in source order; its
reader keeps the order of the bytes. So enum classes and TypedDict types are written in source order. The only
machine-dependent field of a tree is its path.

What a package defines and a submodule of it may have one full name, and a stored reference is nothing but a full name.
So references to modules are written with a mark, in a flag that has no meaning for them.

A field of a NamedTuple whose annotation is no type stays unbound, and mypy analyses it again for the methods of every
subclass, reporting it there with the field's line. mypy does not write lines of types, so theirs stand behind the tree.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from librt.internal import ReadBuffer, WriteBuffer
from mypy.nodes import MypyFile, SymbolTable, SymbolTableNode, TypeInfo
from mypy.types import INSTANCE, TYPED_DICT_TYPE, Type, TypedDictType, UnboundType

from . import shapes


class Ranked(str):
    """A dictionary key that sorts by its place in the source."""

    rank: int

    def __lt__(self, other: str) -> bool:
        assert isinstance(other, Ranked)
        return self.rank < other.rank


# How every TypedDict type begins; a cheap sign that there may be one.
TYPED_DICT_SIGN: Final = bytes([TYPED_DICT_TYPE, INSTANCE])
# An interface that ends so has positions behind the tree: line, column, end line, end column of each type, their count.
# A tree ends with its path, in which the first byte cannot be.
POSITIONS_SIGN: Final = b"\xffpositions"
POSITION: Final = struct.Struct("<4i")
COUNT: Final = struct.Struct("<I")


def write_tree(tree: MypyFile, canonical_path: str) -> bytes:
    """The tree's interface. Only right while everything it refers to is still in memory."""
    enums = [info.names for info in _classes(tree) if info.is_enum]
    real_path, tree.path = tree.path, canonical_path
    try:
        with _modules_marked(tree):
            with _in_source_order(enums):
                data = _write(tree)
            if TYPED_DICT_SIGN in data:
                tables = _typed_dict_items(tree)
                if tables:
                    with _in_source_order([*enums, *tables]):
                        data = _write(tree)
            return data + _positions(tree)
    finally:
        tree.path = real_path


def read_tree(data: bytes, real_path: str) -> MypyFile:
    positions: list[tuple[int, ...]] = []
    if data.endswith(POSITIONS_SIGN):
        end = len(data) - len(POSITIONS_SIGN) - COUNT.size
        start = end - POSITION.size * COUNT.unpack_from(data, end)[0]
        positions = list(POSITION.iter_unpack(data[start:end]))
        data = data[:start]
    tree = MypyFile.read(ReadBuffer(data))
    tree.path = real_path
    if positions:
        for one, (line, column, end_line, end_column) in zip(_unbound_types(tree), positions, strict=True):
            one.line, one.column = line, column
            one.end_line = None if end_line < -1 else end_line
            one.end_column = None if end_column < -1 else end_column
    return tree


def take_marks(tree: MypyFile) -> tuple[list[SymbolTableNode], list[SymbolTableNode]]:
    """The references of a tree that was just read: those to modules, now without the mark, and all others."""
    modules, others = [], []
    for symbol in _references(tree.names):
        if symbol.plugin_generated:
            symbol.plugin_generated = False
            modules.append(symbol)
        else:
            others.append(symbol)
    return modules, others


def _references(names: SymbolTable) -> Iterator[SymbolTableNode]:
    for symbol in names.values():
        if symbol.cross_ref is not None:
            yield symbol
        elif isinstance(symbol._node, TypeInfo):
            yield from _references(symbol._node.names)


@contextmanager
def _modules_marked(tree: MypyFile) -> Iterator[None]:
    symbols = [symbol for _, symbol in shapes.own_symbols(tree.names, tree.fullname)]
    marked = [one for one in symbols if isinstance(one._node, MypyFile) and not one.plugin_generated]
    try:
        for symbol in marked:
            symbol.plugin_generated = True
        yield
    finally:
        for symbol in marked:
            symbol.plugin_generated = False


def _write(tree: MypyFile) -> bytes:
    buffer = WriteBuffer()
    tree.write(buffer)
    return buffer.getvalue()


def _classes(tree: MypyFile) -> Iterator[TypeInfo]:
    for fullname, symbol in shapes.own_symbols(tree.names, tree.fullname):
        info = symbol._node
        if isinstance(info, TypeInfo) and info.fullname == fullname:
            yield info


def _positions(tree: MypyFile) -> bytes:
    found = [
        POSITION.pack(*(-2 if at is None else at for at in (one.line, one.column, one.end_line, one.end_column)))
        for one in _unbound_types(tree)
    ]
    return b"".join([*found, COUNT.pack(len(found)), POSITIONS_SIGN]) if found else b""


def _unbound_types(tree: MypyFile) -> Iterator[UnboundType]:
    """Those in the heads of tuple classes, in an order that fresh and loaded trees have in common."""
    tuples = [info for info in _classes(tree) if info.tuple_type is not None]
    for info in sorted(tuples, key=lambda info: info.fullname):
        yield from _unbound_inside(info.tuple_type)


def _unbound_inside(one: Type | None) -> Iterator[UnboundType]:
    if isinstance(one, UnboundType):
        yield one
    if one is not None:
        for part in shapes.parts(one):
            yield from _unbound_inside(part)


def _typed_dict_items(tree: MypyFile) -> list[dict[str, Type]]:
    """The item tables of every TypedDict type the tree writes, each once."""
    tables: dict[int, dict[str, Type]] = {}
    seen: set[int] = set()
    queue: list[Type | None] = []
    for fullname, symbol in shapes.own_symbols(tree.names, tree.fullname):
        node = symbol.node
        if node is not None and (node.fullname == fullname or "." not in node.fullname):
            queue += shapes.node_types(node)
    while queue:
        one = queue.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, TypedDictType):
            tables[id(one.items)] = one.items
        queue += shapes.parts(one)
    return list(tables.values())


@contextmanager
def _in_source_order(tables: Iterable[dict[str, Any]]) -> Iterator[None]:
    changed: list[tuple[dict[str, Any], list[tuple[str, Any]]]] = []
    try:
        for table in tables:
            entries = list(table.items())
            changed.append((table, entries))
            table.clear()
            for rank, (name, value) in enumerate(entries):
                key = Ranked(name)
                key.rank = rank
                table[key] = value
        yield
    finally:
        for table, entries in changed:
            table.clear()
            table.update(entries)
