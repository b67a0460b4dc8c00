"""The module resolver finds what mypy's FindModuleCache finds, on random trees, one state for many look-ups."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from mypy import stubinfo
from mypy.modulefinder import (
    BuildSource,
    BuildSourceSet,
    FindModuleCache,
    ModuleNotFoundReason,
    SearchPaths,
)
from mypy.options import Options

from programs import Case, ask, rounds

TREES = 40
LOOKUPS = 100

NAMES = ["a", "b", "c", "N", "yaml", "google", "protobuf", "paho", "mqtt", "__init__"]
VERSIONS = {
    "a": ((3, 8), None),
    "b": ((3, 13), None),
    "c": ((2, 7), (3, 11)),
    "a.b": ((3, 12), None),
    "c.a": ((3, 0), None),
    "N": ((3, 10), (3, 10)),
}
STUB_TABLES = {
    "stubs_flat": stubinfo.non_bundled_packages_flat,
    "stubs_namespaced": {
        module: name
        for namespace in stubinfo.non_bundled_packages_namespace.values()
        for module, name in namespace.items()
    },
}
MARKERS = ["", "partial\n", " partial\t", "partial", "\u2003partial\u00a0", "full\n", "partial2"]


class Grower:
    """Grows random packages, stubs and stray entries below a directory."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.directories: list[Path] = []
        self.modules: list[Path] = []
        self.linked = False

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def grow(self, directory: Path, names: list[str], depth: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directories.append(directory)
        for name in names:
            if self.chance(0.30):
                self.package(directory / name, depth)
            if (depth == 0 and self.chance(0.15)) or self.chance(0.02):
                self.package(directory / f"{name}-stubs", depth, stubs=True)
            for extension in (".py", ".pyi"):
                if self.chance(0.15):
                    self.module(directory / f"{name}{extension}")

    def package(self, directory: Path, depth: int, *, stubs: bool = False) -> None:
        # One link at most: two that lead back up make a package of endlessly many modules, for mypy too.
        if not self.linked and self.directories and self.chance(0.04) and not os.path.lexists(directory):
            directory.symlink_to(self.rng.choice(self.directories), target_is_directory=True)
            self.linked = True
            return
        if os.path.lexists(directory):
            return
        if depth < 3:
            self.grow(directory, self.rng.sample(NAMES, 4), depth + 1)
        else:
            directory.mkdir()
        for init in ("__init__.pyi", "__init__.py"):
            if self.chance(0.6 if init.endswith("i") == stubs else 0.2):
                self.module(directory / init)
        if self.chance(0.4 if depth == 0 else 0.15):
            marker = directory / "py.typed"
            if self.chance(0.05):
                marker.mkdir()
            else:
                marker.write_text(self.rng.choice(MARKERS), encoding="utf-8")

    def module(self, path: Path) -> None:
        if os.path.lexists(path):
            return
        kind = self.rng.random()
        if kind < 0.03:
            path.symlink_to("nowhere")
        elif kind < 0.05:
            path.mkdir()
        elif kind < 0.06:
            os.mkfifo(path)
        elif kind < 0.09 and self.modules:
            path.symlink_to(self.rng.choice(self.modules))
        else:
            path.touch()
            self.modules.append(path)


def random_name(rng: random.Random) -> str:
    if rng.random() < 0.01:
        return rng.choice([".a", "a.", "a..b", ".a.b", "a.b/c", "a/b", "N..", "yaml-stubs", "a-stubs.b", "-stubs"])
    return ".".join(rng.choice(NAMES) for _ in range(rng.choice([1, 1, 2, 2, 2, 3, 3, 4])))


def random_sections(rng: random.Random) -> list[Case]:
    patterns = {random_name(rng) + rng.choice(["", ".*"]) for _ in range(rng.randrange(4))}
    return [
        {"pattern": pattern, "changes": {"follow_untyped_imports": rng.random() < 0.7}}
        for pattern in sorted(patterns)
        if "/" not in pattern
    ]


def random_case(rng: random.Random, root: Path) -> Case:
    grower = Grower(rng)
    places = {
        "mypy_path": [root / "stubs1", root / "stubs2"][: rng.randrange(3)],
        "package_path": [root / "site1", root / "site2", root / "site1"][: rng.randrange(4)],
        "typeshed_path": [root / "typeshed" / "stdlib", root / "typeshed" / "stubs"],
    }
    cwd = root / "work" / "pack" / "inner"
    places["python_path"] = [root / "base", cwd / "a", root / "missing", cwd][rng.randrange(4) :]
    for directory in dict.fromkeys(d for group in places.values() for d in group if d.name != "missing"):
        grower.grow(directory, NAMES, 0)
    cwd.mkdir(parents=True, exist_ok=True)
    for directory in (cwd, cwd.parent, cwd.parent.parent):
        if rng.random() < 0.5:
            (directory / rng.choice(["__init__.py", "__init__.pyi"])).touch()
        elif rng.random() < 0.5:
            break
    if rng.random() < 0.5:
        grower.grow(cwd.parent, NAMES[:4], 1)
    case: Case = {key: [str(d) for d in group] for key, group in places.items()}
    case["cwd"] = str(cwd)
    case["python_minor"] = rng.choice([9, 10, 11, 12, 13])
    case["namespace_packages"] = rng.random() < 0.6
    case["fast_module_lookup"] = rng.random() < 0.15
    case["sections"] = random_sections(rng)
    case["source_modules"] = {
        ".".join(path.with_suffix("").relative_to(root / "base").parts).removesuffix(".__init__"): str(path)
        for path in rng.sample(grower.modules, min(8, len(grower.modules)))
        if path.is_relative_to(root / "base")
    }
    case["lookups"] = [[random_name(rng), rng.random() < 0.3] for _ in range(LOOKUPS)]
    case["recursive"] = [random_name(rng) for _ in range(3)]
    patterns = [r"/b/", r"^\.\./.*c\.pyi?$", r"(?x) N / $ # namespace", r"[a-b]\.py$"]
    case["exclude"] = rng.sample(patterns, rng.randrange(3))
    return case


def mypy_options(case: Case) -> Options:
    options = Options()
    options.python_version = (3, case["python_minor"])
    options.namespace_packages = case["namespace_packages"]
    options.fast_module_lookup = case["fast_module_lookup"]
    options.exclude = case["exclude"]
    options.per_module_options = {s["pattern"]: s["changes"] for s in case["sections"]}
    options.clone_for_module("builtins")  # the table is built at once, mypy's with the first question
    return options


def mypy_answer(case: Case) -> Case:
    os.chdir(case["cwd"])
    options = mypy_options(case)
    paths = SearchPaths(*(tuple(case[key]) for key in ("python_path", "mypy_path", "package_path", "typeshed_path")))
    sources = [BuildSource(path, module) for module, path in case["source_modules"].items()]
    cache = FindModuleCache(paths, None, options, VERSIONS, BuildSourceSet(sources))
    found: list[Any] = []
    for name, fast_path in case["lookups"]:
        answer = cache.find_module(name, fast_path=fast_path)
        found.append(answer.value if isinstance(answer, ModuleNotFoundReason) else answer)
    recursive = [
        [[source.module, source.path] for source in cache.find_modules_recursive(package)]
        for package in case["recursive"]
    ]
    return {"found": found, "recursive": recursive, "unused": sorted(options.get_unused_configs())}


def test_finds_what_mypy_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    versions = {
        module: [".".join(map(str, first)), ".".join(map(str, last or ()))]
        for module, (first, last) in VERSIONS.items()
    }
    tally: dict[str, int] = {}
    for number, rng in enumerate(rounds()):
        cases = [random_case(rng, tmp_path / f"{number}_{tree}") for tree in range(TREES)]
        shared = {**STUB_TABLES, "typeshed_versions": versions}
        for case, answer in zip(cases, ask("resolve_dump", cases, shared), strict=True):
            expected = mypy_answer(case)
            for lookup, ours, theirs in zip(case["lookups"], answer["found"], expected["found"], strict=True):
                assert ours == theirs, (lookup, case)
                kind = "found" if isinstance(theirs, str) else ModuleNotFoundReason(theirs).name
                tally[kind] = tally.get(kind, 0) + 1
            assert answer["recursive"] == expected["recursive"], case
            assert answer["unused"] == expected["unused"], case
    print(f"look-ups compared: {sum(tally.values())} {tally}")
    assert set(tally) == {"found"} | {reason.name for reason in ModuleNotFoundReason}, "a kind was never met"
