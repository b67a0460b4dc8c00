"""Argument nodes of loaded methods, which mypy's messages about signatures ask for.

mypy drops `FuncDef.arguments` when it reads a tree. When it shows a method's signature it then takes the method for a
bound one and puts the first argument's name in front, where a fresh tree tells how many arguments there really are. So
a shown signature that is longer than its method's definition is a sign of a text that fresh trees would not give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mypy.nodes import Argument, Decorator, FakeInfo, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTableNode, Var

from .diagnostics import Encoded

SHOWN: Final = re.compile(r"\bdef (?:\[[^(]*\] )?(\w+)\(")
OPENING: Final = "([{"
CLOSING: Final = ")]}"
MARKERS: Final = ("/", "*")


class Shown(NamedTuple):
    """A signature as a message shows it."""

    name: str
    first: str
    parameters: int


def shown_signatures(errors: Iterable[Encoded]) -> set[Shown]:
    shown = set()
    for error in errors:
        if "def " in error[5]:
            for match in SHOWN.finditer(error[5]):
                parameters = _parameters(error[5], match.end())
                if parameters:
                    shown.add(Shown(match[1], parameters[0], len(parameters)))
    return shown


def restore_callables(modules: Iterable[Iterable[tuple[str, SymbolTableNode]]]) -> None:
    """Completes the `__call__` methods of modules from the start: messages often show those of functools' wrappers."""
    for symbols in modules:
        for fullname, symbol in symbols:
            if fullname.endswith(".__call__"):
                for function in _functions(symbol.node):
                    function.arguments = _arguments(function)


def restore_arguments(nodes: Iterable[SymbolNode], shown: set[Shown]) -> int:
    """Gives those methods their arguments back that a signature may stand for wrongly; returns how many had none."""
    longest: dict[tuple[str, str | None], int] = {}
    for name, first, parameters in shown:
        longest[name, first] = max(parameters, longest.get((name, first), 0))
    restored = 0
    for node in nodes:
        for function in _functions(node):
            if hasattr(function, "arguments") or isinstance(function.info, FakeInfo):
                continue
            if longest.get((function.name, function.original_first_arg), 0) > len(function.arg_names):
                function.arguments = _arguments(function)
                restored += 1
    return restored


def _parameters(text: str, start: int) -> list[str]:
    """What stands between an opening parenthesis, just before `start`, and its partner, without bare markers."""
    depth = 0
    parameters: list[str] = [""]
    for character in text[start:]:
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
            if depth < 0:
                break
        if character == "," and depth == 0:
            parameters.append("")
        else:
            parameters[-1] += character
    stripped = [one.strip() for one in parameters]
    return [one for one in stripped if one and one not in MARKERS]


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
