"""The imports mypy's native parser found in a file, in the wording both sides of the protocol hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from mypy.nodes import Import, ImportAll, ImportBase, ImportFrom

KIND_IMPORT, KIND_FROM, KIND_STAR = 0, 1, 2


class FoundImport(NamedTuple):
    kind: int
    dots: int
    module: str
    names: tuple[str, ...]
    line: int
    top_level: bool
    mypy_only: bool

    def encode(self, *, in_dropped_body: bool = False) -> dict[str, object]:
        return {
            "kind": self.kind,
            "dots": self.dots,
            "module": self.module,
            "names": list(self.names),
            "line": self.line,
            "top_level": self.top_level,
            "mypy_only": self.mypy_only,
            "in_dropped_body": in_dropped_body,
        }


def found_imports(statements: Iterable[ImportBase]) -> list[FoundImport]:
    """Reachable imports in mypy's order; `import a, b` gives one for each alias."""
    found: list[FoundImport] = []
    for statement in statements:
        if statement.is_unreachable:
            continue
        where = statement.line, statement.is_top_level, statement.is_mypy_only
        if isinstance(statement, Import):
            found += [FoundImport(KIND_IMPORT, 0, module, (), *where) for module, _ in statement.ids]
        elif isinstance(statement, ImportFrom):
            names = tuple(name for name, _ in statement.names)
            found.append(FoundImport(KIND_FROM, statement.relative, statement.id, names, *where))
        elif isinstance(statement, ImportAll):
            found.append(FoundImport(KIND_STAR, statement.relative, statement.id, (), *where))
    return found


def imports_digest(statements: Iterable[ImportBase], *, template_strings: bool) -> str:
    """A digest of what `found_imports` gives."""
    lines = [line for statement in statements if not statement.is_unreachable for line in _lines(statement)]
    if template_strings:
        lines.append("t-string\n")
    return hashlib.sha1("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _lines(statement: ImportBase) -> list[str]:
    where = f"{statement.line}|{statement.is_top_level:d}|{statement.is_mypy_only:d}\n"
    if isinstance(statement, ImportFrom):
        names = ",".join([name for name, _ in statement.names])
        return [f"{KIND_FROM}|{statement.relative}|{statement.id}|{names}|{where}"]
    if isinstance(statement, Import):
        return [f"{KIND_IMPORT}|0|{module}||{where}" for module, _ in statement.ids]
    if isinstance(statement, ImportAll):
        return [f"{KIND_STAR}|{statement.relative}|{statement.id}||{where}"]
    return []
