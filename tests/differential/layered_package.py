"""A package of many small components from a seed: each module builds on earlier ones in the ways dependents can see."""

from __future__ import annotations

import random
from pathlib import Path

MODULES = 24
PRELUDE = """\
import abc
import dataclasses
import enum
from collections.abc import Callable
from typing import Any, ClassVar, Final, Generic, NamedTuple, NewType, Protocol, TypedDict, TypeVar, Union, overload
"""
# What module {k} may hold; {c} is a class of an earlier module, {m} such a module, {t} a builtin type.
PIECES = (
    "class C{k}({c}):\n    attribute: {t}\n    shared: {t} = {v}\n\n    def method(self) -> {t}:\n        return {v}\n",
    "class C{k}:\n    def __init__(self, it: {c}, other: {t} = {v}) -> None:\n        self.it = it\n"
    "        self.other = other\n",
    "class C{k}(Protocol):\n    name: {t}\n\n    def method(self) -> {c}: ...\n",
    "class Get{k}:\n    def __get__(self, owner: Any, kind: Any) -> {c}:\n        return {c}()\n\n\n"
    "class C{k}:\n    found = Get{k}()\n    shared: {t} = {v}\n",
    "class C{k}(enum.Enum):\n    Z = 1\n    A = {v}\n    M = 'm'\n",
    "class C{k}(TypedDict):\n    z: {t}\n    a: str\n    it: {c}\n",
    "class C{k}(NamedTuple):\n    first: {t}\n    second: {c}\n",
    "@dataclasses.dataclass\nclass C{k}({c}):\n    field: {t}\n    last: {t} = {v}\n",
    "T{k} = TypeVar('T{k}', bound={c})\n\n\nclass C{k}(Generic[T{k}]):\n    def get(self) -> T{k}: ...\n"
    "    def put(self, it: T{k}) -> {t}: ...\n",
    "class C{k}(abc.ABC):\n    @abc.abstractmethod\n    def method(self) -> {t}: ...\n\n"
    "    @property\n    def shared(self) -> {c}: ...\n",
    "class Meta{k}(type):\n    def __getitem__(cls, key: {t}) -> {t}: ...\n\n\n"
    "class C{k}(metaclass=Meta{k}):\n    attribute: {t}\n",
    "C{k} = {c}\n",
    "C{k} = dict[{t}, {c}]\n",
    "C{k} = Union[{c}, {t}]\n",
    "C{k} = NewType('C{k}', {c})\n",
    "class C{k}({c}):\n    def __getattr__(self, name: str) -> {t}: ...\n",
    "class C{k}({c}):\n    def method(self) -> {t}:\n        return super().method()\n",
    "class C{k}({c}):\n    @overload\n    def pick(self, it: int) -> {c}: ...\n    @overload\n"
    "    def pick(self, it: str) -> {t}: ...\n"
    "    def pick(self, it: Any) -> Any: ...\n",
)
FUNCTIONS = (
    "def f{k}(it: {t} = {v}) -> {c}: ...\n",
    "def f{k}(call: Callable[[{c}], {t}]) -> Callable[[{t}], {c}]: ...\n",
    "f{k}: Final = {m}.f{j}\n",
    "def f{k}(*values: {c}):\n    return values\n",
    "async def f{k}() -> {c}: ...\n",
    "f{k} = [{m}.f{j}]\n",
    "def f{k}() -> type[{c}]: ...\n",
)
USES = (
    "reveal_type({m}.f{j})\n",
    "reveal_type({m}.f{j}())\n",
    "def use{n}(it: {c}) -> {t}:\n    reveal_type(it.{a})\n    return it.{a}\n",
    "def use{n}(it: {c}) -> None:\n    reveal_type(it.it.{a})\n    it.shared = {v}\n",
    "def use{n}(it: {c}, other: {d}) -> {d}:\n    it = other\n    return it\n",
    "class Sub{n}({c}):\n    {a} = {v}\n",
    "class Sub{n}({c}, {d}):\n    def method(self) -> {t}:\n        return {v}\n\n\nreveal_type(Sub{n}().{a})\n",
    "reveal_type({c}.{a})\n",
    "reveal_type({c}({v}))\n",
    "reveal_type([{c}, {d}])\n",
    "def use{n}(it: {c}, other: {d}) -> None:\n    reveal_type([it, other])\n"
    "    reveal_type(it == other)\n    if isinstance(it, {d}):\n        reveal_type(it)\n",
    "def use{n}(it: {c}) -> None:\n    for one in it:\n        reveal_type(one)\n"
    "    with it as inside:\n        reveal_type(inside)\n",
    "def use{n}(it: {c}) -> None:\n    if it is {c}.A:\n        return\n    reveal_type(it)\n"
    "    reveal_type(it['z'])\n",
    "class Impl{n}:\n    name: {t} = {v}\n\n    def method(self) -> {c}: ...\n\n\ncheck{n}: {d} = Impl{n}()\n",
    "reveal_type({m}.C{j}.__init__)\n",
    "reveal_type({m}.nothing)\n",
)
ATTRIBUTES = (
    "attribute",
    "shared",
    "method",
    "it",
    "other",
    "found",
    "name",
    "field",
    "get",
    "pick",
    "missing",
    "first",
)
TYPES = ("int", "str", "None", "object", "list[int]")
VALUES = ("0", "''", "None", "[1]", "1.5")


def write_package(folder: Path, name: str, seed: int) -> None:
    """Writes the modules m0, m1, ... and `__init__` below `folder`."""
    rng = random.Random(seed)
    package = folder / name
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "m0.py").write_text("class C0:\n    shared: int = 0\n\n\ndef f0() -> C0: ...\n", encoding="utf-8")
    for k in range(1, MODULES):
        near = sorted({rng.randrange(max(0, k - 6), k) for _ in range(3)})
        lines = [PRELUDE, *(f"import {name}.m{j}\n" for j in near), f"from {name}.m{near[-1]} import *\n"]

        def fill(text: str, number: int = 0, k: int = k, near: list[int] = near) -> str:
            j, other = rng.choice(near), rng.choice(near)
            return text.format(
                k=k,
                j=j,
                n=f"{k}_{number}",
                m=f"{name}.m{j}",
                c=f"{name}.m{j}.C{j}",
                d=f"{name}.m{other}.C{other}",
                t=rng.choice(TYPES),
                v=rng.choice(VALUES),
                a=rng.choice(ATTRIBUTES),
            )

        lines += ["\n\n" + fill(rng.choice(PIECES)), "\n\n" + fill(rng.choice(FUNCTIONS))]
        lines += ["\n\n" + fill(rng.choice(USES), number) for number in range(6)]
        (package / f"m{k}.py").write_text("".join(lines), encoding="utf-8")
