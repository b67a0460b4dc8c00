"""Guards the structure: arrows between folders, homes of libraries, sizes, words that must not stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LAYERS = ("graph", "scheduler", "runner")
MAXIMUM_LINES = 500

# A library's include -> the only files that may have it.
HOMES = {
    r"CLI/": r"runner/cli(_\w+)?\.(h|cc)",
    r"(tbb|oneapi)/": r"scheduler/flow\.(h|cc)",
    r"boost/": r"graph/adjacency\.(h|cc)",
    r"zstd": r"runner/zstd_frame\.(h|cc)",
    r"pcre2": r"graph/exclude_patterns\.(h|cc)",
    r"utf8proc": r"graph/identifier\.(h|cc)",
    r"openssl/": r"graph/digest\.(h|cc)",
    r"(curses|term)\.h": r"runner/terminal_detect\.(h|cc)",
    r"toml\+\+/": r"runner/project_config\.(h|cc)",
}
TEXT_SUFFIXES = {".cc", ".h", ".py", ".md", ".txt", ".toml", ".cmake", ".json", ".scenario", ""}
# Folders of what programs leave behind.
MADE = {"__pycache__", ".typewave_cache", ".mypy_cache", "node_modules"}
# Written in pieces, so that this file passes its own test.
FORBIDDEN = {
    "a note without an issue's number": re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b(?!\(#\d+\))"),
    "a path of one machine": re.compile(r"(?<![\w.])/(wo" r"rk/(lab|main|shared)|ro" r"ot)/"),
}


def sources(*folders: str, suffixes: tuple[str, ...] = (".cc", ".h", ".py")) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def tracked_text() -> Iterator[Path]:
    for path in sorted(REPOSITORY.rglob("*")):
        parts = path.relative_to(REPOSITORY).parts
        hidden = parts[0].startswith(".") and parts[0] != ".ci"
        if hidden or parts[0].startswith("build") or not MADE.isdisjoint(parts):
            continue
        if path.is_file() and path.suffix in TEXT_SUFFIXES:
            yield path


def includes(path: Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.MULTILINE)


def wrong_arrows(layer: str, included: list[str]) -> list[str]:
    above = LAYERS[LAYERS.index(layer) + 1 :]
    return [name for name in included if name.split("/")[0] in (*above, "tests")]


def homeless(path: str, included: list[str]) -> list[str]:
    return [
        name
        for name in included
        for library, home in HOMES.items()
        if re.match(library, name) and not re.fullmatch(home, path)
    ]


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("layer", LAYERS)
def test_arrows_point_one_way(layer: str) -> None:
    found = {relative(path): wrong_arrows(layer, includes(path)) for path in sources(layer)}
    wrong = {path: names for path, names in found.items() if names}
    assert not wrong, f"the arrows are graph <- scheduler <- runner: {wrong}"


def test_each_library_has_one_home() -> None:
    found = {relative(path): homeless(relative(path), includes(path)) for path in sources(*LAYERS)}
    wrong = {path: names for path, names in found.items() if names}
    assert not wrong, f"included outside its home: {wrong}"


def test_files_stay_short() -> None:
    long = {
        relative(path): count
        for path in sources(*LAYERS, "tests")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAXIMUM_LINES
    }
    assert not long, f"longer than {MAXIMUM_LINES} lines, so they hold more than one noun: {long}"


def test_headers_are_included_once() -> None:
    without = [
        relative(path)
        for path in sources(*LAYERS, "tests", suffixes=(".h",))
        if "#pragma once\n" not in path.read_text(encoding="utf-8")
    ]
    assert not without


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_unfinished_or_private_stays(what: str) -> None:
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in tracked_text()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_a_wrong_arrow_is_seen() -> None:
    assert wrong_arrows("graph", ["graph/digest.h", "runner/cli.h"]) == ["runner/cli.h"]
    assert wrong_arrows("scheduler", ["graph/digest.h", "runner/cli.h"]) == ["runner/cli.h"]
    assert wrong_arrows("runner", ["graph/digest.h", "scheduler/key.h"]) == []


def test_a_library_away_from_home_is_seen() -> None:
    assert homeless("graph/module_graph.cc", ["boost/graph/strong_components.hpp"]) != []
    assert homeless("graph/adjacency.cc", ["boost/graph/strong_components.hpp"]) == []
    assert homeless("runner/worker_pool.cc", ["tbb/flow_graph.h"]) != []
    assert homeless("runner/cli.cc", ["CLI/CLI.hpp"]) == []
