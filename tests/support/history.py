"""A project that is a git repository, with what a whole cold mypy run says of any of its states."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from support.checkout import Checked
from support.oracle import Answer, cold_mypy
from support.project import Project

IDENTITY = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
SUMMARY = re.compile(r"(Found \d+ error|Success: no issues found)")
CHANGE_LINE = re.compile(r"checked (\d+) of (\d+) components, reached from (\d+) changed files?, \d+\.\d s")
TYPE_VARIABLE_NUMBER = re.compile(r"`-?\d+")


def git(folder: Path, *arguments: str, home: Path | None = None) -> str:
    """One git command; what it printed."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home or folder), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(errors="surrogateescape").strip()


def new_repository(project: Project) -> None:
    """Puts a repository with one commit of everything where the project is."""
    shutil.rmtree(project.folder / ".git", ignore_errors=True)
    git(project.folder, "init", "--quiet", "--initial-branch=main")
    commit(project, "first")


def commit(project: Project, message: str) -> str:
    git(project.folder, "add", "--all")
    git(project.folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return git(project.folder, "rev-parse", "HEAD")


def diagnostics(text: str) -> list[str]:
    """All lines but the summary."""
    return [TYPE_VARIABLE_NUMBER.sub("`#", line) for line in text.splitlines() if not SUMMARY.match(line)]


def file_of(line: str) -> str:
    return line.split(":", 1)[0]


@dataclass
class Reported:
    """What a run about a change said, taken apart."""

    checked: Checked
    lines: list[str]
    files: set[str]
    components: int
    of_components: int
    changed: int
    everything: str | None


def take_apart(checked: Checked) -> Reported:
    last = checked.answer.stderr.splitlines()[-1]
    match = CHANGE_LINE.fullmatch(last)
    assert match, checked.answer.stderr
    change = checked.summary["change"]
    assert change["components"] == int(match[1])
    assert len(change["changed_files"]) == int(match[3])
    return Reported(
        checked,
        diagnostics(checked.answer.stdout),
        set(change["reported_files"]),
        int(match[1]),
        int(match[2]),
        int(match[3]),
        change["everything"],
    )


def without_lines(lines: Iterable[str]) -> Counter[str]:
    """Diagnostics wherever they stand in their file."""
    return Counter(re.sub(r"^([^:]+):\d+: ", r"\1: ", line) for line in lines)


def compare(reported: Reported, before: Answer, after: Answer) -> list[str]:
    """What is wrong with a report, given the answers of whole cold runs of both states."""
    whole = diagnostics(after.stdout)
    wrong = []
    expected = whole if reported.everything else [line for line in whole if file_of(line) in reported.files]
    if sorted(expected) != sorted(reported.lines):
        missing = Counter(expected) - Counter(reported.lines)
        added = Counter(reported.lines) - Counter(expected)
        wrong.append(f"not the part of the whole answer: missing {sorted(missing)}, added {sorted(added)}")
    news = without_lines(whole) - without_lines(diagnostics(before.stdout))
    lost = news - without_lines(reported.lines)
    if lost:
        wrong.append(f"news not reported: {sorted(lost)}")
    status = 1 if any(": error: " in line for line in expected) else 0
    if after.status in (0, 1) and reported.checked.answer.status != status:
        wrong.append(f"exit status {reported.checked.answer.status}, not {status}")
    return wrong


def state_at(project: Project, revision: str, place: Path) -> Project:
    """The project at a revision, in a folder of its own."""
    other = replace(project, root=place)
    shutil.rmtree(other.folder / ".git", ignore_errors=True)
    archive = subprocess.run(
        ["git", "archive", revision], cwd=project.folder, capture_output=True, check=True, timeout=120
    ).stdout
    subprocess.run(["tar", "--extract"], cwd=other.folder, input=archive, check=True, timeout=120)
    (other.folder / ".git").mkdir(exist_ok=True)
    return other


def whole(project: Project, *arguments: str) -> Answer:
    """A whole cold mypy run of the state the project is in; its git folder does not count."""
    hidden = project.root / "git"
    (project.folder / ".git").rename(hidden)
    (project.folder / ".git").mkdir()
    try:
        return cold_mypy(project.python, project.folder, arguments, project.environment())
    finally:
        (project.folder / ".git").rmdir()
        hidden.rename(project.folder / ".git")
