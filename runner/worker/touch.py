"""Which loaded symbols a check looked at.

A loaded symbol is decoded when something asks for its node; until then it is `unfixed`. Classes and module references
are decoded at once, so after loading they are made to look undecoded too, by a reference to a table of ours that holds
the node ("armed"). After a check the symbols that are no longer `unfixed` are exactly those it looked at; they are then
armed again. mypy reaches a symbol only through its module's name, through a symbol already looked at, or through a
class named there, so only modules reachable in that way are scanned. What is scanned often and rarely looked at is not
scanned any more, but recorded (recorder.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Set
from operator import attrgetter
from typing import Final

from mypy.nodes import GDEF, MypyFile, SymbolNode, SymbolTable, SymbolTableNode, TypeInfo

from . import shapes
from .generated import decode_as_fresh, is_generated
from .heads import HeadIndex
from .recorder import Recorder, can_tell
from .supplement import Supplement, restore
from .visible import Visible

# The module our table of decoded nodes poses as; no Python module can have this name.
SHADOW: Final = "@"
# How a reference to one of our tables begins that stands for a reference to another module.
ELSEWHERE: Final = SHADOW + ">"
# Modules mypy's own plugins look up by name although nothing imports them; others belong to typeshed.
LOOKED_UP_BY_NAME: Final = ("attr",)
NOTHING: Final[frozenset[frozenset[str]]] = frozenset()
DEBUG_VARIABLE: Final = "TYPEWAVE_CHECK_TOUCHES"
# After so many scans of a module, symbols are recorded that were looked at in less than one of so many of them: to
# record one costs as much as to look at several.
SCANS_UNTIL_RECORDED: Final = 16
RARELY: Final = 8

_is_untouched = attrgetter("unfixed")
_is_plugin_generated = attrgetter("plugin_generated")
_kept_constructor = attrgetter("type_object_type")


class TrackedModule:
    """The symbols of one loaded module, flat, with the reference each is armed with (None: its own bytes)."""

    __slots__ = (
        "counts",
        "infos",
        "meanings",
        "names",
        "recorder",
        "references",
        "scanned",
        "scans",
        "supplement",
        "symbols",
        "watched",
    )

    def __init__(self, supplement: Supplement) -> None:
        self.supplement = supplement
        self.symbols: list[SymbolTableNode] = []
        self.references: list[str | None] = []
        self.names: list[str] = []  # within the module
        self.infos: list[TypeInfo] = []
        self.meanings: dict[int, frozenset[str]] = {}
        self.scans = 0
        self.counts: dict[int, int] = {}  # in how many of the first scans a symbol was found decoded
        self.recorder: Recorder | None = None
        # Once there is a recorder: the positions that are still scanned, and the symbols there.
        self.watched: list[int] = []
        self.scanned: list[SymbolTableNode] = []

    def decoded(self) -> list[int]:
        """The positions of the symbols that were decoded."""
        if self.recorder is None:
            return _positions_of_decoded(self.symbols)
        positions = [self.watched[index] for index in _positions_of_decoded(self.scanned)]
        if self.recorder.looked_at:
            positions += self.recorder.take(self.symbols)
        return positions

    def count(self, positions: list[int]) -> bool:
        """Whether it is known by now which symbols are rarely looked at."""
        counts = self.counts
        for position in positions:
            counts[position] = counts.get(position, 0) + 1
        self.scans += 1
        return self.scans == SCANS_UNTIL_RECORDED

    def record(self, number: int) -> dict[str, MypyFile]:
        """Has what is rarely looked at recorded, by a table that poses as two modules: returns them by name."""
        self.recorder = Recorder()
        own, elsewhere = f"{SHADOW}{number}", f"{ELSEWHERE}{number}"
        for position, symbol in enumerate(self.symbols):
            if self.counts.get(position, 0) * RARELY >= self.scans or not can_tell(symbol):
                self.watched.append(position)
                self.scanned.append(symbol)
            else:
                before = symbol.cross_ref
                self.recorder.take_over(position, symbol)
                name = own if before is None or before.startswith(SHADOW) else elsewhere
                symbol.cross_ref = self.references[position] = f"{name}.{position}"
        self.counts.clear()
        return {name: self.recorder.tree(name) for name in (own, elsewhere)}

    def origin(self, position: int) -> str | None:
        """The reference that leads from a symbol to another module, if there is one."""
        if self.recorder is not None and position in self.recorder.origins:
            return self.recorder.origins[position]
        return self.references[position]


class Touched:
    """What one check looked at: symbols by module, and every module that may have mattered."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.missed: list[str] = []
        self._symbols: dict[str, tuple[TrackedModule, list[int]]] = {}

    def add(self, module: str, tracked: TrackedModule, positions: list[int]) -> None:
        self._symbols[module] = tracked, positions

    def symbols(self) -> dict[str, list[str]]:
        """The names that were looked at, by module."""
        return {
            module: sorted([tracked.names[position] for position in positions])
            for module, (tracked, positions) in self._symbols.items()
        }

    def nodes(self) -> Iterator[SymbolNode]:
        """What the symbols that were looked at stand for."""
        for tracked, positions in self._symbols.values():
            for position in positions:
                node = tracked.symbols[position]._node
                if node is not None:
                    yield node


