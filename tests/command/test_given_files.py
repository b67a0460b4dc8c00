"""Files that typewave reads or writes because they were named: what is none is said, with the exit status 2."""

from __future__ import annotations

import os
import subprocess

import pytest

from support.oracle import Answer
from support.project import Project, one_trouble


def own(project: Project) -> list[str]:
    return [f"--python={project.python}", f"--store={project.store}"]


def fed(project: Project, text: bytes | None, *arguments: str) -> Answer:
    """With this text in a pipe at standard input; nothing: with a directory there."""
    command = [str(project.binary), *arguments]
    if text is not None:
        done = subprocess.run(
            command, cwd=project.folder, env=project.environment(), input=text, capture_output=True, timeout=120
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
    directory = os.open(project.folder, os.O_RDONLY)
    try:
        done = subprocess.run(
            command, cwd=project.folder, env=project.environment(), stdin=directory, capture_output=True, timeout=120
        )
    finally:
        os.close(directory)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("words", "what", "hint"),
    [
        (
            ["check", "--changed-files=folder"],
            "cannot read the list of changed files folder: Is a directory",
            "give --changed-files a file with a path a line, or - for standard input",
        ),
        (
            ["check", "--per-project", "--changed-files=folder"],
            "cannot read the list of changed files folder: Is a directory",
            "give --changed-files a file with a path a line, or - for standard input",
        ),
        (
            ["check", "--baseline=folder"],
            "the baseline folder cannot be read: Is a directory",
            "give --baseline a file that can be read",
        ),
        (
            ["check", "--baseline=folder", "--update-baseline"],
            "the baseline folder cannot be read: Is a directory",
            "give --baseline a file that can be read",
        ),
        (
            ["cycles", "--fail-on-new=folder"],
            "cannot read folder: Is a directory",
            "give --fail-on-new a file that can be read",
        ),
        (
            ["cycles", "--fail-on-new=gone"],
            "cannot read gone: No such file or directory",
            "write it with --update",
        ),
    ],
)
def test_no_file_to_read(shop: Project, words: list[str], what: str, hint: str) -> None:
    (shop.folder / "folder").mkdir()
    answer = shop.call(words[0], *own(shop), *words[1:], ".")
    assert one_trouble(answer) == f"typewave: error: {what}"
    assert answer.stderr.splitlines()[1:] == [f"typewave: hint: {hint}"]
    assert answer.stdout == ""


def test_a_directory_at_standard_input(shop: Project) -> None:
    answer = fed(shop, None, "check", *own(shop), "--changed-files=-", ".")
    assert "cannot read the list of changed files: Is a directory" in one_trouble(answer)


@pytest.mark.parametrize(
    ("words", "text", "status"),
    [
        (["check", "--changed-files=/dev/fd/0"], b"shop/price.py\n", 1),
        (["check", "--changed-files=/dev/fd/0"], b"README.md\0", 0),
        (["check", "--baseline=/dev/fd/0"], b'{"format": 1, "diagnostics": []}', 1),
        (["cycles", "--fail-on-new=/dev/fd/0"], b'{"format": 1, "cycles": [["shop.customer", "shop.order"]]}', 0),
        (["cycles", "--fail-on-new=/dev/fd/0"], b'{"format": 1, "cycles": []}', 1),
    ],
)
def test_pipes_are_read(shop: Project, words: list[str], text: bytes, status: int) -> None:
    shop.check(".")
    answer = fed(shop, text, words[0], *own(shop), *words[1:], ".")
    assert answer.status == status, answer


@pytest.mark.parametrize("option", ["--trace", "--summary-json"])
@pytest.mark.parametrize("target", ["shop", "tool.py"])
def test_files_that_cannot_be_written(shop: Project, option: str, target: str) -> None:
    answer = shop.call("check", *own(shop), f"{option}=shop", target)
    assert one_trouble(answer) == "typewave: error: cannot write shop: Is a directory"
    assert f"typewave: hint: give {option} a path that can be written" in answer.stderr
    assert ("Found " in answer.stdout) or ("Success: " in answer.stdout)


def test_the_summary_tells_of_a_trace_that_cannot_be_written(shop: Project) -> None:
    checked = shop.check("--trace=shop", "tool.py")
    assert (checked.answer.status, checked.summary["exit"]) == (2, 2)


def test_a_summary_of_several_that_cannot_be_written(shop: Project) -> None:
    answer = shop.call("check", *own(shop), "--summary-json=shop", "--matrix", "platform=linux", "tool.py")
    assert one_trouble(answer) == "typewave: error: cannot write shop: Is a directory"


@pytest.mark.parametrize(
    "words",
    [
        ["--matrix", "."],
        ["--per-project", "--report=text:x", "."],
        ["--matrix", "--baseline=b", "--update-baseline", "platform=linux", "."],
        ["--per-project", "-m", "tool"],
        ["--per-project", "--changed-files=gone", "."],
    ],
)
def test_summary_of_several_that_were_refused(shop: Project, words: list[str]) -> None:
    checked = shop.check(*words)
    one_trouble(checked.answer)
    assert checked.summary == {"format": 1, "exit": 2, "runs": []}
