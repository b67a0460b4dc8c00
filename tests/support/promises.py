"""Counts what the tests tried for each promise and how many wrong answers came of it, over all tests of a run.

A test takes the fixture `promises` and counts:

    promises.count("kill -9 at any system call", survived=12)

or lets each attempt count itself, as a wrong answer when it fails:

    with promises.attempt("kill -9 at any system call", "survived"):
        project.same(".")

The sums are a table at the end of pytest's report and in build/test-results/promises.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TABLE = REPOSITORY / "build" / "test-results" / "promises.md"
PROPERTY = "promise"
HEADINGS = ("promise", "tried", "wrong answers")


class Promises:
    """What one test tried; it travels with the test's report, so that the processes of xdist can be added up."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    def count(self, promise: str, *, wrong: int = 0, **tried: int) -> None:
        """Adds to a promise's line: wrong answers, and what was tried, each kind by a word that reads after its
        number ("12 survived"). The test has to fail by itself when it sees a wrong answer."""
        self._properties.append((PROPERTY, json.dumps([promise, wrong, tried])))

    @contextmanager
    def attempt(self, promise: str, word: str = "tried") -> Iterator[None]:
        """Counts one attempt, and a wrong answer if anything in it fails."""
        try:
            yield
        except BaseException:
            self.count(promise, wrong=1, **{word: 1})
            raise
        self.count(promise, **{word: 1})


class PromiseTable:
    """The pytest plugin that adds up what all tests counted and prints it."""

    def __init__(self, file: Path = TABLE) -> None:
        self._file = file
        self._tried: dict[str, dict[str, int]] = {}
        self._wrong: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "teardown":
            return  # The last report of a test has all its properties.
        for name, value in report.user_properties:
            if name == PROPERTY:
                self.add(*json.loads(str(value)))

    def add(self, promise: str, wrong: int, tried: dict[str, int]) -> None:
        words = self._tried.setdefault(promise, {})
        for word, number in tried.items():
            words[word] = words.get(word, 0) + number
        self._wrong[promise] = self._wrong.get(promise, 0) + wrong

    def rows(self) -> list[tuple[str, str, str]]:
        """Promise, what was tried, wrong answers."""
        return [
            (
                promise,
                ", ".join(f"{number:,} {word.replace('_', ' ')}" for word, number in sorted(words.items())),
                f"{self._wrong[promise]:,}",
            )
            for promise, words in sorted(self._tried.items())
        ]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        rows = self.rows()
        if not rows:
            return
        rows.insert(0, HEADINGS)
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        terminalreporter.section("promises")
        for row in rows:
            terminalreporter.line("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        self.keep()

    def keep(self) -> None:
        rows = self.rows()
        if not rows:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lines = [HEADINGS, ("---", "---", "---:"), *rows]
        self._file.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines), encoding="utf-8")
