"""The scanner against mypy's native parser, and both against Python's own, on every file of large corpora.

As a program it prints the tally of each corpus: PYTHONPATH=tests python tests/differential/test_scan_corpora.py
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import mypy
import pytest

from support.corpora import fetch, fetch_library
from test_scan import TARGETS, ImportRow, Target, compare, our_rows, our_scans, python_files

CORPORA: dict[str, Callable[[], Path]] = {
    "Home Assistant": lambda: fetch("ha"),
    "sphinx": lambda: fetch("sphinx"),
    "prefect": lambda: fetch("prefect"),
    "sympy": lambda: fetch("sympy"),
    "typeshed": lambda: Path(mypy.__file__).parent / "typeshed",
    "CPython's library": fetch_library,
    "torch": lambda: fetch("torch"),
}
# Nothing is true or false here, so that what is reachable does not depend on names.
PLAIN = Target((3, 14), "linux")
Statement = tuple[str, int, str, tuple[str, ...]]


def python_imports(path: Path) -> list[Statement] | None:
    """All import statements that Python's parser finds, reachable or not; None if it refuses the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: list[Statement] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [("import", 0, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            star = names == ("*",)
            found.append(("star" if star else "from", node.level, node.module or "", () if star else names))
    return found


def statement(row: ImportRow) -> Statement:
    kind, _, dots, module, names, _, _ = row
    return kind, dots, module, names


def is_conditional(source: bytes) -> bool:
    """Whether something in the text can make an import unreachable, or empty the file."""
    marks = (b"TYPE_CHECKING", b"MYPY", b"PY2", b"PY3", b"sys.", b"type:", b"mypy:", b"assert", b"match")
    return any(mark in source for mark in marks)


def against_python(paths: list[Path]) -> tuple[int, list[str]]:
    """How many files Python accepts, and those in which the scanner finds something else."""
    ours = our_scans(paths, PLAIN)
    compared, different = 0, []
    for path in paths:
        theirs = python_imports(path)
        if theirs is None or not ours[path]["sure"]:
            continue
        compared += 1
        found = Counter(statement(row) for row in our_rows(ours[path], stripped=False))
        expected = Counter(theirs)
        if found == expected or (found < expected and is_conditional(path.read_bytes())):
            continue
        different.append(f"{path}: {list((found - expected) + (expected - found))[:5]}")
    return compared, different


@pytest.mark.slow
@pytest.mark.parametrize("name", CORPORA)
def test_corpus(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    paths = python_files(CORPORA[name](), 0)
    assert paths
    for target in TARGETS:
        tally = compare(paths, target)
        with capsys.disabled():
            print("\n" + " ".join([name, *target.arguments()]), tally)
        assert not tally.differences, "\n".join(tally.differences[:20])


@pytest.mark.slow
@pytest.mark.parametrize("name", CORPORA)
def test_corpus_against_python(name: str) -> None:
    compared, different = against_python(python_files(CORPORA[name](), 0))
    assert compared
    assert not different, "\n".join(different[:20])


def main() -> int:
    bad = 0
    for name, folder in CORPORA.items():
        paths = python_files(folder(), 0)
        compared, different = against_python(paths)
        print(f"{name}: {len(paths)} files; Python's parser: {compared} compared, {len(different)} different")
        print(*different[:10], sep="\n", flush=True)
        bad += len(different)
        for target in TARGETS:
            tally = compare(paths, target)
            print("  " + " ".join(target.arguments()) + ":", tally, flush=True)
            print(*tally.differences[:10], sep="\n", end="")
            bad += len(tally.differences)
    return int(bool(bad))


if __name__ == "__main__":
    raise SystemExit(main())
