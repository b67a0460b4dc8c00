"""What compiled mypy asks of the standard library by the million, without the interpreted part of it.

It enters millions of context managers in a run, and `contextlib.contextmanager` makes an object with four interpreted
calls of each. The generator below can be the context manager itself: it is a compiled class of its own, which only
lacks the two methods. What is done by hand here is the way without an exception; the other is left to contextlib.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from operator import attrgetter
from types import FunctionType, TracebackType
from typing import Any, Final

from mypy import checker
from mypy.nodes import ArgKind

# Where mypyc puts a compiled generator function, and what it calls the class of its generators.
PACKAGE: Final = "mypy"
CLASS_SUFFIX: Final = "_gen"
# Of an enum's member: its value, without the descriptor that a subclass may want to be asked.
VALUE: Final = property(attrgetter("_value_"))


class Stack:
    """An `ExitStack`, as far as mypy's checker needs one around each body."""

    __slots__ = ("_entered",)

    def __init__(self) -> None:
        self._entered: list[Any] = []

    def __enter__(self) -> Stack:
        return self

    def enter_context(self, manager: Any) -> Any:
        entered = manager.__enter__()
        self._entered.append(manager)
        return entered

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        if kind is None:
            while self._entered:
                self._entered.pop().__exit__(None, None, None)
            return False
        stack = ExitStack()
        for manager in self._entered:
            stack.push(manager)
        return stack.__exit__(kind, error, trace)


def avoid_interpreted_calls() -> None:
    """The rest of it: stacks of contexts, and the kinds of arguments, which are written for each function."""
    checker.ExitStack = Stack  # type: ignore[assignment, attr-defined]
    if "value" not in vars(ArgKind):
        type.__setattr__(ArgKind, "value", VALUE)


def enter_generators() -> list[str]:
    """Lets mypy's compiled generators be entered themselves, where a decorated function returns one.

    Returns the full names of these functions. What is not compiled, or not as expected, stays as it is.
    """
    generators = {(one.__module__, one.__name__): one for one in type.__subclasses__(object)}
    changed = []
    for owner, name, function in list(_decorated_functions()):
        undecorated = function.__wrapped__  # type: ignore[attr-defined]
        module = owner.__name__
        generator_name = name + CLASS_SUFFIX
        if isinstance(owner, type):
            module = owner.__module__
            generator_name = f"{name}_{owner.__name__}{CLASS_SUFFIX}"
        generator: Any = generators.get((module, generator_name))
        if generator is None or isinstance(undecorated, FunctionType):
            continue
        generator.__enter__ = generator.__next__
        generator.__exit__ = _leave
        setattr(owner, name, undecorated)
        changed.append(f"{module}.{function.__qualname__}")
    return changed


def _decorated_functions() -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """The functions of mypy that contextlib decorates, with the module or class each belongs to, and its name there."""
    code = contextmanager(_decorated_functions).__code__
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] != PACKAGE:
            continue
        owners: list[Any] = [module, *(one for one in vars(module).values() if isinstance(one, type))]
        for owner in owners:
            if (owner.__module__ if isinstance(owner, type) else owner.__name__) != module_name:
                continue
            for name, value in vars(owner).items():
                if isinstance(value, FunctionType) and value.__code__ is code:
                    yield owner, name, value


def _leave(
    generator: Any, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> bool | None:
    """`__exit__` of a generator."""
    if kind is None:
        for _ in generator:
            raise RuntimeError("generator didn't stop")
        return False
    return contextmanager(lambda: generator)().__exit__(kind, error, trace)
