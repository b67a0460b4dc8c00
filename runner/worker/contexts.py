"""The context managers of compiled mypy, without contextlib's part in them.

mypy enters millions of them in a run, and `contextlib.contextmanager` makes an object with four interpreted calls of
each. The generator below can be the context manager itself: it is a compiled class of its own, which only lacks the two
methods. What is done by hand here is the way without an exception; the other one is left to contextlib.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, TracebackType
from typing import Any, Final

# Where mypyc puts a compiled generator function, and what it calls the class of its generators.
PACKAGE: Final = "mypy"
CLASS_SUFFIX: Final = "_gen"
DONE: Final = object()


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
        if next(generator, DONE) is not DONE:
            raise RuntimeError("generator didn't stop")
        return False
    return contextmanager(lambda: generator)().__exit__(kind, error, trace)
