"""Which classes and aliases a symbol's meaning rests on, without looking at any of their members.

A type names classes; what a class is apart from its members (its head: bases, method resolution order, metaclass,
flags, names) is decoded together with its module and leaves no trace when it is consulted. So whoever looks at a
symbol is taken to have consulted the heads of all classes its types name, of the classes those heads name, and so on.
Loaded trees never change, so every answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set

from mypy.nodes import TYPE_ALIAS, FakeInfo, MypyFile, SymbolNode, SymbolTableNode, TypeAlias, TypeInfo
from mypy.types import Instance, Type, TypeAliasType

from . import shapes

Named = TypeInfo | TypeAlias
# A class or alias as (module, name within the module).
Head = tuple[str, str]


class HeadIndex:
    def __init__(self, modules: dict[str, MypyFile], is_tracked: Callable[[str], bool]) -> None:
        self._modules = modules
        self._is_tracked = is_tracked
        self._direct: dict[Named, tuple[Named, ...]] = {}
        self._closure: dict[Named, frozenset[Head]] = {}
        self._closure_modules: dict[Named, frozenset[str]] = {}
        self._shared: dict[frozenset[str], frozenset[str]] = {}
        # Aliases an answer had to decode itself; that left traces on the classes they name.
        self.decoded: list[TypeAlias] = []
        # Strings to share: the same few heads occur in thousands of closures.
        self._heads: dict[Named, Head] = {}

    def of_node(self, node: SymbolNode) -> Set[str]:
        """Modules of the heads behind one symbol: of its types, and of the class or alias it is or is a member of."""
        named: list[Named] = []
        if isinstance(node, (TypeInfo, TypeAlias)):
            named.append(node)
        else:
            info = getattr(node, "info", None)
            if isinstance(info, TypeInfo) and not isinstance(info, FakeInfo):
                named.append(info)
            named += self._named_in(shapes.node_types(node))
        found = [self.modules(one) for one in named if self._is_tracked(_module_of(one))]
        return found[0] if len(found) == 1 else set().union(*found)

    def modules(self, start: Named) -> frozenset[str]:
        """The modules of a closure."""
        known = self._closure_modules.get(start)
        if known is None:
            known = frozenset(module for module, _ in self.closure(start))
            known = self._closure_modules[start] = self._shared.setdefault(known, known)
        return known

    def closure(self, start: Named) -> frozenset[Head]:
        known = self._closure.get(start)
        if known is not None:
            return known
        reached: set[Head] = set()
        seen: set[Named] = {start}
        queue = [start]
        while queue:
            one = queue.pop()
            done = self._closure.get(one)
            if done is not None:
                reached |= done
                continue
            reached.add(self._head(one))
            for following in self._direct_of(one):
                if following not in seen:
                    seen.add(following)
                    queue.append(following)
        result = frozenset(reached)
        self._closure[start] = result
        return result

    def _head(self, one: Named) -> Head:
        head = self._heads.get(one)
        if head is None:
            module = _module_of(one)
            head = self._heads[one] = (module, one.fullname[len(module) + 1 :])
        return head

    def _direct_of(self, one: Named) -> tuple[Named, ...]:
        direct = self._direct.get(one)
        if direct is None:
            named: set[Named] = set(self._named_in(shapes.node_types(one)))
            named.update(self._enclosing(one))
            if isinstance(one, TypeInfo):
                named.update(one.mro)
                for key in ("dataclass", "attrs"):
                    named.update(self._named_in_json(one.metadata.get(key)))
            tracked = (other for other in named if self._is_tracked(_module_of(other)))
            direct = self._direct[one] = tuple(sorted(tracked, key=lambda other: other.fullname))
        return direct

    def _named_in(self, types: Iterable[Type | None]) -> list[Named]:
        named: list[Named] = []
        seen: set[int] = set()
        parts_of = shapes.parts_of
        queue = list(types)
        while queue:
            one = queue.pop()
            if one is None:
                continue
            kind = type(one)
            if kind is Instance:
                assert isinstance(one, Instance)
                named.append(one.type)
                if not one.args and one.last_known_value is None and one.extra_attrs is None:
                    continue  # most are like this
            if id(one) in seen:
                continue
            seen.add(id(one))
            if kind is TypeAliasType:
                assert isinstance(one, TypeAliasType)
                if one.alias is not None:
                    named.append(one.alias)
            queue += parts_of[kind](one)
        return named

    def _enclosing(self, one: Named) -> Iterator[TypeInfo]:
        """The classes around a nested definition, which looking it up by name goes through."""
        module = _module_of(one)
        tree = self._modules.get(module)
        parts = one.fullname[len(module) + 1 :].split(".")
        names = tree.names if tree is not None else None
        for part in parts[:-1]:
            symbol = names.get(part) if names is not None else None
            outer = symbol._node if symbol is not None else None
            if not isinstance(outer, TypeInfo):
                return
            yield outer
            names = outer.names

    def _named_in_json(self, data: object) -> Iterator[Named]:
        """Classes and aliases a plugin's notes on a class name; they are resolved only when it is subclassed."""
        if isinstance(data, dict):
            for value in data.values():
                yield from self._named_in_json(value)
        elif isinstance(data, list):
            for value in data:
                yield from self._named_in_json(value)
        elif isinstance(data, str) and "." in data:
            found = self._find(data)
            if found is not None:
                yield found

    def _find(self, fullname: str) -> Named | None:
        """A class or alias by name, without leaving a trace on the symbols on the way."""
        module = fullname.rpartition(".")[0]  # a module may have the very same full name
        while module not in self._modules:
            module, dot, _ = module.rpartition(".")
            if not dot:
                return None
        names = self._modules[module].names
        found: Named | None = None
        for part in fullname[len(module) + 1 :].split("."):
            symbol = names.get(part)
            found = self._named_by(symbol) if symbol is not None else None
            if not isinstance(found, TypeInfo):
                break
            names = found.names
        return found

    def _named_by(self, symbol: SymbolTableNode) -> Named | None:
        node = symbol._node
        if isinstance(node, (TypeInfo, TypeAlias)) and not isinstance(node, FakeInfo):
            return node
        if not symbol.unfixed:
            return None
        if symbol.cross_ref is not None:
            return self._find(symbol.cross_ref)
        if symbol._node_tag != TYPE_ALIAS:
            return None
        node = symbol.node
        assert isinstance(node, TypeAlias)
        symbol.unfixed = True
        self.decoded.append(node)
        return node


def _module_of(one: Named) -> str:
    return one.module_name if isinstance(one, TypeInfo) else one.module