class Tracker:
    def __init__(self, modules: dict[str, MypyFile]) -> None:
        """`modules`: what is loaded."""
        self._modules = modules
        self._tracked: dict[str, TrackedModule] = {}
        self._undecoded_constants: list[SymbolTableNode] = []
        self._decoded_constants: list[SymbolNode] = []
        self._shadow = SymbolTable()
        self._shared: dict[frozenset[str], frozenset[str]] = {}  # meanings: the same few thousand times
        self._heads = HeadIndex(modules, self.is_tracked)
        self._recorded = 0  # modules
        self._debug = bool(os.environ.get(DEBUG_VARIABLE))

    def is_tracked(self, module: str) -> bool:
        return module in self._tracked

    # -- loading -------------------------------------------------------------------------------------------------

    def register(self, module: str, tree: MypyFile, supplement: Supplement) -> None:
        """Notes the symbols of a module that was read but not linked yet."""
        tracked = self._tracked[module] = TrackedModule(supplement)
        prefix = len(module) + 1
        for fullname, symbol in shapes.own_symbols(tree.names, module):
            tracked.symbols.append(symbol)
            tracked.names.append(sys.intern(fullname[prefix:]))
            tracked.references.append(symbol.cross_ref)
            if isinstance(symbol._node, TypeInfo):
                tracked.infos.append(symbol._node)

    def classes(self, module: str) -> list[TypeInfo]:
        return self._tracked[module].infos

    def register_constant(self, module: str, tree: MypyFile) -> None:
        """Notes a module that is the same for everybody: what a check looks at there does not matter."""
        for _, symbol in shapes.own_symbols(tree.names, module):
            if symbol.unfixed:
                self._undecoded_constants.append(symbol)

    def decoded_constants(self) -> list[SymbolNode]:
        """Nodes of constant modules that anything has decoded so far."""
        for symbol in self._undecoded_constants:
            if not symbol.unfixed and symbol._node is not None:
                self._decoded_constants.append(symbol._node)
        self._undecoded_constants = [symbol for symbol in self._undecoded_constants if symbol.unfixed]
        return self._decoded_constants

    def arm(self, modules: Iterable[str], dependencies: Iterable[str]) -> None:
        """Arms newly linked modules, and again what linking them looked at in `dependencies`."""
        completed: list[SymbolNode] = []
        for module in modules:
            completed += self._arm_new(module, self._tracked[module])
        near = {name for name in dependencies if name in self._tracked}
        for node in completed:
            near |= self._heads.of_node(node)
        for module in modules:
            for info in self._tracked[module].infos:
                if _has_plain_head(info):
                    near.update(base.module_name for base in info.mro)
                else:
                    near |= self._heads.modules(info)
        # Linking decodes the aliases that class heads name, and those may name more: follow them like a check.
        missed = self.collect(near).missed
        if missed:
            print("typewave worker: loading touched more than tracking knows:", *missed, file=sys.stderr)

    def _arm_new(self, module: str, tracked: TrackedModule) -> list[SymbolNode]:
        """Arms a module; returns the nodes that had to be decoded, once and for all, to be made as fresh ones are."""
        completed: list[SymbolNode] = []
        remade = self._remake(tracked)
        # Of the many symbols of a module few are decoded by now: only those are looked at one by one.
        for index in _positions_of_decoded(tracked.symbols):
            symbol, reference = tracked.symbols[index], tracked.references[index]
            node = symbol._node
            if node is not None:
                if index in remade:
                    completed.append(node)
                if isinstance(node, MypyFile):
                    reference = self._shadow_reference("=" + node.fullname, node)
                elif reference is None and (index in remade or isinstance(node, TypeInfo)):
                    reference = self._shadow_reference(f"{module}:{tracked.names[index]}", node)
                tracked.references[index] = reference
            symbol.cross_ref = reference
            symbol.unfixed = True
        return completed

    @staticmethod
    def _remake(tracked: TrackedModule) -> set[int]:
        """Decodes generated methods and what a supplement speaks of, and makes them as fresh ones are."""
        remade = {index for index, one in enumerate(map(_is_plugin_generated, tracked.symbols)) if one}
        if tracked.supplement:
            remade.update(index for index, name in enumerate(tracked.names) if name in tracked.supplement)
        for index in sorted(remade):
            symbol, facts = tracked.symbols[index], tracked.supplement.get(tracked.names[index])
            generated = is_generated(symbol)
            if generated:
                decode_as_fresh(symbol)
            if facts is not None:
                restore(symbol, facts)
            if not generated and facts is None:
                remade.discard(index)
        return remade

    def _shadow_reference(self, key: str, node: SymbolNode) -> str:
        """A name under which mypy's own resolution finds an already decoded node."""
        key = key.replace(".", "/")
        if SHADOW not in self._modules:
            tree = MypyFile([], [])
            tree._fullname = SHADOW
            tree.names = self._shadow
            self._modules[SHADOW] = tree
        if key not in self._shadow:
            self._shadow[key] = SymbolTableNode(GDEF, node)
        return f"{SHADOW}.{key}"

    # -- after a check -------------------------------------------------------------------------------------------

    def collect(
        self,
        start: Iterable[str],
        around: Iterable[str] = (),
        visible: Visible | None = None,
        *,
        whole: bool = False,
    ) -> Touched:
        """Finds and arms again what was looked at, beginning with the modules in `start`, which count as used.

        Those `around` them count only if one of their symbols was looked at; those `visible` as attributes of their
        package count as soon as the package does. With `whole` every tracked module is scanned: a foreign plugin may
        reach anything.
        """
        result = Touched()
        meanings: set[frozenset[str]] = set()  # of what was looked at
        scanned: set[str] = set()
        is_tracked = self._tracked.__contains__  # an intersection with the keys would go through all of them
        pending = set(self._tracked) if whole else set(filter(is_tracked, (*around, *LOOKED_UP_BY_NAME)))
        reached = set(start)
        while pending or reached:
            new = set(filter(is_tracked, reached)) - result.modules
            result.modules |= new
            pending |= new - scanned
            reached = set(visible.below(new)) if visible is not None else set()
            while pending:
                module = pending.pop()
                scanned.add(module)
                led_to = self._scan(module, result, may_record=not whole)
                if led_to:
                    reached.update((module,), *(led_to - meanings))
                    meanings |= led_to
        self._forget_own_traces()
        if self._debug and not whole:
            result.missed = self._missed(scanned)
        return result

    def _scan(self, module: str, result: Touched, *, may_record: bool) -> Set[frozenset[str]]:
        """Arms one module again; returns the meanings of the symbols that were looked at."""
        tracked = self._tracked[module]
        if any(map(_kept_constructor, tracked.infos)):
            for info in tracked.infos:
                # A constructor kept from one check would hide from the next one what it was made of.
                info.type_object_type = None
        positions = tracked.decoded()
        led_to = self._arm_again(module, tracked, positions, result) if positions else NOTHING
        if may_record and tracked.recorder is None and tracked.count(positions):
            self._recorded += 1
            self._modules.update(tracked.record(self._recorded))
        return led_to

    def _arm_again(
        self, module: str, tracked: TrackedModule, positions: list[int], result: Touched
    ) -> Set[frozenset[str]]:
        symbols, references, meanings = tracked.symbols, tracked.references, tracked.meanings
        led_to = set()
        for position in positions:
            symbol = symbols[position]
            meaning = meanings.get(position)
            if meaning is None:
                meaning = self._meaning(symbol, tracked.origin(position))
                meaning = meanings[position] = self._shared.setdefault(meaning, meaning)
            led_to.add(meaning)
            symbol.cross_ref = references[position]
            symbol.unfixed = True
        result.add(module, tracked, positions)
        return led_to

    def _meaning(self, symbol: SymbolTableNode, reference: str | None) -> frozenset[str]:
        """The modules whose classes and aliases somebody who looked at a symbol is taken to have looked at."""
        node = symbol._node
        modules = set(self._heads.of_node(node)) if node is not None else set()
        if isinstance(node, MypyFile):
            modules.update(self._home(node.fullname))
        else:
            # A module may have the very same full name: it is not the home.
            for fullname in (reference, node.fullname if node is not None else None):
                modules.update(self._home((fullname or "").rpartition(".")[0]))
        return frozenset(modules)

    def _missed(self, scanned: set[str]) -> list[str]:
        return [
            f"{module}.{tracked.names[index]}"
            for module, tracked in self._tracked.items()
            if module not in scanned
            for index, symbol in enumerate(tracked.symbols)
            if not symbol.unfixed
        ]

    def _forget_own_traces(self) -> None:
        """What decoding an alias for its heads has touched; whoever meant the alias has those heads anyway."""
        while self._heads.decoded:
            for module, name in self._heads.closure(self._heads.decoded.pop()):
                tracked = self._tracked[module]
                for position, known in enumerate(tracked.names):
                    if known == name:
                        symbol = tracked.symbols[position]
                        symbol.cross_ref = tracked.references[position]
                        symbol.unfixed = True
                        if tracked.recorder is not None:
                            tracked.recorder.forget(position)

    def _home(self, fullname: str) -> Iterator[str]:
        """The module a name is resolved in; it need not be the one whose symbol refers to it."""
        while fullname not in self._tracked:
            fullname, dot, _ = fullname.rpartition(".")
            if not dot:
                return
        yield fullname


def _positions_of_decoded(symbols: list[SymbolTableNode]) -> list[int]:
    """Few of many symbols, which are all over the memory: as little as possible is done for each of them."""
    untouched = bytes(map(_is_untouched, symbols))
    positions = []
    position = untouched.find(False)
    while position >= 0:
        positions.append(position)
        position = untouched.find(False, position + 1)
    return positions


def _has_plain_head(info: TypeInfo) -> bool:
    """Whether a class names nothing but its bases."""
    if info.tuple_type or info.typeddict_type or info.metaclass_type or info.self_type or info.alt_promote:
        return False
    return not info.defn.type_vars and not info._promote and not any(base.args for base in info.bases)
