"""Small edits of a package as people make them all day, from a seed: each changes one file and can be taken back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.python_text import Definition, NotPossible, PythonText

T = TypeVar("T")
STANDARD_MODULES = ("bisect", "contextlib", "heapq", "json", "operator", "textwrap")
ATTEMPTS = 1000
TOP_LEVEL = re.compile(r"^(?:def|class|@|async def|import|from|[A-Z_]+ =) ?", re.MULTILINE)
IMPORT = re.compile(r"^(?:import|from) (?!__future__)", re.MULTILINE)
CONSTANT = re.compile(r"^(?P<name>[A-Z_]\w*)(?:: [\w\[\], .|]+)? = (?P<value>\d+|\"[^\"\\\n]*\")$", re.MULTILINE)


@dataclass(frozen=True)
class Edit:
    """What was done to which file; `original` puts it back."""

    kind: str
    path: Path
    where: str
    original: bytes

    def revert(self) -> None:
        self.path.write_bytes(self.original)


class Editor:
    """Edits the modules below a folder, each as likely as any other that has a place for the edit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = sorted(folder.rglob("*.py"))
        self.random = random.Random()
        self.source = PythonText(self.paths[0])
        self._words: dict[str, int] = {}

    def edit(self, seed: str) -> Edit:
        """Makes the edit that belongs to the seed."""
        self.random = random.Random(seed)
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        for _ in range(ATTEMPTS):
            path = self.pick(self.paths)
            original = path.read_bytes()
            try:
                self.source = PythonText(path)
                what = kind(self)
            except (NotPossible, UnicodeDecodeError):
                continue
            return Edit(kind.__name__, path, f"{path.relative_to(self.folder)} {what}", original)
        raise NotPossible

    def pick(self, choices: Sequence[T]) -> T:
        if not choices:
            raise NotPossible
        return self.random.choice(choices)

    def name(self) -> str:
        return f"added_{self.random.randrange(10**6)}"

    def is_used(self, name: str) -> bool:
        """Whether the word occurs anywhere but where it is defined."""
        if not self._words:
            for path in self.paths:
                for word in re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")):
                    self._words[word] = self._words.get(word, 0) + 1
        return self._words[name] > 1

    def text_of(self, place: tuple[int, int] | None) -> str:
        return self.source.text[slice(*place)] if place else ""

    # -- edits ---------------------------------------------------------------------------------------------------

    def comment(self) -> str:
        match = self.pick(list(TOP_LEVEL.finditer(self.source.text)))
        self.source.replace(match.start(), match.start(), "# A comment.\n")
        return f"line {self.source.line_of(match.start())}"

    def body(self) -> str:
        function = self.pick(self.source.functions())
        self.source.add_statement(function, f"{self.name()} = {self.pick(('0', 'None', '[1]', 'str()'))}")
        return function.name

    def docstring(self) -> str:
        one = self.pick([one for one in self.source.definitions() if one.docstring > one.body])
        self.source.replace(one.body, one.docstring, f'{" " * one.body_indent}"""Says it in other words."""\n')
        return one.name

    def add_function(self) -> str:
        name = self.name()
        self.source.append(f'\n\ndef {name}(first: int, second: str = "") -> str:\n    return second * first\n')
        return name

    def add_parameter(self) -> str:
        """The last one of a function, with a default value."""
        plain = [one for one in self.source.functions() if re.match(r"[^*/]*\w[^*/]*$", self.text_of(one.parameters))]
        function = self.pick(plain)
        assert function.parameters is not None
        given, name = self.text_of(function.parameters), self.name()
        end = function.parameters[0] + len(given.rstrip(", \n"))
        if "#" in given:
            raise NotPossible
        self.source.replace(end, end, f", {name}: int = 0")
        return f"{function.name}({name})"

    def return_annotation(self) -> str:
        function = self.pick([one for one in self.source.functions() if one.returns])
        assert function.returns is not None
        old = self.text_of(function.returns).strip()
        new = "bool" if "None" in old else f"{old} | None"
        self.source.replace(*function.returns, new)
        return f"{function.name} -> {new}"

    def add_attribute(self) -> str:
        owner, name = self.pick(self.source.classes()), self.name()
        self.source.replace(owner.end, owner.end, f"{' ' * owner.body_indent}{name}: int = 0\n")
        return f"{owner.name}.{name}"

    def add_import(self) -> str:
        """Of a module beside this one, or of the standard library."""
        before = self.pick(list(IMPORT.finditer(self.source.text))).start()
        here = self.source.path
        package = ".".join(here.relative_to(self.folder).parts[:-1])
        beside = sorted({path.stem for path in here.parent.glob("*.py")} - {here.stem, "__init__"})
        if package and self.random.random() < 0.5:
            line = f"from {package} import {self.pick(beside)} as {self.name()}"
        else:
            line = f"import {self.pick(STANDARD_MODULES)} as {self.name()}"
        self.source.replace(before, before, line + "\n")
        return line

    def remove_unused_function(self) -> str:
        def is_plain(one: Definition) -> bool:
            """Nothing above it belongs to it."""
            return self.source.text[: one.start].endswith("\n\n")

        functions = [one for one in self.source.functions() if is_plain(one) and not self.is_used(one.name)]
        function = self.pick(functions)
        self.source.replace(function.start, function.end, "")
        return function.name

    def change_constant(self) -> str:
        match = self.pick(list(CONSTANT.finditer(self.source.text)))
        value = match["value"]
        new = str(int(value) + 1) if value.isdigit() else f'{value[:-1]}_changed"'
        self.source.replace(*match.span("value"), new)
        return match["name"]


# How often each is made, of a hundred.
KINDS: dict[Callable[[Editor], str], int] = {
    Editor.body: 25,
    Editor.comment: 15,
    Editor.docstring: 5,
    Editor.add_function: 12,
    Editor.add_parameter: 8,
    Editor.return_annotation: 7,
    Editor.add_attribute: 8,
    Editor.add_import: 8,
    Editor.remove_unused_function: 4,
    Editor.change_constant: 8,
}
CHANGE_IMPORTS = {Editor.add_import.__name__}
