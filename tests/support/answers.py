"""Compares two answers: the order of files and the numbers of type variables are free, all else counts."""

from __future__ import annotations

import difflib
import json
import re

from support.oracle import Answer

COLOUR = re.compile(r"\x1b\[[0-9;]*m|\x1b\(B")
# A narrow --pretty breaks the line before the text.
MESSAGE = re.compile(r"(?P<file>[^:]+):(?:\d+:)* (?:error|note|warning): ?(?P<text>.*)")
IMPORT_CONTEXT = re.compile(r"In module imported here|\.\.\. from here")
SUMMARY = re.compile(r"Found \d+ errors? |Success: no issues found")
TYPE_VARIABLE_NUMBER = re.compile(r"`-?\d+")
OTHER = ""
SUMMARY_GROUP = "\U0010ffff"


def by_file(text: str) -> list[tuple[str, list[str]]]:
    """Runs of lines that belong to one file, in the order printed; the summary is a file of its own."""
    runs: list[tuple[str, list[str]]] = []
    waiting: list[str] = []  # "In module imported here" belongs to the message that follows.
    for line in TYPE_VARIABLE_NUMBER.sub("`#", text).splitlines():
        plain = COLOUR.sub("", line)
        message = MESSAGE.match(plain)
        if message and IMPORT_CONTEXT.match(message["text"]):
            waiting.append(line)
            continue
        if SUMMARY.match(plain):
            file = SUMMARY_GROUP
        elif plain.startswith("{"):
            file = json.loads(plain)["file"]
        elif message:
            file = message["file"]
        else:
            file = runs[-1][0] if runs else OTHER  # A source line under --pretty, say.
        if not runs or runs[-1][0] != file:
            runs.append((file, []))
        runs[-1][1].extend([*waiting, line])
        waiting = []
    if waiting:
        runs.append((OTHER, waiting))
    return runs


def canonical(text: str) -> list[str]:
    """The lines, grouped by file, in an order that does not depend on the order of files."""
    groups: dict[str, list[str]] = {}
    for file, lines in by_file(text):
        groups.setdefault(file, []).extend(lines)
    return [line for file in sorted(groups) for line in groups[file]]


def own_words_removed(text: str) -> str:
    """Standard error without typewave's own lines."""
    return "".join(line for line in text.splitlines(True) if not line.startswith("typewave: "))


def difference(expected: Answer, actual: Answer) -> str:
    """A unified diff of what differs, or nothing. `expected` is mypy's answer, `actual` typewave's."""

    def lines(answer: Answer) -> list[str]:
        return [
            *(f"stdout: {line}" for line in canonical(answer.stdout)),
            *(f"stderr: {line}" for line in canonical(own_words_removed(answer.stderr))),
            f"exit status {answer.status}",
        ]

    return "\n".join(difflib.unified_diff(lines(expected), lines(actual), "mypy", "typewave", lineterm=""))


def scattered_files(text: str) -> list[str]:
    """Files whose messages do not stand together."""
    names = [file for file, _ in by_file(text)]
    return sorted({name for name in names if names.count(name) > 1})
