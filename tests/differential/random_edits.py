"""Random edits of a package as people make them, from a seed: each changes some files and says what it did."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

TYPES = ("int", "str", "None", "object", "bytes", "list[int]", "dict[str, int]", "type[int]", "tuple[int, ...]")
VALUES = ("0", "''", "None", "b''", "[1]", "(1, '')", "{'a': 1}", "int", "lambda x: x")
DECORATORS = ("property", "staticmethod", "classmethod")
Function = ast.FunctionDef | ast.AsyncFunctionDef


T = TypeVar("T")


class NotPossible(Exception):
    """This tree has no place for the edit."""


class Source:
    """One file's text and syntax tree; lines are replaced by number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines(keepends=True)
        self.tree = ast.parse(self.text)

    def replace(self, first: int, last: int, text: str) -> None:
        """Puts `text` in place of the lines from `first` to `last`, counted from 1, both included."""
        self.write("".join([*self.lines[: first - 1], text, *self.lines[last:]]))

    def splice(self, node: ast.expr, text: str) -> None:
        assert node.end_lineno is not None and node.end_col_offset is not None
        first, last = self.lines[node.lineno - 1].encode(), self.lines[node.end_lineno - 1].encode()
        new = first[: node.col_offset] + text.encode() + last[node.end_col_offset :]
        self.replace(node.lineno, node.end_lineno, new.decode())

    def append(self, text: str) -> None:
        self.write(self.text + ("" if self.text.endswith("\n") or not self.text else "\n") + text)

    def write(self, text: str) -> None:
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            raise NotPossible from None
        self.path.write_text(text, encoding="utf-8")

    def classes(self) -> list[ast.ClassDef]:
        return [node for node in self.tree.body if isinstance(node, ast.ClassDef)]

    def functions(self) -> list[Function]:
        return [node for node in self.tree.body if isinstance(node, Function)]

    def methods(self) -> list[tuple[ast.ClassDef, Function]]:
        return [(owner, node) for owner in self.classes() for node in owner.body if isinstance(node, Function)]

    def names(self) -> list[str]:
        return [node.name for node in [*self.classes(), *self.functions()]]

    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        found = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        return [node for node in found if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")]


def first_line(node: Function | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


Edit = Callable[["Editor"], str]


class Editor:
    """Edits the package in a folder; the same seed makes the same edits."""

    def __init__(self, folder: Path, package: str, seed: int, kinds: Sequence[Edit]) -> None:
        self.folder = folder
        self.package = package
        self.random = random.Random(seed)
        self.kinds = kinds
        self.counter = 0

    def edit(self) -> str:
        """Makes one edit; gives what it was."""
        while True:
            kind = self.random.choice(self.kinds)
            try:
                return f"{kind.__name__}: {kind(self)}"
            except NotPossible:
                continue

    # -- the tree ------------------------------------------------------------------------------------------------

    def paths(self) -> list[Path]:
        return sorted((self.folder / self.package).rglob("*.py"), key=str)

    def module(self, path: Path) -> str:
        name = str(path.relative_to(self.folder).with_suffix("")).replace("/", ".")
        return name.removesuffix(".__init__")

    def path_of(self, module: str) -> Path | None:
        base = self.folder / module.replace(".", "/")
        return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()), None)

    def number(self) -> int:
        self.counter += 1
        return self.counter

    def source(self) -> Source:
        return Source(self.pick(self.paths()))

    def pick(self, choices: Sequence[T]) -> T:
        if not choices:
            raise NotPossible
        return self.random.choice(choices)

    def where(self, source: Source, what: str = "") -> str:
        return f"{source.path.relative_to(self.folder)} {what}".strip()

    # -- edits ---------------------------------------------------------------------------------------------------

    def comment(self) -> str:
        source = self.source()
        node = self.pick(source.tree.body)
        line = node.lineno if not isinstance(node, Function | ast.ClassDef) else first_line(node)
        source.replace(line, line - 1, "# A comment.\n")
        return self.where(source, f"line {line}")

    def body(self) -> str:
        source = self.source()
        node = self.pick([*source.functions(), *(method for _, method in source.methods())])
        last = node.body[-1]
        indent = " " * last.col_offset
        source.replace(last.lineno, last.lineno - 1, f"{indent}added_{self.number()} = {self.pick(VALUES)}\n")
        return self.where(source, node.name)

    def add_function(self) -> str:
        source, number = self.source(), self.number()
        one, two, result = (self.pick(TYPES) for _ in range(3))
        source.append(f"\n\ndef added_{number}(first: {one}, second: {two}) -> {result}:\n    return first\n")
        return self.where(source, f"added_{number}")

    def use_name(self) -> str:
        """A module that uses what another one defines."""
        target, source = self.source(), self.source()
        name = self.pick(target.names())
        imported = f"from {self.module(target.path)} import {name}\n"
        if self.random.random() < 0.3:
            source.append(f"\n\ndef user_{self.number()}() -> None:\n    {imported}    reveal_type({name})\n")
        else:
            source.append(f"\n{imported}reveal_type({name})\n")
        return self.where(source, imported.strip())

    def use_member(self) -> str:
        """A subclass that redefines a member, and a look at it through an instance."""
        target, source, number = self.source(), self.source(), self.number()
        owner, method = self.pick(target.methods())
        source.append(
            f"\n\nfrom {self.module(target.path)} import {owner.name}\n\n\n"
            f"class Derived{number}({owner.name}):\n    {method.name} = None\n\n\n"
            f"def look_{number}(it: {owner.name}) -> None:\n    reveal_type(it.{method.name})\n"
        )
        return self.where(source, f"{owner.name}.{method.name}")

    def rename_function(self) -> str:
        source = self.source()
        node = self.pick([*source.functions(), *(method for _, method in source.methods())])
        line = source.lines[node.lineno - 1]
        new = re.sub(rf"\bdef {node.name}\b", f"def {node.name}_renamed", line, count=1)
        source.replace(node.lineno, node.lineno, new)
        return self.where(source, node.name)

    def remove_function(self) -> str:
        source = self.source()
        node = self.pick([*source.functions(), *(method for _, method in source.methods())])
        assert node.end_lineno is not None
        source.replace(first_line(node), node.end_lineno, "")
        return self.where(source, node.name)

    def change_annotation(self) -> str:
        source = self.source()
        found: list[ast.expr] = []
        for node in ast.walk(source.tree):
            if isinstance(node, Function):
                found += [node.returns] if node.returns else []
                found += [argument.annotation for argument in node.args.args if argument.annotation]
            elif isinstance(node, ast.AnnAssign):
                found.append(node.annotation)
        annotation, new = self.pick(found), self.pick(TYPES)
        source.splice(annotation, new)
        return self.where(source, f"line {annotation.lineno}: {new}")

    def change_value(self) -> str:
        source = self.source()
        found = [node.value for node in ast.walk(source.tree) if isinstance(node, ast.Assign)]
        value, new = self.pick(found), self.pick(VALUES)
        source.splice(value, new)
        return self.where(source, f"line {value.lineno}: {new}")

    def change_base(self) -> str:
        source = self.source()
        owner = self.pick([node for node in source.classes() if node.bases])
        new = self.pick([*(node.name for node in source.classes() if node is not owner), "Exception", "dict[str, int]"])
        source.splice(self.pick(owner.bases), new)
        return self.where(source, f"{owner.name}({new})")

    def decorate(self) -> str:
        source = self.source()
        owner, method = self.pick(source.methods())
        line, name = first_line(method), self.pick(DECORATORS)
        source.replace(line, line - 1, f"{' ' * method.col_offset}@{name}\n")
        return self.where(source, f"{owner.name}.{method.name} @{name}")

    def final_method(self) -> str:
        source = self.source()
        owner, method = self.pick(source.methods())
        line, indent = first_line(method), " " * method.col_offset
        source.replace(line, line - 1, f"{indent}from typing import final\n{indent}@final\n")
        return self.where(source, f"{owner.name}.{method.name}")

    def add_overload(self) -> str:
        source = self.source()
        nodes = [*source.functions(), *(method for _, method in source.methods())]
        node = self.pick([one for one in nodes if not one.decorator_list and isinstance(one, ast.FunctionDef)])
        receiver = "self, " if node.col_offset else ""
        line, indent = node.lineno, " " * node.col_offset
        variants = "".join(
            f"{indent}@overload\n"
            f"{indent}def {node.name}({receiver}first: {self.pick(TYPES)}) -> {self.pick(TYPES)}: ...\n"
            for _ in range(2)
        )
        source.replace(line, line - 1, f"{indent}from typing import overload\n{variants}")
        return self.where(source, node.name)

    def add_attribute(self) -> str:
        source, number = self.source(), self.number()
        owner = self.pick(source.classes())
        assert owner.end_lineno is not None
        indent = " " * owner.body[0].col_offset
        name = self.pick([f"added_{number}", *(node.name for _, node in source.methods())])
        line = f"{indent}{name}: {self.pick(TYPES)} = {self.pick(VALUES)}\n"
        source.replace(owner.end_lineno + 1, owner.end_lineno, line)
        return self.where(source, f"{owner.name}.{name}")

    def add_enumeration(self) -> str:
        target, source, number = self.source(), self.source(), self.number()
        target.append(
            f"\n\nimport enum\nfrom typing import TypedDict\n\n\n"
            f"class Colour{number}(enum.Enum):\n    Z = 1\n    A = 2\n    M = 3\n\n\n"
            f"class Row{number}(TypedDict):\n    z: int\n    a: str\n"
        )
        source = Source(source.path)
        source.append(
            f"\n\nfrom {self.module(target.path)} import Colour{number}, Row{number}\n\n\n"
            f"def pick_{number}(it: Colour{number}, row: Row{number}) -> None:\n"
            "    reveal_type(it.value)\n    reveal_type(row)\n"
            f"    if it is not Colour{number}.A:\n        reveal_type(it)\n"
        )
        return f"{self.where(target)} used in {self.where(source)}"

    def change_order(self) -> str:
        """Two neighbouring assignments of a class change places: enum members, fields, TypedDict items."""
        source = self.source()
        pairs = [
            (one, two)
            for owner in source.classes()
            for one, two in zip(owner.body, owner.body[1:])
            if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(two, ast.Assign | ast.AnnAssign)
        ]
        one, two = self.pick(pairs)
        assert one.end_lineno is not None and two.end_lineno is not None
        first = "".join(source.lines[one.lineno - 1 : one.end_lineno])
        second = "".join(source.lines[two.lineno - 1 : two.end_lineno])
        between = "".join(source.lines[one.end_lineno : two.lineno - 1])
        source.replace(one.lineno, two.end_lineno, second + between + first)
        return self.where(source, f"line {one.lineno}")

    def move_method(self) -> str:
        source = self.source()
        _, method = self.pick(source.methods())
        assert method.end_lineno is not None
        text = "".join(source.lines[first_line(method) - 1 : method.end_lineno])
        source.replace(first_line(method), method.end_lineno, "")
        target = Source(source.path) if self.random.random() < 0.7 else self.source()
        owner = self.pick([node for node in target.classes() if node.body[0].col_offset == method.col_offset])
        assert owner.end_lineno is not None
        target.replace(owner.end_lineno + 1, owner.end_lineno, "\n" + text)
        return self.where(source, f"{method.name} -> {self.where(target, owner.name)}")

    def move_function(self) -> str:
        """A function moves to another module; the old one imports it from there."""
        source = self.source()
        node = self.pick([*source.functions(), *source.classes()])
        target = Source(self.pick([path for path in self.paths() if path != source.path]))
        assert node.end_lineno is not None
        text = "".join(source.lines[first_line(node) - 1 : node.end_lineno])
        imported = f"from {self.module(target.path)} import {node.name} as {node.name}\n"
        source.replace(first_line(node), node.end_lineno, imported)
        target.append("\n\n" + text)
        return self.where(source, f"{node.name} -> {self.where(target)}")

    def add_import(self) -> str:
        source, target = self.source(), self.module(self.source().path)
        line = self.pick([f"import {target}", f"from {target} import *", f"import {target} as other"])
        if "*" not in line and self.random.random() < 0.3:
            line = f"def imports_{self.number()}() -> None:\n    {line}"
        source.append(f"\n\n{line}\n")
        return self.where(source, line)

    def add_missing_import(self) -> str:
        source = self.source()
        base = self.pick([self.package, self.module(self.source().path)])
        source.append(f"\n\nimport {base}.missing_{self.random.randrange(3)}  # type: ignore\n")
        return self.where(source, base)

    def attribute_of_package(self) -> str:
        source, target = self.source(), self.module(self.source().path)
        source.append(f"\n\nimport {self.package}\nreveal_type({target})\n")
        return self.where(source, target)

    def remove_import(self) -> str:
        source = self.source()
        node = self.pick(source.imports())
        assert node.end_lineno is not None
        source.replace(node.lineno, node.end_lineno, "")
        return self.where(source, ast.unparse(node))

    def make_cycle(self) -> str:
        source = self.source()
        node = self.pick([one for one in source.imports() if isinstance(one, ast.ImportFrom)])
        here = self.module(source.path).split(".")
        package = here if source.path.name == "__init__.py" else here[:-1]
        base = package[: len(package) - node.level + 1] if node.level else []
        path = self.path_of(".".join([*base, *([node.module] if node.module else [])]))
        if path is None or path == source.path:
            raise NotPossible
        target = Source(path)
        name = self.pick(source.names())
        target.append(f"\n\nfrom {self.module(source.path)} import {name}\nreveal_type({name})\n")
        return self.where(target, f"imports {self.where(source)}")

    def toggle_ignore(self) -> str:
        source = self.source()
        found = [index for index, line in enumerate(source.lines) if "# type: ignore" in line]
        if found and self.random.random() < 0.6:
            index = self.pick(found)
            line = re.sub(r"  # type: ignore.*", "", source.lines[index])
        else:
            simple = [node for node in ast.walk(source.tree) if isinstance(node, ast.Assign | ast.Expr | ast.Return)]
            index = self.pick([node.lineno - 1 for node in simple if node.lineno == node.end_lineno])
            line = source.lines[index].rstrip("\n") + "  # type: ignore\n"
        source.replace(index + 1, index + 1, line)
        return self.where(source, f"line {index + 1}")

    def rename_module(self) -> str:
        path = self.pick([path for path in self.paths() if path.name != "__init__.py"])
        path.rename(path.with_name(f"{path.stem}_renamed.py"))
        return str(path.relative_to(self.folder))

    def module_to_package(self) -> str:
        path = self.pick([path for path in self.paths() if path.name not in ("__init__.py", "__main__.py")])
        if path.with_suffix("").exists():
            raise NotPossible
        path.with_suffix("").mkdir()
        path.rename(path.with_suffix("") / "__init__.py")
        return str(path.relative_to(self.folder))

    def delete_module(self) -> str:
        path = self.pick([path for path in self.paths() if path.name != "__init__.py"])
        path.unlink()
        return str(path.relative_to(self.folder))

    def add_module(self) -> str:
        near, target = self.pick(self.paths()), self.module(self.source().path)
        number = self.random.randrange(3)
        path = near.with_name(self.pick([f"missing_{number}.py", f"added_{number}.py"]))
        if path.exists():
            raise NotPossible
        path.write_text(f"import {target}\n\nvalue: int = {target}\n", encoding="utf-8")
        return str(path.relative_to(self.folder))

    def add_stub(self) -> str:
        source = self.source()
        path = source.path.with_suffix(".pyi")
        if path.exists():
            raise NotPossible
        names = source.names()[::2]
        path.write_text("".join(f"def {name}(first: int) -> {self.pick(TYPES)}: ...\n" for name in names))
        return self.where(source)


COMMON: list[Edit] = [
    Editor.body,
    Editor.add_function,
    Editor.use_name,
    Editor.use_member,
    Editor.change_annotation,
    Editor.change_value,
    Editor.rename_function,
    Editor.add_attribute,
    Editor.move_method,
    Editor.change_order,
    Editor.make_cycle,
    Editor.toggle_ignore,
]
RARE: list[Edit] = [
    Editor.comment,
    Editor.remove_function,
    Editor.change_base,
    Editor.decorate,
    Editor.final_method,
    Editor.add_overload,
    Editor.add_enumeration,
    Editor.move_function,
    Editor.add_import,
    Editor.add_missing_import,
    Editor.attribute_of_package,
    Editor.remove_import,
    Editor.rename_module,
    Editor.module_to_package,
    Editor.delete_module,
    Editor.add_module,
    Editor.add_stub,
]
EDITS = [*COMMON, *COMMON, *RARE]
