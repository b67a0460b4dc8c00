"""Which loaded symbols a check looked at.

A loaded symbol is decoded when something asks for its node; until then it is `unfixed`. Classes and module references
are decoded at once, so after loading they are made to look undecoded too, by a reference to a table of ours that holds
the node ("armed"). After a check the symbols that are no longer `unfixed` are exactly those it looked at; they are then
armed again. mypy reaches a symbol only through its module's name, through a symbol already looked at, or through a
class named there, so only modules reachable in that way are scanned.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from mypy.nodes import GDEF, MypyFile, SymbolNode, SymbolTable, SymbolTableNode, TypeAlias, TypeInfo

from . import shapes
from .heads import Head, HeadIndex

# The module our table of decoded nodes poses as; no Python module can have this name.
SHADOW: Final = "@"
# Modules mypy's own plugins look up by name although nothing imports them; others belong to typeshed.
LOOKED_UP_BY_NAME: Final = ("attr",)
DEBUG_VARIABLE: Final = "TYPEWAVE_CHECK_TOUCHES"


class TrackedModule:
    """The symbols of one loaded module, flat, with the reference each is armed with (None: its own bytes)."""

    __slots__ = ("heads", "infos", "names", "references", "symbols")

    def __init__(self) -> None:
        self.symbols: list[SymbolTableNode] = []
        self.references: list[str | None] = []
        self.names: list[str] = []  # within the module
        self.infos: list[TypeInfo] = []
        self.heads: dict[int, frozenset[Head]] = {}


class Touched:
    """What one check looked at: symbol names by module, and every module that may have mattered."""

    def __init__(self) -> None:
        self.symbols: dict[str, set[str]] = {}
        self.modules: set[str] = set()
        self.missed: list[str] = []


class Tracker:
    def __init__(self, modules: dict[str, MypyFile]) -> None:
        self._modules = modules
        self._tracked: dict[str, TrackedModule] = {}
        self._shadow = SymbolTable()
        self._heads = HeadIndex(modules, self.is_tracked)
        self._debug = bool(os.environ.get(DEBUG_VARIABLE))

    def is_tracked(self, module: str) -> bool:
        return module in self._tracked

    # -- loading -------------------------------------------------------------------------------------------------

    def register(self, module: str, tree: MypyFile) -> None:
        """Notes the symbols of a module that was read but not linked yet."""
        tracked = self._tracked[module] = TrackedModule()
        prefix = len(module) + 1
        for fullname, symbol in shapes.own_symbols(tree.names, module):
            tracked.symbols.append(symbol)
            tracked.names.append(sys.intern(fullname[prefix:]))
            tracked.references.append(symbol.cross_ref)
            if isinstance(symbol._node, TypeInfo):
                tracked.infos.append(symbol._node)

    def arm(self, modules: Iterable[str], dependencies: Iterable[str]) -> None:
        """Arms newly linked modules, and again what linking them looked at in `dependencies`."""
        for module in modules:
            self._arm_new(module, self._tracked[module])
        near = {name for name in dependencies if name in self._tracked}
        for module in modules:
            for info in self._tracked[module].infos:
                near.update(base.module_name for base in info.mro)
        # Linking decodes the aliases that class heads name, and those may name more: follow them like a check.
        self.collect(near, whole=False)

    def _arm_new(self, module: str, tracked: TrackedModule) -> None:
        for index, symbol in enumerate(tracked.symbols):
            node, reference = symbol._node, tracked.references[index]
            if not symbol.unfixed:
                if isinstance(node, MypyFile):
                    reference = self._shadow_reference("=" + node.fullname, node)
                elif isinstance(node, TypeInfo) and reference is None:
                    reference = self._shadow_reference(f"{module}:{tracked.names[index]}", node)
                tracked.references[index] = reference
            symbol.cross_ref = reference
            symbol.unfixed = True

    def _shadow_reference(self, key: str, node: TypeInfo | MypyFile) -> str:
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

    def collect(self, start: Iterable[str], *, whole: bool) -> Touched:
        """Finds and arms again what was looked at, beginning with the modules in `start`.

        With `whole` every tracked module is scanned: a foreign plugin may reach anything.
        """
        result = Touched()
        result.modules = {module for module in start if module in self._tracked}
        scanned: set[str] = set()
        pending = set(self._tracked) if whole else set(result.modules)
        while pending:
            while pending:
                module = pending.pop()
                scanned.add(module)
                for following in self._scan(module, result):
                    if following in self._tracked and following not in result.modules:
                        result.modules.add(following)
                        if following not in scanned:
                            pending.add(following)
            pending = {name for name in LOOKED_UP_BY_NAME if name in self._tracked} - scanned
            if self._heads.has_looked:
                self._heads.has_looked = False
                pending |= scanned
        if self._debug and not whole:
            result.missed = self._missed(scanned)
        return result

    def _scan(self, module: str, result: Touched) -> Iterator[str]:
        tracked = self._tracked[module]
        for info in tracked.infos:
            if info.type_object_type is not None:
                # A constructor kept from one check would hide from the next one what it was made of.
                info.type_object_type = None
        hits = [index for index, symbol in enumerate(tracked.symbols) if not symbol.unfixed]
        if not hits:
            return
        result.modules.add(module)
        names = result.symbols.setdefault(module, set())
        for index in hits:
            symbol, reference = tracked.symbols[index], tracked.references[index]
            names.add(tracked.names[index])
            node = symbol._node
            heads = tracked.heads.get(index)
            if heads is None:
                heads = frozenset() if node is None else self._heads.of_node(node) | self._owner(node)
                tracked.heads[index] = heads
            for owner, name in heads:
                yield owner
                if name and owner in self._tracked:
                    result.symbols.setdefault(owner, set()).add(name)
            symbol.cross_ref = reference
            symbol.unfixed = True

    def _missed(self, scanned: set[str]) -> list[str]:
        return [
            f"{module}.{tracked.names[index]}"
            for module, tracked in self._tracked.items()
            if module not in scanned
            for index, symbol in enumerate(tracked.symbols)
            if not symbol.unfixed
        ]

    def _owner(self, node: SymbolNode) -> frozenset[Head]:
        """The module a node lives in, which need not be the one whose symbol names it."""
        if isinstance(node, (TypeInfo, TypeAlias)):
            return frozenset()  # among its own heads
        owner = node.fullname
        while owner not in self._tracked:
            owner, dot, _ = owner.rpartition(".")
            if not dot:
                return frozenset()
        return frozenset({(owner, "")})
