"""The table of promises: what tests count adds up to one line a promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.promises import Promises, PromiseTable


def told(table: PromiseTable, properties: list[tuple[str, object]]) -> None:
    for phase in ("call", "teardown"):
        report = pytest.TestReport(
            "test", ("test.py", 1, "test"), {}, "passed", None, when=phase, user_properties=properties
        )
        table.pytest_runtest_logreport(report)


def test_counts_add_up(tmp_path: Path) -> None:
    table = PromiseTable(tmp_path / "promises.md")
    for _ in range(2):
        properties: list[tuple[str, object]] = [("another plugin's", 1)]
        promises = Promises(properties)
        promises.count("a kill", survived=1500)
        promises.count("a kill", survived=1)
        promises.count("a flip", wrong=1, bits_flipped=3, truncated=2)
        told(table, properties)
    assert table.rows() == [("a flip", "6 bits flipped, 4 truncated", "2"), ("a kill", "3,002 survived", "0")]


def test_failed_attempt_is_a_wrong_answer(tmp_path: Path) -> None:
    table = PromiseTable(tmp_path / "promises.md")
    properties: list[tuple[str, object]] = []
    promises = Promises(properties)
    with promises.attempt("a kill", "survived"):
        pass
    with pytest.raises(ZeroDivisionError), promises.attempt("a kill", "survived"):
        raise ZeroDivisionError
    told(table, properties)
    assert table.rows() == [("a kill", "2 survived", "1")]


def test_written_as_a_table_too(tmp_path: Path) -> None:
    file = tmp_path / "results" / "promises.md"
    table = PromiseTable(file)
    table.keep()
    assert not file.exists()
    table.add("a kill", 0, {"survived": 1})
    table.keep()
    assert file.read_text(encoding="utf-8").splitlines()[2] == "| a kill | 1 survived | 0 |"
