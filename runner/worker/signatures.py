"""Argument nodes of loaded functions, which mypy's messages about signatures ask for.

mypy drops `FuncDef.arguments` when it reads a tree. When it shows a signature it then goes by other signs to tell
whether the first argument was bound away and its name has to be put in front: of a loaded method it shows one too many,
of a loaded function one too few. So where a message shows a signature that has not as many as the function of its name,
the function is completed, and the check is made once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mypy.nodes import Argument, Decorator, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTableNode, Var
from mypy.types import FunctionLike, get_proper_type

from .diagnostics import Encoded

SIGN: Final = "def "
CALLED: Final = re.compile(r"\b(\w+)\(")
# Functions can be shown under names that are not theirs: overloads that a decorator made objects, under what is called
# then, and `__new__` that never returns under the name of its class.
CALL: Final = "__call__"
NEVER: Final = "-> Never"
CONSTRUCTORS: Final = (CALL, "__init__", "__new__")
OPENING: Final = "([{"
CLOSING: Final = ")]}"
MARKERS: Final = ("/", "*")
# Brackets and commas in literals are not what they seem.
QUOTES: Final = "\"'"


# How many parameters signatures in messages have, by the name they are shown under; none of them if that is not known.
Shown = dict[str, set[int] | None]


def shown_signatures(errors: Iterable[Encoded]) -> Shown:
    signatures: Shown = {}
    for error in errors:
        _, sign, shown = error[5].partition(SIGN)
        if not sign:
            continue
        if NEVER in shown:
            signatures.update(dict.fromkeys(CONSTRUCTORS))
        for match in CALLED.finditer(shown):
            counts = signatures.setdefault(match[1], set())
            parameters = _parameters(shown, match.end())
            if parameters is None:
                signatures[match[1]] = None
            elif counts is not None:
                counts.add(parameters)
    return signatures


def restore_callables(modules: Iterable[Iterable[tuple[str, SymbolTableNode]]]) -> None:
    """Completes the `__call__` methods of modules from the start: messages often show those of functools' wrappers."""
    for symbols in modules:
        for fullname, symbol in symbols:
            if fullname.endswith(".__call__"):
                for function in _functions(symbol.node):
                    function.arguments = _arguments(function)


def restore_arguments(nodes: Iterable[SymbolNode], shown: Shown) -> int:
    """Gives those functions their arguments back that may be shown otherwise then; returns how many had none."""
    restored = 0
    for node in nodes:
        made_objects = set(_made_objects(node)) if CALL in shown else ()
        for function in _functions(node):
            if not hasattr(function, "arguments") and (function in made_objects or _may_differ(function, shown)):
                function.arguments = _arguments(function)
                restored += 1
    return restored


def _may_differ(function: FuncDef, shown: Shown) -> bool:
    if function.name not in shown:
        return False
    counts = shown[function.name]
    return counts is None or bool(counts - {len(function.arg_names)})


def _parameters(text: str, start: int) -> int | None:
    """How many stand between an opening parenthesis, just before `start`, and its partner, without bare markers."""
    depth = 0
    parameters: list[str] = [""]
    for character in text[start:]:
        if character in QUOTES:
            return None
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
    return sum(1 for one in map(str.strip, parameters) if one and one not in MARKERS)


def _made_objects(node: SymbolNode | None) -> Iterator[FuncDef]:
    """The functions that a decorator made something else of than a function."""
    if isinstance(node, Decorator) and not isinstance(get_proper_type(node.var.type), FunctionLike):
        yield node.func
    elif isinstance(node, OverloadedFuncDef):
        for item in (*node.items, node.impl):
            yield from _made_objects(item)


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
