"""Finds definitions in Python text without parsing it: the trees may be written in a newer Python than this one.

What it takes for a definition may lie in a string; then the edit changes a text, or mypy finds the file broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFINITION = re.compile(r"^(?P<indent> *)(?P<word>(?:async )?def|class) (?P<name>\w+)", re.MULTILINE)
STRING = re.compile(r"('''|\"\"\").*?(?<!\\)\1|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*", re.DOTALL)
DOCSTRING = re.compile(r" *[rR]?('{3}|\"{3}).*?(?<!\\)\1[ \t]*\n", re.DOTALL)
OPEN, CLOSE = "([{", ")]}"


class NotPossible(Exception):
    """This text has no place for the edit."""


@dataclass(frozen=True)
class Definition:
    """A function or class with a body of its own lines; places are offsets into the text."""

    name: str
    is_class: bool
    indent: int
    start: int  # of its line, after decorators
    parameters: tuple[int, int] | None  # between the parentheses
    returns: tuple[int, int] | None  # what stands after the arrow
    body: int  # the line after the header
    docstring: int  # the line after its docstring; the same as `body` without one
    end: int  # the line after the last of the body
    body_indent: int


def skip(text: str, at: int) -> int:
    """The place after the string, comment or character that stands there."""
    found = STRING.match(text, at)
    return found.end() if found else at + 1


def closing(text: str, at: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    while at < len(text):
        if text[at] in OPEN:
            depth += 1
        elif text[at] in CLOSE:
            depth -= 1
            if depth == 0:
                return at
        at = skip(text, at)
    raise NotPossible


def colon(text: str, at: int) -> int:
    """The place of the colon that ends a header."""
    while at < len(text) and text[at] != "\n":
        if text[at] == ":":
            return at
        at = closing(text, at) + 1 if text[at] in OPEN else skip(text, at)
    raise NotPossible


def body_end(text: str, start: int, indent: int) -> int:
    """The line after the last one that is indented further."""
    end = start
    for match in re.compile(r"( *)(\S?)[^\n]*\n?").finditer(text, start):
        if match[2] and len(match[1]) <= indent:
            break
        if match[2]:
            end = match.end()
        if match.end() == len(text):
            break
    return end


def definition_at(text: str, match: re.Match[str]) -> Definition:
    at = match.end()
    if text[at : at + 1] == "[":
        at = closing(text, at) + 1
    parameters = returns = None
    if text[at : at + 1] == "(":
        close = closing(text, at)
        parameters = (at + 1, close)
        at = close + 1
    last = colon(text, at)
    arrow = re.compile(r"\s*->\s*").match(text, at)
    if arrow:
        returns = (arrow.end(), last)
    rest = re.compile(r":[ \t]*(#[^\n]*)?\n").match(text, last)
    if not rest:
        raise NotPossible  # The body stands on the same line.
    body = rest.end()
    indent = len(match["indent"])
    first = re.compile(r"\n*( *)\S").match(text, body)
    if not first or len(first[1]) <= indent:
        raise NotPossible
    docstring = DOCSTRING.match(text, body)
    return Definition(
        name=match["name"],
        is_class=match["word"] == "class",
        indent=indent,
        start=match.start(),
        parameters=parameters,
        returns=returns,
        body=body,
        docstring=docstring.end() if docstring else body,
        end=body_end(text, body, indent),
        body_indent=len(first[1]),
    )


class PythonText:
    """One file's text; each change is written at once."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        """`text`: what the file had, if that is not what it has."""
        self.path = path
        self.text = path.read_text(encoding="utf-8") if text is None else text

    def definitions(self) -> Iterator[Definition]:
        """Functions and classes, methods among them; not those with a body on the same line."""
        for match in DEFINITION.finditer(self.text):
            try:
                yield definition_at(self.text, match)
            except NotPossible:
                continue

    def functions(self) -> list[Definition]:
        return [one for one in self.definitions() if not one.is_class]

    def classes(self) -> list[Definition]:
        return [one for one in self.definitions() if one.is_class]

    def field_lines(self) -> list[int]:
        """Where annotated names stand in the bodies of classes."""
        lines = []
        for one in self.classes():
            field = re.compile(rf"^ {{{one.body_indent}}}\w+ *:", re.MULTILINE)
            lines += [self.line_of(match.start()) for match in field.finditer(self.text, one.body, one.end)]
        return lines

    def line_of(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1

    def replace(self, start: int, end: int, new: str) -> None:
        self.path.write_text(self.text[:start] + new + self.text[end:], encoding="utf-8")

    def append(self, new: str) -> None:
        end = "" if self.text.endswith("\n") or not self.text else "\n"
        self.replace(len(self.text), len(self.text), end + new)

    def add_statement(self, to: Definition, statement: str) -> None:
        """First in the body, after a docstring."""
        self.replace(to.docstring, to.docstring, f"{' ' * to.body_indent}{statement}\n")
