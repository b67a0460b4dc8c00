"""What foreign code reads is noticed, what plugins note elsewhere travels, and nothing else does."""

from __future__ import annotations

import glob
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mypy.nodes import Block, ClassDef, MypyFile, SymbolTable, TypeInfo
from typewave_worker.foreign import MARK, ForeignNotes, attach, detach
from typewave_worker.watch import watch


def test_files_directories_and_programs_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "raw").write_text("")
    with watch() as readings:
        json.loads((tmp_path / "settings.json").read_text())
        os.close(os.open(tmp_path / "raw", os.O_RDONLY))
        (tmp_path / "written").write_text("")
        glob.glob(str(tmp_path / "*"))
        with open(os.devnull):
            pass
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert {str(tmp_path / "settings.json"), str(tmp_path / "raw")} <= readings.files
    assert str(tmp_path / "written") not in readings.files
    assert os.devnull not in readings.files
    assert readings.directories == {str(tmp_path)}
    assert "subprocess.Popen" in readings.programs


def test_imports_are_no_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "watched_import.py").write_text("x = open(__file__).read()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with watch() as readings:
        __import__("watched_import")
    assert readings.files == {str(tmp_path / "watched_import.py")}
    assert readings.directories == set()


def test_variables_are_noticed_however_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "1")
    with watch() as readings:
        os.environ.get("MISSING")
        os.getenv("GIVEN")
        assert "ABSENT" not in os.environ
        os.path.expandvars("$EXPANDED")
    assert readings.variables == {"MISSING", "GIVEN", "ABSENT", "EXPANDED"}
    os.environ.get("LATER")
    assert "LATER" not in readings.variables


def test_watches_nest(tmp_path: Path) -> None:
    (tmp_path / "inner").write_text("")
    with watch() as outer:
        with watch() as inner:
            (tmp_path / "inner").read_text()
        os.environ.get("OUTER")
    assert str(tmp_path / "inner") in inner.files
    assert "OUTER" in outer.variables
    assert "OUTER" not in inner.variables


def test_notes_travel_with_an_interface() -> None:
    notes = {"a.Base": {"noted": {"b.One": 1}}}
    assert attach(b"tree", {}) == b"tree"
    assert detach(b"tree") == (b"tree", {})
    data = attach(b"tree", notes)
    assert data.endswith(MARK)
    assert detach(data) == (b"tree", notes)


def _loaded(module: str) -> tuple[MypyFile, TypeInfo]:
    tree = MypyFile([], [])
    tree._fullname = module
    tree.names = SymbolTable()
    definition = ClassDef("Base", Block([]))
    definition.fullname = f"{module}.Base"
    return tree, TypeInfo(SymbolTable(), definition, module)


def test_notes_are_given_to_those_who_import_them_and_taken_back() -> None:
    tree, base = _loaded("a")
    base.metadata["kept"] = {"x": 1}
    notes = ForeignNotes()
    notes.register("a", tree, [base], [], {})
    notes.register("b", _loaded("b")[0], [], ["a"], {"a.Base": {"noted": {"b.One": 1}}})
    notes.register("c", _loaded("c")[0], [], ["b"], {})

    notes.give(["a"])
    assert base.metadata == {"kept": {"x": 1}}
    notes.give(["c"])
    assert base.metadata == {"kept": {"x": 1}, "noted": {"b.One": 1}}
    assert notes.take() == {}
    base.metadata["noted"]["d.Two"] = 2
    base.metadata["looked at"] = {}
    assert notes.take() == {"a.Base": {"noted": {"d.Two": 2}}}
    notes.put_back()
    assert base.metadata == {"kept": {"x": 1}}


def test_symbols_left_in_another_module_are_seen() -> None:
    tree, base = _loaded("a")
    notes = ForeignNotes()
    notes.register("a", tree, [base], [], {})
    assert notes.changed_elsewhere() == []
    base.names["new"] = None  # type: ignore[assignment]
    assert notes.changed_elsewhere() == ["a"]
