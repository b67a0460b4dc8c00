"""Takes imports out of sources, as the cuts of `typewave cycles --json` say."""

from __future__ import annotations

import ast
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def _source_of(node: ast.ImportFrom, importer: str, is_package: bool) -> str:
    """The absolute name of the module that a `from` statement names."""
    if node.level == 0:
        return node.module or ""
    parts = importer.split(".")
    base = parts[: len(parts) - node.level + (1 if is_package else 0)]
    return ".".join([*base, node.module] if node.module else base)


def _without(node: ast.Import | ast.ImportFrom, targets: set[str], importer: str, is_package: bool) -> ast.stmt:
    """The statement without what leads to the targets."""
    if isinstance(node, ast.Import):
        kept = [
            name
            for name in node.names
            if not any(name.name == target or name.name.startswith(target + ".") for target in targets)
        ]
        return ast.Import(kept) if kept else ast.Pass()
    source = _source_of(node, importer, is_package)
    kept = [name for name in node.names if f"{source}.{name.name}" not in targets]
    if source in targets or not kept:
        return ast.Pass()
    return ast.ImportFrom(node.module, kept, node.level)


def _statement_at(lines: list[str], first: int) -> tuple[ast.stmt, int]:
    """The statement that begins in a line, and the line behind it; the rest may be of a newer Python."""
    for end in range(first + 1, len(lines) + 1):
        try:
            return ast.parse(textwrap.dedent("\n".join(lines[first:end]))).body[0], end
        except SyntaxError:
            continue
    raise AssertionError(f"no statement begins with {lines[first]!r}")


def _cut_file(path: Path, importer: str, targets: Mapping[int, set[str]]) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for line, wanted in targets.items():
        node, end = _statement_at(lines, line - 1)
        assert isinstance(node, (ast.Import, ast.ImportFrom)), lines[line - 1]
        left = ast.unparse(_without(node, wanted, importer, path.stem == "__init__"))
        indent = lines[line - 1][: -len(lines[line - 1].lstrip())]
        # Lines stay where they are.
        lines[line - 1 : end] = [indent + left, *([""] * (end - line))]
    path.write_text("\n".join(lines), encoding="utf-8")


def cut_imports(folder: Path, cuts: Iterable[Mapping[str, Any]]) -> None:
    """Edits the files below a folder."""
    files: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for cut in cuts:
        for line in cut["lines"]:
            files[cut["path"], cut["from"]][line].add(cut["to"])
    for (path, importer), targets in files.items():
        _cut_file(folder / path, importer, targets)
