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

    def text(self) -> str:
        names = ",".join(self.names)
        flags = f"{int(self.top_level)}|{int(self.mypy_only)}"
        return f"{self.kind}|{self.dots}|{self.module}|{names}|{self.line}|{flags}\n"

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


def imports_digest(found: Iterable[FoundImport], *, template_strings: bool) -> str:
    text = "".join(one.text() for one in found)
    if template_strings:
        text += "t-string\n"
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()
