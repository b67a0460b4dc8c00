"""How much is checked again after an edit: by mypy's rule, by typewave, and what of it came out otherwise.

Every edit is made on the tree as it came, checked, and taken back. typewave's trace has the digests of what each check
gave; a component whose digests are not those of the tree as it came has truly changed. Nothing else can have: what
typewave does not check again has the same outcome, which is what the oracle in tests/ shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.edits import CHANGE_IMPORTS, Edit, Editor
from bench.mypy_log import checked_components
from bench.mypy_rule import Component, Components, MypyRule, read_record
from bench.python_text import PythonText
from bench.subjects import Subject
from support.checkout import Checked, Checkout
from support.oracle import environment, run
from support.trace import Outcomes, outcomes_in

BLOCKED = 2
HOURS = 3600.0


@dataclass(frozen=True)
class Measured:
    """One edit. Numbers are of components."""

    seed: int
    drawn: int  # which of the seed's edits: those after which mypy stops at once are passed over
    kind: str
    where: str
    mypy_rule: int
    typewave: int
    changed: int
    changed_interfaces: int
    beyond_mypy_rule: int  # truly changed, but mypy's rule would not look
    seconds: float
    mypy_really: int | None = None  # scheduled by a warm mypy, where that was tried
    only_rule: int | None = None  # scheduled by the rule but not by that mypy
    only_mypy: int | None = None


class PrecisionBench:
    """A subject's tree with the store and mypy's cache of the tree as it came."""

    def __init__(self, subject: Subject, folder: Path, binary: Path, python: Path) -> None:
        self.subject = subject
        self.folder = folder
        self.tree = folder / "tree"
        self.cache = folder / "mypy-cache"
        self.trace = folder / "trace.json"
        self.summary = folder / "summary.json"
        self.log = folder / "edits.jsonl"
        self.store_before = folder / "store-before"
        self.checkout = Checkout(binary, python, self.tree, folder / "store", folder / "home")

    def prepare(self) -> None:
        """Cold runs, unless they were made before."""
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        if not (self.tree / "mypy.ini").exists():
            self.subject.put(self.tree)
        self.before = self.outcomes_before()
        if self.check().summary["checked_modules"]:
            self.subject.put(self.tree)  # An earlier run was ended in the middle of an edit.
            assert not self.check().summary["checked_modules"], "the tree is not as it came"
        self.graph = self.export_graph()
        assert set(self.before) == set(self.graph.of), "the outcomes are of another tree"
        record = self.folder / "mypy-record.json"
        if not record.exists():
            self.warm_mypy()
            record.write_text(json.dumps(read_record(self.checkout.python, self.cache)), encoding="utf-8")
        kept = json.loads(record.read_text(encoding="utf-8"))
        self.rule = MypyRule(kept["used"], kept["noted"])

    def outcomes_before(self) -> Outcomes:
        """What this typewave gives for the tree as it came; what another one gave is of no use, nor is its store."""
        identity = hashlib.sha256(self.checkout.binary.read_bytes()).hexdigest()
        kept = self.folder / "outcomes.json"
        loaded = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        if loaded.get("typewave") != identity:
            for old in (self.checkout.store, self.store_before):
                shutil.rmtree(old, ignore_errors=True)
            self.log.unlink(missing_ok=True)
            self.check()
            shutil.copytree(self.checkout.store, self.store_before)
            loaded = {"typewave": identity, "outcomes": outcomes_in(self.trace)}
            kept.write_text(json.dumps(loaded), encoding="utf-8")
        return {name: (interface, diagnostics) for name, (interface, diagnostics) in loaded["outcomes"].items()}

    def check(self) -> Checked:
        for old in (self.trace, self.summary):
            old.unlink(missing_ok=True)
        where = [f"--python={self.checkout.python}", f"--store={self.checkout.store}"]
        reports = [f"--summary-json={self.summary}", f"--trace={self.trace}"]
        command = [str(self.checkout.binary), "check", *where, *reports, self.subject.package]
        answer = run(command, self.tree, environment(self.checkout.home, {}), timeout=HOURS)
        return Checked(answer, json.loads(self.summary.read_text(encoding="utf-8")))

    def export_graph(self) -> Components:
        output = self.folder / "graph.json"
        where = [f"--python={self.checkout.python}", f"--store={self.checkout.store}"]
        self.checkout.call("graph", [*where, "--format=json", f"--output={output}", self.subject.package])
        return Components(json.loads(output.read_text(encoding="utf-8")))

    def warm_mypy(self, *options: str, cache: Path | None = None) -> str:
        """What mypy logs when it checks with a cache."""
        command = [str(self.checkout.python.parent / "mypy"), f"--cache-dir={cache or self.cache}", *options]
        variables = {**environment(self.checkout.home, {}), "PYTHONHASHSEED": "0"}
        answer = run([*command, self.subject.package], self.tree, variables, timeout=HOURS)
        assert answer.status in (0, 1), answer.stderr[-2000:]
        return answer.stderr

    def measured_before(self, seed: int) -> list[Measured]:
        """What an earlier run got done of the seed's edits."""
        if not self.log.exists():
            return []
        rows = [Measured(**json.loads(line)) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [row for row in rows if row.seed == seed]

    def measure(self, seed: int, count: int, with_mypy: int) -> Iterator[Measured]:
        """So many edits; for the first `with_mypy` of them mypy's rule is compared with a warm mypy. Goes on where an
        earlier run ended."""
        done = self.measured_before(seed)[:count]
        yield from done
        drawn = done[-1].drawn + 1 if done else 0
        editor = Editor(self.tree)
        for number in range(len(done), count):
            while True:
                measured = self.measure_edit(editor, seed, drawn, number < with_mypy)
                drawn += 1
                if measured:
                    break
            with self.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(measured)) + "\n")
            yield measured

    def measure_edit(self, editor: Editor, seed: int, drawn: int, with_mypy: bool) -> Measured | None:
        """Nothing when mypy stops at the tree, so that there is nothing to compare."""
        # What an earlier run kept of the same edit must not be found.
        shutil.rmtree(self.checkout.store)
        shutil.copytree(self.store_before, self.checkout.store)
        edit = editor.edit(f"{seed} {drawn}")
        try:
            checked = self.check()
            if checked.answer.status == BLOCKED:
                return None
            measured, by_rule = self.compare(seed, drawn, edit, checked)
            return self.try_mypy(edit, measured, by_rule) if with_mypy else measured
        finally:
            edit.revert()

    def compare(self, seed: int, drawn: int, edit: Edit, checked: Checked) -> tuple[Measured, set[Component]]:
        graph = self.export_graph() if edit.kind in CHANGE_IMPORTS else self.graph
        after = outcomes_in(self.trace)
        assert sorted(after) == checked.summary["checked_modules"], "the trace and the summary differ"
        nothing = ("", "")
        changed = {name for name, outcome in after.items() if outcome != self.before.get(name, nothing)}
        interfaces = {name for name in changed if after[name][0] != self.before.get(name, nothing)[0]}
        edited = graph.paths[str(edit.path.relative_to(self.tree))]
        added = graph.of.keys() - self.before.keys()  # by an import
        moved = [edited] if moves_fields(edit) else []
        by_rule = self.rule.checked_again([edited, *added], interfaces, moved, graph)
        truly = graph.holding(changed)
        measured = Measured(
            seed=seed,
            drawn=drawn,
            kind=edit.kind,
            where=edit.where,
            mypy_rule=len(by_rule),
            typewave=len(graph.holding(after)),
            changed=len(truly),
            changed_interfaces=len(graph.holding(interfaces)),
            beyond_mypy_rule=len(truly - by_rule),
            seconds=checked.summary["seconds"]["total"],
        )
        return measured, by_rule

    def try_mypy(self, edit: Edit, measured: Measured, by_rule: set[Component]) -> Measured:
        """Counts what a warm mypy schedules. Its cache is settled first: what mypy writes from fresh trees and from
        cached ones differs, so the first edit of a module after a cold run makes its dependents stale for nothing."""
        cache = self.folder / "mypy-cache-tried"
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.cache, cache)
        edited = edit.path.read_bytes()
        edit.path.write_bytes(edit.original + b"\n# Settles the cache.\n")
        self.warm_mypy(cache=cache)
        edit.path.write_bytes(edited)
        # mypy takes a file of the same size, changed within the same second, for unchanged.
        later = edit.path.stat().st_mtime + 10
        os.utime(edit.path, (later, later))
        log = self.warm_mypy("-v", cache=cache)
        shutil.rmtree(cache)
        really = checked_components(log)
        counts = {
            "mypy_really": len(really),
            "only_rule": len(by_rule - really),
            "only_mypy": len(really - by_rule),
        }
        return Measured(**{**asdict(measured), **counts})


