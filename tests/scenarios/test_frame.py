"""The frame itself: what it reads, and that it notices every kind of wrong answer (with stand-ins)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from scenarios.fake_typewave import answer
from scenarios.play import Player, ScenarioFailure, Stage
from scenarios.scenario_file import ScenarioError, read_scenario
from support.answers import canonical, difference, scattered_files
from support.checkout import modules_in
from support.oracle import Answer, fingerprint

FAKE = Path(__file__).resolve().parent / "fake_typewave.py"
STEPS = """
# Two files and an edit.
args: .
{env}
== start
exit: 1
checked: a b
store: other-checkout empty
jobs: 1 8
>> a.py
x = 1  # bad
y = 2  # bad
>> b.py
z = 1  # bad

== one file is repaired
exit: 1
checked: {checked}
>> b.py
z = 2
"""


def fake_oracle(python: Path, folder: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> Answer:
    status, text = answer(folder, newest_first=True)
    return Answer(status, text, "")


def play(root: Path, text: str) -> None:
    stage = Stage(root)
    Player(stage, FAKE, Path("python3"), fake_oracle).play(read_scenario(Path("case.scenario"), text))


def test_a_right_answer_passes(tmp_path: Path) -> None:
    play(tmp_path, STEPS.format(env="", checked="b"))


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("silent", "the answer differs from cold mypy"),
        ("stale", "a second run must check nothing"),
        ("path", "another checkout must check nothing"),
        ("jobs", "--jobs 8 prints other bytes"),
    ],
)
def test_a_wrong_answer_is_noticed(tmp_path: Path, fault: str, sentence: str) -> None:
    with pytest.raises(ScenarioFailure, match=sentence):
        play(tmp_path, STEPS.format(env=f"env: FAKE_FAULT={fault}", checked="b"))


def test_checking_too_much_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFailure, match=r"checked again: b\nexpected:      nothing"):
        play(tmp_path, STEPS.format(env="", checked=""))


def test_a_failure_names_the_step_and_keeps_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFailure, match=r"case.scenario:\d+: one file is repaired") as failure:
        play(tmp_path, STEPS.format(env="", checked="a"))
    assert str(tmp_path) in str(failure.value)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("exit: 2", "mypy itself exits with 1"),
        ("shows: Worse", "mypy itself does not show 'Worse'"),
    ],
)
def test_an_expectation_that_mypy_does_not_meet_is_noticed(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(ScenarioFailure, match=sentence):
        play(tmp_path, f"== start\n{line}\n>> a.py\nbad\n")


def test_files_come_move_and_go(tmp_path: Path) -> None:
    play(
        tmp_path,
        "== a\n>> p/a.py\nbad\n>> b.py\nx\n>> latin.txt encoded as latin-1\n\xe9\n"
        "== b\ndelete: p\nmove: b.py -> q/c.py\nlink: d -> q\n",
    )
    tree = tmp_path / "tree"
    names = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.name != ".git")
    assert names == ["d", "latin.txt", "q", "q/c.py"]
    assert (tree / "latin.txt").read_bytes() == b"\xe9\n"
    assert (tree / "d").readlink() == Path("q")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1: no step"),
        (">> a.py\n", "1: a file before the first step"),
        ("exit: 1\n", "1: `exit` belongs to a step"),
        ("== a\nexti: 1\n", "2: expected a setting"),
        ("== a\nexit: one\n", "2: "),
        ("== a\nmove: a b\n", "2: expected `FROM -> TO`"),
        ("== a\nstore: cloud\n", "2: unknown 'cloud'"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        read_scenario(Path("case.scenario"), text)


def said(text: str, status: int = 1) -> Answer:
    return Answer(status, text, "")


def test_the_order_of_files_and_type_variable_numbers_are_free() -> None:
    first = said("b.py:1: error: T`-1\n    x\na.py:1: error: y\nFound 2 errors in 2 files (checked 2)\n")
    other = said("a.py:1: error: y\nb.py:1: error: T`12\n    x\nFound 2 errors in 2 files (checked 2)\n")
    assert difference(first, other) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a.py:2: error: y\na.py:1: error: x\n",  # another order within a file
        "a.py:1: error: x\n",  # a line is missing
        "a.py:1: error: x\na.py:2: error: y\na.py:2: error: y\n",  # a line twice
        "a.py:1: error: x\na.py:2: error: y\nFound 2 errors in 1 file (checked 1)\n",
    ],
)
def test_any_other_difference_counts(text: str) -> None:
    assert difference(said("a.py:1: error: x\na.py:2: error: y\n"), said(text)) != ""


def test_the_exit_status_and_standard_error_count() -> None:
    assert difference(said("", 1), said("", 2)) != ""
    assert difference(Answer(2, "", "mypy: error\n"), Answer(2, "", "")) != ""
    assert difference(Answer(2, "", "x\n"), Answer(2, "", "typewave: 1 component\nx\n")) == ""


def test_import_context_belongs_to_the_message_that_follows() -> None:
    text = "main.py:1: note: In module imported here:\na.py:1: error: x\nmain.py:2: error: y\n"
    assert canonical(text) == text.splitlines()
    assert scattered_files(text) == []


def test_scattered_files_are_seen() -> None:
    assert scattered_files("a.py:1: error: x\nb.py:1: error: y\na.py:2: error: z\n") == ["a.py"]


def test_json_lines_belong_to_their_file() -> None:
    lines = ['{"file": "b.py", "line": 1}', '{"file": "a.py", "line": 1}']
    assert canonical("\n".join(lines)) == [lines[1], lines[0]]


def test_module_names_of_a_tree(tmp_path: Path) -> None:
    for name in ("src/p/__init__.py", "src/p/a.pyi", "src/p/data.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names = modules_in(tmp_path)
    assert {"p", "p.a", "src.p.a", "a"} <= names
    assert "data" not in names


def test_the_fingerprint_is_of_names_and_bytes(tmp_path: Path) -> None:
    def tree(name: str, content: str) -> Path:
        (tmp_path / name / "p").mkdir(parents=True)
        (tmp_path / name / "p" / "a.py").write_text(content)
        return tmp_path / name

    assert fingerprint(tree("one", "x")) == fingerprint(tree("two", "x"))
    assert fingerprint(tree("three", "y")) != fingerprint(tmp_path / "one")
