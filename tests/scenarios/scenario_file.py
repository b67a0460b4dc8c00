"""Reads scenario files: a small tree of files, steps that edit it, and what each step must show.

    # What this scenario is about.
    args: .

    == the attribute is an int
    exit: 0
    >> a.py
    x: int = 1

    == it is a string
    exit: 1
    checked: a
    >> a.py
    x: int = ""

A step starts with `== title`, then settings, then files: `>> path`, and the lines up to the next mark are
its content. CONTRIBUTING.md lists the settings.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

VARIANTS = ("other-checkout", "empty", "none")


class ScenarioError(Exception):
    """A scenario file that cannot be read, with file and line."""


@dataclass
class Step:
    """One state of the tree and what is expected of a check of it."""

    title: str
    line: int
    arguments: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    linked: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    status: int | None = None
    shows: list[str] = field(default_factory=list)
    checked: set[str] | None = None
    stores: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)


@dataclass
class Scenario:
    """A file's steps, in order."""

    path: Path
    steps: list[Step]


def pair(value: str) -> tuple[str, str]:
    before, arrow, after = value.partition(" -> ")
    if not arrow:
        raise ValueError("expected `FROM -> TO`")
    return before.strip(), after.strip()


def set_variable(step: Step, value: str) -> None:
    name, equals, text = value.partition("=")
    if not equals:
        raise ValueError("expected `NAME=VALUE`")
    step.variables[name] = text


def set_stores(step: Step, value: str) -> None:
    step.stores = value.split()
    unknown = [name for name in step.stores if name not in VARIANTS]
    if unknown:
        raise ValueError(f"unknown {unknown[0]!r}: one of {', '.join(VARIANTS)}")


def set_arguments(step: Step, value: str) -> None:
    step.arguments = shlex.split(value)


def set_status(step: Step, value: str) -> None:
    step.status = int(value)


def set_checked(step: Step, value: str) -> None:
    step.checked = set(value.split())


def set_jobs(step: Step, value: str) -> None:
    step.jobs = [str(int(number)) for number in value.split()]


SETTINGS: dict[str, Callable[[Step, str], None]] = {
    "args": set_arguments,
    "env": set_variable,
    "delete": lambda step, value: step.deleted.extend(value.split()),
    "move": lambda step, value: step.moved.append(pair(value)),
    "link": lambda step, value: step.linked.append(pair(value)),
    "exit": set_status,
    "shows": lambda step, value: step.shows.append(value),
    "checked": set_checked,
    "store": set_stores,
    "jobs": set_jobs,
}
FOR_ALL_STEPS = {"args", "env"}


class Reader:
    """Goes through the lines once; what is open decides what a line means."""

    def __init__(self) -> None:
        self.common = Step("", 0)
        self.steps: list[Step] = []
        self.file: tuple[str, str] | None = None  # path and encoding of the file that is being read
        self.content: list[str] = []

    def close_file(self) -> None:
        if self.file is not None:
            name, encoding = self.file
            # Blank lines before the next mark are layout, not content.
            text = "\n".join(self.content).rstrip("\n")
            self.steps[-1].files[name] = f"{text}\n".encode(encoding) if text else b""
        self.file, self.content = None, []

    def open_step(self, title: str, number: int) -> None:
        self.close_file()
        step = Step(title, number, list(self.common.arguments), dict(self.common.variables))
        self.steps.append(step)

    def open_file(self, text: str) -> None:
        self.close_file()
        if not self.steps:
            raise ValueError("a file before the first step")
        name, _, encoding = text.partition(" encoded as ")
        self.file = (name.strip(), encoding.strip() or "utf-8")

    def setting(self, line: str) -> None:
        name, colon, value = line.partition(":")
        if not colon or name not in SETTINGS:
            raise ValueError(f"expected a setting ({', '.join(SETTINGS)}), `== title` or `>> path`")
        if not self.steps and name not in FOR_ALL_STEPS:
            raise ValueError(f"`{name}` belongs to a step")
        SETTINGS[name](self.steps[-1] if self.steps else self.common, value.strip())

    def line(self, number: int, line: str) -> None:
        if line.startswith("== "):
            self.open_step(line[3:].strip(), number)
        elif line.startswith(">> "):
            self.open_file(line[3:])
        elif self.file is not None:
            self.content.append(line)
        elif line.strip() and not line.startswith("#"):
            self.setting(line)


def read_scenario(path: Path, text: str | None = None) -> Scenario:
    reader = Reader()
    content = path.read_text(encoding="utf-8") if text is None else text
    for number, line in enumerate(content.split("\n"), 1):
        try:
            reader.line(number, line)
        except ValueError as error:
            raise ScenarioError(f"{path}:{number}: {error}") from error
    reader.close_file()
    if not reader.steps:
        raise ScenarioError(f"{path}:1: no step (`== title`)")
    return Scenario(path, reader.steps)
