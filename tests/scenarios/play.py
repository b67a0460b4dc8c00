"""Plays a scenario: edits a tree step by step and holds typewave's answers against cold mypy's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.scenario_file import Scenario, Step
from support.answers import canonical, difference, scattered_files
from support.checkout import Checked, Checkout, modules_in
from support.oracle import OWN_FOLDERS, Answer, cold_mypy, environment

Oracle = Callable[[Path, Path, Sequence[str], Mapping[str, str]], Answer]


class ScenarioFailure(Exception):
    """A step that did not show what it must."""


@dataclass(frozen=True)
class Stage:
    """The folders of one play, below a folder of its own that lies outside of any repository."""

    root: Path

    @property
    def tree(self) -> Path:
        return self.root / "tree"

    @property
    def elsewhere(self) -> Path:
        """Another depth and another kind of name than the tree's."""
        return self.root / "another user" / "checkouts" / "tree"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def store_before(self) -> Path:
        return self.root / "store-before"

    @property
    def home(self) -> Path:
        return self.root / "home"


def edit(tree: Path, step: Step) -> None:
    """Brings the tree to the step's state."""
    for name in step.deleted:
        path = tree / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    for before, after in step.moved:
        (tree / after).parent.mkdir(parents=True, exist_ok=True)
        (tree / before).rename(tree / after)
    for name, content in step.files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    for name, target in step.linked:
        (tree / name).symlink_to(target)


def fresh_copy(source: Path, target: Path, *left_out: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(*left_out))


def expect(condition: bool, sentence: str) -> None:
    if not condition:
        raise ScenarioFailure(sentence)


def expect_same(expected: Answer, actual: Answer, how: str) -> None:
    found = difference(expected, actual)
    words = f"\ntypewave's standard error:\n{actual.stderr}" if actual.stderr else ""
    expect(not found, f"{how} differs from cold mypy:\n{found}{words}")


def expect_bytes(first: Checked, other: Checked, how: str) -> None:
    same = (first.answer.stdout, first.answer.status) == (other.answer.stdout, other.answer.status)
    found = difference(first.answer, other.answer) or "the order differs"
    expect(same, f"{how} prints other bytes:\n{found}")


def expect_nothing_checked(checked: Checked, how: str) -> None:
    modules = checked.summary.get("checked_modules")
    expect(modules == [], f"{how} must check nothing, but it checked: {modules}")


class Player:
    """Plays steps on one stage; the first thing that is wrong raises ScenarioFailure."""

    def __init__(
        self, stage: Stage, binary: Path, python: Path, oracle: Oracle = cold_mypy, store: Path | None = None
    ) -> None:
        """The play begins with a copy of `store`."""
        self.stage = stage
        self.python = python
        self.oracle = oracle
        self.checkout = Checkout(binary, python, stage.tree, stage.store, stage.home)
        stage.tree.mkdir(parents=True)
        stage.home.mkdir()
        if store is not None:
            fresh_copy(store, stage.store)
        # mypy looks for its configuration upwards, to the root of the repository: this is one.
        (stage.tree / ".git").mkdir()

    def play(self, scenario: Scenario) -> None:
        for step in scenario.steps:
            try:
                self.play_step(step)
            except ScenarioFailure as failure:
                where = f"{scenario.path}:{step.line}: {step.title}"
                raise ScenarioFailure(f"{where}\n{failure}\nthe folder is kept: {self.stage.root}") from None

    def play_step(self, step: Step) -> None:
        edit(self.stage.tree, step)
        fresh_copy(self.stage.store, self.stage.store_before)
        expected = self.expected(step)
        checked = self.checkout.check(step.arguments, variables=step.variables)
        expect_same(expected, checked.answer, "the answer")
        scattered = scattered_files(checked.answer.stdout)
        expect(not scattered, f"the messages of these files do not stand together: {scattered}")
        self.expect_checked(step, checked)
        # Nothing is stored after a blocking error, nor when plain mypy had to answer.
        if expected.status != 2 and not checked.summary.get("failed"):
            again = self.checkout.check(step.arguments, variables=step.variables)
            expect_bytes(checked, again, "a second run")
            expect_nothing_checked(again, "a second run")
        for name in step.stores:
            self.play_variant(name, step, checked)
        for number in step.jobs:
            fresh_copy(self.stage.store_before, self.stage.root / "jobs" / "store")
            other = self.checkout.moved(store=self.stage.root / "jobs" / "store")
            (self.stage.root / "jobs").mkdir(exist_ok=True)
            parallel = other.check(step.arguments, [f"--jobs={number}"], step.variables)
            expect_bytes(checked, parallel, f"--jobs {number}")

    def expected(self, step: Step) -> Answer:
        """mypy's answer; a scenario whose expectations mypy itself does not meet is wrong."""
        variables = environment(self.stage.home, step.variables)
        answer = self.oracle(self.python, self.stage.tree, step.arguments, variables)
        said = "\n".join([*canonical(answer.stdout), answer.stderr])
        if step.status is not None:
            expect(answer.status == step.status, f"mypy itself exits with {answer.status}:\n{said}")
        for text in step.shows:
            expect(text in said, f"mypy itself does not show {text!r}:\n{said}")
        return answer

    def expect_checked(self, step: Step, checked: Checked) -> None:
        if step.checked is None:
            return
        here = modules_in(self.stage.tree)
        found = set(checked.summary.get("checked_modules", ())) & here
        expect(
            found == step.checked,
            f"checked again: {' '.join(sorted(found)) or 'nothing'}\n"
            f"expected:      {' '.join(sorted(step.checked)) or 'nothing'}",
        )

    def play_variant(self, name: str, step: Step, checked: Checked) -> None:
        if name == "other-checkout":
            fresh_copy(self.stage.tree, self.stage.elsewhere, *OWN_FOLDERS)
            there = self.checkout.moved(folder=self.stage.elsewhere)
            other = there.check(step.arguments, variables=step.variables)
            expect_bytes(checked, other, "another checkout")
            expect_nothing_checked(other, "another checkout")
        elif name == "empty":
            shutil.rmtree(self.stage.root / "empty", ignore_errors=True)
            (self.stage.root / "empty").mkdir()
            there = self.checkout.moved(store=self.stage.root / "empty" / "store")
            expect_bytes(checked, there.check(step.arguments, variables=step.variables), "an empty store")
        else:
            alone = self.checkout.check(step.arguments, ["--no-store"], step.variables)
            expect_bytes(checked, alone, "--no-store")
