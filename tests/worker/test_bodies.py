"""Bodies of a cycle are checked again unless nothing that they depend on has changed. Whether they were is seen by a
message that is put into what is known of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coordinator import Coordinator, Outcome
from orders import check_in_order

FILES = {
    "a.py": """
import b
from outside import Base

def make() -> "b.B": return b.B()
def wrong() -> int: return ""
""",
    "b.py": """
import a
import outside

class B(outside.Base):
    def __init__(self) -> None:
        self.value = a.make
    def wrong(self) -> int: return self.base
""",
    "outside.py": """
class Base:
    base: str = ""
    other: str = ""
""",
}
KEPT = "what was said before"
FORMS = (
    b"",
    b"{",
    b"[]",
    b"[1, [], [], {}]",
    b'["", [1, 2], [], {}]',
    b'["", [["", "", [[]]], ["", "", []]], [], {}]',
    b'["", [["", "", []], ["", "", []]], [1], {}]',
    b'["", [["", "", []], ["", "", []]], [], {"outside": [1]}]',
)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)


def check(folder: Path, bodies: bytes = b"") -> Outcome:
    coordinator = Coordinator(folder, ["a.py", "b.py", "outside.py"])
    k = coordinator.component_of["a"]
    coordinator.bodies[coordinator.components[k][0]] = bodies
    return check_in_order(coordinator)[0][k]


def messages(outcome: Outcome) -> dict[str, list[str]]:
    return {module: [error[5] for error in errors] for module, errors in outcome.errors.items()}


def marked(record: bytes) -> bytes:
    """The record with other messages, so that they can be told from new ones."""
    data: list[Any] = json.loads(record)
    for _, _, errors in data[1]:
        for error in errors or []:
            error[5] = KEPT
    return json.dumps(data).encode()


def kept(outcome: Outcome) -> set[str]:
    return {module for module, texts in messages(outcome).items() if KEPT in texts}


@pytest.fixture
def record(tmp_path: Path) -> bytes:
    write(tmp_path, FILES)
    first = check(tmp_path)
    assert [len(errors) for errors in first.errors.values()] == [1, 1]
    return marked(first.bodies)


def after(folder: Path, record: bytes, name: str, before: str, now: str) -> Outcome:
    text = FILES[name]
    assert before in text
    write(folder, {name: text.replace(before, now)})
    return check(folder, record)


def test_nothing_has_changed(tmp_path: Path, record: bytes) -> None:
    assert kept(check(tmp_path, record)) == {"a", "b"}


def test_a_body_has_changed(tmp_path: Path, record: bytes) -> None:
    assert kept(after(tmp_path, record, "a.py", 'return ""', "return b''")) == {"b"}


def test_a_line_was_moved(tmp_path: Path, record: bytes) -> None:
    assert kept(after(tmp_path, record, "b.py", "import a", "\nimport a")) == {"a"}


def test_an_interface_has_changed(tmp_path: Path, record: bytes) -> None:
    assert kept(after(tmp_path, record, "a.py", "def wrong() -> int", "def wrong() -> bool")) == set()


def test_an_attribute_is_inferred_as_something_else(tmp_path: Path, record: bytes) -> None:
    assert kept(after(tmp_path, record, "b.py", "self.value = a.make", "self.value = a.wrong")) == set()


def test_a_top_level_says_something_with_the_same_interfaces(tmp_path: Path, record: bytes) -> None:
    assert kept(after(tmp_path, record, "a.py", "import b", "import b\nb.nothing")) == {"b"}


def test_an_ignored_line_of_the_top_level_has_something_to_ignore(tmp_path: Path) -> None:
    """Of a file that did not change: what it ignores comes from another one."""
    files = {**FILES, "a.py": FILES["a.py"] + "b.B().maybe  # type: ignore\n"}
    write(tmp_path, files)
    first = check(tmp_path)
    assert kept(check(tmp_path, marked(first.bodies))) == {"a", "b"}
    data = json.loads(first.bodies)
    position = next(i for i, (_, _, errors) in enumerate(data[1]) if errors and "Incompatible return" in errors[0][5])
    data[1][position][1] = "of another state"
    assert len(kept(check(tmp_path, marked(json.dumps(data).encode())))) == 1


def test_what_was_looked_at_stays_looked_at(tmp_path: Path, record: bytes) -> None:
    """Nobody looks at `base` this time but the body that is not checked."""
    assert "Base.base" in check(tmp_path).touched["outside"]
    again = after(tmp_path, record, "a.py", 'return ""', "return b''")
    assert "Base.base" in again.touched["outside"]
    assert again.used == check(tmp_path).used


def test_what_is_remembered_after_a_part_is_what_a_whole_check_gives(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    first = check(tmp_path)
    part = after(tmp_path, first.bodies, "a.py", 'return ""', "return b''")
    whole = check(tmp_path)
    assert part.errors == whole.errors
    assert json.loads(part.bodies)[:2] == json.loads(whole.bodies)[:2]


def test_a_message_that_may_come_from_elsewhere_is_asked_for_again(tmp_path: Path) -> None:
    """It stands where a function is defined, which may be in another file."""
    dispatched = """
def shown() -> None:
    from functools import singledispatch
    @singledispatch
    def kinds(x: int) -> None: ...
    @kinds.register
    def _(x: str) -> None: ...
"""
    write(tmp_path, {**FILES, "a.py": FILES["a.py"] + dispatched})
    first = check(tmp_path)
    assert any(text.startswith("Dispatch type ") for text in messages(first)["a"])
    assert kept(check(tmp_path, marked(first.bodies))) == set()  # a is checked, which shows that b has to be, too
    write(tmp_path, {**FILES, "a.py": FILES["a.py"] + "\ndef shown() -> None: pass\n"})
    assert kept(check(tmp_path, marked(first.bodies))) == {"b"}


def test_what_is_shown_once_hides_what_others_would_say(tmp_path: Path, record: bytes) -> None:
    """mypy shows this note for the first of several such errors in a run."""
    once = "def once() -> None:\n    1 + ''\n"
    write(tmp_path, {"a.py": FILES["a.py"] + once})
    coordinator = Coordinator(tmp_path, ["--show-error-code-links", "a.py", "b.py", "outside.py"])
    outcome = check_in_order(coordinator)[0][coordinator.component_of["a"]]
    assert any(error[7] for errors in outcome.errors.values() for error in errors)
    assert outcome.bodies == b""


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_record_counts_as_nothing(tmp_path: Path, form: bytes) -> None:
    write(tmp_path, FILES)
    assert messages(check(tmp_path, form)) == messages(check(tmp_path))


def test_a_single_module_has_no_record(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    coordinator = Coordinator(tmp_path, ["a.py", "b.py", "outside.py"])
    assert check_in_order(coordinator)[0][coordinator.component_of["outside"]].bodies == b""
