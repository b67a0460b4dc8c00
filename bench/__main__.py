"""The command line of the bench: which scenarios, on what, how often, and where the figures go."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from bench.lab import Lab
from bench.precision import PrecisionBench, run_precision, table
from bench.report import Figures, figures_of, markdown, placed, surroundings
from bench.scenarios import SCENARIOS
from bench.subjects import SEED, SUBJECTS, WORK

NOTE_ON_PRECISION = """\
Each edit is made on the tree as it came, in a module drawn uniformly. mypy's rule: a component is checked again when a
source of it changed, or the interface of a module that it imports or that mypy's cache records as used; computed from
that record and from the interfaces that truly changed. Truly changed: the interface or a diagnostic of the component is
not what it was."""
REPOSITORY = Path(__file__).resolve().parent.parent
SAVED, SAVED_TEXT = REPOSITORY / "bench" / "results.json", REPOSITORY / "bench" / "RESULTS.md"
PRECISION = "precision"
GROWING = ("generated-1k", "generated-10k", "generated-100k")
INTRODUCTION = """\
What `./tw bench --save` wrote; the raw figures are in `results.json`. Times are wall times. Tools take turns within
each round; medians are compared. A ratio says how many times as long as typewave (or as much) a tool takes. Memory is
the most that a tool's processes had at once, pages they share counted once (PSS). CPU time is that of all of them.

"""


def parse_arguments() -> argparse.Namespace:
    names = "\n".join(f"  {scenario.name:10} {scenario.about}" for scenario in SCENARIOS.values())
    parser = argparse.ArgumentParser(
        prog="./tw bench",
        description="Measures typewave beside its peers.",
        epilog=f"scenarios:\n{names}\n  {PRECISION:10} what is checked again after random edits, against mypy's rule",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenarios (default: all but precision)")
    parser.add_argument(
        "--on", default="homeassistant", choices=sorted(SUBJECTS), help="the tree (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often (default: %(default)s; minutes-long ones less)"
    )
    parser.add_argument("--edits", type=int, default=200, help="of the precision scenario (default: %(default)s)")
    parser.add_argument("--with-mypy", type=int, default=0, metavar="N", help="try mypy itself on the first N edits")
    parser.add_argument("--seed", type=int, default=SEED, help="of the random edits (default: %(default)s)")
    parser.add_argument("--growth", nargs="*", default=GROWING, choices=sorted(SUBJECTS), help="trees of that scenario")
    parser.add_argument(
        "--work", type=lambda text: Path(text).resolve(), default=WORK, help="folder for trees and states"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave out programs other than mypy's own")
    parser.add_argument("--save", action="store_true", help=f"keep the figures in {SAVED_TEXT.relative_to(REPOSITORY)}")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in SCENARIOS and name != PRECISION:
            parser.error(f"no scenario is called {name}")
    if arguments.rounds < 1 or arguments.edits < 1:
        parser.error("at least one round and one edit")
    return arguments


def binary() -> Path:
    return Path(os.environ.get("TYPEWAVE_BINARY", REPOSITORY / "build" / "typewave")).resolve()


def checker_python() -> Path:
    return REPOSITORY / "build" / "venv" / "bin" / "python"


def entry(scenario: str, subject: str, around: Figures, results: list[Figures]) -> Figures:
    told = " ".join(argument for argument in sys.argv[1:] if argument != "--save")
    return {"scenario": scenario, "subject": subject, "arguments": told, "surroundings": around, "results": results}


def play_precision(arguments: argparse.Namespace) -> Figures:
    around = surroundings()
    subject = SUBJECTS[arguments.on]
    folder = arguments.work / PRECISION / subject.name
    bench = PrecisionBench(subject, folder, binary(), checker_python())
    rows = run_precision(bench, arguments.seed, arguments.edits, arguments.with_mypy)
    results: list[Figures] = [
        {
            "title": f"components checked again, {len(rows)} random edits",
            "table": table(rows),
            "tools": [],
            "targets": [],
            "notes": [NOTE_ON_PRECISION],
            "edits": rows,
        }
    ]
    return entry(PRECISION, subject.name, around, results)


class Labs:
    """One for each tree, so that the tools' states are kept from one scenario to the next."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.opened: dict[str, Lab] = {}

    def on(self, subject: str) -> Lab:
        if subject not in self.opened:
            peers = None if self.arguments.no_peers else Path(sys.executable).parent
            folder = self.arguments.work / subject
            self.opened[subject] = Lab(SUBJECTS[subject], folder, binary(), checker_python(), peers)
            self.opened[subject].prepare()
        return self.opened[subject]

    def close(self) -> None:
        for lab in self.opened.values():
            lab.close()


def play(name: str, subject: str, labs: Labs) -> Figures:
    around = surroundings()
    results = SCENARIOS[name].play(labs.on(subject), labs.arguments.rounds)
    return entry(name, subject, around, [figures_of(result) for result in results])


def save(measured: list[Figures]) -> None:
    """Puts the figures in place of earlier ones of the same scenario on the same tree."""
    kept: list[Figures] = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.exists() else []
    new = {(one["scenario"], one["subject"]) for one in measured}
    order = [*SCENARIOS, PRECISION]
    everything = [*(one for one in kept if (one["scenario"], one["subject"]) not in new), *measured]
    everything.sort(key=lambda one: (one["subject"].startswith("generated"), order.index(one["scenario"])))
    SAVED.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    text = SAVED_TEXT.read_text(encoding="utf-8") if SAVED_TEXT.exists() else ""
    SAVED_TEXT.write_text(placed(text, INTRODUCTION + markdown(everything)), encoding="utf-8")


def disagreements(measured: list[Figures]) -> list[str]:
    return [
        f"{one['scenario']} on {one['subject']}: {figures['title']}"
        for one in measured
        for figures in one["results"]
        if any(tool["agrees_with_mypy"] is False for tool in figures["tools"])
    ]


def play_all(arguments: argparse.Namespace, labs: Labs) -> list[Figures]:
    measured: list[Figures] = []
    for name in arguments.names or SCENARIOS:
        if name == PRECISION:
            measured.append(play_precision(arguments))
        else:
            for subject in arguments.growth if name == "growth" else [arguments.on]:
                measured.append(play(name, subject, labs))
        # What is measured so far is kept, however the rest ends.
        (arguments.work / "results.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        if arguments.save:
            save(measured)
    return measured


def main() -> int:
    arguments = parse_arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    labs = Labs(arguments)
    try:
        measured = play_all(arguments, labs)
    finally:
        labs.close()
    print(markdown(measured))
    differing = disagreements(measured)
    for what in differing:
        print(f"bench: typewave and mypy said different things: {what}", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
