"""What mypy's serialised trees lose: kept behind the interface's bytes and put back on loading."""

from __future__ import annotations

from pathlib import Path

from typewave_worker.supplement import Supplement, append_supplement, read_supplement

from coordinator import Coordinator
from orders import check_in_order

LIBRARY = """
from typing import Callable

def plain(a: int) -> int: ...
def numbers() -> list[int]: ...

CONSTANT = 1
short = lambda a: a
held = [plain]
maybe = numbers() or None
declared: Callable[[int], int] = plain

def fixed(f: object) -> Callable[[int], str]: ...

class Box:
    @fixed
    def bound(self) -> int: ...
"""


def test_the_bytes_of_an_interface_keep_their_supplement() -> None:
    supplement: Supplement = {"a": {"linked": True}, "C.b": {"decorators": [""]}}
    assert read_supplement(append_supplement(b"interface", supplement)) == supplement
    assert append_supplement(b"interface", supplement).startswith(b"interface")
    assert read_supplement(append_supplement(b"interface", {})) == {}


def test_only_what_would_be_lost_is_kept(tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text(LIBRARY)
    store = check_in_order(Coordinator(tmp_path, ["lib.py"]))[1]
    supplement = read_supplement(store["lib"])
    assert set(supplement) == {"held", "maybe", "Box.bound"}
    [[path, known]] = supplement["held"]["types"]
    assert path == [0]
    assert known["definition"]["fullname"] == "lib.plain"
    assert supplement["maybe"] == {"types": [[[0], {"truth": [True, False]}]]}
    assert supplement["Box.bound"] == {"decorators": [""]}
