"""One checkout under test: runs typewave in a folder with a store of its own and reads the run's summary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from support.oracle import Answer, environment, run


@dataclass(frozen=True)
class Checked:
    """An answer with the machine-readable summary of the run (empty when none was written)."""

    answer: Answer
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Checkout:
    """Where typewave runs, and with what."""

    binary: Path
    python: Path
    folder: Path
    store: Path
    home: Path

    def check(
        self, arguments: Sequence[str], own: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> Checked:
        """Runs `typewave check`; `own` are options of typewave's own."""
        report = self.store.parent / "summary.json"
        report.unlink(missing_ok=True)
        where = [f"--python={self.python}", f"--store={self.store}", f"--summary-json={report}"]
        command = [str(self.binary), "check", *where, *own, *arguments]
        answer = run(command, self.folder, environment(self.home, variables or {}))
        summary = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return Checked(answer, summary)

    def call(self, command: str, arguments: Sequence[str]) -> Answer:
        """Runs another of typewave's commands, which has to succeed."""
        answer = run([str(self.binary), command, *arguments], self.folder, environment(self.home, {}))
        assert answer.status == 0, f"typewave {command}: {answer.stderr}"
        return answer

    def moved(self, *, folder: Path | None = None, store: Path | None = None, python: Path | None = None) -> Checkout:
        """The same elsewhere: with another folder, another store, another interpreter."""
        return replace(self, folder=folder or self.folder, store=store or self.store, python=python or self.python)


def modules_in(folder: Path) -> set[str]:
    """Every name that a file or folder below `folder` could have as a module, from whatever base."""
    names = {"__main__"}
    for path in folder.rglob("*"):
        parts = list(path.relative_to(folder).parts)
        if path.suffix in (".py", ".pyi"):
            parts[-1] = path.stem
            if path.stem == "__init__":
                parts.pop()
        elif path.is_file():
            continue
        names.update(".".join(parts[start:]) for start in range(len(parts)))
    return names
