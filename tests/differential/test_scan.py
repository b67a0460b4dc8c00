"""Compares the import scanner with mypy's own native parser, file by file.

Runs under the interpreter that has mypy. TYPEWAVE_SCAN_FOLDERS (separated by `:`) names the folders of Python
files; the default is this interpreter's standard library and site-packages, typeshed with them.
TYPEWAVE_SCAN_FILES caps the files of each folder (0: all), TYPEWAVE_SCAN_GENERATED the generated ones of a
target, TYPEWAVE_SCAN_SEED chooses them.

As a program it prints the tally: PYTHONPATH=tests python tests/differential/test_scan.py
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mypy.errors import CompileError
from mypy.nativeparse import deserialize_imports, native_parse
from mypy.nodes import Import, ImportAll, ImportFrom
from mypy.options import Options
from mypy.util import DecodeError

from programs import program
from source_generator import SourceGenerator

FEW_FILES = 300
FEW_GENERATED = 60


class Target(NamedTuple):
    version: tuple[int, int]
    platform: str
    always_true: tuple[str, ...] = ()
    always_false: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        names = [f"+{name}" for name in self.always_true] + [f"-{name}" for name in self.always_false]
        return [f"{self.version[0]}.{self.version[1]}", self.platform, *names]

    def options(self) -> Options:
        options = Options()
        options.python_version = self.version
        options.platform = self.platform
        options.always_true = list(self.always_true)
        options.always_false = list(self.always_false)
        return options


TARGETS = [
    Target((3, 10), "linux"),
    Target((3, 14), "linux"),
    Target((3, 12), "win32", always_true=("True", "X1"), always_false=("X2", "False", "DEBUG")),
    Target((3, 13), "darwin", always_true=("DEBUG",)),
]

# (kind, line, dots, module, names, top level, mypy only)
ImportRow = tuple[str, int, int, str, tuple[str, ...], bool, bool]


@dataclass
class Scan:
    imports: list[ImportRow]
    template_strings: bool
    module_getattr: bool


@dataclass
class Tally:
    compared: int = 0
    imports: int = 0
    rejected: int = 0  # by mypy; the scanner may say anything
    rejected_but_sure: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.compared += other.compared
        self.imports += other.imports
        self.rejected += other.rejected
        self.rejected_but_sure += other.rejected_but_sure
        self.differences += other.differences

    def __str__(self) -> str:
        return (
            f"{self.compared} compared, {self.imports} imports, {len(self.differences)} different; "
            f"{self.rejected} rejected by mypy, {self.rejected_but_sure} of them unnoticed"
        )


def mypy_scan(path: Path, options: Options, stripped: bool) -> Scan | None:
    """What mypy finds; None if it rejects the file."""
    try:
        tree, errors, _ = native_parse(str(path), options, skip_function_bodies=stripped)
    except (CompileError, DecodeError, UnicodeDecodeError, ValueError):
        return None
    assert tree.raw_data is not None
    if any(error.get("blocker", True) for error in errors):
        return None
    rows: list[ImportRow] = []
    for node in deserialize_imports(tree.raw_data.imports):
        if node.is_unreachable:
            continue
        flags = (node.is_top_level, node.is_mypy_only)
        if isinstance(node, Import):
            rows += [("import", node.line, 0, name, (), *flags) for name, _ in node.ids]
        elif isinstance(node, ImportFrom):
            names = tuple(name for name, _ in node.names)
            rows.append(("from", node.line, node.relative, node.id, names, *flags))
        else:
            assert isinstance(node, ImportAll)
            rows.append(("star", node.line, node.relative, node.id, (), *flags))
    return Scan(rows, tree.raw_data.uses_template_strings, tree.raw_data.is_partial_stub_package)


def our_scans(paths: list[Path], target: Target) -> dict[Path, dict[str, object]]:
    result = subprocess.run(
        [program("scan_dump"), *target.arguments()],
        input="".join(f"{path}\n" for path in paths),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(paths), "scan_dump prints a line for each path"
    return {Path(line["path"]): line for line in lines}


def our_rows(line: dict[str, object], stripped: bool) -> list[ImportRow]:
    rows: list[ImportRow] = []
    imports = line["imports"]
    assert isinstance(imports, list)
    for kind, number, dots, module, names, top_level, mypy_only, dropped in imports:
        if not (stripped and dropped):
            rows.append((kind, number, dots, module, tuple(names), top_level, mypy_only))
    return rows


def differences(path: Path, ours: dict[str, object], full: Scan, stripped: Scan) -> list[str]:
    if not ours["sure"]:
        return [f"{path}: unsure: {ours['doubt']}"]
    # An inline comment strips the bodies even if nobody else asked for it.
    inline = bool(ours["ignores_errors"])
    found = []
    for name, theirs, strip in (("full", full, inline), ("stripped", stripped, True)):
        rows = our_rows(ours, strip)
        if rows != theirs.imports:
            only_ours = [row for row in rows if row not in theirs.imports]
            only_theirs = [row for row in theirs.imports if row not in rows]
            found.append(f"{path}: {name}: ours {only_ours[:5]}, mypy's {only_theirs[:5]}")
        strings = ours["template_strings_kept" if strip else "template_strings"]
        if strings != theirs.template_strings:
            found.append(f"{path}: {name}: template strings: ours {strings}")
    if path.name == "__init__.pyi" and ours["module_getattr"] != full.module_getattr:
        found.append(f"{path}: __getattr__: ours {ours['module_getattr']}")
    return found


def compare(paths: list[Path], target: Target) -> Tally:
    tally = Tally()
    ours = our_scans(paths, target)
    options = target.options()
    for path in paths:
        full = mypy_scan(path, options, stripped=False)
        stripped = mypy_scan(path, options, stripped=True)
        if full is None or stripped is None:
            tally.rejected += 1
            tally.rejected_but_sure += bool(ours[path]["sure"])
            continue
        tally.compared += 1
        tally.imports += len(full.imports)
        tally.differences += differences(path, ours[path], full, stripped)
    return tally


def python_files(folder: Path, cap: int) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*.py*") if path.suffix in (".py", ".pyi") and path.is_file())
    if cap and len(paths) > cap:
        return random.Random(len(paths)).sample(paths, cap)
    return paths


def folders() -> list[Path]:
    named = os.environ.get("TYPEWAVE_SCAN_FOLDERS", "")
    if named:
        return [Path(name) for name in named.split(":")]
    library = sysconfig.get_paths()
    return [Path(library["stdlib"]), Path(library["purelib"])]


def compare_generated(folder: Path, count: int, target: Target, seed: int) -> Tally:
    paths = []
    for number in range(count):
        path = folder / f"generated_{number}" / "__init__.pyi"
        path.parent.mkdir(exist_ok=True)
        path.write_text(SourceGenerator(seed * 1_000_003 + number).source(), encoding="utf-8", newline="")
        paths.append(path)
    return compare(paths, target)


def seed_of(target: Target) -> int:
    return int(os.environ.get("TYPEWAVE_SCAN_SEED", "1")) * 10 + TARGETS.index(target)


def test_library_files() -> None:
    cap = int(os.environ.get("TYPEWAVE_SCAN_FILES", FEW_FILES))
    for folder in folders():
        paths = python_files(folder, cap)
        for target in TARGETS:
            tally = compare(paths, target)
            assert not tally.differences, "\n".join(tally.differences[:20])
            assert tally.compared or not paths, "nothing was compared"


def test_generated_files(tmp_path: Path) -> None:
    count = int(os.environ.get("TYPEWAVE_SCAN_GENERATED", FEW_GENERATED))
    for target in TARGETS:
        tally = compare_generated(tmp_path, count, target, seed_of(target))
        assert not tally.differences, "\n".join(tally.differences[:20])
        assert tally.compared > count / 4, f"most generated files have to be valid: {tally}"


def main() -> int:
    import tempfile

    cap = int(os.environ.get("TYPEWAVE_SCAN_FILES", "0"))
    count = int(os.environ.get("TYPEWAVE_SCAN_GENERATED", FEW_GENERATED))
    bad = False
    for target in TARGETS:
        for folder in folders():
            tally = compare(python_files(folder, cap), target)
            print(*target.arguments(), folder, tally, *tally.differences[:20], sep="\n  ", flush=True)
            bad = bad or bool(tally.differences)
        with tempfile.TemporaryDirectory() as name:
            tally = compare_generated(Path(name), count, target, seed_of(target))
            print(*target.arguments(), "generated", tally, *tally.differences[:20], sep="\n  ", flush=True)
            bad = bad or bool(tally.differences)
    return int(bad)


if __name__ == "__main__":
    raise SystemExit(main())
