"""Which components mypy's own rule checks again after an edit, computed from what mypy recorded."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Component = frozenset[str]


class Components:
    """The components of a tree as `typewave graph` tells them."""

    def __init__(self, exported: Any) -> None:
        self.of: dict[str, Component] = {}
        for one in exported["components"]:
            members = frozenset(one["modules"])
            self.of.update(dict.fromkeys(members, members))
        self.paths = {module["path"]: module["name"] for module in exported["modules"]}

    def holding(self, modules: Iterable[str]) -> set[Component]:
        return {self.of[module] for module in modules}


class MypyRule:
    """mypy checks a component again when a member's source changed, or the interface of a module that a member
    imports or that mypy recorded as used by it.

    Interfaces are those of mypy, which tell on what lines the fields of dataclasses and attrs classes stand, inherited
    ones too."""

    def __init__(self, recorded: Mapping[str, list[str]], noted: Mapping[str, list[str]]) -> None:
        self.users = turned_round(recorded)
        self.noting = turned_round(noted)

    def checked_again(
        self, edited: Iterable[str], changed: Iterable[str], moved: Iterable[str], components: Components
    ) -> set[Component]:
        """`changed`: the modules whose interface is not what it was, lines apart. `moved`: those whose fields stand on
        other lines."""
        all_changed = {*changed, *(module for one in moved for module in self.noting.get(one, ()))}
        stale = {*edited, *(user for module in all_changed for user in self.users.get(module, ()))}
        return components.holding(stale)


def turned_round(table: Mapping[str, list[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {}
    for key, values in table.items():
        for value in values:
            turned.setdefault(value, set()).add(key)
    return turned


def read_record(python: Path, cache: Path) -> dict[str, dict[str, list[str]]]:
    """What the mypy of this interpreter recorded in its cache: see mypy_record.py."""
    script = Path(__file__).with_name("mypy_record.py")
    done = subprocess.run([str(python), str(script), str(cache)], capture_output=True, check=True)
    record: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return record
