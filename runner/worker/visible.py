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
        self.numbers: Final = dict(zip(names, range(len(names))))
        packages = [name.rpartition(".")[0] for name in names]
        order = sorted(range(len(names)), key=[self.numbers.get(one, len(names)) for one in packages].__getitem__)
        self.names = [names[number] for number in order]
        ordered = [packages[number] for number in order]
        # Of several values for one key the last one counts.
        self._first = dict(zip(reversed(ordered), range(len(names) - 1, -1, -1)))
        self._last = dict(zip(ordered, range(len(names))))

    def has_submodules(self, module: str) -> bool:
        return module in self._first and module in self.numbers

    def span(self, package: str) -> tuple[int, int]:
        """The places of a package's submodules."""
        return self._first[package], self._last[package] + 1


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
