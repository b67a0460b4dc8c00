"""What is measured: each scenario plays its rounds in a lab and says what it aims at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.edits import Editor
from bench.lab import Lab, PlacedEdit, Series, fresh_copy, say
from bench.subjects import SEED, Place
from bench.tools import Mypy, Run, Tool, Typewave

HEAVY_ROUNDS = 3  # at most, of what takes minutes
BRANCH_EDITS = 30
Plays = Callable[[Lab, int], "list[Result]"]


@dataclass(frozen=True)
class Target:
    """`peer`'s median measure divided by typewave's is to be at least so much."""

    peer: str
    at_least: float
    measure: str = "seconds"  # a field of Usage


@dataclass
class Result:
    """A table of the report."""

    title: str
    series: dict[str, Series]
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scenario:
    name: str
    about: str
    play: Plays


def warm_tools(lab: Lab) -> list[Tool]:
    tools: list[Tool] = [lab.typewave, lab.mypy, lab.dmypy]
    lab.warm(tools)
    return tools


def cold(lab: Lab, rounds: int) -> list[Result]:
    tools: list[Tool] = [lab.typewave, lab.mypy, lab.parallel_mypy, *lab.other_checkers]

    def once(tool: Tool) -> Run:
        tool.forget(lab.tree)
        return tool.check(lab.tree)

    series = lab.side_by_side(tools, min(rounds, HEAVY_ROUNDS), lambda: None, once, counted=False)
    last = series["typewave"].runs[-1]
    series["typewave"].modules_checked = last.modules_checked
    parallel = lab.parallel_mypy.name
    targets = [
        Target(parallel, 1.25),
        Target("mypy", 1.0, "cpu_seconds"),
        Target(parallel, 1.0, "memory_bytes"),
    ]
    return [Result("cold, empty store", series, targets)]


def nothing(lab: Lab, rounds: int) -> list[Result]:
    series = lab.side_by_side(warm_tools(lab), rounds, lambda: None)
    return [Result("nothing changed", series, [Target("mypy", 60)])]


def edited(lab: Lab, rounds: int, title: str, edit: PlacedEdit, change: Callable[[int], None]) -> Result:
    tools = warm_tools(lab)
    try:
        series = lab.side_by_side(tools, rounds, lambda: change(lab.next_number()))
    finally:
        edit.revert()
    return Result(title, series)


def leaf(lab: Lab, rounds: int) -> list[Result]:
    edit = PlacedEdit(lab.tree, Place(lab.subject.leaf))
    result = edited(lab, rounds, f"a comment in a leaf (`{lab.subject.leaf}`)", edit, edit.edit)
    result.targets.append(Target("mypy", 8))
    return [result]


def library(lab: Lab, rounds: int) -> list[Result]:
    edit = PlacedEdit(lab.tree, lab.subject.library)
    where = f"in `{lab.subject.library.path}`, which most of the tree imports"
    body = edited(lab, rounds, f"a body {where}", edit, edit.edit)
    body.targets.append(Target("mypy", 8))
    function = edited(lab, min(rounds, HEAVY_ROUNDS), f"a function more {where}", edit, edit.add_function)
    return [body, function]


def cycle(lab: Lab, rounds: int) -> list[Result]:
    """With a bound for whoever has to check the same components: all of it spread over the workers, or the longest."""
    results = []
    for place in lab.subject.in_cycle:
        edit = PlacedEdit(lab.tree, place)
        title = f"a {'body' if place.function else 'comment'} in `{place.path}`, in the largest cycle"
        result = edited(lab, min(rounds, HEAVY_ROUNDS), title, edit, edit.edit)
        result.notes.append(lower_bound(lab, place))
        results.append(result)
    return results


def lower_bound(lab: Lab, place: Place) -> str:
    edit = PlacedEdit(lab.tree, place)
    trace = lab.typewave.state / "trace.json"
    try:
        edit.edit(lab.next_number())
        run = lab.typewave.call(lab.tree, "check", f"--trace={trace}")
    finally:
        edit.revert()
    spans: dict[str, float] = {}
    for event in json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]:
        if event.get("cat") in ("interface", "implementation"):
            spans[event["name"]] = spans.get(event["name"], 0) + event["dur"] / 1e6
    work, longest = sum(spans.values()), max(spans.values(), default=0)
    workers = max(1, run.summary["workers"])
    bound = max(work / workers, longest)
    return (
        f"Lower bound when these components are checked: {bound:.2f} s (work {work:.2f} s on {workers} workers, "
        f"longest component {longest:.2f} s); that run took {run.usage.seconds:.2f} s."
    )


def clone(lab: Lab, rounds: int) -> list[Result]:
    tools: list[Tool] = [lab.typewave, lab.mypy]
    lab.warm(tools)
    elsewhere = lab.folder / "elsewhere"

    def once(tool: Tool) -> Run:
        state, tree = elsewhere / "state", elsewhere / "another" / "clone"
        shutil.rmtree(elsewhere, ignore_errors=True)
        fresh_copy(lab.tree, tree)
        assert isinstance(tool, Typewave | Mypy)
        return tool.elsewhere(state).check(tree)

    series = lab.side_by_side(tools, rounds, lambda: None, once, counted=False)
    series["typewave"].modules_checked = series["typewave"].runs[-1].modules_checked
    shutil.rmtree(elsewhere)
    return [Result("fresh clone at another path, store or cache at hand", series, [Target("mypy", 12)])]


def switch(lab: Lab, rounds: int) -> list[Result]:
    tools: list[Tool] = [lab.typewave, lab.mypy]
    lab.warm(tools)
    editor = Editor(lab.tree)
    branch: dict[Path, tuple[bytes, bytes]] = {}  # what is here and what is there
    for number in range(BRANCH_EDITS):
        edit = editor.edit(f"{SEED} branch {number}")
        branch.setdefault(edit.path, (edit.original, edit.path.read_bytes()))
        edit.revert()
    added = PlacedEdit(lab.tree, lab.subject.library)
    added.add_function(0)
    branch[added.path] = (added.original, added.path.read_bytes())
    added.revert()

    def back_and_forth() -> None:
        for path, (_, there) in branch.items():
            path.write_bytes(there)
        for tool in tools:
            say(f"  {tool.name} on the other branch: {tool.check(lab.tree).usage.seconds:.3f} s")
        for path, (here, _) in branch.items():
            path.write_bytes(here)

    try:
        series = lab.side_by_side(tools, min(rounds, HEAVY_ROUNDS), back_and_forth)
    finally:
        for path, (here, _) in branch.items():
            path.write_bytes(here)
    note = f"The other branch differs in {len(branch)} files; one of them has a function more in `{added.path.name}`."
    return [Result("branch switch there and back: the return", series, [Target("mypy", 40)], [note])]


def scan(lab: Lab, rounds: int) -> list[Result]:
    """What typewave remembers of sources is deleted before each run; how mypy reads its options stays remembered."""
    tools: list[Tool] = [lab.typewave, *lab.graph_tools]
    lab.warm([lab.typewave])

    def planned(tool: Tool) -> Run:
        if tool is not lab.typewave:
            return tool.check(lab.tree)
        lab.typewave.forget_folder(lab.tree)
        return lab.typewave.call(lab.tree, "check", "--dry-run")

    def exported_again(tool: Tool) -> Run:
        if tool is not lab.typewave:
            return tool.check(lab.tree)
        return lab.typewave.call(lab.tree, "graph", "--format=json", f"--output={lab.typewave.state / 'graph.json'}")

    def exported(tool: Tool) -> Run:
        if tool is lab.typewave:
            lab.typewave.forget_folder(lab.tree)
        return exported_again(tool)

    played = lab.side_by_side(tools, rounds, lambda: None, planned, counted=False)
    whole = played.pop(lab.typewave.name)
    stages = [Run(replace(run.usage, seconds=run.summary["seconds"]["scan"])) for run in whole.runs]
    whole.tool = "typewave check --dry-run"
    series = {lab.typewave.name: Series("typewave, these stages alone", stages), whole.tool: whole, **played}
    graph = lab.side_by_side(tools, rounds, lambda: None, exported, counted=False)
    repeated = lab.side_by_side(tools, rounds, lambda: None, exported_again, counted=False)
    peers = [tool.name for tool in lab.graph_tools[:1]]
    return [
        Result("scan, resolution, components: from nothing", series, [Target(peer, 20) for peer in peers]),
        Result("the module graph as JSON: from nothing", graph, [Target(peer, 10) for peer in peers]),
        Result("the module graph as JSON: nothing changed", repeated, [Target(peer, 10) for peer in peers]),
    ]


def growth(lab: Lab, rounds: int) -> list[Result]:
    """A run that only plans shows what planning takes: nothing, unless something changed."""
    lab.warm([lab.typewave])
    series = lab.side_by_side([lab.typewave], rounds, lambda: None)
    edit = PlacedEdit(lab.tree, Place(lab.subject.leaf))

    def planned(before: Callable[[], None], title: str) -> Series:
        plans = lab.side_by_side(
            [lab.typewave], rounds, before, lambda _: lab.typewave.call(lab.tree, "check", "--dry-run"), counted=False
        )
        planning = Series(title)
        for run in plans[lab.typewave.name].runs:
            stages = run.summary["seconds"]
            until = stages["probe"] + stages["scan"] + stages["plan"]
            planning.runs.append(Run(replace(run.usage, seconds=until)))
        return planning

    try:
        plans = [
            planned(lambda: None, "typewave check --dry-run, until the plan is made"),
            planned(lambda: edit.add_function(lab.next_number()), "the same, a function more in one module"),
        ]
    finally:
        edit.revert()
    return [
        Result(
            "nothing changed; a plan to take less than 0.5 s and 1 GB", {**series, **{one.tool: one for one in plans}}
        )
    ]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("cold", "an empty store, an empty cache", cold),
        Scenario("nothing", "nothing changed", nothing),
        Scenario("leaf", "a comment in a module that nothing imports", leaf),
        Scenario("library", "edits in a module that most of the tree imports", library),
        Scenario("cycle", "edits in the largest cycle", cycle),
        Scenario("clone", "a fresh clone at another path", clone),
        Scenario("switch", "to another branch and back", switch),
        Scenario("scan", "the module graph from nothing", scan),
        Scenario("growth", "nothing changed, on generated graphs of 1k, 10k and 100k modules", growth),
    )
}
