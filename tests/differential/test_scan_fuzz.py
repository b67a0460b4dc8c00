"""Compares the import scanner with mypy's native parser on real files that were changed at random.

Each file is changed again and again; a change after which mypy rejects it is taken back. On a file that mypy
accepts the scanner either finds what mypy finds or says that it is not sure, which has to be rare.
TYPEWAVE_FUZZ_FOLDERS (separated by `:`) names folders of Python files, TYPEWAVE_FUZZ_MUTANTS how many mutants
of them, TYPEWAVE_FUZZ_SEED which ones.

As a program it prints the tally: PYTHONPATH=tests python tests/differential/test_scan_fuzz.py
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import mypy
import pytest

from source_mutator import SourceMutator
from support.corpora import fetch
from test_scan import TARGETS, Target, differences, mypy_scan, our_scans

QUICK_MUTANTS = 1500
SLOW_MUTANTS = 40_000
CHAIN = 30  # mutants of one file
LARGEST = 12_000  # bytes of a file; both sides are linear, so longer ones show nothing new
BATCH = 1500  # files on disk at a time


@dataclass
class FuzzTally:
    mutants: int = 0
    accepted: int = 0  # by mypy
    unsure: int = 0  # of those
    unnoticed: int = 0  # rejected by mypy, the scanner did not see why
    doubts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.mutants} mutants, {self.accepted} accepted by mypy, {self.unsure} of them unsure, "
            f"{len(self.differences)} different; {self.unnoticed} rejected ones unnoticed; {dict(self.doubts)}"
        )


@dataclass
class Mutant:
    path: Path
    accepted: bool
    story: str


class Fuzz:
    """Writes mutants, asks both sides, and adds up."""

    def __init__(self, folder: Path, texts: list[str], kept: Path | None = None) -> None:
        self.folder = folder
        self.texts = texts
        self.kept = kept  # where files that differ are copied to
        self.tally = FuzzTally()

    def run(self, seed: int, count: int) -> FuzzTally:
        for start in range(0, count, BATCH):
            target = TARGETS[(start // BATCH) % len(TARGETS)]
            self.batch(seed * 1_000_003 + start, min(BATCH, count - start), target)
        return self.tally

    def batch(self, seed: int, count: int, target: Target) -> None:
        mutants: list[Mutant] = []
        while len(mutants) < count:
            mutants += self.chain(seed + len(mutants), len(mutants), target)
        self.compare(mutants, target)

    def chain(self, seed: int, number: int, target: Target) -> list[Mutant]:
        """Mutants of one file, each a change of the last one that mypy accepts."""
        mutator = SourceMutator(seed, self.texts)
        text = mutator.pick(self.texts)
        stories: list[str] = []
        found = []
        for step in range(CHAIN):
            name, changed = mutator.mutate(text)
            path = self.folder / str(number + step) / "__init__.pyi"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(changed.encode("utf-8", "surrogateescape"))
            accepted = mypy_scan(path, target.options(), stripped=False) is not None
            found.append(Mutant(path, accepted, " ".join([*stories[-3:], name])))
            if accepted and len(changed) < 3 * LARGEST:
                text = changed
                stories.append(name)
        return found

    def compare(self, mutants: list[Mutant], target: Target) -> None:
        ours = our_scans([mutant.path for mutant in mutants], target)
        options = target.options()
        for mutant in mutants:
            line = ours[mutant.path]
            self.tally.mutants += 1
            full = mypy_scan(mutant.path, options, stripped=False) if mutant.accepted else None
            stripped = mypy_scan(mutant.path, options, stripped=True) if mutant.accepted else None
            if full is None or stripped is None:
                self.tally.unnoticed += bool(line["sure"])
                continue
            self.tally.accepted += 1
            if not line["sure"]:
                self.tally.unsure += 1
                self.tally.doubts[str(line["doubt"]).split(" (line")[0]] += 1
                self.keep(mutant, "unsure")
                continue
            different = differences(mutant.path, line, full, stripped)
            if different:
                self.keep(mutant, "different")
            self.tally.differences += [f"{one} [{mutant.story}, {target.arguments()}]" for one in different]

    def keep(self, mutant: Mutant, what: str) -> None:
        if self.kept is not None:
            name = f"{what}_{self.tally.mutants}.pyi"
            (self.kept / name).write_bytes(mutant.path.read_bytes())


def real_texts(folders: list[Path]) -> list[str]:
    """The texts of the Python files below some folders, in the order of their names."""
    texts = []
    for folder in folders:
        for path in sorted(folder.rglob("*.py*"), key=str):
            if path.suffix in (".py", ".pyi") and path.is_file() and 200 < path.stat().st_size < LARGEST:
                with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                    texts.append(file.read())
    return texts


def typeshed() -> Path:
    return Path(mypy.__file__).parent / "typeshed"


def quick_folders() -> list[Path]:
    return [fetch("rich") / "rich", fetch("httpx") / "httpx", typeshed() / "stdlib" / "asyncio"]


def check(tally: FuzzTally) -> None:
    print(tally)
    assert not tally.differences, "\n".join([str(tally), *tally.differences[:20]])
    assert tally.accepted > tally.mutants / 3, f"too few mutants are valid: {tally}"
    assert tally.unsure < tally.accepted / 100, f"unsure too often: {tally}"


def test_mutants(tmp_path: Path) -> None:
    check(Fuzz(tmp_path, real_texts(quick_folders())).run(20261122, QUICK_MUTANTS))


@pytest.mark.slow
def test_fresh_mutants(tmp_path: Path) -> None:
    """Other mutants in every run; TYPEWAVE_FUZZ_SEED repeats those of a run that failed."""
    seed = int(os.environ.get("TYPEWAVE_FUZZ_SEED") or random.SystemRandom().randrange(10**6))
    count = int(os.environ.get("TYPEWAVE_FUZZ_MUTANTS", SLOW_MUTANTS))
    print(f"seed {seed}")
    check(Fuzz(tmp_path, real_texts([*quick_folders(), typeshed(), Path(mypy.__file__).parent])).run(seed, count))


def main() -> int:
    named = os.environ.get("TYPEWAVE_FUZZ_FOLDERS", "")
    folders = [Path(name) for name in named.split(":")] if named else quick_folders()
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as name:
        fuzz = Fuzz(Path(name), real_texts(folders), kept)
        seed, count = os.environ.get("TYPEWAVE_FUZZ_SEED", "1"), os.environ.get("TYPEWAVE_FUZZ_MUTANTS", "3000")
        tally = fuzz.run(int(seed), int(count))
    print(tally, *tally.differences[:40], sep="\n", flush=True)
    return int(bool(tally.differences))


if __name__ == "__main__":
    raise SystemExit(main())
