"""Definitions are found in text of any Python, newer ones too."""

from __future__ import annotations

from pathlib import Path

from bench.edits import KINDS, Editor
from bench.python_text import Definition, PythonText

TEXT = '''\
import os

LIMIT = 3


@decorated("def no(")
async def plain[T: (int, str)](
    first: T,  # a ) here
    second: str = "):",
) -> dict[
    str, T
]:
    """Says what it does,

    at length.
    """
    try:
        return {second: first}
    except OSError, ValueError:
        return {}


class Owner(Base, key=")"):
    field: int = 1

    def method(self) -> None: ...

    def other(self):
        return lambda x: x
    # The end.


def unused() -> int:
    return 1
'''


def source(tmp_path: Path) -> PythonText:
    path = tmp_path / "package" / "module.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT, encoding="utf-8")
    return PythonText(path)


def found(tmp_path: Path) -> dict[str, Definition]:
    return {one.name: one for one in source(tmp_path).definitions()}


def test_what_is_found(tmp_path: Path) -> None:
    """Not `method`: its body stands on the same line."""
    assert list(found(tmp_path)) == ["plain", "Owner", "other", "unused"]
    assert [one.name for one in source(tmp_path).classes()] == ["Owner"]


def test_parts_of_a_definition(tmp_path: Path) -> None:
    plain, owner = found(tmp_path)["plain"], found(tmp_path)["Owner"]
    assert plain.parameters is not None and plain.returns is not None
    assert TEXT[slice(*plain.parameters)].startswith("\n    first: T,") and TEXT[plain.parameters[1]] == ")"
    assert TEXT[slice(*plain.returns)] == "dict[\n    str, T\n]"
    assert TEXT[plain.body :].startswith('    """Says what')
    assert TEXT[plain.docstring :].startswith("    try:")
    assert TEXT[: plain.end].endswith("        return {}\n")
    assert TEXT[: owner.end].endswith("    # The end.\n")
    assert (owner.body_indent, found(tmp_path)["other"].body_indent) == (4, 8)


def test_lines_of_fields(tmp_path: Path) -> None:
    text = source(tmp_path)
    (line,) = text.field_lines()
    assert TEXT.splitlines()[line - 1] == "    field: int = 1"
    assert PythonText(text.path, "#\n" + TEXT).field_lines() == [line + 1]


def test_statement_goes_after_the_docstring(tmp_path: Path) -> None:
    text = source(tmp_path)
    text.add_statement(found(tmp_path)["plain"], "x = 1")
    assert '    at length.\n    """\n    x = 1\n    try:\n' in text.path.read_text(encoding="utf-8")


def test_edits_change_one_file_and_are_taken_back(tmp_path: Path) -> None:
    path = source(tmp_path).path
    seen = set()
    for number in range(100):
        edit = Editor(tmp_path).edit(str(number))
        assert path.read_text(encoding="utf-8") != TEXT, edit
        seen.add(edit.kind)
        edit.revert()
        assert path.read_text(encoding="utf-8") == TEXT
    assert seen == {kind.__name__ for kind in KINDS}


def test_the_seed_decides(tmp_path: Path) -> None:
    source(tmp_path)
    editor = Editor(tmp_path)
    told = []
    for seed in ("1", "2", "1"):
        edit = editor.edit(seed)
        told.append((edit.where, edit.path.read_text(encoding="utf-8")))
        edit.revert()
    assert told[0] == told[2] != told[1]
