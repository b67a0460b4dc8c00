"""Answers that no stored form of the dependencies could give: plain mypy has to give them (see RESTORED.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mypy.build import State
from mypy.nodes import ImportAll, MypyFile, SymbolTable, SymbolTableNode, TypeAlias, TypeInfo

from .diagnostics import Encoded

MADE_UP: Final = "<callable subtype of "
CLASH: Final = "Incompatible import of "
LOST_ELLIPSIS: Final = "[*Any, **Any]"


def what_needs_sources(states: list[State], errors: list[list[Encoded]]) -> tuple[str, str] | None:
    """The first module for which that is so, and why.

    Messages may stand at a line of another module's source, or come from what a star import takes over: classes that
    mypy made up while checking functions, and the order of the names. They may show `...` for a ParamSpec as what it
    stands for. And what a name means may depend on lines of two modules.
    """
    for state, own in zip(states, errors):
        assert state.tree is not None
        clashes: set[int] = set()
        for error in own:
            line, text = error[0], error[5]
            if line < 0 and error[8]:
                return state.id, f"a message about {state.id} stands in another module"
            if LOST_ELLIPSIS in text:
                return state.id, f"a message about {state.id} shows a type that was written with ..."
            if (MADE_UP in text or (text.startswith(CLASH) and line in clashes)) and _has_star_import(state.tree):
                return state.id, f"a message about {state.id} depends on all that a star import gives"
            if text.startswith(CLASH):
                clashes.add(line)
        name = next(_compared_by_line(state), None)
        if name is not None:
            return state.id, f"what {name} means in {state.id} depends on lines of another module"
    return None


def _has_star_import(tree: MypyFile) -> bool:
    return any(isinstance(one, ImportAll) for one in tree.imports)


def _compared_by_line(state: State) -> Iterator[str]:
    """Names used in a class before it defines a class or alias of that name, where an imported one has it as well.

    mypy takes the imported one if its line, in its own module, comes before the outer class's.
    """
    assert state.tree is not None
    names = state.tree.names
    lines: list[str] | None = None
    for outer in _classes(names, state.id):
        for name in outer.names.keys() & names.keys():
            inner, known = _type(outer.names[name]), _type(names[name])
            if inner is None or known is None or known.line >= 0:
                continue
            if lines is None:
                lines = _lines_of(state)
            between = "".join(lines[max(outer.defn.line - 1, 0) : inner.line])
            # It is there once where it is defined; any more and it may be used before.
            if len(re.findall(rf"\b{re.escape(name)}\b", between)) > 1:
                yield name


def _classes(names: SymbolTable, prefix: str) -> Iterator[TypeInfo]:
    """The classes that are defined under the names of a table of this module, and those in them."""
    for name, symbol in names.items():
        node = symbol._node
        if type(node) is TypeInfo and node.fullname == f"{prefix}.{name}":
            yield node
            yield from _classes(node.names, node.fullname)


def _type(symbol: SymbolTableNode) -> TypeInfo | TypeAlias | None:
    node = symbol._node
    return node if isinstance(node, (TypeInfo, TypeAlias)) else None


def _lines_of(state: State) -> list[str]:
    if state.source is not None:
        return state.source.splitlines(keepends=True)
    with open(state.xpath, encoding="utf-8", errors="replace") as file:
        return file.readlines()
