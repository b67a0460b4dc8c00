"""A working directory that was removed: every command says so, and what to do."""

from __future__ import annotations

import subprocess

import pytest

from support.oracle import Answer
from support.project import Project, one_trouble

COMMANDS = [
    ["check", "."],
    ["check", "--dry-run", "."],
    ["check", "--per-project", "."],
    ["graph", "."],
    ["cycles", "."],
    ["waves", "."],
    ["explain", "a"],
    ["doctor", "."],
    ["store", "status"],
    ["store", "gc"],
    ["--version"],
]


def call(project: Project, *arguments: str) -> Answer:
    gone = project.root / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'rmdir ../gone; exec "$@"', "sh", str(project.binary), *arguments],
        cwd=gone,
        env=project.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_removed_working_directory(project: Project, command: list[str]) -> None:
    answer = call(project, *command)
    assert f"the working directory does not exist any more: {project.root / 'gone'}" in one_trouble(answer)
    hints = [line for line in answer.stderr.splitlines() if line.startswith("typewave: hint: ")]
    assert len(hints) == 1
    assert "change to another directory" in hints[0]
    if command != ["--version"]:
        assert answer.stdout == ""


def test_the_summary_says_it_too(project: Project) -> None:
    call(project, "check", f"--summary-json={project.summary_file}", ".")
    assert project.summary()["exit"] == 2


@pytest.mark.parametrize("command", [["man"], ["completion", "bash"], ["--help"]], ids=" ".join)
def test_what_needs_no_directory(project: Project, command: list[str]) -> None:
    answer = call(project, *command)
    assert answer.status == 0
    assert answer.stderr == ""
