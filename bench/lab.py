"""Where tools are measured side by side: a tree, the tools with their states, and rounds in turn."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.process_tree import Usage
from bench.python_text import PythonText
from bench.subjects import Place, Subject
from bench.tools import Dmypy, Grimp, Mypy, Other, Run, Tool, Typewave
from support.answers import difference

WORKERS = 2


@dataclass
class Series:
    """The runs of one tool in one scenario."""

    tool: str
    runs: list[Run] = field(default_factory=list)
    modules_checked: int | None = None
    agrees: bool | None = None  # with mypy; none where that was not asked

    def usages(self) -> list[Usage]:
        return [run.usage for run in self.runs]


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Lab:
    """The tools on one subject. Their states stay warm from one scenario to the next."""

    def __init__(self, subject: Subject, folder: Path, binary: Path, python: Path, peers: Path | None) -> None:
        self.subject = subject
        self.folder = folder
        self.tree = folder / "tree"
        self.last_number = int(time.time())
        package = subject.package
        state = folder / "state"
        self.typewave = Typewave(state / "typewave", package, binary, python)
        mypy = python.parent / "mypy"
        self.mypy = Mypy(state / "mypy", package, mypy)
        self.parallel_mypy = Mypy(state / "parallel-mypy", package, mypy, WORKERS)
        self.dmypy = Dmypy(state / "dmypy", package, python.parent / "dmypy")
        self.graph_tools: list[Tool] = []
        self.other_checkers: list[Tool] = []
        if peers is not None:
            commands = {
                "ty": ["ty", "check", "--python-version=3.14"],
                "pyrefly": ["pyrefly", "check", "--python-version=3.14"],
                "zuban": ["zuban", "mypy"],
            }
            for name, (program, *options) in commands.items():
                command = [str(peers / program), *options]
                self.other_checkers.append(Other(state / name, package, name, command, 1))
            ruff = [str(peers / "ruff"), "analyze", "graph", "--preview"]
            self.graph_tools.append(Other(state / "ruff", package, "ruff analyze graph", ruff, 0))
            self.graph_tools.append(Grimp(state / "grimp", package, peers / "python"))

    def prepare(self) -> None:
        """The tree as it came."""
        if not (self.tree / "mypy.ini").exists():
            say(f"writing {self.subject.name}")
            self.subject.put(self.tree)

    def close(self) -> None:
        self.dmypy.stop()

    def next_number(self) -> int:
        """One that no edit had before, in an earlier run neither: typewave would remember what came of it."""
        self.last_number += 1
        return self.last_number

    def warm(self, tools: Iterable[Tool]) -> None:
        """Each has seen the tree as it is now."""
        for tool in tools:
            say(f"{'warming' if not tool.is_cold() else 'first run of'} {tool.name} on {self.subject.name}")
            tool.check(self.tree)

    def side_by_side(
        self,
        tools: list[Tool],
        rounds: int,
        before: Callable[[], None],
        once: Callable[[Tool], Run] | None = None,
        counted: bool = True,
    ) -> dict[str, Series]:
        """Each tool once in every round, in turn; `before` is called once a round. With `counted`, a first round that
        is not measured tells how many modules each checks again."""
        series = {tool.name: Series(tool.name) for tool in tools}
        if counted:
            before()
            for tool in tools:
                series[tool.name].modules_checked = tool.count_checked(self.tree)
        for number in range(rounds):
            before()
            shift = number % len(tools)
            for tool in [*tools[shift:], *tools[:shift]]:
                run = once(tool) if once else tool.check(self.tree)
                series[tool.name].runs.append(run)
                say(f"  {tool.name}: {run.usage.seconds:.3f} s")
        self.compare(series)
        return series

    def compare(self, series: dict[str, Series]) -> None:
        """Whether what typewave said last is what mypy said last."""
        ours, theirs = series.get("typewave"), series.get("mypy")
        if ours and theirs:
            found = difference(theirs.runs[-1].usage.answer, ours.runs[-1].usage.answer)
            ours.agrees = not found
            if found:
                say(f"the answers differ\n{found[:2000]}")


class PlacedEdit:
    """A file that is edited again and again, each time otherwise; `revert` puts it back."""

    def __init__(self, tree: Path, place: Place) -> None:
        self.path = tree / place.path
        self.function = place.function
        self.original = self.path.read_bytes()

    def edit(self, number: int) -> None:
        """A statement more in the function's body, or a comment at the end."""
        self.revert()
        source = PythonText(self.path)
        if not self.function:
            source.append(f"# Comment {number}.\n")
            return
        found = [one for one in source.functions() if one.name == self.function]
        source.add_statement(found[-1], f"measured_{number} = {number}")  # the last: overloads come before

    def add_function(self, number: int) -> None:
        self.revert()
        PythonText(self.path).append(f"\n\ndef measured_{number}(first: int) -> int:\n    return first\n")

    def revert(self) -> None:
        self.path.write_bytes(self.original)


def fresh_copy(tree: Path, target: Path) -> None:
    """As a clone has it: all files are new."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(tree, target, ignore=shutil.ignore_patterns(".typewave_cache"), copy_function=shutil.copyfile)
