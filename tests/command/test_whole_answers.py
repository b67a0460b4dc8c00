"""Where mypy itself runs, its answer is whole: nothing is silently left in that was to be left out, or not written."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.history import new_repository
from support.project import Project, one_trouble, own_lines

FILES = {"first.py": "x: int = ''\n", "second.py": "y: int = ''\n"}
# It reads a file while modules are checked, which is found out only then.
PLUGIN = """\
from mypy.plugin import Plugin


class Curious(Plugin):
    def get_function_hook(self, fullname):
        open("data.txt").read()


def plugin(version):
    return Curious
"""
CURIOUS = {
    "mypy.ini": "[mypy]\nplugins = curious.py\n",
    "curious.py": PLUGIN,
    "data.txt": "",
    "first.py": "def call() -> int:\n    return 1\n\n\nx: str = call()\n",
}
NOTE = "typewave: note: mypy itself ran, so the answer and the exit status are about all it found: "


@pytest.fixture
def known(project: Project) -> Project:
    """A repository whose two errors are in a baseline."""
    project.write(FILES)
    new_repository(project)
    assert project.check("--baseline=known.json", "--update-baseline", ".").answer.status == 0
    return project


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--baseline=known.json"], "--baseline takes"),
        (["--changed-since=main"], "--changed-since takes"),
        (["--staged"], "--staged takes"),
        (["--changed-files=list"], "--changed-files takes"),
        (["--new-errors-since=main"], "--new-errors-since takes"),
        (["--changed-since=main", "--only-changed"], "--changed-since and --only-changed take"),
        (
            ["--changed-since=main", "--new-errors-since=main", "--baseline=known.json"],
            "--changed-since, --new-errors-since and --baseline take",
        ),
    ],
)
def test_what_takes_nothing_out_is_named(known: Project, words: list[str], named: str) -> None:
    known.write({"list": "first.py\n"})
    answer = known.check(*words, "--junit-xml=own.xml", ".").answer
    assert answer.status == 1
    assert "Found 2 errors in 2 files" in answer.stdout
    assert own_lines(answer.stderr) == [
        "typewave: note: --junit-xml: mypy itself runs, nothing is reused or kept",
        f"{NOTE}{named} nothing out of it",
    ]


def test_nothing_was_to_be_taken_out(known: Project) -> None:
    assert NOTE not in known.check("--junit-xml=own.xml", ".").answer.stderr


def test_a_plugin_that_only_mypy_can_run(project: Project) -> None:
    project.write(CURIOUS)
    new_repository(project)
    project.write({"known.json": '{"format": 1, "diagnostics": []}'})
    answer = project.check("--baseline=known.json", "first.py").answer
    assert answer.status == 1
    assert own_lines(answer.stderr)[-1] == f"{NOTE}--baseline takes nothing out of it"


@pytest.mark.parametrize(
    ("files", "words", "reason"),
    [
        ({}, ["--junit-xml=own.xml"], "--junit-xml: "),
        (CURIOUS, [], "a plugin reads "),
    ],
)
def test_a_baseline_is_not_updated(known: Project, files: dict[str, str], words: list[str], reason: str) -> None:
    file: Path = known.folder / "known.json"
    before = file.read_bytes()
    known.write(files)
    arguments = ["--baseline=known.json", "--update-baseline", *words, "first.py"]
    checked = known.check(*arguments)
    trouble = one_trouble(checked.answer)
    assert trouble.startswith(f"typewave: error: {reason}")
    assert "mypy itself has to run, and the baseline known.json cannot be updated from its answer" in trouble
    assert "typewave: hint: it is as it was; " in checked.answer.stderr
    assert checked.summary["exit"] == 2
    assert file.read_bytes() == before
    file.unlink()
    one_trouble(known.check(*arguments).answer)
    assert not file.exists()


def test_an_error_that_stops_mypy_needs_no_note(known: Project) -> None:
    known.write({"first.py": "def (\n"})
    answer = known.check("--baseline=known.json", ".").answer
    assert answer.status == 2
    assert own_lines(answer.stderr) == []
