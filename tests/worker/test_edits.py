"""After an edit that changes a module's answer, its used set or its own request must have changed.

These are the cases in which mypy's recorded dependencies are not enough.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from coordinator import Coordinator
from orders import Run, check_in_order


class Edit(NamedTuple):
    files: dict[str, str]
    module: str  # whose answer changes
    file: str
    text: str


EDITS = {
    "base of a base": Edit(
        {
            "a.py": "class A:\n    x: int\n",
            "b.py": "from a import A\nclass B(A): pass\n",
            "d.py": "from b import B\nclass D(B):\n    x = 1\n",
        },
        "d",
        "a.py",
        "class A:\n    x: str\n",
    ),
    "final method of a base of a base": Edit(
        {
            "a.py": "class A:\n    def m(self) -> int: return 1\n",
            "b.py": "from a import A\nclass B(A): pass\n",
            "d.py": "from b import B\nclass D(B):\n    def m(self) -> int: return 2\n",
        },
        "d",
        "a.py",
        "from typing import final\nclass A:\n    @final\n    def m(self) -> int: return 1\n",
    ),
    "new attribute of a base of a base": Edit(
        {
            "a.py": "class A: pass\n",
            "b.py": "from a import A\nclass B(A): pass\n",
            "d.py": "from b import B\nclass D(B):\n    x = 1\n",
        },
        "d",
        "a.py",
        "class A:\n    x: str\n",
    ),
    "type of a base's member": Edit(
        {
            "x.py": "from typing import Protocol\nclass X(Protocol):\n    def m(self) -> int: ...\n",
            "y.py": "class Y:\n    def m(self) -> int: return 1\n",
            "b.py": "from x import X\nclass B:\n    def f(self) -> X: ...\n",
            "d.py": "from b import B\nfrom y import Y\nclass D(B):\n    def f(self) -> Y: ...\n",
        },
        "d",
        "x.py",
        "from typing import Protocol\nclass X(Protocol):\n    def m(self) -> str: ...\n",
    ),
    "descriptor": Edit(
        {
            "a.py": "class De:\n    def __get__(self, o: object, t: object) -> int: ...\n",
            "b.py": "from a import De\nclass B:\n    d = De()\n",
            "c.py": "from b import B\nx: int = B().d\n",
        },
        "c",
        "a.py",
        "class De:\n    def __get__(self, o: object, t: object) -> str: ...\n",
    ),
    "ancestor package": Edit(
        {
            "pkg/__init__.py": "class C:\n    x: int = 1\n",
            "other.py": "from pkg import C\ndef f() -> C: ...\n",
            "pkg/a.py": "from other import f\ny: int = f().x\n",
        },
        "pkg.a",
        "pkg/__init__.py",
        "class C:\n    x: str = ''\n",
    ),
    "submodule becomes visible": Edit(
        {
            "pkg/__init__.py": "",
            "pkg/sub.py": "v = 1\n",
            "b.py": "def f() -> None: pass\n",
            "a.py": "import pkg, b\npkg.sub.v\n",
        },
        "a",
        "b.py",
        "def f() -> None:\n    import pkg.sub\n",
    ),
    "attribute of a visible submodule appears": Edit(
        {
            "pkg/__init__.py": "",
            "pkg/sub.py": "",
            "b.py": "import pkg.sub\n",
            "a.py": "import pkg, b\npkg.sub.v\n",
        },
        "a",
        "pkg/sub.py",
        "v = 1\n",
    ),
    "module becomes missing elsewhere": Edit(
        {"pkg/__init__.py": "", "a.py": "from pkg import sub\n", "b.py": ""},
        "a",
        "b.py",
        "import pkg.sub  # type: ignore\n",
    ),
    "name appears in a module reached through another": Edit(
        {"deep.py": "", "m.py": "import deep as deep\n", "a.py": "import m\nm.deep.nothing\n"},
        "a",
        "deep.py",
        "nothing = 1\n",
    ),
    "constructor of a hidden base": Edit(
        {
            "a.py": "class A:\n    def __init__(self, x: int) -> None: ...\n",
            "b.py": "from a import A\nclass B(A): pass\n",
            "first.py": "from b import B\nB(1)\n",
            "second.py": "from b import B\nB(1)\n",
        },
        "second",
        "a.py",
        "class A:\n    def __init__(self, x: str) -> None: ...\n",
    ),
    "dataclass field of a hidden base": Edit(
        {
            "t.py": "T = int\n",
            "a.py": "import dataclasses\nfrom t import T\n@dataclasses.dataclass\nclass A:\n    x: T\n",
            "b.py": "from a import A\nclass B(A): pass\n",
            "d.py": "import dataclasses\nfrom b import B\n@dataclasses.dataclass\nclass D(B):\n    y: int\nD(1, 2)\n",
        },
        "d",
        "t.py",
        "T = str\n",
    ),
    "alias behind an alias": Edit(
        {
            "t.py": "from typing import List\nInner = List[int]\n",
            "u.py": "from typing import Dict\nimport t\nOuter = Dict[str, t.Inner]\n",
            "v.py": "from u import Outer\nvalue: Outer = {}\n",
            "c.py": "import v\nx: int = v.value[''][0]\n",
        },
        "c",
        "t.py",
        "from typing import List\nInner = List[str]\n",
    ),
    "metaclass": Edit(
        {
            "m.py": "class M(type):\n    def __len__(cls) -> int: return 1\n",
            "a.py": "from m import M\nclass A(metaclass=M): pass\n",
            "c.py": "from a import A\nx: int = len(A)\n",
        },
        "c",
        "m.py",
        "class M(type): pass\n",
    ),
    "bound of a type variable": Edit(
        {
            "x.py": "class X:\n    a: int\n",
            "t.py": "from typing import TypeVar\nfrom x import X\nT = TypeVar('T', bound=X)\n",
            "c.py": "from t import T\ndef f(x: T) -> int: return x.a\n",
        },
        "c",
        "x.py",
        "class X:\n    a: str\n",
    ),
    "protocol stops being satisfied through a base": Edit(
        {
            "p.py": "from typing import Protocol\nclass P(Protocol):\n    def m(self) -> int: ...\n",
            "a.py": "class A:\n    def m(self) -> int: ...\n",
            "b.py": "from a import A\nclass B(A): pass\nb = B()\n",
            "c.py": "import b, p\nx: p.P = b.b\n",
        },
        "c",
        "a.py",
        "class A: pass\n",
    ),
    "star import": Edit(
        {"a.py": "x = 1\n", "b.py": "from a import *\n", "c.py": "from b import *\ny: int = x\n"},
        "c",
        "a.py",
        "x = ''\n",
    ),
}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def inputs_of(coordinator: Coordinator, run: Run, module: str) -> tuple[object, dict[str, bytes]]:
    """What a key of the module's component would be made of: its request, and the interfaces it used."""
    k = coordinator.component_of[module]
    request = coordinator.component_request(k)
    return request, {name: run[1][name] for name in run[0][k].used}