def moves_fields(edit: Edit) -> bool:
    """Whether fields of classes stand in other lines now."""
    before = PythonText(edit.path, edit.original.decode())
    return before.field_lines() != PythonText(edit.path).field_lines()


def quantile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(rows: list[dict[str, Any]]) -> str:
    """Components checked again, summed by kind of edit, and how they spread over all edits."""
    lines = [
        "| edit | edits | mypy's rule | typewave | truly changed |",
        "|---|---:|---:|---:|---:|",
    ]
    measures = ("mypy_rule", "typewave", "changed")

    def line(name: str, edits: str, values: list[str]) -> str:
        return f"| {' | '.join([name, edits, *values])} |"

    for kind in sorted({row["kind"] for row in rows}):
        of_kind = [row for row in rows if row["kind"] == kind]
        sums = [f"{sum(row[measure] for row in of_kind):,}" for measure in measures]
        lines.append(line(kind.replace("_", " "), str(len(of_kind)), sums))
    lines.append(line("**all**", str(len(rows)), [f"**{sum(row[one] for row in rows):,}**" for one in measures]))
    spread: dict[str, Callable[[list[int]], str]] = {
        "mean": lambda values: f"{sum(values) / len(values):.1f}",
        "median": lambda values: str(quantile(values, 0.5)),
        "nine of ten up to": lambda values: str(quantile(values, 0.9)),
        "most": lambda values: str(max(values)),
    }
    for name, of in spread.items():
        lines.append(line(name, "", [of([row[one] for row in rows]) for one in measures]))
    return "\n".join(lines) + "\n"


def run_precision(bench: PrecisionBench, seed: int, count: int, with_mypy: int) -> list[dict[str, Any]]:
    """Prints each edit as it is measured."""
    bench.prepare()
    rows = []
    for number, measured in enumerate(bench.measure(seed, count, with_mypy), 1):
        rows.append(asdict(measured))
        print(
            f"{number:4} {measured.kind:22} mypy's rule {measured.mypy_rule:5}"
            f"  typewave {measured.typewave:5}  changed {measured.changed:5}  {measured.where}",
            flush=True,
        )
    return rows
