"""`typewave check --baseline`: known diagnostics are not printed and do not fail a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.history import new_repository
from support.oracle import Answer
from support.project import SHOP, SHOP_ERRORS, Project, one_trouble, own_lines

SUCCESS = "Success: no issues found in 4 source files\n"
FILES = len(SHOP)
# Two errors on one line, the same error twice, a note that belongs to an error, one that stands alone.
NOTED = """\
import missing

def call(x: int, y: int) -> str:
    return 1


call("", "")
call("", "")
reveal_type(call)
"""


@pytest.fixture(scope="module")
def known(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("known"))
    project.write(SHOP | {"noted.py": NOTED})
    made = project.check("--baseline", "known.json", "--update-baseline", ".").answer
    assert made.status == 0
    return project


@pytest.fixture
def noted(known: Project, project: Project) -> Project:
    """A project all of whose diagnostics are known; a copy with its store."""
    shutil.rmtree(project.root)
    shutil.copytree(known.root, project.root)
    return project


def check(project: Project, *arguments: str) -> Answer:
    return project.check("--baseline", "known.json", *(arguments or (".",))).answer


def entries(project: Project) -> list[dict[str, object]]:
    document = json.loads((project.folder / "known.json").read_text(encoding="utf-8"))
    assert document["format"] == 1
    loaded: list[dict[str, object]] = document["diagnostics"]
    return loaded


def test_everything_is_known(noted: Project) -> None:
    answer = check(noted)
    assert answer.stdout == f"Success: no issues found in {FILES + 1} source files\n"
    assert (answer.status, answer.stderr) == (0, "")


def test_lines_may_move(noted: Project) -> None:
    noted.write({"noted.py": "import os\n\n\nprint(os.name)\n" + NOTED})
    assert check(noted).status == 0
    assert own_lines(check(noted).stderr) == []


def test_one_more_of_a_kind_is_new(noted: Project) -> None:
    noted.write({"noted.py": NOTED + 'call("", 2)\n'})
    answer = check(noted)
    assert answer.stdout.splitlines() == [
        'noted.py:10: error: Argument 1 to "call" has incompatible type "str"; expected "int"  [arg-type]',
        f"Found 1 error in 1 file (checked {FILES + 1} source files)",
    ]
    assert answer.status == 1


def test_what_is_fixed_is_stale_until_the_next_update(noted: Project) -> None:
    before = len(entries(noted))
    noted.write({"noted.py": NOTED.replace("return 1", "return ''")})
    answer = check(noted)
    assert answer.status == 0
    assert answer.stderr.splitlines() == [
        "typewave: note: 1 diagnostic of known.json not found any more (--update-baseline drops them):",
        '  noted.py:4: Incompatible return value type (got "int", expected "str")',
    ]
    update = check(noted, "--update-baseline", ".")
    assert f"{before - 1} known diagnostics, 0 of them new; 1 dropped" in update.stderr
    assert len(entries(noted)) == before - 1
    assert own_lines(check(noted).stderr) == []


def test_an_update_takes_new_ones_in(noted: Project) -> None:
    noted.write({"tool.py": SHOP["tool.py"] + "x: int = ''\n"})
    assert check(noted).status == 1
    assert check(noted, "--update-baseline", ".").status == 0
    assert check(noted).status == 0


def test_the_file(noted: Project) -> None:
    path = noted.folder / "known.json"
    first = path.read_bytes()
    assert check(noted, "--update-baseline", ".").status == 0
    assert path.read_bytes() == first
    assert str(noted.root) not in first.decode()
    # Another checkout, another folder to run in: the same entries.
    moved = Project(noted.binary, noted.python, noted.root / "elsewhere")
    shutil.rmtree(moved.folder)
    shutil.copytree(noted.folder, moved.folder)
    shutil.copytree(noted.store, moved.store)
    assert check(moved).status == 0
    absolute = moved.check("--baseline", str(moved.folder / "known.json"), "--show-absolute-path", ".").answer
    assert absolute.status == 0


def test_other_files_keep_their_entries(noted: Project) -> None:
    before = entries(noted)
    # A run about some of the files says nothing of the others.
    assert check(noted, "--update-baseline", "tool.py").status == 0
    assert entries(noted) == before
    new_repository(noted)
    noted.write({"tool.py": "import shop.price\n"})
    update = check(noted, "--update-baseline", "--changed-since=main", ".")
    assert update.status == 0, update
    assert [entry for entry in before if entry["file"] != "tool.py"] == entries(noted)
    (noted.folder / "noted.py").unlink()
    assert check(noted, "--update-baseline", "tool.py").status == 0
    assert {entry["file"] for entry in entries(noted)} == {"shop/customer.py"}


def test_output_formats(noted: Project) -> None:
    noted.write({"noted.py": NOTED + 'call("", 2)\n'})
    lines = check(noted, "-O", "json", ".").stdout.splitlines()
    assert [json.loads(line)["line"] for line in lines] == [10]
    assert "noted.py:10" in check(noted, "--pretty", "--show-error-context", ".").stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "known.json: the baseline cannot be used: it is not JSON"),
        ('{"format": 2, "diagnostics": []}', "its format is 2, not 1"),
        ('{"format": 1, "diagnostics": [{"file": 1}]}', "does not have the form that --update-baseline writes"),
        ("[]", "does not have the form that --update-baseline writes"),
    ],
)
def test_a_broken_file(noted: Project, text: str, words: str) -> None:
    noted.write({"known.json": text})
    assert words in one_trouble(check(noted))
    assert words in one_trouble(check(noted, "--update-baseline", "."))
    assert (noted.folder / "known.json").read_text(encoding="utf-8") == text


def test_no_file(noted: Project) -> None:
    (noted.folder / "known.json").unlink()
    assert "the baseline known.json cannot be read" in one_trouble(check(noted))
    assert "--update-baseline does not say which" in one_trouble(noted.check("--update-baseline", ".").answer)
    nowhere = noted.check("--baseline", "no/folder/known.json", "--update-baseline", ".").answer
    assert "cannot write the baseline no/folder/known.json" in one_trouble(nowhere)


def test_an_error_that_stops_mypy(noted: Project) -> None:
    before = (noted.folder / "known.json").read_bytes()
    noted.write({"noted.py": "def (\n"})
    answer = check(noted, "--update-baseline", ".")
    assert answer.status == 2
    assert (noted.folder / "known.json").read_bytes() == before


def test_as_many_as_were_found(known: Project) -> None:
    # Three errors of calls on each line count once a message; the note goes with the import.
    kinds = [(entry["file"], entry["severity"]) for entry in entries(known)]
    assert kinds.count(("noted.py", "note")) == 1
    assert kinds.count(("noted.py", "error")) == 6
    assert len(kinds) == 7 + SHOP_ERRORS
