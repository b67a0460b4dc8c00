"""`typewave check --new-errors-since`: only what an earlier commit does not have."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from support.history import commit, diagnostics, git, new_repository, take_apart
from support.oracle import Answer
from support.project import Project, own_lines

FILES = {
    "first.py": 'import absent\n\n\ndef size(x: int) -> int:\n    return ""\n\n\ndef other() -> int:\n    size("")\n',
    "second.py": "import first\n\nfirst.size('')\nfirst.size('')\n",
}
RETURN = 'error: Incompatible return value type (got "str", expected "int")  [return-value]'
ARGUMENT = 'error: Argument 1 to "size" has incompatible type "str"; expected "int"  [arg-type]'


@pytest.fixture(scope="module")
def known(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("known"))
    project.write(FILES)
    new_repository(project)
    project.check(".")
    return project


@pytest.fixture(params=["known", "computed"])
def project_of_old(request: pytest.FixtureRequest, known: Project, project: Project) -> Project:
    """A copy whose store knows the results of the commit, or does not."""
    shutil.rmtree(project.root)
    shutil.copytree(known.root, project.root, symlinks=True)
    if request.param == "computed":
        shutil.rmtree(project.store)
    scratch = project.root / "scratch"
    scratch.mkdir()
    project.variables = {"TMPDIR": str(scratch)}
    return project


def new(project: Project, *arguments: str) -> list[str]:
    answer = project.check("--new-errors-since=main", *arguments, ".").answer
    assert list((project.root / "scratch").iterdir()) == []
    assert own_lines(answer.stderr) == [], answer.stderr
    lines = diagnostics(answer.stdout)
    assert answer.status == (1 if any(": error:" in line for line in lines) else 0)
    return lines


def test_lines_that_moved(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"first.py": "# one\n# two\n" + FILES["first.py"] + "\nsize(None)\n"})
    assert new(project) == [
        'first.py:13: error: Argument 1 to "size" has incompatible type "None"; expected "int"  [arg-type]'
    ]


def test_more_of_the_same_is_new(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"second.py": FILES["second.py"] + "\n\nfirst.size('')\n"})
    assert new(project) == [f"second.py:7: {ARGUMENT}"]


def test_one_mended_and_one_made(project_of_old: Project) -> None:
    project = project_of_old
    text = FILES["first.py"].replace('    return ""\n', "    return x\n")
    project.write({"first.py": text + "\n\ndef third(x: int) -> int:\n    return str(x)\n"})
    assert new(project)[-1] == f"first.py:13: {RETURN}"


def test_renamed_files_and_moved_code(project_of_old: Project) -> None:
    project = project_of_old
    git(project.folder, "mv", "second.py", "third.py")
    assert new(project) == []
    head, body = FILES["first.py"].split("\n\n\n", 1)
    one, two = body.split("\n\n\n")
    project.write({"first.py": "\n\n\n".join([head, two.rstrip("\n"), one]) + "\n"})
    assert new(project) == []


def test_errors_elsewhere_because_of_a_change(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"first.py": FILES["first.py"].replace("x: int) -> int", "x: bytes) -> int")})
    found = new(project)
    assert [line.split(": ")[0] for line in found] == ["first.py:9", "second.py:3", "second.py:4"]
    assert new(project, "--changed-since=main") == found
    assert new(project, "--changed-since=main", "--only-changed") == found[:1]


def test_notes_go_with_their_errors(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"first.py": FILES["first.py"] + "import missing\n"})
    found = new(project)
    assert len(found) == 1
    assert found[0].startswith("first.py:10: error: Cannot find implementation")


def test_files_that_were_not_there(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"fresh.py": "x: int = ''\n"})
    assert [line.split(":")[0] for line in new(project)] == ["fresh.py"]
    answer = project.check("--new-errors-since=main", "fresh.py").answer
    assert "fresh.py:1" in answer.stdout


def test_nothing_new(project_of_old: Project) -> None:
    answer = project_of_old.check("--new-errors-since=main", ".").answer
    assert answer.stdout == "Success: no issues found in 0 source files\n"
    assert answer.status == 0


def test_another_configuration(project_of_old: Project) -> None:
    project = project_of_old
    project.write(
        {"mypy.ini": "[mypy]\ndisallow_untyped_defs = True\n", "first.py": FILES["first.py"] + "\ndef f(): ...\n"}
    )
    checked = project.check("--new-errors-since=main", ".")
    assert take_apart(checked).everything == "the configuration mypy.ini changed"
    assert [line.split(": ")[0] for line in diagnostics(checked.answer.stdout)] == ["first.py:11", "first.py:11"]


def test_files_that_git_does_not_keep(project_of_old: Project) -> None:
    project = project_of_old
    project.write({".gitignore": "built.py\n"})
    commit(project, "ignore")
    project.write(
        {"built.py": "def made() -> int: ...\n", "second.py": FILES["second.py"] + "import built\nbuilt.made(1)\n"}
    )
    commit(project, "use")
    project.write({"second.py": FILES["second.py"] + "import built\nbuilt.made(1)\nbuilt.made(2)\n"})
    shutil.rmtree(project.store, ignore_errors=True)
    found = diagnostics(project.check("--new-errors-since=HEAD", ".").answer.stdout)
    assert [line.split(": ")[0] for line in found] == ["second.py:7"]


def test_a_commit_that_mypy_could_not_check(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"first.py": "def (\n"})
    commit(project, "broken")
    project.write(FILES)
    checked = project.check("--new-errors-since=HEAD", ".")
    assert take_apart(checked).everything is not None
    assert any("everything counts as new" in line for line in own_lines(checked.answer.stderr))
    assert len(diagnostics(checked.answer.stdout)) == 7


def test_a_signal_leaves_nothing_behind(project_of_old: Project) -> None:
    project = project_of_old
    shutil.rmtree(project.store, ignore_errors=True)
    project.write({"first.py": FILES["first.py"] + "\nsize(None)\n"})
    scratch = project.root / "scratch"
    process = project.start("--new-errors-since=main", ".")
    deadline = time.monotonic() + 60
    while not any(scratch.iterdir()) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.poll() is None, process.communicate()
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    assert list(scratch.iterdir()) == []
    assert git(project.folder, "worktree", "list").count("\n") == 0


def answer_of(project: Project, *arguments: str) -> Answer:
    return project.check(*arguments, ".").answer


def test_together_with_a_baseline(project_of_old: Project) -> None:
    project = project_of_old
    project.write({"second.py": FILES["second.py"] + "first.size(None)\n"})
    assert answer_of(project, "--baseline=known.json", "--update-baseline").status == 0
    project.write({"second.py": FILES["second.py"] + "first.size(None)\nfirst.size(b'')\n"})
    both = answer_of(project, "--baseline=known.json", "--new-errors-since=main")
    assert [line.split(": ")[0] for line in diagnostics(both.stdout)] == ["second.py:6"]


def test_what_a_killed_run_left_is_removed_and_nothing_else(known: Project, project: Project) -> None:
    shutil.rmtree(project.root)
    shutil.copytree(known.root, project.root, symlinks=True)
    shutil.rmtree(project.store)
    scratch = project.root / "scratch"
    living, dead = scratch / "typewave-run-living", scratch / "typewave-run-killed"
    others = [scratch / "typewave-run-of-mine", scratch / "typewave-run-shared"]
    for folder in (living, dead, *others):
        folder.mkdir(parents=True, mode=0o700)
        (folder / "file").touch()
    others[1].chmod(0o755)
    held = os.open(living, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    project.variables = {"TMPDIR": str(scratch)}
    project.write({"second.py": FILES["second.py"] + "\n\nfirst.size('')\n"})
    assert project.check("--new-errors-since=main", ".").answer.status == 1
    os.close(held)
    assert sorted(scratch.iterdir()) == sorted([living, *others])
