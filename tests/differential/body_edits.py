"""Edits of function bodies, most of which leave every interface as it was: few bodies of a cycle are checked then."""

from __future__ import annotations

import ast
from typing import Final

from random_edits import VALUES, Edit, Editor, Function, NotPossible, Source

# What a body may begin with. {n}: a number of its own; {name}: a name of the module, or of one it imports; {value}.
STATEMENTS: Final = (
    "added_{n} = {value}",
    "added_{n}: int = {value}",
    "reveal_type({name})",
    "reveal_type({name}.__init__)",
    "added_{n} = {name}\n{i}reveal_type(added_{n})",
    "{name}()",
    "{name}({value}, nothing_{n}={value})",
    "{name}.missing_{n}",
    "{name}  # type: ignore",
    "{name}.missing_{n}  # type: ignore[attr-defined]",
    "added_{n} = None\n{i}if int():\n{i}    added_{n} = {name}\n{i}reveal_type(added_{n})",
    "import {module}\n{i}reveal_type({module})",
    "if isinstance({name}, int):\n{i}    reveal_type({name})\n{i}    {name}.missing_{n}",
    "class Local{n}:\n{i}    def __init__(self) -> None:\n{i}        self.held = {name}\n"
    "{i}reveal_type(Local{n}().held)",
    "def inner_{n}(x):  # type: ignore\n{i}    return {name}\n{i}reveal_type(inner_{n})",
    "from typing import NamedTuple\n{i}Row{n} = NamedTuple('Row{n}', [('a', int)])\n{i}Row{n}({value})",
    "from typing import TypeVar\n{i}T{n} = TypeVar('T{n}')\n{i}def same_{n}(x: T{n}) -> T{n}: return x\n"
    "{i}reveal_type(same_{n})\n{i}reveal_type(same_{n}({name}))",
    "from functools import partial, singledispatch\n{i}reveal_type(partial({name}))\n{i}@singledispatch\n"
    "{i}def kinds_{n}(x: int) -> None: ...\n{i}@kinds_{n}.register\n{i}def _(x: str) -> None: ...",
    "added_{n} = [lambda: {name}]\n{i}reveal_type(added_{n})",
    "assert False",
    "raise {name}",
    "del {name}",
    "with {name} as added_{n}:\n{i}    reveal_type(added_{n})",
    "for added_{n} in {name}:\n{i}    reveal_type(added_{n})",
    "print(unbound_{n})",
    "if int():\n{i}    maybe_{n} = 1\n{i}print(maybe_{n})",
)
ATTRIBUTES: Final = ("self.added_{n} = {value}", "self.added_{n}: int = {value}", "self.{name} = {value}")


def _body(editor: Editor) -> tuple[Source, Function, str]:
    source = editor.source()
    node = editor.pick([*source.functions(), *(method for _, method in source.methods())])
    first = node.body[0]
    if first.lineno == node.lineno:
        raise NotPossible
    return source, node, " " * first.col_offset


def _names(source: Source) -> list[str]:
    imported = [
        alias.asname or alias.name
        for node in source.imports()
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name != "*"
    ]
    return [*source.names(), *imported, *imported]


def _insert(editor: Editor, source: Source, node: Function, text: str) -> str:
    first = node.body[0]
    line = (
        (first.end_lineno or first.lineno) + 1 if isinstance(first, ast.Expr) and len(node.body) > 1 else first.lineno
    )
    source.replace(line, line - 1, text)
    return editor.where(source, f"{node.name}: {text.strip().splitlines()[0]}")


def begin_body(editor: Editor) -> str:
    source, node, indent = _body(editor)
    text = editor.pick(STATEMENTS).format(
        n=editor.number(),
        i=indent,
        name=editor.pick(_names(source)),
        value=editor.pick(VALUES),
        module=editor.module(editor.pick(editor.paths())),
    )
    return _insert(editor, source, node, f"{indent}{text}\n")


def set_attribute(editor: Editor) -> str:
    source = editor.source()
    owner, node = editor.pick(source.methods())
    names = [method.name for _, method in source.methods()]
    if node.body[0].lineno == node.lineno or not node.args.args or owner.name.startswith("Local"):
        raise NotPossible
    indent = " " * node.body[0].col_offset
    text = editor.pick(ATTRIBUTES).format(n=editor.number(), name=editor.pick(names), value=editor.pick(VALUES))
    return _insert(editor, source, node, f"{indent}{text}\n")


def remove_from_body(editor: Editor) -> str:
    source, node, indent = _body(editor)
    statement = editor.pick(node.body)
    if statement.end_lineno is None:
        raise NotPossible
    source.replace(statement.lineno, statement.end_lineno, f"{indent}pass\n")
    return editor.where(source, f"{node.name}, line {statement.lineno}")


def ignore_in_body(editor: Editor) -> str:
    source, node, _ = _body(editor)
    statement = editor.pick(node.body)
    line = source.lines[statement.lineno - 1].rstrip("\n")
    if statement.end_lineno != statement.lineno or "#" in line:
        raise NotPossible
    source.replace(statement.lineno, statement.lineno, f"{line}  # type: ignore\n")
    return editor.where(source, f"{node.name}, line {statement.lineno}")


EDITS: list[Edit] = [begin_body, begin_body, begin_body, remove_from_body, set_attribute, ignore_in_body, Editor.body]
