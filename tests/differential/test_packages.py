"""typewave against cold mypy on real packages: cold, after each kind of edit, elsewhere, with any number of workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from package_bench import Bench, Subject, checked_modules, files_with_other_messages, module_name
from support.checkout import Checked
from support.traced_program import traced_program

SUBJECTS = [
    Subject(
        "rich",
        "rich/diagnose.py",
        "rich/_pick.py",
        ("    return bool(value)", "    return value is True"),
        ("(*values: Optional[bool]) -> bool:", "(*values: Optional[bool]) -> int:"),
        frozenset({"rich.pretty"}),
    ),
    Subject(
        "httpx",
        "httpx/__version__.py",
        "httpx/_status_codes.py",
        ("return 100 <= value <= 199", "return 99 < value <= 199"),
        ("def is_informational(cls, value: int) -> bool:", "def is_informational(cls, value: str) -> bool:"),
        frozenset({"httpx._client", "httpx._models"}),
    ),
    Subject(
        "sphinx",
        "sphinx/__main__.py",
        "sphinx/util/index_entries.py",
        ("if entry_type == 'single':", "if 'single' == entry_type:"),
        ("def split_index_msg(entry_type: str, value: str) -> list[str]:", "def split_index_msg(a: str) -> list[str]:"),
        frozenset({"sphinx.builders.gettext", "sphinx.search", "sphinx.transforms.i18n"}),
    ),
    Subject(
        "prefect",
        "prefect/__main__.py",
        "prefect/utilities/math.py",
        ("ld = 1 / average_interval", "ld = 1.0 / average_interval"),
        ("average_interval: float, clamping_factor: float = 0.3", "average_interval: float, clamping_factor: str = ''"),
        frozenset({"prefect.client.base"}),
    ),
    Subject(
        "homeassistant",
        "homeassistant/components/hue/light.py",
        "homeassistant/util/percentage.py",
        ("    if item not in ordered_list:", "    if not item in ordered_list:"),
        ("(ordered_list: list[_T], item: _T) -> int:", "(ordered_list: list[_T], item: _T) -> float:"),
        None,
        "[mypy]\npython_version = 3.14\nignore_missing_imports = True\ndisallow_untyped_defs = True\n"
        "disallow_incomplete_defs = True\nwarn_unused_ignores = True\nwarn_return_any = True\n",
        large=True,
    ),
]
QUICK = {"rich", "httpx"}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(subject, id=subject.name, marks=() if subject.name in QUICK else pytest.mark.slow)
        for subject in SUBJECTS
    ],
)
def cold(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, typewave: Path, checker_python: Path
) -> Iterator[tuple[Bench, Checked]]:
    """A package as it came, with the store of its first check; tests take copies."""
    root = tmp_path_factory.mktemp(request.param.name) / "cold"
    bench = Bench(root, request.param, typewave, checker_python)
    yield bench, bench.check("cold")
    shutil.rmtree(root)


@pytest.fixture
def bench(cold: tuple[Bench, Checked], tmp_path: Path) -> Iterator[Bench]:
    yield cold[0].copy(tmp_path / "here")
    shutil.rmtree(tmp_path)


@pytest.fixture
def before(cold: tuple[Bench, Checked]) -> Checked:
    return cold[1]


def edited(bench: Bench, name: str, edit: Callable[[], None], check: Callable[[str], Checked], what: str) -> Checked:
    """Edits a file, checks, takes the edit back: going back is free."""
    untouched = (bench.tree / name).read_bytes()
    edit()
    checked = check(what)
    (bench.tree / name).write_bytes(untouched)
    assert checked_modules(bench.run(f"{what}, taken back")) == set()
    return checked


def test_nothing_changed(bench: Bench, before: Checked) -> None:
    assert checked_modules(bench.expect(before, "nothing changed")) == set()


def test_edits_that_no_dependent_sees(bench: Bench, before: Checked) -> None:
    leaf, library = bench.subject.leaf, bench.subject.library

    def expect(what: str) -> Checked:
        return bench.expect(before, what)

    checked = edited(
        bench, leaf, lambda: bench.append(leaf, "\n# A comment on a type.\n"), expect, "a comment in a leaf"
    )
    assert checked_modules(checked) == {module_name(leaf)}
    assert checked.summary["checked"] == 1
    body = bench.subject.body
    checked = edited(bench, library, lambda: bench.replace(library, body), expect, "a body")
    assert checked_modules(checked) == {module_name(library)}
    assert checked.summary["checked"] == 1


def test_signature(bench: Bench, before: Checked) -> None:
    """What is checked again holds all whose messages changed, and only what looks at the signature."""
    library, signature = bench.subject.library, bench.subject.signature
    imports = bench.imports()
    after = edited(bench, library, lambda: bench.replace(library, signature), bench.check, "a signature")
    modules = checked_modules(after)
    affected = {imports.paths[path] for path in files_with_other_messages(before.answer, after.answer)}
    changed = {module_name(library)}
    assert affected <= modules <= imports.reaching(changed)
    expected = changed | imports.whole_components(bench.subject.users or imports.importers(changed))
    assert modules == expected, f"not needed: {sorted(modules - expected)}, missing: {sorted(expected - modules)}"


def test_structure(bench: Bench, before: Checked) -> None:
    package, library = bench.tree / bench.subject.name, bench.tree / bench.subject.library
    name, untouched = bench.subject.name, library.read_bytes()
    steps = bench.check if not bench.subject.large else bench.run  # mypy would take hours for all of these
    added = package / "added_module.py"
    added.write_text(f"import {module_name(bench.subject.library)}\n\nvalue: int = ''\n", encoding="utf-8")
    assert checked_modules(steps("a new module")) == {f"{name}.added_module"}
    bench.append(bench.subject.library, f"\nfrom {name}.added_module import value as added_value\n")
    modules = checked_modules(steps("a new cycle"))
    assert {f"{name}.added_module", module_name(bench.subject.library)} <= modules
    library.write_bytes(untouched)
    assert checked_modules(steps("the cycle broken again")) == set()
    added.rename(package / "renamed_module.py")
    assert checked_modules(steps("a renamed module")) == {f"{name}.renamed_module"}
    (package / "renamed_module").mkdir()
    (package / "renamed_module.py").rename(package / "renamed_module" / "__init__.py")
    assert checked_modules(steps("a module that became a package")) == {f"{name}.renamed_module"}
    library.unlink()
    bench.check("a deleted module that others import")
    library.write_bytes(untouched)
    shutil.rmtree(package / "renamed_module")
    assert checked_modules(bench.expect(before, "as it was")) == set()


def test_elsewhere(bench: Bench, before: Checked, tmp_path: Path) -> None:
    """Another checkout with an environment of its own, and not a single process of Python."""
    environment = tmp_path / "another user" / "environment"
    environment.parent.mkdir()
    # Links would touch the files that tests beside this one look at.
    shutil.copytree(bench.checkout.python.parent.parent, environment, symlinks=True)
    python, trace = environment / "bin" / "python", tmp_path / "started"
    traced_program(python, trace, Path("/nonexistent"))
    elsewhere = tmp_path / "another user" / "check out"
    shutil.copytree(bench.tree, elsewhere)
    other = bench.checkout.moved(folder=elsewhere, python=python).check(bench.arguments)
    assert not trace.exists(), "an interpreter was started"
    assert other.answer == before.answer
    assert checked_modules(other) == set()


def test_any_number_of_workers_prints_the_same_bytes(bench: Bench, before: Checked, tmp_path: Path) -> None:
    """From an empty store, and where every other module has to be checked and the rest is in the store."""
    if not bench.subject.large:
        for number in (1, 2, 8):
            (tmp_path / f"empty-{number}").mkdir()
            fresh = bench.checkout.moved(store=tmp_path / f"empty-{number}" / "store")
            assert fresh.check(bench.arguments, [f"--jobs={number}"]).answer == before.answer
    stride = 20 if bench.subject.large else 2
    for path in bench.files()[::stride]:
        bench.append(str(path.relative_to(bench.tree)), "\n# A comment on a type.\n")
    checked = []
    for number in (1, 2, 8):
        shutil.copytree(bench.checkout.store, tmp_path / f"half-{number}" / "store")
        half = bench.checkout.moved(store=tmp_path / f"half-{number}" / "store")
        answer = half.check(bench.arguments, [f"--jobs={number}"])
        assert answer.answer == before.answer
        checked.append(answer.summary["checked_modules"])
    assert checked[0] == checked[1] == checked[2]
    assert checked[0] and before.summary["checked"] > len(checked[0])
