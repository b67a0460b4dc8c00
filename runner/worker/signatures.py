"""Argument nodes of loaded functions, which mypy's messages about signatures ask for.

mypy drops `FuncDef.arguments` when it reads a tree, and words a signature differently without them (an unbound method
shows its first argument twice, a bound special method loses it). Names of arguments without a name (those of special
methods) are not stored; the first of them is given its customary name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import Argument, Decorator, FuncDef, MypyFile, OverloadedFuncDef, SymbolNode, Var

from . import shapes
from .diagnostics import Encoded

CLASS_SPECIALS = ("__new__", "__init_subclass__", "__class_getitem__")


def shows_signature(errors: Iterable[Encoded]) -> bool:
    return any("def " in error[5] for error in errors)


def restore_arguments(trees: Iterable[MypyFile]) -> int:
    """Gives every function decoded so far its arguments back; returns how many had none."""
    restored = 0
    for tree in trees:
        for _, symbol in shapes.own_symbols(tree.names, tree.fullname):
            for function in _functions(symbol._node):
                if not hasattr(function, "arguments"):
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
    first = "cls" if function.is_class or function.name in CLASS_SPECIALS else "self"
    return [
        Argument(Var(name or (first if index == 0 else "_")), None, None, kind)
        for index, (name, kind) in enumerate(zip(function.arg_names, function.arg_kinds))
    ]
