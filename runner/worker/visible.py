"""The submodules that a component sees as attributes of their packages.

There may be thousands, of which mypy asks for few: names are made of them only where somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final


class SubmoduleOrder:
    """All modules in an order in which those of one package stand together, as the coordinator has it too."""

    def __init__(self, names: Sequence[str]) -> None:
        numbers = {name: number for number, name in enumerate(names)}
        packages = [numbers.get(name.rpartition(".")[0], len(names)) for name in names]
        order = sorted(range(len(names)), key=packages.__getitem__)
        self.names = [names[number] for number in order]
        self._spans: dict[str, tuple[int, int]] = {}
        begin = 0
        for place in range(1, len(order) + 1):
            package = packages[order[begin]]
            if place == len(order) or packages[order[place]] != package:
                if package < len(names):
                    self._spans[names[package]] = begin, place
                begin = place

    def has_submodules(self, module: str) -> bool:
        return module in self._spans

    def span(self, package: str) -> tuple[int, int]:
        """The places of a package's submodules."""
        return self._spans[package]


class Visible:
    def __init__(self, order: SubmoduleOrder, places: bytes) -> None:
        """`places`: those of the submodules in their order, ascending."""
        self._order: Final = order
        self._places: Final = memoryview(places).cast("I")

    def below(self, packages: Iterable[str]) -> Iterator[str]:
        """The visible submodules of packages; other modules have none."""
        for package in filter(self._order.has_submodules, packages):
            yield from self._below(package)

    def _below(self, package: str) -> list[str]:
        begin, end = self._order.span(package)
        first = bisect_left(self._places, begin)
        if first == len(self._places) or self._places[first] >= end:
            return []
        last = bisect_left(self._places, end, first)
        return [self._order.names[place] for place in self._places[first:last]]

    def names(self) -> Iterator[str]:
        return map(self._order.names.__getitem__, self._places)


class VisibleNames(dict[str, Any]):
    """By module the names of all that is visible to it, as mypy keeps them; made when mypy takes them."""

    def __init__(self) -> None:
        super().__init__()
        self._visible: Visible | None = None

    def show(self, visible: Visible, modules: Iterable[str]) -> None:
        """From now on these modules have entries, and no others."""
        self._visible = visible
        self.clear()
        self.update(dict.fromkeys(modules))

    def __getitem__(self, module: str) -> set[str]:
        names: set[str] | None = super().__getitem__(module)
        if names is None:
            assert self._visible is not None
            names = self[module] = {module, *self._visible.names()}
        return names