@pytest.mark.parametrize("name", list(EDITS))
def test_an_edit_that_changes_the_answer_changes_an_input(name: str, tmp_path: Path) -> None:
    edit = EDITS[name]
    write(tmp_path, edit.files)
    arguments = sorted(edit.files)
    before = Coordinator(tmp_path, arguments)
    old = check_in_order(before, {"TYPEWAVE_CHECK_TOUCHES": "1"})
    (tmp_path / edit.file).write_text(edit.text)
    after = Coordinator(tmp_path, arguments)
    new = check_in_order(after)

    old_outcome = old[0][before.component_of[edit.module]]
    new_outcome = new[0][after.component_of[edit.module]]
    assert old_outcome.missed == []
    assert old_outcome.errors != new_outcome.errors or old_outcome.interfaces != new_outcome.interfaces

    request, used = inputs_of(before, old, edit.module)
    same_request = request == after.component_request(after.component_of[edit.module])
    assert not same_request or used != {module: new[1].get(module) for module in used}


def test_what_is_not_looked_at_is_not_used(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "far.py": "class Far: ...\n",
            "big.py": "from far import Far\nclass Other(Far): ...\nconstant = 1\n",
            "a.py": "from big import constant\nx: int = constant\n",
        },
    )
    coordinator = Coordinator(tmp_path, ["a.py", "big.py", "far.py"])
    outcome = check_in_order(coordinator)[0][coordinator.component_of["a"]]
    assert outcome.used == ["big"]
    assert outcome.touched == {"big": ["constant"]}
