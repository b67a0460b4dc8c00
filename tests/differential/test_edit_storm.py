"""Storms of random edits on real packages: after every step the answer must be cold mypy's."""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import body_edits
import construct_edits
import module_edits
import random_edits
from layered_package import write_package
from random_edits import Edit, Editor
from support.answers import difference
from support.checkout import Checked, Checkout
from support.corpora import fetch
from support.oracle import Answer, cold_mypy, environment

SEED = 20261122
LAYERED = "layers"  # not from PyPI: most of the real packages is one large cycle
EDITS_A_STEP = (1, 1, 2, 3)
EVERY_EDIT = [*random_edits.EDITS, *module_edits.EDITS, *construct_edits.EDITS]
JOBS = (1, 2, 4)
FROZEN = 1_700_000_000  # the time of every file and folder
SLACK = re.compile(r"^# slack=*\n", re.MULTILINE)
SLACK_BYTES = 4000


@dataclass(frozen=True)
class Weather:
    """What a storm does beside editing."""

    checkouts: int = 1  # they share the store; each has an interpreter at another path
    frozen: bool = False  # no edit shows in a file's time, and most do not in its size
    edits: Sequence[Edit] = tuple(random_edits.EDITS)


PLAIN = Weather()
HARD = Weather(edits=tuple(EVERY_EDIT))
BODIES = Weather(edits=(*body_edits.EDITS, *body_edits.EDITS, *body_edits.EDITS, *EVERY_EDIT[:10]))
SHARED = Weather(checkouts=2, edits=tuple(EVERY_EDIT))
FROZEN_SHARED = Weather(checkouts=2, frozen=True, edits=(*EVERY_EDIT, *construct_edits.EDITS))
QUICK_STORMS = [
    ("rich", 4, PLAIN),
    ("httpx", 6, PLAIN),
    (LAYERED, 8, PLAIN),
    (LAYERED, 12, FROZEN_SHARED),
    ("starlette", 8, BODIES),
]
SLOW_STEPS = 25
SLOW_STORMS = [
    ("rich", 6, HARD),
    ("httpx", 6, SHARED),
    (LAYERED, 10, HARD),
    (LAYERED, 10, FROZEN_SHARED),
    ("click", 4, SHARED),
    ("jinja2", 4, HARD),
    ("werkzeug", 4, HARD),
    ("starlette", 4, FROZEN_SHARED),
    ("attr", 4, HARD),
    ("sphinx", 1, SHARED),
    ("rich", 4, BODIES),
    ("jinja2", 4, BODIES),
    ("werkzeug", 4, BODIES),
]
DISTRIBUTIONS = {"attr": "attrs"}  # of packages that have another name


class Storm:
    """A package under edits, with one store throughout and every state kept to go back to."""

    def __init__(self, root: Path, package: str, seed: int, checkout: Checkout, weather: Weather) -> None:
        self.root = root
        self.package = package
        self.weather = weather
        self.random = random.Random(seed)
        self.states: list[tuple[Path, Answer]] = []
        self.log: list[str] = []
        (root / "home").mkdir()
        self.checkouts = []
        for number in range(weather.checkouts):
            folder = root / f"tree{number or ''}"
            write_tree(folder, package, seed, weather.frozen)
            python = checkout.python
            if number:
                (root / f"venv{number}").symlink_to(python.parent.parent)
                python = root / f"venv{number}" / "bin" / python.name
            self.checkouts.append(checkout.moved(folder=folder, python=python))
        self.checkout = self.checkouts[0]
        self.editor = Editor(self.checkout.folder, package, seed, weather.edits)

    def play(self, steps: int) -> None:
        self.step("as it came")
        for _ in range(steps):
            self.checkout = self.random.choice(self.checkouts)
            self.editor.folder = self.checkout.folder
            if len(self.states) > 2 and self.random.random() < 0.15 * self.weather.checkouts:
                self.go_back(self.random.randrange(len(self.states) - 1))
                continue
            sizes = {path: path.stat().st_size for path in self.editor.paths()}
            edits = [self.editor.edit() for _ in range(self.random.choice(EDITS_A_STEP))]
            if self.weather.frozen:
                for path, size in sizes.items():
                    keep_size(path, size)
            self.step("; ".join(edits))

    def step(self, what: str) -> None:
        checked = self.check(what)
        if checked.answer.status == 2:  # Nothing is stored after a blocking error.
            self.go_back(len(self.states) - 1)
            return
        again = self.checkout.check([self.package])
        self.expect(again.summary["checked_modules"] == [], what, "a second run checked something")
        self.expect(again.answer == checked.answer, what, "a second run says something else")
        kept = self.root / "states" / str(len(self.states))
        shutil.copytree(self.checkout.folder, kept)
        self.states.append((kept, checked.answer))

    def go_back(self, number: int) -> None:
        """As after switching to another branch: an earlier state is back, and costs nothing."""
        state, answer = self.states[number]
        shutil.rmtree(self.checkout.folder)
        shutil.copytree(state, self.checkout.folder)
        what = f"back to state {number}"
        checked = self.check(what)
        self.expect(checked.answer == answer, what, "not what was said before")
        self.expect(checked.summary["checked_modules"] == [], what, "something was checked again")

    def check(self, what: str) -> Checked:
        jobs = self.random.choice(JOBS)
        self.log.append(f"{len(self.log)}. {self.checkout.folder.name}, -j{jobs}: {what}")
        if self.weather.frozen:
            freeze(self.checkout.folder)
        shutil.rmtree(self.root / "store-before", ignore_errors=True)
        if self.checkout.store.exists():
            shutil.copytree(self.checkout.store, self.root / "store-before")
        checked = self.checkout.check([self.package], own=[f"-j{jobs}"])
        variables = environment(self.checkout.home, {})
        expected = cold_mypy(self.checkout.python, self.checkout.folder, [self.package], variables)
        found = difference(expected, checked.answer)
        self.expect(not found, what, f"not the answer of cold mypy\n{found}")
        if checked.summary:
            self.expect(checked.summary["scan"]["mismatches"] == 0, what, "the scanner missed what mypy found")
        return checked

    def expect(self, condition: bool, what: str, sentence: str) -> None:
        if not condition:
            story = "\n".join(self.log)
            pytest.fail(f"{what}: {sentence}\nthe steps so far:\n{story}\nthe folder is kept: {self.root}", False)


