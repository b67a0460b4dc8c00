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
