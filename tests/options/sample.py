"""A project in which most options of mypy show: each has a line that is an error, or is none, because of it."""

from __future__ import annotations

SAMPLE = {
    "quick.json": "{}",
    ".gitignore": "ignored/\n",
    "ignored/left_out.py": "x: int = ''\n",
    "ns/__init__.py": "",
    "ns/inner.py": "deep: int = ''\n",
    "script.py": "import shapes\n\nprint(shapes.area('x'))\n",
    "unmarked.py": "class Shadow:\n    side: str\n",
    "stubs/extra.pyi": "def more(x): ...\nclass Extra:\n    size: int\n",
    "shapes.py": """\
\"\"\"Docstring.\"\"\"
import sys
from typing import Any, Callable, Optional, TypedDict
from typing_extensions import deprecated

import gone
import yaml
from ns.inner import deep as deep
from ns.inner import deep as passed_on

FLAG = False
registry = []


class Base(gone.Thing):
    side: int = 1

    def __eq__(self, other: object) -> bool:
        return True


def area(side, unit: str = None):
    wrong: int = 'untyped'
    return side


def incomplete(side: int, unit):
    return side


def anything(value: Any) -> int:
    return value


def generic(values: list) -> None:
    unused = area(1)  # type: ignore


def maybe(flag: Optional[int]) -> int:
    if flag:
        return flag + 1


def compare(x: int, y: Optional[str]) -> bool:
    return x == 'one' or y is None and x is None


def narrowed(x: int) -> str:
    if isinstance(x, int):
        return 1
    reveal_type(x)
    return 'never' + 1


def redefined() -> str:
    value = 1
    value = 'text'
    return value


def partial() -> None:
    registry.append(1)
    late.append('x')


late = []


def flags() -> int:
    if FLAG:
        return 'flag'
    if sys.platform == 'darwin':
        return 'platform'
    if sys.version_info >= (3, 13):
        return 'version'
    return 0


def decorate(function):
    return function


@decorate
def decorated(x: int) -> int:
    return x


def empty() -> int: ...


def data(value: bytes) -> None: ...


data(bytearray(b''))
data(memoryview(b''))


@deprecated('use another')
def old() -> None: ...


old()


class Movie(TypedDict):
    title: str


class Longer(Movie, total=False):
    year: int


def update(a: Movie, b: Longer) -> None:
    a.update(b)
    inline: {'name': str} = {'name': 1}


def call(function: Callable[[int], str]) -> str:
    return function('x')


def casted(x: int) -> int:
    from typing import cast

    return cast(int, x)


reveal_type(call)
Base().side
""",
    "user.py": """\
from shapes import Base, area, old, passed_on, redefined
import extra


class Derived(Base):
    def size(self) -> int:
        return self.side + area(1) + extra.more(2)


old()
name: int = redefined()
size: str = Derived().size()
""",
}

# A plausible value of each option that needs one, by destination.
VALUES: dict[str, list[str]] = {
    "output": ["json"],
    "config_file": ["../settings.ini"],
    "follow_imports": ["skip"],
    "special-opts:python_executable": ["{python}"],
    "special-opts:python_version": ["3.13"],
    "platform": ["darwin"],
    "always_true": ["FLAG"],
    "always_false": ["FLAG"],
    "untyped_calls_exclude": ["shapes"],
    "deprecated_calls_exclude": ["shapes"],
    "disable_error_code": ["assignment"],
    "enable_error_code": ["possibly-undefined,ignore-without-code"],
    "many_errors_threshold": ["5"],
    "cache_dir": ["../cache"],
    "sqlite_num_shards": ["3"],
    "custom_typing_module": ["typing"],
    "enable_incomplete_feature": ["InlineTypedDict"],
    "custom_typeshed_dir": ["{typeshed}"],
    "shadow_file": ["shapes.py", "unmarked.py"],
    "num_workers": ["2"],
    "mypyc_annotation_file": ["annotated.html"],
    "quickstart_file": ["quick.json"],
    "junit_xml": ["junit.xml"],
    "junit_format": ["per_file"],
    "special-opts:find_occurrences": ["Base.side"],
    "timing_stats": ["timing"],
    "line_checking_stats": ["lines"],
    "package_root": ["ns"],
    "special-opts:cache_map": ["shapes.py", "shapes.meta.json", "shapes.data.json", "--no-sqlite-cache"],
    "exclude": ["ns"],
    "special-opts:modules": ["shapes"],
    "special-opts:packages": ["ns"],
    "special-opts:command": ["import shapes; shapes.area()"],
}
