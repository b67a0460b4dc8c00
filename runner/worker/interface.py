"""Interfaces as bytes: canonical when written, real paths put back when read.

mypy writes names and TypedDict items sorted, yet messages list enum members and TypedDict keys in source order; its
reader keeps the order of the bytes. So enum classes and TypedDict types are written in source order. The only
machine-dependent field of a tree is its path.

What a package defines and a submodule of it may have one full name, and a stored reference is nothing but a full name.
So references to modules are written with a mark, in a flag that has no meaning for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from librt.internal import ReadBuffer, WriteBuffer
from mypy.nodes import Decorator, FuncBase, MypyFile, SymbolTable, SymbolTableNode, TypeInfo, Var
from mypy.types import INSTANCE, TYPED_DICT_TYPE, Type, TypedDictType

from . import shapes
from .positions import without_positions
from .supplement import append_supplement, collect_supplement


class Ranked(str):
    """A dictionary key that sorts by its place in the source."""

    rank: int

    def __lt__(self, other: str) -> bool:
        assert isinstance(other, Ranked)
        return self.rank < other.rank


# What mypy calls a symbol whose name was taken.
REDEFINITION: Final = "-redefinition"
REDEFINITION_SIGN: Final = REDEFINITION.encode()
# A symbol with its full name.
Named = tuple[str, SymbolTableNode]
# A symbol that mypy does not write, what it stands for, and the full name of that.
Hidden = tuple[SymbolTableNode, FuncBase | Var, str]
# How every TypedDict type begins; a cheap sign that there may be one.
TYPED_DICT_SIGN: Final = bytes([TYPED_DICT_TYPE, INSTANCE])


def write_tree(tree: MypyFile, canonical_path: str) -> bytes:
    """The tree's interface. Only right while everything it refers to is still in memory."""
    symbols = shapes.own_symbols(tree.names, tree.fullname)
    classes, modules = _classes_and_modules(symbols)
    enums = [info.names for info in classes if info.is_enum]
    real_path, tree.path = tree.path, canonical_path
    tables = [(tree.fullname, tree.names), *((info.fullname, info.names) for info in classes)]
    hidden = _expose_redefinitions(tables)
    try:
        with _marked(modules), without_positions(classes):
            with _in_source_order(enums):
                data = _write(tree)
            if TYPED_DICT_SIGN in data:
                items = _typed_dict_items(symbols)
                if items:
                    with _in_source_order([*enums, *items]):
                        data = _write(tree)
            return append_supplement(data, collect_supplement(tree.fullname, symbols))
    finally:
        tree.path = real_path
        for symbol, node, fullname in hidden:
            symbol.no_serialize, node._fullname = True, fullname


def read_tree(data: bytes, real_path: str) -> MypyFile:
    tree = MypyFile.read(ReadBuffer(data))
    tree.path = real_path
    if REDEFINITION_SIGN in data:
        for name, symbol in tree.names.items():
            symbol.no_serialize = REDEFINITION in name  # a star import leaves them out
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
def _marked(modules: Sequence[SymbolTableNode]) -> Iterator[None]:
    marked = [one for one in modules if not one.plugin_generated]
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


def _classes_and_modules(symbols: Sequence[Named]) -> tuple[list[TypeInfo], list[SymbolTableNode]]:
    """The classes defined in a tree, and the symbols that refer to modules."""
    classes, modules = [], []
    for fullname, symbol in symbols:
        node = symbol._node
        if type(node) is TypeInfo:
            if node.fullname == fullname:
                classes.append(node)
        elif type(node) is MypyFile:
            modules.append(symbol)
    return classes, modules


def _expose_redefinitions(tables: Iterable[tuple[str, SymbolTable]]) -> list[Hidden]:
    """Makes mypy write functions and variables that it keeps under the name of a redefinition.

    Protocols want them, messages name them, and a dataclass has a property with the name of an `InitVar` in that way. A
    class would be written with references that nothing can follow. Returns what was changed.
    """
    changed: list[Hidden] = []
    for prefix, names in tables:
        for name, symbol in names.items():
            if REDEFINITION in name and symbol.no_serialize:
                node = symbol._node
                owner = node.func if isinstance(node, Decorator) else node
                if (
                    isinstance(owner, (FuncBase, Var))
                    and owner._fullname == f"{prefix}.{name.partition(REDEFINITION)[0]}"
                ):
                    changed.append((symbol, owner, owner._fullname))
                    symbol.no_serialize, owner._fullname = False, f"{prefix}.{name}"
    return changed


def _typed_dict_items(symbols: Sequence[Named]) -> list[dict[str, Type]]:
    """The item tables of every TypedDict type a tree writes, each once."""
    tables: dict[int, dict[str, Type]] = {}
    seen: set[int] = set()
    queue: list[Type | None] = []
    for fullname, symbol in symbols:
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
