"""Methods that mypy generates (of dataclasses, named tuples, attrs classes).

Most fresh ones do not know their definition, so mypy has no note "... defined in ..." for calls of them. When a method
is read, its type is linked to it, generated or not: what was read has to forget that again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTableNode
from mypy.types import CallableType, Overloaded, Type


def is_generated(symbol: SymbolTableNode) -> bool:
    """Whether a loaded symbol that was not decoded yet may be a generated method."""
    return symbol.plugin_generated and symbol.unfixed and symbol.cross_ref is None


def decode_as_fresh(symbol: SymbolTableNode) -> None:
    """Decodes a generated symbol and makes it as fresh ones are."""
    node = symbol.node
    if node is None:
        return
    for kind in _types_of(node):
        for one in kind.items if isinstance(kind, Overloaded) else [kind]:
            if isinstance(one, CallableType):
                one.definition = None


def decode_generated(symbols: Iterable[tuple[str, SymbolTableNode]]) -> None:
    """The same for all generated symbols of a module that nobody tracks."""
    for _, symbol in symbols:
        if is_generated(symbol):
            decode_as_fresh(symbol)


def _types_of(node: SymbolNode) -> Iterator[Type | None]:
    if isinstance(node, FuncDef):
        yield node.type
    elif isinstance(node, Decorator):
        yield node.var.type
        yield node.func.type
    elif isinstance(node, OverloadedFuncDef):
        yield node.type
        for item in node.items:
            yield from _types_of(item)