def write_tree(folder: Path, package: str, seed: int, frozen: bool) -> None:
    if package == LAYERED:
        write_package(folder, package, seed)
    else:
        shutil.copytree(fetch(DISTRIBUTIONS.get(package, package)) / package, folder / package)
    (folder / ".git").mkdir()  # mypy looks for its configuration up to the root of a repository
    (folder / "mypy.ini").write_text("[mypy]\nwarn_unused_ignores = True\ncheck_untyped_defs = True\n")
    if frozen:
        for path in sorted(folder.rglob("*.py"), key=str):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n# slack{'=' * SLACK_BYTES}\n")


def keep_size(path: Path, size: int) -> None:
    """Makes a file as large as it was, if the slack in it allows."""
    if not path.exists():
        return
    text = path.read_bytes().decode()
    found = SLACK.search(text)
    excess = len(text.encode()) - size
    if found and excess < len(found[0]) - len("# slack\n"):
        slack = f"# slack{'=' * (len(found[0]) - len('# slack') - 1 - excess)}\n"
        path.write_bytes((text[: found.start()] + slack + text[found.end() :]).encode())


def freeze(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (FROZEN, FROZEN))


def run_storm(package: str, seed: int, steps: int, binary: Path, python: Path, weather: Weather) -> None:
    root = Path(tempfile.mkdtemp(prefix=f"typewave-storm-{package}-{seed}-"))
    checkout = Checkout(binary, python, root / "tree", root / "store", root / "home")
    storm = Storm(root, package, seed, checkout, weather)
    storm.play(steps)
    shutil.rmtree(root)


def names(storms: list[tuple[str, int, Weather]]) -> list[str]:
    kinds = {
        id(PLAIN): "plain",
        id(HARD): "hard",
        id(SHARED): "shared",
        id(FROZEN_SHARED): "frozen",
        id(BODIES): "bodies",
    }
    return [f"{package}-{kinds[id(weather)]}" for package, _, weather in storms]


@pytest.mark.parametrize(("package", "steps", "weather"), QUICK_STORMS, ids=names(QUICK_STORMS))
def test_storm(package: str, steps: int, weather: Weather, typewave: Path, checker_python: Path) -> None:
    run_storm(package, SEED, steps, typewave, checker_python, weather)


@pytest.mark.slow
@pytest.mark.parametrize(("package", "storms", "weather"), SLOW_STORMS, ids=names(SLOW_STORMS))
def test_fresh_storms(package: str, storms: int, weather: Weather, typewave: Path, checker_python: Path) -> None:
    """Other edits in every run; TYPEWAVE_SEED repeats those of a run that failed."""
    seed = int(os.environ.get("TYPEWAVE_SEED") or random.SystemRandom().randrange(10**9))
    for number in range(storms):
        print(f"seed {seed + number}")
        run_storm(package, seed + number, SLOW_STEPS, typewave, checker_python, weather)
