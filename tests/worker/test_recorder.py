"""A recorded symbol stands for the same as before, and tells when it was looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mypy.fixup import NodeFixer
from mypy.modules_state import modules_state
from mypy.nodes import (
    GDEF,
    Block,
    ClassDef,
    MypyFile,
    SymbolNode,
    SymbolTable,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
    Var,
)
from mypy.types import AnyType, TypeOfAny
from typewave_worker.recorder import Recorder, can_tell
from typewave_worker.touch import ELSEWHERE, SCANS_UNTIL_RECORDED, SHADOW, Tracker

NAMES = [f"name{number}" for number in range(10)]


def armed(node: SymbolNode) -> SymbolTableNode:
    symbol = SymbolTableNode(GDEF, node)
    symbol.unfixed = True
    return symbol


@pytest.fixture
def modules() -> Iterator[dict[str, MypyFile]]:
    """What is loaded: the module m with some variables; names lead there."""
    tree = MypyFile([], [])
    tree._fullname, tree.names = "m", SymbolTable()
    for name in NAMES:
        variable = Var(name, AnyType(TypeOfAny.explicit))
        variable._fullname = f"m.{name}"
        tree.names[name] = armed(variable)
    loaded = {"m": tree}
    before = modules_state.node_fixer
    modules_state.node_fixer = NodeFixer(loaded, False)
    yield loaded
    modules_state.node_fixer = before


def test_a_look_is_noted_once(modules: dict[str, MypyFile]) -> None:
    symbol = modules["m"].names["name3"]
    node = symbol._node
    recorder = Recorder()
    modules["@1"] = recorder.tree("@1")
    recorder.take_over(3, symbol)
    symbol._node, symbol.cross_ref = None, "@1.3"
    assert recorder.take([symbol] * 4) == []
    assert symbol.node is node
    assert symbol.node is node
    assert recorder.looked_at == ["3"]
    assert recorder.take([symbol] * 4) == [3]
    assert recorder.take([symbol] * 4) == []


def test_a_look_at_a_copy_counts(modules: dict[str, MypyFile]) -> None:
    symbol = modules["m"].names["name0"]
    node = symbol._node
    recorder = Recorder()
    modules["@1"] = recorder.tree("@1")
    recorder.take_over(0, symbol)
    symbol._node, symbol.cross_ref = None, "@1.0"
    assert symbol.copy().node is node
    assert symbol.unfixed
    assert recorder.take([symbol]) == [0]
    assert not symbol.unfixed and symbol._node is node
    assert recorder.looked_at == []


def test_a_look_leads_through_the_reference_each_time(modules: dict[str, MypyFile]) -> None:
    origin = modules["m"].names["name5"]
    node = origin._node
    symbol = SymbolTableNode(GDEF, None)
    symbol.cross_ref, symbol.unfixed = "m.name5", True
    recorder = Recorder()
    modules["@>1"] = recorder.tree("@>1")
    recorder.take_over(2, symbol)
    assert recorder.origins == {2: "m.name5"}
    for _ in range(3):
        symbol._node, symbol.cross_ref, symbol.unfixed = None, "@>1.2", True
        origin.unfixed = True
        assert symbol.node is node
        assert not origin.unfixed
        assert recorder.take([symbol] * 3) == [2]
        assert recorder.take([symbol] * 3) == []


def test_a_look_that_is_forgotten_leaves_no_trace(modules: dict[str, MypyFile]) -> None:
    symbol = SymbolTableNode(GDEF, None)
    symbol.cross_ref, symbol.unfixed = "m.name5", True
    recorder = Recorder()
    modules["@>1"] = recorder.tree("@>1")
    recorder.take_over(2, symbol)
    symbol.cross_ref = "@>1.2"
    assert symbol.node is not None
    recorder.forget(2)
    assert recorder.take([symbol] * 3) == []
    assert dict.__getitem__(recorder, "2").unfixed


def test_only_what_nobody_names_can_tell(modules: dict[str, MypyFile]) -> None:
    symbol = modules["m"].names["name0"]
    assert can_tell(symbol)
    symbol.cross_ref = "other.name"
    assert can_tell(symbol)
    assert not can_tell(SymbolTableNode(GDEF, Var("fixed")))
    assert not can_tell(armed(TypeInfo(SymbolTable(), ClassDef("A", Block([])), "m")))
    assert not can_tell(armed(TypeAlias(AnyType(TypeOfAny.explicit), "m.A", "m", -1, -1)))


def test_scans_and_records_find_the_same(modules: dict[str, MypyFile]) -> None:
    tree = modules["m"]
    tracker = Tracker(modules)
    tracker.register("m", tree, {})
    tracker.arm(["m"], ["m"])
    for turn in range(3 * SCANS_UNTIL_RECORDED):
        looked_at = {"name0", NAMES[turn % len(NAMES)]}
        for name in looked_at:
            assert tree.names[name].node is not None
        touched = tracker.collect(["m"])
        assert touched.symbols() == {"m": sorted(looked_at)}
        assert touched.modules == {"m"}
        assert len(list(touched.nodes())) == len(looked_at)
        assert all(symbol.unfixed for symbol in tree.names.values())
    recorded = [name for name in NAMES if (tree.names[name].cross_ref or "").startswith(SHADOW)]
    assert recorded and "name0" not in recorded


def test_what_is_imported_keeps_its_meaning(modules: dict[str, MypyFile]) -> None:
    """A module through which a name is imported counts as used, whether the symbol is scanned or recorded."""
    through = MypyFile([], [])
    through._fullname, through.names = "through", SymbolTable()
    importing = MypyFile([], [])
    importing._fullname, importing.names = "importing", SymbolTable()
    for name in NAMES:
        for tree, origin in ((through, "m"), (importing, "through")):
            tree.names[name] = symbol = SymbolTableNode(GDEF, None)
            symbol.cross_ref, symbol.unfixed = f"{origin}.{name}", True
    modules |= {"through": through, "importing": importing}
    tracker = Tracker(modules)
    for name in ("m", "through", "importing"):
        tracker.register(name, modules[name], {})
    tracker.arm(["m", "through", "importing"], [])
    for turn in range(3 * SCANS_UNTIL_RECORDED):
        name = NAMES[turn % len(NAMES)]
        assert importing.names[name].node is modules["m"].names[name]._node
        touched = tracker.collect(["importing"])
        assert touched.modules == {"importing", "through", "m"}
        assert touched.symbols() == {module: [name] for module in ("importing", "m", "through")}
        assert all(symbol.unfixed for symbol in (*importing.names.values(), *through.names.values()))
    assert any((symbol.cross_ref or "").startswith(ELSEWHERE) for symbol in importing.names.values())


def test_with_foreign_plugins_all_is_scanned(modules: dict[str, MypyFile]) -> None:
    tracker = Tracker(modules)
    tracker.register("m", modules["m"], {})
    for _ in range(2 * SCANS_UNTIL_RECORDED):
        tracker.collect([], whole=True)
    assert not any(symbol.cross_ref for symbol in modules["m"].names.values())
