"""A run that would see what the last one saw is repeated from memory; nothing that counts goes unnoticed."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.answers import difference
from support.project import Project

FILES = {
    "mypy.ini": "[mypy]\nmypy_path = stubs\n",
    "app/__init__.py": "",
    "app/a.py": "from app import b\nimport lib\n\nx: int = b.value\ny: str = lib.thing\n",
    "app/b.py": "value = ''\n",
    "stubs/lib.pyi": "thing: int\n",
}


@pytest.fixture
def settled(project: Project) -> Project:
    """Checked often enough that the next run is repeated from memory."""
    project.write(FILES)
    time.sleep(0.05)
    project.check("app")
    project.check("app")
    return project


def test_nothing_changed(settled: Project) -> None:
    first = settled.check("app")
    assert first.summary["checked"] == 0 and first.summary["reused"] == first.summary["components"] > 0
    assert first.summary["modules"]["own"] == 4 and first.summary["exit"] == 1
    (settled.folder / "app" / "notes.txt").write_text("a stray file")
    (settled.folder / "app" / ".hidden").mkdir()
    assert settled.check("app").answer == first.answer
    memory = settled.folder / ".typewave_cache" / "last-run"
    assert memory.stat().st_size > 0


def rewrite_in_place(folder: Path) -> None:
    """Same size, same modification time."""
    path = folder / "app" / "b.py"
    before = path.stat()
    path.write_text("value = 42\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "source": lambda folder: (folder / "app/b.py").write_text("value = 1\n"),
    "source in place": rewrite_in_place,
    "new module": lambda folder: (folder / "app/c.py").write_text("z: int = ''\n"),
    "stub in front of a module": lambda folder: (folder / "app/b.pyi").write_text("value: int\n"),
    "removed module": lambda folder: (folder / "app/b.py").unlink(),
    "stub": lambda folder: (folder / "stubs/lib.pyi").write_text("thing: str\n"),
    "removed directory": lambda folder: shutil.rmtree(folder / "stubs"),
    "configuration": lambda folder: (folder / "mypy.ini").write_text("[mypy]\nmypy_path = stubs\npretty = True\n"),
    "new configuration": lambda folder: (folder / ".mypy.ini").write_text("[mypy]\nstrict = True\n"),
    "removed configuration": lambda folder: (folder / "mypy.ini").unlink(),
    "link": lambda folder: (folder / "app/linked.py").symlink_to("../stubs/lib.pyi"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_are_noticed(settled: Project, change: Callable[[Path], object]) -> None:
    change(settled.folder)
    settled.same("app")


def test_comments_that_mypy_does_not_read(settled: Project) -> None:
    source = settled.folder / "app" / "a.py"
    source.write_text(source.read_text().replace("import lib", "import lib  # ours") + "\n# the end")
    assert settled.same("app").summary["checked"] == 0
    source.write_text("# moves lines with errors\n" + source.read_text())
    assert settled.same("app").summary["checked"] == 1
    # --pretty prints the line with its comment.
    settled.same("app", "--pretty")
    source.write_text(source.read_text().replace("= lib.thing", "= lib.thing  # printed"))
    assert "# printed" in settled.same("app", "--pretty").answer.stdout
    source.write_text(source.read_text().replace("# printed", "# type: ignore[assignment]"))
    settled.same("app", "--pretty")


MOVABLE = """\
import dataclasses

class A:
    def method(self, x: int) -> str:
        # Why.
        return str(x)

text = '''

# no comment
'''
"""


def test_lines_that_move_where_nothing_was_reported(settled: Project) -> None:
    source = settled.folder / "app" / "b.py"

    def play(before: str, after: str) -> int:
        source.write_text(before)
        settled.same("app")
        source.write_text(after)
        return int(settled.same("app").summary["seconds"]["plan"] == 0)

    assert play(MOVABLE, "# A comment\n\n" + MOVABLE)
    assert play(MOVABLE, MOVABLE.replace("        # Why.\n", "\n\n\n").replace("class A", "# new\n\n\nclass A"))
    assert not play(MOVABLE, MOVABLE.replace("\n\n# no", "\n# no")), "a string"
    assert not play(MOVABLE, "# mypy: disallow-any-expr\n" + MOVABLE), "a comment that mypy reads"
    assert not play(MOVABLE + "y: int = ''\n", "\n" + MOVABLE + "y: int = ''\n"), "an error"
    with_line = MOVABLE + "@dataclasses.dataclass\nclass D:\n    x: int = 0\n"
    assert not play(with_line, "\n" + with_line), "an interface with lines"
    local = MOVABLE + "def f():\n    class Local: ...\n    return Local\nvalue = f()\n"
    assert not play(local, "\n" + local), "a name with a line"
    # An answer that is found again by content says nothing about lines.
    assert not play(MOVABLE, "y: int = ''\n")
    assert not play(MOVABLE, "\n" + MOVABLE)


def test_a_clone(settled: Project) -> None:
    clone = dataclasses.replace(settled, root=settled.root / "elsewhere" / "deeper")
    shutil.copytree(settled.folder, clone.folder, ignore=shutil.ignore_patterns(".typewave_cache"), dirs_exist_ok=True)
    checked = clone.check("app", "--store", str(settled.store))
    assert checked.summary["seconds"]["plan"] == 0  # the whole answer was at hand
    assert not difference(clone.cold("app"), checked.answer)
    (clone.folder / "app" / "b.py").write_text("value = 1\n")
    checked = clone.check("app", "--store", str(settled.store))
    assert checked.summary["seconds"]["plan"] > 0
    assert not difference(clone.cold("app"), checked.answer)


def test_a_branch_that_comes_back(settled: Project) -> None:
    first, second = "value = ''\n", "value = 42\nmore = 1\n"
    branch = settled.folder / "app" / "b.py"
    for content, known in ((second, False), (first, True), (second, True)):
        branch.write_text(content)
        (settled.folder / "app" / "only_there.py").unlink(missing_ok=True)
        if content == second:
            (settled.folder / "app" / "only_there.py").write_text("z: int = ''\n")
        checked = settled.same("app")
        assert (checked.summary["seconds"]["plan"] == 0) == known


def test_memory_answers_without_looking_into_the_store(settled: Project) -> None:
    for pack in settled.packs():
        pack.unlink()
    checked = settled.same("app")
    assert checked.summary["checked"] == 0 and checked.summary["reused"] > 0


def test_another_or_a_cleared_store_is_filled(settled: Project) -> None:
    shutil.rmtree(settled.store)
    assert settled.same("app").summary["checked"] > 0
    assert settled.same("app").summary["checked"] == 0
    assert settled.check("app", "--store", str(settled.root / "other")).summary["checked"] > 0


@pytest.mark.parametrize("damage", [b"", b"rubbish", None], ids=["empty", "rubbish", "cut"])
def test_damaged_memory(settled: Project, damage: bytes | None) -> None:
    memory = settled.folder / ".typewave_cache" / "last-run"
    memory.write_bytes(memory.read_bytes()[:-7] if damage is None else damage)
    settled.same("app")


def test_other_arguments_and_terminals(settled: Project) -> None:
    plain = settled.check("app").answer.stdout
    for arguments in (["--pretty"], ["--show-column-numbers"], ["-O", "json"], ["--strict"]):
        settled.same("app", *arguments)
        settled.same("app", *arguments)
    assert "\x1b[" in settled.check("app", "--color", "always").answer.stdout
    assert settled.check("app").answer.stdout == plain


def test_no_store_checks(settled: Project) -> None:
    assert settled.check("app", "--no-store").summary["checked"] > 0
