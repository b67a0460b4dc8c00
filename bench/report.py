"""Turns what was played into figures, and figures into Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import Any

from bench.lab import Series
from bench.scenarios import Result, Target

Figures = dict[str, Any]
# The part of a text that is written anew.
BEGIN, END = "<!-- measured: written by ./tw bench --save -->", "<!-- end of what was measured -->"
MEASURES = {"seconds": "time", "cpu_seconds": "CPU time", "memory_bytes": "memory"}


def values_of(series: Series, measure: str) -> list[float]:
    return [float(getattr(usage, measure)) for usage in series.usages()]


def figures_of_series(series: Series) -> Figures:
    return {
        "tool": series.tool,
        **{measure: values_of(series, measure) for measure in MEASURES},
        "modules_checked": series.modules_checked,
        "agrees_with_mypy": series.agrees,
    }


def figures_of_target(target: Target, result: Result) -> Figures:
    ours, theirs = result.series["typewave"], result.series[target.peer]
    ratio = median(values_of(theirs, target.measure)) / median(values_of(ours, target.measure))
    return {
        "against": target.peer,
        "measure": target.measure,
        "at_least": target.at_least,
        "ratio": ratio,
        "met": ratio >= target.at_least,
    }


def figures_of(result: Result) -> Figures:
    return {
        "title": result.title,
        "tools": [figures_of_series(series) for series in result.series.values()],
        "targets": [figures_of_target(target, result) for target in result.targets],
        "notes": result.notes,
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def surroundings() -> Figures:
    """The machine and how busy it was when the measuring began."""
    return {
        "when": datetime.now(timezone.utc).isoformat(timespec="minutes"),
        "processor": processor(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.release()}",
        "load": list(os.getloadavg()),
    }


# -- Markdown ----------------------------------------------------------------------------------------------------


def seconds_text(seconds: float) -> str:
    if seconds < 1:
        return f"{1000 * seconds:.1f} ms" if seconds < 0.1 else f"{1000 * seconds:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def memory_text(size: float) -> str:
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"


TEXT: dict[str, Callable[[float], str]] = {
    "seconds": seconds_text,
    "cpu_seconds": seconds_text,
    "memory_bytes": memory_text,
}


def markdown_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def agreement(tool: Figures) -> str:
    agrees = tool["agrees_with_mypy"]
    return "" if agrees is None else "yes" if agrees else "**no**"


def tools_table(figures: Figures) -> list[str]:
    """The ratio says how many times as long as typewave a tool takes, by medians."""
    lines = [
        "| tool | least | median | spread | ratio | CPU | memory | modules checked | same answer as mypy |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    ours = median(figures["tools"][0]["seconds"])
    for tool in figures["tools"]:
        seconds = tool["seconds"]
        checked = tool["modules_checked"]
        lines.append(
            markdown_row(
                [
                    tool["tool"],
                    seconds_text(min(seconds)),
                    seconds_text(median(seconds)),
                    seconds_text(max(seconds) - min(seconds)),
                    f"{median(seconds) / ours:.2f}",
                    seconds_text(median(tool["cpu_seconds"])),
                    memory_text(median(tool["memory_bytes"])),
                    "" if checked is None else f"{checked:,}",
                    agreement(tool),
                ]
            )
        )
    return lines


def targets_table(measured: list[Figures]) -> list[str]:
    lines = ["| scenario | against | measure | at least | measured | |", "|---|---|---|---:|---:|---|"]
    for one in measured:
        for figures in one["results"]:
            for target in figures["targets"]:
                cells = [
                    figures["title"],
                    target["against"],
                    MEASURES[target["measure"]],
                    f"{target['at_least']:g}",
                    f"{target['ratio']:.2f}",
                    "met" if target["met"] else "**missed**",
                ]
                lines.append(markdown_row(cells))
    return lines if len(lines) > 2 else []


def surroundings_text(one: Figures) -> str:
    machine = one["surroundings"]
    load = ", ".join(f"{value:.1f}" for value in machine["load"])
    return (
        f"`./tw bench {one['arguments']}`, {machine['when']}: {machine['processors']} processors "
        f"({machine['processor']}), {memory_text(machine['memory_bytes'])}, {machine['system']}; "
        f"load at the beginning {load}."
    )


def placed(text: str, measured: str) -> str:
    """A text with what was measured between its marks; what people wrote around them stays."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        before, after = f"{text.rstrip()}\n\n".lstrip(), "\n"
    return f"{before}{BEGIN}\n\n{measured.rstrip()}\n\n{END}{after}"


def markdown(measured: list[Figures]) -> str:
    """All that was measured; each entry has its scenario, subject, command, surroundings and results."""
    lines = ["## Targets", "", *targets_table(measured), ""] if targets_table(measured) else []
    for one in measured:
        lines += [f"## {one['scenario']} on {one['subject']}", "", surroundings_text(one), ""]
        for figures in one["results"]:
            lines += [f"### {figures['title'][:1].upper()}{figures['title'][1:]}", ""]
            if "table" in figures:
                lines.append(figures["table"])
            if figures["tools"]:
                lines += [*tools_table(figures), ""]
            for note in figures["notes"]:
                lines += [note, ""]
    return "\n".join(lines)
