"""`typewave graph` repeats the text of the last one; nothing that counts for it goes unnoticed."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.history import new_repository
from support.oracle import Answer
from support.project import Project, own_lines

FILES = {
    "mypy.ini": "[mypy]\nmypy_path = stubs\n",
    "app/__init__.py": "",
    "app/a.py": "from app import b\nimport lib\nimport nowhere\n\nx: int = b.value\n",
    "app/b.py": "value = ''\n\n\ndef late() -> None:\n    import app.a\n",
    "stubs/lib.pyi": "thing: int\n",
}
FORMATS = ("json", "dot", "graphml", "mermaid", "text")


@pytest.fixture
def settled(project: Project) -> Project:
    """Shown often enough that the next graph is repeated from memory."""
    project.write(FILES)
    time.sleep(0.05)
    graph(project)
    graph(project)
    assert is_remembered(project)
    return project


def memory_of(project: Project) -> Path:
    return project.folder / ".typewave_cache" / "last-graph"


def graph(project: Project, *arguments: str) -> Answer:
    own = [f"--python={project.python}", f"--store={project.store}"]
    return project.call("graph", *own, *(arguments or ("app",)))


def is_remembered(project: Project, *arguments: str) -> bool:
    """Whether the answer comes from memory: then no source is scanned, and no scan written."""
    scans = memory_of(project).parent / "scans"
    aside = scans.with_suffix(".aside")
    scans.rename(aside)
    graph(project, *arguments)
    repeated = not scans.exists()
    aside.rename(scans)
    return repeated


def fresh(project: Project, *arguments: str) -> Answer:
    """The same with a state directory that holds nothing."""
    state = memory_of(project).parent
    aside = state.with_name(".aside")
    state.rename(aside)
    answer = graph(project, *arguments)
    shutil.rmtree(state)
    aside.rename(state)
    return answer


def same_as_fresh(project: Project, *arguments: str) -> Answer:
    answer = graph(project, *arguments)
    assert answer == fresh(project, *arguments)
    return answer


def modules(answer: Answer) -> dict[str, Any]:
    return {module["name"]: module for module in json.loads(answer.stdout)["modules"]}


def test_nothing_changed(settled: Project) -> None:
    first = same_as_fresh(settled)
    assert "app.b" in modules(first) and (first.status, first.stderr) == (0, "")
    (settled.folder / "app" / "notes.txt").write_text("a stray file")
    (settled.folder / "app" / "a.py").touch()
    assert same_as_fresh(settled) == first
    assert is_remembered(settled)


@pytest.mark.parametrize("form", FORMATS)
def test_formats(settled: Project, form: str) -> None:
    for _ in range(2):
        same_as_fresh(settled, "--format", form, "app")
    assert is_remembered(settled, "--format", form, "app")


def rewrite_in_place(folder: Path) -> None:
    """Same size, same modification time."""
    path = folder / "app" / "a.py"
    before = path.stat()
    path.write_text(path.read_text().replace("import nowhere", "import nothing"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def make_unreadable(folder: Path) -> None:
    path = folder / "app" / "b.py"
    path.unlink()
    path.symlink_to("b.py")


def edit(name: str, before: str, after: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text((folder / name).read_text().replace(before, after, 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "another import": edit("app/b.py", "value", "import lib\nvalue"),
    "an import less": edit("app/a.py", "import lib\n", ""),
    "an import at run time": edit("app/b.py", "    import", "    pass\nimport"),
    "source in place": rewrite_in_place,
    "a comment that moves lines": edit("app/a.py", "from", "# why\nfrom"),
    "a comment that moves nothing": edit("app/a.py", "import b\n", "import b  # why\n"),
    "a comment for mypy": edit("app/a.py", "from", "# mypy: ignore-errors\nfrom"),
    "an empty line": edit("app/a.py", "from", "\nfrom"),
    "a syntax error": edit("app/a.py", "from", "("),
    "new module": lambda folder: (folder / "app/c.py").write_text("import app.a\n"),
    "a module that was missing": lambda folder: (folder / "nowhere.py").write_text(""),
    "stub in front of a module": lambda folder: (folder / "app/b.pyi").write_text("value: int\n"),
    "removed module": lambda folder: (folder / "app/b.py").unlink(),
    "renamed module": lambda folder: (folder / "app/b.py").rename(folder / "app/d.py"),
    "new directory": lambda folder: (folder / "app/nested").mkdir(),
    "new package": lambda folder: shutil.copytree(folder / "app", folder / "app/nested"),
    "removed directory": lambda folder: shutil.rmtree(folder / "stubs"),
    "configuration": edit("mypy.ini", "stubs", "elsewhere"),
    "an option for a module": edit("mypy.ini", "stubs\n", "stubs\n[mypy-lib]\nfollow_imports = skip\n"),
    "new configuration": lambda folder: (folder / ".mypy.ini").write_text("[mypy]\nexclude = b.py\n"),
    "removed configuration": lambda folder: (folder / "mypy.ini").unlink(),
    "link": lambda folder: (folder / "app/linked.py").symlink_to("../stubs/lib.pyi"),
    "unreadable": make_unreadable,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_are_noticed(settled: Project, change: Callable[[Path], object]) -> None:
    before = {path: path.read_bytes() for path in settled.folder.rglob("*") if path.suffix in (".py", ".pyi", ".ini")}
    first = same_as_fresh(settled)
    change(settled.folder)
    same_as_fresh(settled)
    # Back again, by content: the stats are others.
    for name in ("app", "stubs"):
        shutil.rmtree(settled.folder / name, ignore_errors=True)
    for path in [*settled.folder.glob("*.py"), *settled.folder.glob(".mypy.ini")]:
        path.unlink()
    for path, content in before.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert same_as_fresh(settled) == first


@pytest.mark.parametrize(
    "arguments",
    [
        ("--level", "package", "app"),
        ("--level", "component", "app"),
        ("--own-only", "app"),
        ("--focus", "app.a", "app"),
        ("--focus", "app.a", "--depth", "2", "app"),
        ("--focus", "app.b", "app"),
        ("--dependents-of", "app.a", "app"),
        ("--dependencies-of", "app.a", "app"),
        ("--path", "app.a", "app.b", "app"),
        ("--path", "app.b", "app.a", "app"),
        ("--python-version", "3.12", "app"),
        ("--follow-imports", "skip", "app"),
        ("--platform", "win32", "app"),
        ("app/a.py",),
        ("-p", "app"),
    ],
)
def test_other_options(settled: Project, arguments: tuple[str, ...]) -> None:
    same_as_fresh(settled, *arguments)
    same_as_fresh(settled, *arguments)
    same_as_fresh(settled)


def test_what_is_not_remembered(settled: Project) -> None:
    """A page, what changed since a revision, and what was not found."""
    memory = memory_of(settled).read_bytes()
    new_repository(settled)
    for arguments in (
        ("--affected-since", "HEAD", "app"),
        ("--path", "app", "app.a", "app"),
        ("--focus", "app.none", "app"),
        ("--depth", "1", "app"),
    ):
        same_as_fresh(settled, *arguments)
        assert memory_of(settled).read_bytes() == memory, arguments


def test_into_a_file(settled: Project) -> None:
    for name in ("one.json", "two.json"):
        assert graph(settled, "--output", name, "app").stdout == ""
    written = [(settled.folder / name).read_text() for name in ("one.json", "two.json")]
    assert written[0] == written[1]
    assert [module["name"] for module in json.loads(written[0])["modules"]] == list(modules(graph(settled)))


def test_a_check_beside_it(settled: Project) -> None:
    first = graph(settled)
    settled.check("app")
    assert same_as_fresh(settled) == first
    settled.check("app")
    assert is_remembered(settled)


def damage_at(place: float) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(place * (len(content) - 1))] ^= 1
        path.write_bytes(content)

    return damage


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "another file": lambda path: path.write_bytes(b"TWL\x05" + bytes(1000)),
    **{f"a bit at {place}": damage_at(place) for place in (0, 0.01, 0.25, 0.5, 0.75, 0.99, 1)},
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_memory_is_mended(settled: Project, damage: Callable[[Path], object]) -> None:
    expected = fresh(settled)
    damage(memory_of(settled))
    answer = graph(settled)
    assert (answer.status, answer.stdout) == (expected.status, expected.stdout)
    assert len([line for line in own_lines(answer.stderr) if "damaged" in line]) == 1, answer.stderr
    assert same_as_fresh(settled) == expected
    assert is_remembered(settled)


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link"])
def test_something_else_in_its_place(settled: Project, kind: str) -> None:
    expected = fresh(settled)
    path = memory_of(settled)
    path.unlink()
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(settled.folder / "app" / "a.py")
    assert graph(settled).stdout == expected.stdout
    assert (settled.folder / "app" / "a.py").read_text() == FILES["app/a.py"]
    assert graph(settled) == expected
    assert is_remembered(settled)


def test_the_memory_of_another_folder(settled: Project) -> None:
    """Copied with the tree: paths and what may be seen from there are others."""
    other = settled.folder.with_name("other")
    shutil.copytree(settled.folder, other)
    own = [f"--python={settled.python}", f"--store={settled.store}"]
    (other / "app" / "b.py").write_text("import lib\n")
    settled.folder.rename(settled.folder.with_name("first"))
    other.rename(settled.folder)
    assert settled.call("graph", *own, "app") == fresh(settled)
