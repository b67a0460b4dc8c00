"""typewave against cold mypy on real packages: cold, after each kind of edit, elsewhere, with any number of workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.answers import difference
from support.checkout import Checked, Checkout
from support.corpora import fetch
from support.oracle import cold_mypy, environment


@dataclass(frozen=True)
class Subject:
    """A package and where it is edited; `library` is a component of its own."""

    name: str
    leaf: str  # a module that is its own component
    library: str
    body: tuple[str, str]  # text in the library and what replaces it
    signature: tuple[str, str]
    config: str = ""


SUBJECTS = [
    Subject(
        "rich",
        "rich/__main__.py",
        "rich/_pick.py",
        ("    return bool(value)", "    return value is True"),
        ("(*values: Optional[bool]) -> bool:", "(*values: Optional[bool]) -> int:"),
    ),
    Subject(
        "httpx",
        "httpx/__version__.py",
        "httpx/_status_codes.py",
        ("return 100 <= value <= 199", "return 99 < value <= 199"),
        ("def is_informational(cls, value: int) -> bool:", "def is_informational(cls, value: str) -> bool:"),
    ),
    Subject(
        "sphinx",
        "sphinx/__main__.py",
        "sphinx/util/index_entries.py",
        ("if entry_type == 'single':", "if 'single' == entry_type:"),
        ("def split_index_msg(entry_type: str, value: str) -> list[str]:", "def split_index_msg(a: str) -> list[str]:"),
    ),
    Subject(
        "prefect",
        "prefect/__main__.py",
        "prefect/utilities/math.py",
        ("ld = 1 / average_interval", "ld = 1.0 / average_interval"),
        ("def clamped_poisson_interval(", "def clamped_poisson_interval_renamed("),
    ),
    Subject(
        "homeassistant",
        "homeassistant/components/hue/light.py",
        "homeassistant/util/percentage.py",
        ("    if item not in ordered_list:", "    if not item in ordered_list:"),
        ("def ordered_list_item_to_percentage[_T](", "def ordered_list_item_to_percentage_renamed[_T]("),
        "[mypy]\npython_version = 3.14\nignore_missing_imports = True\ndisallow_untyped_defs = True\n"
        "disallow_incomplete_defs = True\nwarn_unused_ignores = True\nwarn_return_any = True\n",
    ),
]
CORPUS = {"homeassistant": "ha"}
QUICK = {"rich", "httpx"}


@pytest.fixture(
    params=[
        pytest.param(subject, id=subject.name, marks=() if subject.name in QUICK else pytest.mark.slow)
        for subject in SUBJECTS
    ]
)
def subject(request: pytest.FixtureRequest) -> Subject:
    chosen: Subject = request.param
    return chosen


class Bench:
    """A copy of a package with a store, and the comparison of what both checkers say about it."""

    def __init__(self, root: Path, subject: Subject, binary: Path, python: Path) -> None:
        self.subject = subject
        self.root = root
        self.tree = root / "tree"
        shutil.copytree(fetch(CORPUS.get(subject.name, subject.name)) / subject.name, self.tree / subject.name)
        (self.tree / ".git").mkdir()  # mypy looks for its configuration up to the root of a repository
        (self.tree / "mypy.ini").write_text(subject.config or "[mypy]\n", encoding="utf-8")
        (root / "home").mkdir()
        self.checkout = Checkout(binary, python, self.tree, root / "store", root / "home")
        self.arguments = [subject.name]

    def check(self, what: str) -> Checked:
        """Checks with typewave and compares the answer with cold mypy's."""
        checked = self.checkout.check(self.arguments)
        expected = cold_mypy(self.checkout.python, self.tree, self.arguments, environment(self.checkout.home, {}))
        found = difference(expected, checked.answer)
        assert not found, f"{what}: not the answer of cold mypy\n{found}"
        assert checked.summary["scan"]["mismatches"] == 0, f"{what}: the scanner missed what mypy found"
        return checked

    def replace(self, name: str, texts: tuple[str, str]) -> None:
        path = self.tree / name
        text = path.read_text(encoding="utf-8")
        assert texts[0] in text, f"{name} has no {texts[0]!r}: another version of the package?"
        path.write_text(text.replace(texts[0], texts[1], 1), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        with (self.tree / name).open("a", encoding="utf-8") as file:
            file.write(text)


def module_name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def checked_modules(checked: Checked) -> list[str]:
    modules: list[str] = checked.summary["checked_modules"]
    return modules


def restored(bench: Bench, name: str, edit: Callable[[], None], what: str) -> list[str]:
    """Edits a file, checks, takes the edit back; gives what the edit made typewave check. Going back is free."""
    before = (bench.tree / name).read_bytes()
    edit()
    modules = checked_modules(bench.check(what))
    (bench.tree / name).write_bytes(before)
    assert checked_modules(bench.check(f"{what}, taken back")) == []
    return modules


def test_package(subject: Subject, tmp_path: Path, typewave: Path, checker_python: Path) -> None:
    bench = Bench(tmp_path, subject, typewave, checker_python)
    cold = bench.check("cold")
    again = bench.checkout.check(bench.arguments)
    assert (again.answer, checked_modules(again)) == (cold.answer, [])

    leaf, library = subject.leaf, subject.library
    modules = restored(bench, leaf, lambda: bench.append(leaf, "\n# A comment.\n"), "a comment in a leaf")
    assert modules == [module_name(leaf)]
    modules = restored(bench, library, lambda: bench.replace(library, subject.body), "a body")
    assert modules == [module_name(library)]
    modules = restored(bench, library, lambda: bench.replace(library, subject.signature), "a signature")
    assert module_name(library) in modules and len(modules) > 1

    elsewhere = tmp_path / "another" / "place"
    shutil.copytree(bench.tree, elsewhere, ignore=shutil.ignore_patterns(".typewave_cache"))
    other = bench.checkout.moved(folder=elsewhere).check(bench.arguments)
    assert (other.answer, checked_modules(other)) == (cold.answer, [])


def test_structure_of_package(subject: Subject, tmp_path: Path, typewave: Path, checker_python: Path) -> None:
    bench = Bench(tmp_path, subject, typewave, checker_python)
    bench.check("cold")
    package, library = subject.name, subject.library
    added = bench.tree / package / "added_module.py"
    added.write_text(f"import {module_name(library)}\n\nvalue: int = ''\n", encoding="utf-8")
    assert checked_modules(bench.check("a new module")) == [f"{package}.added_module"]
    before = (bench.tree / library).read_bytes()
    bench.append(library, f"\nfrom {package}.added_module import value as added_value\n")
    bench.check("a new cycle")
    (bench.tree / library).write_bytes(before)
    assert checked_modules(bench.check("the cycle broken again")) == []
    added.rename(bench.tree / package / "renamed_module.py")
    bench.check("a renamed module")
    (bench.tree / package / "renamed_module").mkdir()
    (bench.tree / package / "renamed_module.py").rename(bench.tree / package / "renamed_module" / "__init__.py")
    bench.check("a module that became a package")
    shutil.rmtree(bench.tree / package / "renamed_module")
    assert checked_modules(bench.check("a deleted module")) == []
    (bench.tree / library).unlink()
    bench.check("a deleted module that others import")


def test_workers_print_the_same_bytes(subject: Subject, tmp_path: Path, typewave: Path, checker_python: Path) -> None:
    bench = Bench(tmp_path, subject, typewave, checker_python)
    answers = []
    for number in (1, 2, 8):
        fresh = bench.checkout.moved(store=tmp_path / f"jobs-{number}" / "store")
        fresh.store.parent.mkdir()
        answers.append(fresh.check(bench.arguments, [f"--jobs={number}"]).answer)
    assert answers[0] == answers[1] == answers[2]
