"""What construct_edits.py puts into modules: classes, functions, ways to pass them on, and uses; a rule divides them.

In them {n} and {k} are numbers, {t} and {u} types, {v} and {w} values, {a}, {b} and {c} names, {other} a class from
elsewhere, {m} the module and {name} the name of what is passed on, {x} what is used.
"""

from __future__ import annotations

RULE = "---\n"

PRELUDE = """\
import abc, contextlib, dataclasses, enum, functools, sys, typing
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, ClassVar, Final, Generic, Literal, NamedTuple, NewType, NoReturn, Protocol, TypedDict, TypeVar
from typing import overload, final, runtime_checkable
from typing_extensions import Concatenate, NotRequired, ParamSpec, Required, Self, TypeGuard, TypeIs, TypeVarTuple
from typing_extensions import Unpack, deprecated, override, dataclass_transform, disjoint_base
"""
TYPES = (
    *("int", "str", "None", "bytes", "bool", "float", "object", "Any", "NoReturn", "list[int]", "dict[str, int]"),
    *("tuple[int, str]", "tuple[int, ...]", "type[int]", "Literal[1]", "Literal['a']", "int | None", "int | str"),
    *("Callable[[int], str]", "Callable[..., int]", "Awaitable[int]", "Iterator[int]", "type", "Self", "{other}"),
    *("list[{other}]", "{other} | None", "type[{other}]", "Callable[[{other}], int]", "tuple[{other}, int]"),
)
VALUES = ("0", "1", "-1", "''", "'a'", "None", "b''", "True", "[1]", "(1, '')", "{'a': 1}", "int", "lambda x: x", "...")
NAMES = ("alpha", "beta", "gamma", "method", "value", "name")

CLASSES = """\
class Made{n}:
    {a}: {t} = {v}
    {b}: ClassVar[{u}] = {w}
    def {c}(self, x: {t}) -> {u}: ...
---
class Made{n}({other}):
    {a}: {t}
    def {b}(self) -> {u}: ...
---
class Made{n}({other}):
    def __init__(self, {a}: {t}, {b}: {u} = {v}) -> None:
        self.{a} = {a}
        self.{b} = {b}
---
class Made{n}(enum.Enum):
    {a} = {v}
    {b} = {w}
    gamma = 3
    @property
    def extra(self) -> {t}: ...
---
class Made{n}(enum.IntFlag):
    {b} = 1
    {a} = 2
    both = 3
---
class Made{n}(str, enum.Enum):
    _ignore_ = ['beta']
    {b} = 'b'
    {a} = 'a'
    def {c}(self) -> {t}: ...
---
@dataclasses.dataclass
class Made{n}:
    {a}: {t}
    {b}: {u} = {v}
---
@dataclasses.dataclass(frozen=True, kw_only=True)
class Made{n}({other}):
    {b}: {t} = {v}
    {a}: {u} = {w}
---
@dataclasses.dataclass(order=True, slots=True)
class Made{n}:
    {a}: dataclasses.InitVar[{t}]
    {b}: list[{u}] = dataclasses.field(default_factory=list)
    _: dataclasses.KW_ONLY
    {c}: {t} = {v}
---
class Made{n}(Protocol):
    {a}: {t}
    def {b}(self, x: {u}) -> {t}: ...
---
@runtime_checkable
class Made{n}(Protocol):
    @property
    def {a}(self) -> {t}: ...
    def __call__(self, x: {u}) -> {t}: ...
---
class Made{n}(NamedTuple):
    {a}: {t}
    {b}: {u} = {v}
    def {c}(self) -> {t}: ...
---
class Made{n}(TypedDict):
    {b}: {t}
    {a}: {u}
---
class Made{n}(TypedDict, total=False):
    {a}: Required[{t}]
    {b}: {u}
    name: NotRequired[int]
---
Made{n} = NewType('Made{n}', {other})
---
Made{n} = {other}
---
Made{n} = {t}
---
Made{n}: typing.TypeAlias = 'list[{t}]'
---
Made{n}: Any = {v}
---
T{n} = TypeVar('T{n}', bound='{t}')
class Made{n}(Generic[T{n}]):
    {a}: T{n}
    def {b}(self, x: T{n}) -> list[T{n}]: ...
---
T{n} = TypeVar('T{n}', {t}, {u})
class Made{n}(Generic[T{n}]):
    def __init__(self, {a}: T{n}) -> None: self.{a} = {a}
---
T{n} = TypeVar('T{n}', covariant=True)
class Made{n}(Protocol[T{n}]):
    def {a}(self) -> T{n}: ...
---
Ts{n} = TypeVarTuple('Ts{n}')
class Made{n}(Generic[Unpack[Ts{n}]]):
    {a}: tuple[Unpack[Ts{n}]]
---
class Meta{n}(type):
    {a}: {t}
    def __call__(cls, *a: Any) -> {u}: ...
    def __getitem__(cls, x: {t}) -> {u}: ...
class Made{n}(metaclass=Meta{n}):
    {b}: {t}
---
class Made{n}(abc.ABC):
    @abc.abstractmethod
    def {a}(self) -> {t}: ...
    @property
    @abc.abstractmethod
    def {b}(self) -> {u}: ...
---
class De{n}:
    def __get__(self, it: Any, owner: Any) -> {t}: ...
    def __set__(self, it: Any, x: {u}) -> None: ...
class Made{n}:
    {a} = De{n}()
    {b}: {t}
---
class Made{n}:
    @overload
    def {a}(self, x: {t}) -> {u}: ...
    @overload
    def {a}(self, x: str, y: int = 0) -> {t}: ...
    def {a}(self, x: Any, y: Any = 0) -> Any: ...
    @classmethod
    def {b}(cls) -> Self: ...
---
class Made{n}:
    @property
    def {a}(self) -> {t}: ...
    @{a}.setter
    def {a}(self, x: {u}) -> None: ...
    @functools.cached_property
    def {b}(self) -> {u}: ...
---
class Made{n}:
    __slots__ = ('{a}', '{b}')
    __match_args__ = ('{b}', '{a}')
    {a}: {t}
    {b}: {u}
---
@final
class Made{n}:
    {a}: Final = {v}
    @final
    def {b}(self) -> {t}: ...
---
class Made{n}({other}):
    def __new__(cls, x: {t}) -> {u}: ...
    def __init_subclass__(cls, {a}: {t} = {v}) -> None: ...
---
class Made{n}:
    def __getattr__(self, name: str) -> {t}: ...
    def __setattr__(self, name: str, x: {u}) -> None: ...
---
class Made{n}:
    def __enter__(self) -> {t}: ...
    def __exit__(self, *a: object) -> {u}: ...
    def __iter__(self) -> Iterator[{t}]: ...
    def __eq__(self, x: object) -> {u}: ...
    def __getitem__(self, x: {t}) -> {u}: ...
---
@deprecated('old')
class Made{n}:
    {a}: {t}
    @deprecated('older')
    def {b}(self) -> {u}: ...
---
@functools.total_ordering
class Made{n}:
    def __lt__(self, x: Self) -> bool: ...
    {a} = {v}
    {b} = {w}
---
@dataclass_transform(kw_only_default=True)
class Base{n}:
    def __init_subclass__(cls, *, frozen: bool = False) -> None: ...
class Made{n}(Base{n}, frozen=True):
    {a}: {t}
    {b}: {u} = {v}
---
if sys.platform == 'linux':
    class Made{n}:
        {a}: {t}
else:
    class Made{n}:
        {a}: {u}
---
try:
    from gone_elsewhere import Made{n}  # type: ignore
except ImportError:
    class Made{n}:
        {a}: {t}
---
def Made{n}(x: {t} = {v}, *args: {u}, {a}: {t} = {w}) -> {u}: ...
---
class Outer{n}:
    class Inner({other}):
        {a}: {t}
    {b} = Inner
Made{n} = Outer{n}.Inner
---
Made{n} = type('Made{n}', ({other},), {{}})
---
Made{n} = enum.Enum('Made{n}', '{b} {a} gamma')
---
Made{n} = NamedTuple('Made{n}', [('{a}', {t}), ('{b}', {u})])
---
Made{n} = TypedDict('Made{n}', {{'{b}': {t}, '{a}': {u}}})
---
def base{n}() -> type[{other}]: ...
class Made{n}(base{n}()):  # type: ignore
    {a}: {t}
---
class Made{n}:
    def __init__(self) -> None:
        self.{a} = None
        self.{b} = []
    def {c}(self) -> None:
        self.{a} = {v}
        self.{b}.append({w})
""".split(RULE)

