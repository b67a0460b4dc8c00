"""Source discovery lists what mypy's create_source_list and process_options list, on random trees and flags."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import Any

import pytest
from mypy.find_sources import InvalidSourceList, create_source_list
from mypy.main import process_options
from mypy.modulefinder import BuildSource, compute_search_paths, mypy_path
from mypy.options import Options

from programs import Case, ask, rounds

TREES = 60
RUNS = 12

DIRECTORIES = [
    *("a", "b", "pack", "x-y", "z-stubs", "class", ".hidden"),
    *("__pycache__", "node_modules", "d.py", "f.pyi", "__init__"),
]
FILES = [
    *("a.py", "a.pyi", "b.py", "mod.py", "x.y.py", "t.PY", "t.txt", "script"),
    *(".dot.py", "setup.py", "__main__.py", "e..py"),
]
INITS = ["__init__.py", "__init__.pyi"]
EXCLUDES = [
    r"^a/",
    r"/b/",
    r"mod\.pyi?$",
    r"(^|/)setup\.py$",
    r"^(?!pack/).*/a\.py$",
    "(?x)(\n  x-y/ # odd\n  | b\\.py$\n)",
    r"\.\./",
    r"\w+\.\w+\.py",
    r"pack/$",
]


class Grower:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.paths: list[str] = []
        self.linked = False

    def grow(self, directory: Path, depth: int) -> None:
        directory.mkdir(exist_ok=True)
        for name in self.rng.sample(INITS, 1 if self.rng.random() < 0.35 else 0):
            (directory / name).touch()
        for name in self.rng.sample(FILES, self.rng.randrange(5)):
            self.file(directory / name)
        for name in self.rng.sample(DIRECTORIES, self.rng.randrange(4) if depth < 4 else 0):
            path = directory / name
            if os.path.lexists(path):
                continue
            # One link at most: two that lead back up make an endless tree, for mypy too.
            if not self.linked and self.rng.random() < 0.05:
                self.linked = True
                path.symlink_to(self.rng.choice(["..", ".", "../a", "nowhere"]))
            else:
                self.grow(path, depth + 1)
            self.paths.append(str(path))

    def file(self, path: Path) -> None:
        if self.rng.random() < 0.04:
            path.symlink_to("nowhere")
        else:
            path.touch()
        self.paths.append(str(path))


def random_arguments(rng: random.Random, grower: Grower, cwd: Path) -> list[str]:
    paths = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        path = rng.choice([".", "..", *grower.paths])
        if os.path.isabs(path) and rng.random() < 0.7:
            path = os.path.relpath(path, cwd)
        if rng.random() < 0.2:
            path = rng.choice(["./" + path, path + "/", path + "/../" + os.path.basename(path)])
        paths.append(path if rng.random() < 0.97 else "missing.py")
    return paths


def random_cases(rng: random.Random, root: Path) -> list[Case]:
    grower = Grower(rng)
    grower.grow(root, 0)
    cwd = root / rng.choice(["", "a", "pack/a", "x-y"])
    if not cwd.is_dir() or cwd.resolve() != cwd:
        cwd = root  # behind a link, or a dangling one
    cases = []
    for _ in range(RUNS):
        namespaces = rng.random() < 0.7
        cases.append(
            {
                "cwd": str(cwd),
                "files": random_arguments(rng, grower, cwd),
                "namespace_packages": namespaces,
                "explicit_package_bases": namespaces and rng.random() < 0.4,
                "scripts_are_modules": rng.random() < 0.3,
                "exclude": rng.sample(EXCLUDES, rng.choice([0, 0, 1, 2])),
                "mypy_path": [os.path.abspath(rng.choice(grower.paths))] if grower.paths and rng.random() < 0.5 else [],
            }
        )
    return cases


def listed(sources: list[BuildSource]) -> list[list[Any]]:
    return [[source.path or "", source.module, source.base_dir, source.text] for source in sources]


def mypy_answer(case: Case) -> Case | None:
    """What mypy lists, or nothing when it reports an error instead."""
    os.chdir(case["cwd"])
    options = Options()
    for key in ("namespace_packages", "explicit_package_bases", "scripts_are_modules", "exclude", "mypy_path"):
        setattr(options, key, case[key])
    options.python_executable = None
    try:
        sources = create_source_list(case["files"], options)
    except InvalidSourceList:
        return None
    paths = compute_search_paths(sources, options, "/nowhere")
    return {"sources": listed(sources), "python_path": list(paths.python_path)}


def test_lists_what_mypy_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MYPYPATH", raising=False)
    # Arguments like "../../.." must not lead to what other tests have made: their folders come and go.
    trees = tmp_path / "as" / "deep" / "as" / "arguments" / "lead" / "up"
    trees.mkdir(parents=True)
    monkeypatch.chdir(trees)
    runs = compared = refused = 0
    for number, rng in enumerate(rounds()):
        cases = [case for tree in range(TREES) for case in random_cases(rng, trees / f"{number}_{tree}")]
        for case, answer in zip(cases, ask("sources_dump", cases), strict=True):
            expected = mypy_answer(case)
            if expected is None:
                refused += 1
                assert "needs_mypy" in answer, case
            else:
                assert answer == expected, case
                runs += 1
                compared += len(answer["sources"])
    print(f"runs compared: {runs} with {compared} sources, refused by mypy: {refused}")
    assert refused and compared


def test_names_a_caller_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-m, -p and -c through mypy's own command line."""
    monkeypatch.delenv("MYPYPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    files = ["p/__init__.py", "p/m.py", "p/m.pyi", "p/n/k.py", "p/x.y.py", "p/s/__init__.pyi", "p/__pycache__/c.py"]
    for file in files:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    runs: list[tuple[list[str], Case]] = [
        (["-p", "p"], {"packages": ["p"]}),
        (["-p", "p", "--no-namespace-packages"], {"packages": ["p"], "namespace_packages": False}),
        (["-p", "p", "-m", "p.m"], {"packages": ["p"], "modules": ["p.m"]}),
        (["-p", "p", "--exclude", "/n/"], {"packages": ["p"], "exclude": ["/n/"]}),
        (["-m", "p.m", "-m", "nowhere"], {"modules": ["p.m", "nowhere"]}),
        (["-c", "import p"], {"command": "import p"}),
    ]
    for arguments, named in runs:
        sources, options = process_options([*arguments, "--config-file="], stdout=io.StringIO())
        case = {"cwd": str(tmp_path), "mypy_path": mypy_path() + options.mypy_path, **named}
        (answer,) = ask("sources_dump", [case])
        assert answer["sources"] == listed(sources), arguments


@pytest.mark.parametrize(
    "case",
    [
        {"files": ["empty"]},
        {"files": ["bad-name/__init__.py"]},
        {"files": ["."], "exclude": [r"(?i)a"]},
        {"files": ["."], "exclude": [r"\d"]},
        {"packages": ["nowhere"]},
        {"packages": ["a/b"]},
    ],
)
def test_leaves_to_mypy(case: Case, tmp_path: Path) -> None:
    for file in ["bad-name/__init__.py", "é.py"]:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    (answer,) = ask("sources_dump", [{"cwd": str(tmp_path), **case}])
    assert "needs_mypy" in answer
