"""Small edits of a package as people make them all day, from a seed: each changes one file and can be taken back."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from random_edits import Function, NotPossible, Source, first_line

T = TypeVar("T")
STANDARD_MODULES = ("bisect", "contextlib", "heapq", "json", "operator", "textwrap")
ATTEMPTS = 1000


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
    """Edits the modules below a folder, each as likely as any other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = sorted(folder.rglob("*.py"))
        self.random = random.Random()
        self.source = Source(self.paths[0])
        self._words: dict[str, int] = {}

    def edit(self, seed: str) -> Edit:
        """Makes the edit that belongs to the seed."""
        self.random = random.Random(seed)
        for _ in range(ATTEMPTS):
            kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
            path = self.pick(self.paths)
            original = path.read_bytes()
            try:
                self.source = Source(path)
                what = kind(self)
            except (NotPossible, SyntaxError, UnicodeDecodeError):
                continue
            return Edit(kind.__name__, path, f"{path.relative_to(self.folder)} {what}", original)
        raise NotPossible

    def pick(self, choices: Sequence[T]) -> T:
        if not choices:
            raise NotPossible
        return self.random.choice(choices)

    def name(self) -> str:
        return f"added_{self.random.randrange(10**6)}"

    def functions(self) -> list[Function]:
        return [*self.source.functions(), *(method for _, method in self.source.methods())]

    def insert(self, node: ast.expr | ast.arg, text: str) -> None:
        """Puts text right after a node."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        line = self.source.lines[node.end_lineno - 1].encode()
        new = line[: node.end_col_offset] + text.encode() + line[node.end_col_offset :]
        self.source.replace(node.end_lineno, node.end_lineno, new.decode())

    def is_used(self, name: str) -> bool:
        """Whether the word occurs anywhere but where it is defined."""
        if not self._words:
            for path in self.paths:
                for word in re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")):
                    self._words[word] = self._words.get(word, 0) + 1
        return self._words[name] > 1

    # -- edits ---------------------------------------------------------------------------------------------------

    def comment(self) -> str:
        node = self.pick(self.source.tree.body)
        line = first_line(node) if isinstance(node, Function | ast.ClassDef) else node.lineno
        self.source.replace(line, line - 1, "# A comment.\n")
        return f"line {line}"

    def body(self) -> str:
        node = self.pick(self.functions())
        last = node.body[-1]
        text = f"{' ' * last.col_offset}{self.name()} = {self.pick(('0', 'None', '[1]', 'str()'))}\n"
        self.source.replace(last.lineno, last.lineno - 1, text)
        return node.name

    def docstring(self) -> str:
        found = []
        for node in [*self.functions(), *self.source.classes()]:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.append((node.name, first.value))
        name, text = self.pick([one for one in found if isinstance(one[1].value, str)])
        self.source.splice(text, '"""Says it in other words."""')
        return name

    def add_function(self) -> str:
        name = self.name()
        self.source.append(f'\n\ndef {name}(first: int, second: str = "") -> str:\n    return second * first\n')
        return name

    def add_parameter(self) -> str:
        """The last one of a function, with a default value."""

        def ends_plainly(args: ast.arguments) -> bool:
            return bool(args.args) and not (args.vararg or args.kwonlyargs or args.kwarg)

        node = self.pick([one for one in self.functions() if ends_plainly(one.args)])
        last: ast.expr | ast.arg = node.args.defaults[-1] if node.args.defaults else node.args.args[-1]
        name = self.name()
        self.insert(last, f", {name}: int = 0")
        return f"{node.name}({name})"

    def return_annotation(self) -> str:
        node = self.pick([one for one in self.functions() if one.returns])
        assert node.returns is not None
        old = ast.unparse(node.returns)
        new = "bool" if "None" in old else f"{old} | None"
        self.source.splice(node.returns, new)
        return f"{node.name} -> {new}"

    def add_attribute(self) -> str:
        owner = self.pick(self.source.classes())
        assert owner.end_lineno is not None
        name = self.name()
        text = f"{' ' * owner.body[0].col_offset}{name}: int = 0\n"
        self.source.replace(owner.end_lineno + 1, owner.end_lineno, text)
        return f"{owner.name}.{name}"

    def add_import(self) -> str:
        """Of a module beside this one, or of the standard library."""
        after = self.pick(self.source.imports())
        here = self.source.path
        package = ".".join(here.relative_to(self.folder).parts[:-1])
        beside = sorted({path.stem for path in here.parent.glob("*.py")} - {here.stem, "__init__"})
        if package and self.random.random() < 0.5:
            line = f"from {package} import {self.pick(beside)} as {self.name()}"
        else:
            line = f"import {self.pick(STANDARD_MODULES)} as {self.name()}"
        self.source.replace(after.lineno, after.lineno - 1, line + "\n")
        return line

    def remove_unused_function(self) -> str:
        node = self.pick([one for one in self.functions() if not self.is_used(one.name)])
        assert node.end_lineno is not None
        self.source.replace(first_line(node), node.end_lineno, "")
        return node.name

    def change_constant(self) -> str:
        found = []
        for node in self.source.tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Constant) and type(value.value) in (int, str):
                found.append(value)
        value = self.pick(found)
        new = value.value + 1 if isinstance(value.value, int) else f"{value.value!s}_changed"
        self.source.splice(value, repr(new))
        return f"line {value.lineno}"


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
