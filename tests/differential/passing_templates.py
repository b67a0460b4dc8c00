"""What construct_edits.py does with what construct_templates.py gives: passing it on, and using it."""

from __future__ import annotations

from construct_templates import RULE

PASSINGS = """\
from {m} import {name} as Passed{n}
---
import {m}
Passed{n} = {m}.{name}
---
from {m} import *
from {m} import {name} as Passed{n}
---
from {m} import {name}
class Passed{n}({name}):
    pass
---
from {m} import {name}
class Passed{n}({name}):
    def extra{n}(self) -> '{name}': ...
    alpha = 1
---
from {m} import {name}
class Passed{n}:
    alpha: {name}
    beta: list[{name}]
    method = {name}
---
from {m} import {name}
def Passed{n}(x: {name}) -> {name}: ...
---
from {m} import {name}
Passed{n} = list[{name}]
---
from {m} import {name}
Passed{n}: type[{name}] = {name}
---
from {m} import {name}
def _f() -> {name}: ...
Passed{n} = _f()
---
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from {m} import {name} as Passed{n}
---
from {m} import {name}
try:
    Passed{n} = {name}
except Exception:
    Passed{n} = None
---
from {m} import {name}
@{name}
def Passed{n}(x: int, y: str = '') -> int: ...
---
from {m} import {name} as Passed{n}
__all__ = ['Passed{n}']
---
from {m} import {name}
Passed{n} = [{name}, None][0]
---
from {m} import {name}
Passed{n} = {name}(1)
---
from typing import TypeVar, Generic
from {m} import {name}
_T{n} = TypeVar('_T{n}', bound={name})
class Passed{n}(Generic[_T{n}]):
    alpha: _T{n}
    def method(self, x: _T{n}) -> _T{n}: ...
---
from typing import Protocol
from {m} import {name}
class Passed{n}({name}, Protocol):
    beta: int
---
from typing import NamedTuple
from {m} import {name}
class Passed{n}(NamedTuple):
    alpha: {name}
    beta: int
---
def _get():
    from {m} import {name}
    return {name}
Passed{n} = _get()
""".split(RULE)

USES = """\
reveal_type({x})
---
def use{k}(it: {x}) -> None:
    reveal_type(it)
    reveal_type(it.{a})
    it.{b} = {v}
    it.{c}({w})
---
def use{k}(it: {x}) -> {x}:
    reveal_type({x}.{a})
    return {v}
---
class Sub{k}({x}):
    {a} = {v}
    def {b}(self, x: {t}) -> {u}:
        return super().{b}(x)
---
class Sub{k}({x}):
    pass

reveal_type(Sub{k}().{a})
reveal_type(Sub{k}.{b})
---
reveal_type({x}({v}))
reveal_type({x}({v}, {w}))
{x}({a}={v}, {b}={w})
---
reveal_type({x}())
{x}().{a}.{b}
---
def use{k}(it: {x}) -> None:
    if it is {x}.{a}:
        reveal_type(it)
    elif it == {x}.{b}:
        reveal_type(it)
    else:
        reveal_type(it)
---
def use{k}(it: {x}) -> int:
    match it:
        case {x}({a}=1):
            reveal_type(it)
        case {x}(p, q):
            reveal_type(p)
            return 1
---
def use{k}(it: {x}) -> None:
    reveal_type(it['{a}'])
    it['{b}'] = {v}
    reveal_type({{**it}})
---
def use{k}(it: {x}) -> int:
    with it as y:
        reveal_type(y)
        return 1
---
def use{k}(it: {x}) -> None:
    for y in it:
        reveal_type(y)
    reveal_type(it + it)
    reveal_type(it < it)
---
async def use{k}(it: {x}) -> None:
    reveal_type(await it)
    reveal_type(await {x}({v}))
---
def use{k}(it: object) -> None:
    if isinstance(it, {x}):
        reveal_type(it)
        reveal_type(it.{a})
---
def use{k}(it: object) -> int:
    if {x}(it):
        reveal_type(it)
        return 1
    {x}(it)
---
def use{k}() -> int:
    {x}({v})
    reveal_type(1)
---
@{x}
def use{k}(p: int, q: str = '') -> int: ...
reveal_type(use{k})
use{k}(1)
---
it_{k}: {x} = {v}
---
from typing import Literal, Protocol
class Want{k}(Protocol):
    {a}: {t}
    def {b}(self) -> {u}: ...
def take{k}(it: Want{k}) -> None: ...
def use{k}(it: {x}) -> None:
    take{k}(it)
---
def use{k}(it: list[{x}], one: {x}) -> None:
    reveal_type([*it, one])
    reveal_type(it[0] if it else {v})
---
from typing import Callable
def take{k}(f: Callable[[{t}], {u}]) -> None: ...
take{k}({x})
---
class Sub{k}({x}):
    def __init__(self) -> None:
        super().__init__({v})
        self.{a} = {w}
        reveal_type(self.{b})
---
with {x}({v}) as it_{k}:
    reveal_type(it_{k})
---
reveal_type({x}[int])
def use{k}(it: {x}[int, str]) -> None: ...
---
reveal_type(list({x}))
reveal_type([y.value for y in {x}])
---
from typing import cast
reveal_type(cast({x}, 1).{a})
reveal_type(cast('type[{x}]', 1)().{b})
""".split(RULE)
