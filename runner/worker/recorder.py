"""Symbols that tell when they are looked at, so that nobody has to look whether they were.

A few modules are imported by nearly everything, and of their hundreds of symbols each check looks at a handful. Such a
symbol hands its bytes, or what it is armed with, over to another one, its holder, and is armed with a reference to
that: mypy's own resolution asks a table of ours for the holder, and the table notes it.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import (
    DECORATOR,
    FUNC_DEF,
    OVERLOADED_FUNC_DEF,
    VAR,
    Decorator,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    SymbolTable,
    SymbolTableNode,
    Var,
)

# What may be moved to a holder: neither a class nor an alias, which others name without asking for the symbol.
KINDS: Final = (Var, FuncDef, Decorator, OverloadedFuncDef)
TAGS: Final = frozenset((VAR, FUNC_DEF, DECORATOR, OVERLOADED_FUNC_DEF))

_holder = dict.__getitem__


class Recorder(SymbolTable):
    """The holders of one module's symbols, by the symbols' positions."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: list[str] = []
        self.origins: dict[int, str] = {}  # what those symbols were armed with that have no bytes of their own

    def __getitem__(self, position: str) -> SymbolTableNode:
        self.looked_at.append(position)
        return _holder(self, position)

    def tree(self, name: str) -> MypyFile:
        """What poses as a module of this name."""
        tree = MypyFile([], [])
        tree._fullname = name
        tree.names = self
        return tree

    def take_over(self, position: int, symbol: SymbolTableNode) -> None:
        """Makes a holder for an armed symbol."""
        holder = SymbolTableNode(symbol.kind, symbol._node)
        if symbol.cross_ref is None:
            holder._node_bytes, symbol._node_bytes = symbol._node_bytes, b""
            holder._node_tag = symbol._node_tag
            holder.stored_info, symbol.stored_info = symbol.stored_info, None
        else:
            self.origins[position] = holder.cross_ref = symbol.cross_ref
        holder.unfixed = True
        self[str(position)] = holder

    def take(self, symbols: list[SymbolTableNode]) -> list[int]:
        """The positions that were looked at since the last call."""
        positions = sorted({int(position) for position in self.looked_at})
        for position in positions:
            # A copy of the symbol was looked at: the symbol itself has to know its node, too.
            if symbols[position].unfixed:
                assert symbols[position].node is not None
            self._arm_again(position)
        self.looked_at.clear()
        return positions

    def forget(self, position: int) -> None:
        """As if a symbol had not been looked at."""
        self._arm_again(position)
        self.looked_at = [one for one in self.looked_at if one != str(position)]

    def _arm_again(self, position: int) -> None:
        """Whoever looks at a symbol also looks at those that its reference leads through: each time."""
        origin = self.origins.get(position)
        if origin is not None:
            holder = _holder(self, str(position))
            holder.cross_ref = origin
            holder.unfixed = True


def can_tell(symbol: SymbolTableNode) -> bool:
    """Whether an armed symbol may be recorded."""
    if not symbol.unfixed:
        return False
    if symbol.cross_ref is not None:
        return True
    node = symbol._node
    return symbol._node_tag in TAGS if node is None else isinstance(node, KINDS)
