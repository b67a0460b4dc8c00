"""Whether plugins look up modules that the component being checked does not import.

In a whole run of mypy such a look-up finds what happens to be processed by then; with one component at a time it finds
what happens to be loaded. Calls from Python alone come by here: mypy is compiled and calls itself in other ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from mypy.checker import TypeChecker
from mypy.plugin import ChainedPlugin, Plugin
from mypy.semanal import SemanticAnalyzer

LOOKUPS: Final = (
    (SemanticAnalyzer, "lookup_fully_qualified"),
    (SemanticAnalyzer, "lookup_fully_qualified_or_none"),
    (SemanticAnalyzer, "named_type"),
    (SemanticAnalyzer, "named_type_or_none"),
    (TypeChecker, "lookup_qualified"),
    (TypeChecker, "lookup_typeinfo"),
    (TypeChecker, "named_generic_type"),
)


class Reach:
    def __init__(self, plugin: Plugin, modules: Iterable[str], closure: Callable[[Iterable[str]], set[str]]) -> None:
        self._modules = set(modules)  # of the whole run
        self._closure = closure
        self._start: list[str] = []
        self._inside: set[str] | None = None
        self.outside: str | None = None
        for one in plugin._plugins if isinstance(plugin, ChainedPlugin) else [plugin]:
            if not hasattr(one, "__dict__"):
                continue  # mypy's own
            self._watch(one, "lookup_fully_qualified", 0)
        for owner, name in LOOKUPS:
            self._watch(owner, name, 1)

    def begin(self, component: Iterable[str], imports: Iterable[str]) -> None:
        self._start = [*component, *imports]
        self._inside = None
        self.outside = None

    def _watch(self, owner: Any, name: str, place: int) -> None:
        original = getattr(owner, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            if len(arguments) > place and isinstance(arguments[place], str):
                self._look(arguments[place])
            return original(*arguments, **named)

        setattr(owner, name, watched)

    def _look(self, fullname: str) -> None:
        parts = fullname.split(".")
        # As mypy does: the longest name that is a module counts.
        for size in range(len(parts), 0, -1):
            module = ".".join(parts[:size])
            if module not in self._modules:
                continue
            if self._inside is None:
                self._inside = self._closure(self._start)
            if module not in self._inside:
                self.outside = module
            return
