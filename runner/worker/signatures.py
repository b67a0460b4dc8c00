"""Argument nodes of loaded functions, which mypy's messages about signatures ask for.

mypy drops `FuncDef.arguments` when it reads a tree. When it shows a signature it then goes by other signs to tell
whether the first argument was bound away and its name has to be put in front: of a loaded method it shows one too many,
of a loaded function one too few. So where messages show signatures, the functions of these names are completed, and the
check is made once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mypy.nodes import Argument, Decorator, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTableNode, Var

from .diagnostics import Encoded

SIGN: Final = "def "
CALLED: Final = re.compile(r"\b(\w+)\(")
# A signature can be shown under these names although the function's own is another one: a decorated function that has
# become an object, and `__new__` that never returns, which is shown as the class.
CALL: Final = "__call__"
NEVER: Final = "-> Never"


def shown_names(errors: Iterable[Encoded]) -> set[str] | None:
    """What the functions may be called whose signatures stand in messages; none if they may have any name."""
    names: set[str] = set()
    for error in errors:
        _, sign, shown = error[5].partition(SIGN)
        if sign:
            if NEVER in shown:
                return None
            names.update(CALLED.findall(shown))
    return None if CALL in names else names


def restore_callables(modules: Iterable[Iterable[tuple[str, SymbolTableNode]]]) -> None:
    """Completes the `__call__` methods of modules from the start: messages often show those of functools' wrappers."""
    for symbols in modules:
        for fullname, symbol in symbols:
            if fullname.endswith(".__call__"):
                for function in _functions(symbol.node):
                    function.arguments = _arguments(function)


def restore_arguments(nodes: Iterable[SymbolNode], names: set[str] | None) -> int:
    """Gives the functions of these names, or all, their arguments back; returns how many had none."""
    restored = 0
    for node in nodes:
        for function in _functions(node):
            if not hasattr(function, "arguments") and (names is None or function.name in names):
                function.arguments = _arguments(function)
                restored += 1
    return restored


def _functions(node: SymbolNode | None) -> Iterator[FuncDef]:
    if isinstance(node, FuncDef):
        yield node
    elif isinstance(node, Decorator):
        yield node.func
    elif isinstance(node, OverloadedFuncDef):
        for item in node.items:
            yield from _functions(item)
        if node.impl is not None:
            yield from _functions(node.impl)


def _arguments(function: FuncDef) -> list[Argument]:
    names = [name or "_" for name in function.arg_names]
    if names and function.original_first_arg is not None:
        names[0] = function.original_first_arg
    return [Argument(Var(name), None, None, kind) for name, kind in zip(names, function.arg_kinds)]
