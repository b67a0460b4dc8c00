"""What is taken apart is gone at once, without a search for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from mypy import build
from mypy.build import BuildResult
from mypy.checker import TypeChecker
from mypy.modulefinder import BuildSource
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, TypeAlias, TypeInfo
from mypy.options import Options
from mypy.typestate import reset_global_state
from typewave_worker.dismantle import CheckerBreaker, take_module_apart

SOURCE = """
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Generic, NamedTuple, Protocol, Self, TypedDict, TypeVar, overload

T = TypeVar("T")
Nested = list["Nested"] | dict[str, "Base[int]"]

def plain(x: int, *rest: str) -> list[int]:
    def inner(y: int) -> int:
        class Local:
            def method(self) -> int:
                return y
        return Local().method()
    return [inner(x)]

@overload
def several(x: int) -> int: ...
@overload
def several(x: str) -> str: ...
def several(x: int | str) -> int | str:
    return x

class Base(Generic[T]):
    class Inner:
        def of_inner(self) -> "Base[int]":
            return Base(1)
    def __init__(self, value: T) -> None:
        self.value = value
    @property
    def both(self) -> T:
        return self.value
    @both.setter
    def both(self, value: T) -> None:
        self.value = value
    @cached_property
    def cached(self) -> T:
        return self.value
    def itself(self) -> Self:
        return self
    @classmethod
    def make(cls, value: T) -> "Base[T]":
        return cls(value)

class Derived(Base[int]):
    def itself(self) -> Self:
        return super().itself()

class Speaks(Protocol):
    def speak(self) -> str: ...

class Color(Enum):
    RED = 1

class Point(NamedTuple):
    x: int
    other: "Point | None" = None

class Options(TypedDict, total=False):
    next: "Options"

@dataclass
class Data:
    one: int
    two: list["Data"]
    def method(self) -> "Data":
        return self
"""


@pytest.fixture
def without_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def built() -> BuildResult:
    options = Options()
    options.incremental = False
    options.show_traceback = True
    options.preserve_asts = True
    result = build.build([BuildSource("m.py", "m", SOURCE)], options)
    assert not result.errors, result.errors
    gc.collect()  # what mypy itself leaves behind
    return result


def left() -> list[str]:
    """The classes, functions and aliases of the module that are there."""
    kinds = (FuncDef, OverloadedFuncDef, Decorator, TypeAlias, TypeInfo)
    names = {getattr(one, "fullname", "") for one in gc.get_objects() if isinstance(one, kinds)}
    return sorted(name for name in names if name.startswith("m."))


@pytest.mark.usefixtures("without_collection")
def test_nothing_is_left_of_a_module() -> None:
    result = built()
    tree = result.manager.modules.pop("m")
    del result
    reset_global_state()
    gc.collect()  # all that was around it
    assert {"m.plain", "m.Base.both", "m.Data", "m.Options", "m.Point", "m.Base.Inner", "m.Nested"} <= set(left())
    take_module_apart(tree)
    del tree
    assert left() == []


@pytest.mark.usefixtures("without_collection")
def test_nothing_is_left_of_type_checkers() -> None:
    result = built()
    breaker = CheckerBreaker()
    for _ in range(4):
        state = result.graph["m"]
        breaker.take_apart(state.type_checker())
        state.free_state()
    checkers = [one for one in gc.get_objects() if isinstance(one, TypeChecker)]
    assert len(checkers) == 1, "the one that all others' helpers refer to"
