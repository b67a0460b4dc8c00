"""The same answer and the same bytes, whatever was checked or loaded before, by whom, and in which order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from coordinator import Coordinator
from orders import check_in_order, check_shuffled, check_some, differences
from trees import TREES, Tree

# Notes mypy prints once per run; where is a matter of merging.
ONCE = re.compile(r".*?: note: ((?:See https|Hint: |\(or run|\(Using ).*)")


def write_tree(root: Path, tree: Tree) -> None:
    for name, text in tree.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def cold_lines(root: Path, arguments: list[str]) -> list[str]:
    command = [sys.executable, "-m", "mypy", "--no-incremental", "--cache-dir=/dev/null", "--no-error-summary"]
    run = subprocess.run(
        [*command, *arguments], cwd=root, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    return run.stdout.splitlines()


def comparable(lines: list[str]) -> Counter[str]:
    once = {match[1] for line in lines if (match := ONCE.match(line))}
    return Counter([*(line for line in lines if not ONCE.match(line)), *once])


@pytest.fixture(params=list(TREES))
def coordinator(request: pytest.FixtureRequest, tmp_path: Path) -> Coordinator:
    tree = TREES[request.param]
    write_tree(tmp_path, tree)
    return Coordinator(tmp_path, tree.arguments)


def test_every_order_gives_what_cold_mypy_says(coordinator: Coordinator) -> None:
    first = check_in_order(coordinator, {"TYPEWAVE_CHECK_TOUCHES": "1"})
    assert [outcome.failed for outcome in first[0] if outcome.failed] == []
    assert [outcome.missed for outcome in first[0] if outcome.missed] == []
    assert comparable(coordinator.format(first[0])) == comparable(cold_lines(coordinator.root, coordinator.argv))
    for other in (
        check_shuffled(coordinator, seed=1),
        check_shuffled(coordinator, seed=2, workers=2),
        check_some(coordinator, first, seed=3),
    ):
        assert differences(coordinator, first, other) == []


def test_typeshed_is_checked_to_the_same_bytes_again(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import asyncio, multiprocessing.sharedctypes, dataclasses\n")
    coordinator = Coordinator(tmp_path, ["a.py"])
    first = check_in_order(coordinator, share=False)
    assert differences(coordinator, first, check_shuffled(coordinator, seed=4)) == []
