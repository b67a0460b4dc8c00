"""The submodules that a component sees as attributes of their packages.

There may be thousands, of which mypy asks for few: names are made of them only where somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final


class SubmoduleOrder:
    """All modules in an order in which those of one package stand together."""

    def __init__(self, names: Sequence[str], order: bytes, spans: bytes) -> None:
        """`order`: the number of the module in each place; `spans`: of each package its number, the place of its first
        submodule, and that behind the last."""
        self._names: Final = names
        self._order: Final = memoryview(order).cast("I")
        numbers = iter(memoryview(spans).cast("I"))
        self._spans: Final = {names[package]: (begin, end) for package, begin, end in zip(numbers, numbers, numbers)}

    def has_submodules(self, module: str) -> bool:
        return module in self._spans

    def span(self, package: str) -> tuple[int, int]:
        """The places of a package's submodules."""
        return self._spans[package]

    def name(self, place: int) -> str:
        return self._names[self._order[place]]


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
        return list(map(self._order.name, self._places[first:last]))

    def names(self) -> Iterator[str]:
        return map(self._order.name, self._places)


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
