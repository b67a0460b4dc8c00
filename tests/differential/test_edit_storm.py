"""Storms of random edits on real packages: after every step the answer must be cold mypy's."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest

from layered_package import write_package
from random_edits import Editor
from support.answers import difference
from support.checkout import Checked, Checkout
from support.corpora import fetch
from support.oracle import Answer, cold_mypy, environment

SEED = 20261122
LAYERED = "layers"  # not from PyPI: most of the real packages is one large cycle
QUICK_STEPS = {"rich": 4, "httpx": 6, LAYERED: 8}
SLOW_STORMS, SLOW_STEPS = 6, 25
EDITS_A_STEP = (1, 1, 2, 3)


class Storm:
    """A package under edits, with one store throughout and every state kept to go back to."""

    def __init__(self, root: Path, package: str, seed: int, binary: Path, python: Path) -> None:
        self.root = root
        self.package = package
        self.tree = root / "tree"
        self.random = random.Random(seed)
        self.states: list[tuple[Path, Answer]] = []
        self.log: list[str] = []
        if package == LAYERED:
            write_package(self.tree, package, seed)
        else:
            shutil.copytree(fetch(package) / package, self.tree / package)
        (self.tree / ".git").mkdir()  # mypy looks for its configuration up to the root of a repository
        (self.tree / "mypy.ini").write_text("[mypy]\nwarn_unused_ignores = True\ncheck_untyped_defs = True\n")
        (root / "home").mkdir()
        self.checkout = Checkout(binary, python, self.tree, root / "store", root / "home")
        self.editor = Editor(self.tree, package, seed)

    def play(self, steps: int) -> None:
        self.step("as it came")
        for _ in range(steps):
            if len(self.states) > 2 and self.random.random() < 0.15:
                self.go_back()
                continue
            edits = [self.editor.edit() for _ in range(self.random.choice(EDITS_A_STEP))]
            self.step("; ".join(edits))

    def step(self, what: str) -> None:
        checked = self.check(what)
        if checked.answer.status == 2:
            return  # Nothing is stored after a blocking error.
        again = self.checkout.check([self.package])
        self.expect(again.summary["checked_modules"] == [], what, "a second run checked something")
        self.expect(again.answer == checked.answer, what, "a second run says something else")
        kept = self.root / "states" / str(len(self.states))
        shutil.copytree(self.tree / self.package, kept)
        self.states.append((kept, checked.answer))

    def go_back(self) -> None:
        """As after switching to another branch: an earlier state is back, and costs nothing."""
        number = self.random.randrange(len(self.states) - 1)
        state, answer = self.states[number]
        shutil.rmtree(self.tree / self.package)
        shutil.copytree(state, self.tree / self.package)
        what = f"back to state {number}"
        checked = self.check(what)
        self.expect(checked.answer == answer, what, "not what was said before")
        self.expect(checked.summary["checked_modules"] == [], what, "something was checked again")

    def check(self, what: str) -> Checked:
        self.log.append(f"{len(self.log)}. {what}")
        shutil.rmtree(self.root / "store-before", ignore_errors=True)
        if self.checkout.store.exists():
            shutil.copytree(self.checkout.store, self.root / "store-before")
        checked = self.checkout.check([self.package])
        variables = environment(self.checkout.home, {})
        expected = cold_mypy(self.checkout.python, self.tree, [self.package], variables)
        found = difference(expected, checked.answer)
        self.expect(not found, what, f"not the answer of cold mypy\n{found}")
        if checked.summary:
            self.expect(checked.summary["scan"]["mismatches"] == 0, what, "the scanner missed what mypy found")
        return checked

    def expect(self, condition: bool, what: str, sentence: str) -> None:
        if not condition:
            story = "\n".join(self.log)
            pytest.fail(f"{what}: {sentence}\nthe steps so far:\n{story}\nthe folder is kept: {self.root}", False)


def run_storm(package: str, seed: int, steps: int, binary: Path, python: Path) -> None:
    root = Path(tempfile.mkdtemp(prefix=f"typewave-storm-{package}-{seed}-"))
    storm = Storm(root, package, seed, binary, python)
    storm.play(steps)
    shutil.rmtree(root)


@pytest.mark.parametrize("package", QUICK_STEPS)
def test_storm(package: str, typewave: Path, checker_python: Path) -> None:
    run_storm(package, SEED, QUICK_STEPS[package], typewave, checker_python)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SLOW_STORMS))
@pytest.mark.parametrize("package", QUICK_STEPS)
def test_fresh_storm(package: str, number: int, typewave: Path, checker_python: Path) -> None:
    """Other edits in every run; TYPEWAVE_SEED repeats those of a run that failed."""
    seed = int(os.environ.get("TYPEWAVE_SEED") or random.SystemRandom().randrange(10**9)) + number
    print(f"seed {seed}")
    run_storm(package, seed, SLOW_STEPS, typewave, checker_python)
