"""Small trees that hold what is hard about serving interfaces instead of trees. Name -> (files, arguments)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Tree(NamedTuple):
    files: dict[str, str]
    arguments: list[str]


SHAPES: Final = Tree(
    {
        "shapes.py": """
from __future__ import annotations
import dataclasses
from enum import Enum, auto, Flag
from typing import Callable, Generic, NamedTuple, NewType, Protocol, TypedDict, TypeVar, overload
from typing_extensions import NotRequired, ParamSpec, Self, TypeVarTuple, Unpack

T = TypeVar("T")
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")

class Season(Enum):
    ZULU = 1
    MIKE = "m"
    ALPHA = auto()
    @property
    def nice(self) -> bool: return True

class Text(str, Enum):
    Z = "z"
    Y = "y"
    A = "a"

class Bits(Flag):
    W = 1
    B = 2

class Movie(TypedDict):
    zeta: int
    title: str
    alpha: NotRequired[bool]

class Sequel(Movie, total=False):
    yonder: list[Movie]
    before: Movie

Anonymous = TypedDict("Anonymous", {"z": int, "not-a-name": str, "a": "Anonymous | None"})

class Point(NamedTuple):
    y: int
    x: str = ""

UserId = NewType("UserId", int)

class Shape(Protocol):
    name: str
    def area(self) -> float: ...

@dataclasses.dataclass
class Base(Generic[T]):
    value: T
    season: Season = Season.ZULU
    movie: Movie | None = None

@dataclasses.dataclass(order=True, kw_only=True)
class Derived(Base[Text]):
    extra: dict[str, Sequel] = dataclasses.field(default_factory=dict)

class Outer:
    class Inner:
        class Deepest(Enum):
            TWO = 2
            ONE = 1
        deepest = Deepest.TWO
    Alias = dict[str, "Outer.Inner"]
    def me(self) -> Self: return self
    def __getitem__(self, item: int) -> str: return ""

class Twice(Generic[T]):
    @overload
    def get(self: Twice[int], default: int) -> int: ...
    @overload
    def get(self: Twice[str], default: str) -> str: ...
    def get(self, default: object) -> object: return default

def decorate(function: Callable[P, T]) -> Callable[P, list[T]]: ...
def identity(value: T) -> T: return value
inferred = decorate(identity)
pairs = [{"zz": 1, "aa": 2}]
def spread(*args: Unpack[Ts]) -> tuple[Unpack[Ts]]: return args
Recursive = dict[str, "Recursive"] | int
""",
        "narrow.py": """
from shapes import Base, Shape
class Left: ...
class Right: ...
def both(value: Left) -> object:
    if isinstance(value, Right):
        reveal_type(value)
        return value
    return None
def local() -> object:
    class Hidden(Base[int]):
        pass
    return Hidden(1).season
""",
        "use.py": """
from shapes import *
import shapes
from narrow import both
def enums(a: Season, t: Text, d: Outer.Inner.Deepest) -> int:
    if a is Season.MIKE:
        return 1
    reveal_type(a)
    reveal_type(t.value)
    if d == Outer.Inner.Deepest.ONE:
        return "wrong"
    reveal_type(d)
    return a.nice
def dicts(m: Movie, s: Sequel, x: shapes.Anonymous) -> None:
    m["nope"]
    Movie(title="x")
    reveal_type(s)
    reveal_type(x)
    s["before"]["zeta"] = "x"
    x.update({"z": ""})
def more(b: Base[int], d: Derived, o: Outer, i: Outer.Alias) -> Point:
    reveal_type(inferred)
    reveal_type(inferred(1))
    reveal_type(pairs)
    reveal_type(spread(1, ""))
    reveal_type(o.me())
    reveal_type(i[""].deepest)
    Derived(value=Text.Z, extra={"": 1})
    Derived(1)
    d < d
    Twice[int]().get("")
    shapes.Twice.get(Twice[bool](), 1)
    r: Recursive = {"a": ""}
    return (1, 2)
class Square:
    name = 1
def shape(s: Shape) -> None: ...
shape(Square())
reveal_type(both)
class Narrower(Base[UserId]):
    def __init__(self, value: str) -> None:
        super().__init__(value)
o: Outer = {}
o[""]
Outer.__getitem__(1)
""",
    },
    ["."],
)

CYCLES: Final = Tree(
    {
        "first.py": """
import second
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from third import C
class A(second.B):
    def c(self) -> "C": ...
x = second.y
""",
        "second.py": """
import first
class B:
    def a(self) -> first.A: ...
y = first.A().c()
z: int = y
""",
        "third.py": """
from first import A
class C(A):
    def inside(self) -> int:
        import second
        return second.y
""",
        "outside.py": "import third\nreveal_type(third.C().c().inside())\nreveal_type(third.C().a())\n",
        "alone.py": "import alone\nalone.nothing\n",
    },
    ["."],
)

IMPORTS: Final = Tree(
    {
        "pkg/__init__.py": "from pkg.shown import visible as visible\n",
        "pkg/shown.py": "visible = 1\n",
        "pkg/hidden.py": "secret = ''\n",
        "pkg/stubbed.pyi": "def f(x: int) -> str: ...\n_private: int\n",
        "spread/one/leaf.py": "leaf = 1\n",
        "asks.py": """
import pkg
pkg.shown.visible
pkg.hidden.secret
from pkg import nothing
from pkg.stubbed import f
f("")
""",
        "opens.py": "import pkg.hidden\nimport asks\npkg.hidden.secret + 1\n",
        "missing.py": """
import simplejson
import yaml.loader  # type: ignore
import nowhere
import nowhere.deeper
from nowhere.other import thing
import unused_ignore  # type: ignore[import-not-found]
x = 1  # type: ignore
y: int = ""  # type: ignore[arg-type]
import numpyy
thing.anything
""",
        "again.py": "import simplejson\nimport nowhere\nfrom spread.one import leaf\nreveal_type(leaf.leaf)\n",
        "inline.py": "# mypy: disallow-untyped-defs, ignore-missing-imports=True\nimport nowhere\ndef f(): pass\n",
        "bad_inline.py": "# mypy: no-such-option\ndef f(): pass\n",
        "silent.py": "# mypy: ignore-errors\nimport nowhere\ndef f() -> int:\n    import again\n    return ''\n",
        "star.py": "from pkg.stubbed import *\nfrom pkg import *\nf(1)\nvisible\n_private\n",
        "template.py": "import sys\nif sys.platform == 'nope':\n    import never\n",
        "mypy.ini": "[mypy]\nwarn_unused_ignores = True\n[mypy-yaml.*]\nignore_missing_imports = True\n",
    },
    ["--explicit-package-bases", "--enable-error-code=ignore-without-code", "--show-error-code-links", "."],
)

ONE_PHASE: Final = Tree(
    {
        **CYCLES.files,
        "partial.py": "x = None\nlist_ = []\ndef f() -> None:\n    global x\n    x = 1\nlist_.append(1)\n",
    },
    ["--no-local-partial-types", "."],
)

STRICT: Final = Tree(SHAPES.files, ["--strict", "--warn-unreachable", "."])

TREES: Final = {"shapes": SHAPES, "cycles": CYCLES, "imports": IMPORTS, "one_phase": ONE_PHASE, "strict": STRICT}
