"""What plugins note in classes of other modules than the one being checked.

Django's registers a manager made by `from_queryset` in the metadata of the manager class it is made from, and looks it
up there when it meets a model. In a whole run of mypy such notes stay in memory. Here they are taken out of the class
after the check, travel with the interface of the module that made them, and are put back for whoever imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from mypy.nodes import MypyFile, SymbolTable, TypeInfo

MARK: Final = b"typewave-notes"
SIZE: Final = 8

Notes = dict[str, dict[str, Any]]  # by the full name of a class


class ForeignNotes:
    def __init__(self) -> None:
        self._classes: dict[str, TypeInfo] = {}
        self._read: dict[str, str] = {}  # metadata as it was stored, of the classes that have any
        self._tables: dict[str, list[tuple[SymbolTable, int]]] = {}
        self._notes: dict[str, Notes] = {}  # by the module that made them
        self._imports: dict[str, list[str]] = {}
        self._given: dict[str, str] = {}  # metadata at the beginning of a check, where it is not what was stored

    def register(
        self, module: str, tree: MypyFile, infos: Iterable[TypeInfo], imports: list[str], notes: Notes
    ) -> None:
        """Notes the classes of a loaded module as they are."""
        self._imports[module] = imports
        self._tables[module] = [(tree.names, len(tree.names))]
        for info in infos:
            self._classes[info.fullname] = info
            self._tables[module].append((info.names, len(info.names)))
            if info.metadata:
                self._read[info.fullname] = _text(info.metadata)
        if notes:
            self._notes[module] = notes

    def give(self, imports: Iterable[str]) -> None:
        """Puts in place what the modules noted that a component imports, directly or not."""
        self._given = {}
        if not self._notes:
            return
        reached = self.reached(imports)
        for module, notes in self._notes.items():
            if module not in reached:
                continue
            for fullname, metadata in notes.items():
                info = self._classes.get(fullname)
                if info is not None:
                    _merge(info.metadata, metadata)
                    self._given[fullname] = _text(info.metadata)

    def take(self) -> Notes:
        """What the check of a component noted elsewhere."""
        found: Notes = {}
        for fullname, info in self._classes.items():
            if not info.metadata:
                continue
            before = self._given.get(fullname) or self._read.get(fullname, "{}")
            if _text(info.metadata) != before:
                difference = _difference(json.loads(before), info.metadata)
                if difference:
                    found[fullname] = difference
        return found

    def put_back(self) -> None:
        """Leaves the loaded classes as they were stored."""
        for fullname, info in self._classes.items():
            if info.metadata and _text(info.metadata) != self._read.get(fullname, "{}"):
                info.metadata = json.loads(self._read.get(fullname, "{}"))

    def changed_elsewhere(self) -> list[str]:
        """Modules in which the check of another one left symbols, which cannot be put back."""
        return [module for module, tables in self._tables.items() if any(len(table) != size for table, size in tables)]

    def reached(self, imports: Iterable[str]) -> set[str]:
        """These modules and all that they import, as far as they are loaded."""
        reached: set[str] = set()
        pending = list(imports)
        while pending:
            module = pending.pop()
            if module not in reached:
                reached.add(module)
                pending += self._imports.get(module, ())
        return reached


def attach(data: bytes, notes: Notes) -> bytes:
    """An interface with the notes its module made elsewhere."""
    if not notes:
        return data
    text = _text(notes).encode()
    return data + text + len(text).to_bytes(SIZE, "little") + MARK


def detach(data: bytes) -> tuple[bytes, Notes]:
    if not data.endswith(MARK):
        return data, {}
    end = len(data) - len(MARK) - SIZE
    start = end - int.from_bytes(data[end : end + SIZE], "little")
    notes: Notes = json.loads(data[start:end])
    return data[:start], notes


def _text(metadata: object) -> str:
    return json.dumps(metadata, sort_keys=True)


def _merge(into: dict[str, Any], added: dict[str, Any]) -> None:
    for name, value in added.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = json.loads(json.dumps(value))


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The entries of `after` that are new or other; an empty table that was only looked into is no entry."""
    found = {}
    for name, value in after.items():
        known = before.get(name)
        if isinstance(value, dict):
            inner = _difference(known if isinstance(known, dict) else {}, value)
            if inner:
                found[name] = inner
        elif value != known:
            found[name] = value
    return found