FUNCTIONS = """\
def made{n}(x: {t}, y: {u} = {v}) -> {t}: ...
---
def made{n}(x: {t}) -> NoReturn: ...
---
def made{n}(x: object) -> TypeGuard[{t}]: ...
---
def made{n}(x: object) -> TypeIs[{t}]: ...
---
@overload
def made{n}(x: {t}) -> {u}: ...
@overload
def made{n}(x: int, y: {u} = {v}) -> {t}: ...
def made{n}(x: Any, y: Any = 0) -> Any: ...
---
P{n} = ParamSpec('P{n}')
R{n} = TypeVar('R{n}')
def made{n}(x: Callable[P{n}, R{n}]) -> Callable[P{n}, list[R{n}]]: ...
---
P{n} = ParamSpec('P{n}')
R{n} = TypeVar('R{n}')
def made{n}(x: Callable[P{n}, R{n}]) -> Callable[Concatenate[{t}, P{n}], {u}]: ...
---
R{n} = TypeVar('R{n}', bound='{t}')
def made{n}(x: R{n}, y: {u} = {v}) -> list[R{n}]: ...
---
@contextlib.contextmanager
def made{n}(x: {t}) -> Iterator[{u}]: ...
---
@functools.lru_cache
def made{n}(x: {t}) -> {u}: ...
---
@functools.singledispatch
def made{n}(x: {t}) -> {u}: ...
@made{n}.register
def _(x: int) -> {t}: ...
---
async def made{n}(x: {t}) -> {u}: ...
---
def made{n}(x: {t}):
    yield x
    return {v}
---
def made{n}(x, y={v}):
    return {w}
---
made{n} = lambda x: x
---
made{n} = functools.partial(print, sep='{a}')
---
made{n}: Callable[[{t}], {u}]
---
made{n}: Final = {v}
---
made{n} = [{v}, {w}]
---
made{n} = {other}
---
import os as made{n}
---
@deprecated('gone')
def made{n}(x: {t}) -> {u}: ...
---
def wrap{n}(f: Any): return f
@wrap{n}
def made{n}(x: {t}) -> {u}: ...
---
def made{n}(*x: {t}, **y: {u}) -> None: ...
""".split(RULE)

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
