"""A copy of a real package with a store, edits of it, and the comparison of what both checkers say about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.answers import MESSAGE, difference
from support.checkout import Checked, Checkout
from support.corpora import fetch
from support.oracle import Answer, cold_mypy, environment

CORPUS = {"homeassistant": "ha"}


@dataclass(frozen=True)
class Subject:
    """A package and where it is edited; `leaf` and `library` are components of their own."""

    name: str
    leaf: str
    library: str
    body: tuple[str, str]  # text in the library and what replaces it
    signature: tuple[str, str]
    users: frozenset[str] | None  # a module of each component that names it; none: whatever imports the library
    config: str = "[mypy]\n"
    large: bool = False  # each run of mypy takes minutes


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def checked_modules(checked: Checked) -> set[str]:
    return set(checked.summary["checked_modules"])


class Imports:
    """The module graph of a tree as `typewave graph` tells it."""

    def __init__(self, exported: Any) -> None:
        self.paths = {module["path"]: module["name"] for module in exported["modules"]}
        self.component = {name: one["modules"] for one in exported["components"] for name in one["modules"]}
        self._importers: dict[str, set[str]] = {}
        for module in exported["modules"]:
            for dependency in module["dependencies"]:
                self._importers.setdefault(dependency["module"], set()).add(module["name"])

    def whole_components(self, modules: Iterable[str]) -> set[str]:
        return {member for module in modules for member in self.component[module]}

    def importers(self, modules: Iterable[str]) -> set[str]:
        return {importer for module in modules for importer in self._importers.get(module, ())}

    def reaching(self, modules: set[str]) -> set[str]:
        """What imports any of these modules, however indirectly, and with it the rest of its component."""
        found: set[str] = set()
        waiting = set(modules)
        while waiting:
            module = waiting.pop()
            if module in found:
                continue
            found.add(module)
            waiting |= self.importers([module]) | self.whole_components([module])
        return found


class Bench:
    def __init__(self, root: Path, subject: Subject, binary: Path, python: Path) -> None:
        self.subject = subject
        self.root = root
        self.tree = root / "tree"
        root.mkdir(parents=True, exist_ok=True)
        shutil.copytree(fetch(CORPUS.get(subject.name, subject.name)) / subject.name, self.tree / subject.name)
        (self.tree / ".git").mkdir()  # mypy looks for its configuration up to the root of a repository
        (self.tree / "mypy.ini").write_text(subject.config, encoding="utf-8")
        (root / "home").mkdir()
        self.checkout = Checkout(binary, python, self.tree, root / "store", root / "home")
        self.arguments = [subject.name]

    def copy(self, root: Path) -> Bench:
        """The same tree and store at another place."""
        shutil.copytree(self.root, root, symlinks=True, ignore=shutil.ignore_patterns(".typewave_cache"))
        other = object.__new__(Bench)
        other.subject, other.root, other.tree, other.arguments = self.subject, root, root / "tree", self.arguments
        python = self.checkout.python
        other.checkout = Checkout(self.checkout.binary, python, other.tree, root / "store", root / "home")
        return other

    def check(self, what: str) -> Checked:
        """Checks with typewave and compares the answer with cold mypy's."""
        checked = self.run(what)
        expected = cold_mypy(self.checkout.python, self.tree, self.arguments, environment(self.checkout.home, {}))
        found = difference(expected, checked.answer)
        assert not found, f"{what}: not the answer of cold mypy\n{found}"
        return checked

    def expect(self, expected: Checked, what: str) -> Checked:
        """Checks with typewave alone, where the answer must be one that is known to be right."""
        checked = self.run(what)
        assert checked.answer == expected.answer, f"{what}:\n{difference(expected.answer, checked.answer)}"
        return checked

    def run(self, what: str, own: Sequence[str] = ()) -> Checked:
        checked = self.checkout.check(self.arguments, own)
        assert checked.summary["scan"]["mismatches"] == 0, f"{what}: the scanner missed what mypy found"
        assert checked.summary["store"]["corrupt"] == 0, f"{what}: the store is damaged"
        return checked

    def imports(self) -> Imports:
        output = self.root / "graph.json"
        where = [f"--python={self.checkout.python}", f"--store={self.checkout.store}"]
        self.checkout.call("graph", [*where, "--format=json", f"--output={output}", *self.arguments])
        return Imports(json.loads(output.read_text(encoding="utf-8")))

    def files(self) -> list[Path]:
        return sorted((self.tree / self.subject.name).rglob("*.py"))

    def replace(self, name: str, texts: tuple[str, str]) -> None:
        path = self.tree / name
        text = path.read_text(encoding="utf-8")
        assert texts[0] in text, f"{name} has no {texts[0]!r}: another version of the package?"
        path.write_text(text.replace(texts[0], texts[1], 1), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        with (self.tree / name).open("a", encoding="utf-8") as file:
            file.write(text)


def files_with_other_messages(one: Answer, two: Answer) -> set[str]:
    """The files about which two answers say different things."""
    files = set()
    for line in set(one.stdout.splitlines()) ^ set(two.stdout.splitlines()):
        message = MESSAGE.match(line)
        if message:
            files.add(message["file"])
    return files
