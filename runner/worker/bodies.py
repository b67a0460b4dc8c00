"""Bodies in an import cycle that say what they said before, so that they need not be checked again.

The interfaces of a cycle are made together, from all its sources. What the bodies in a file then say follows from that
file, from what its own top levels made of it, and from the interfaces of the others, inside of the cycle and outside.
Where all of these are as they were, so are the messages.

The coordinator keeps what `Bodies.record` gives under a key that holds everything else a check depends on (options,
resolved imports, missing modules). It brings it along only if the interfaces that were looked at outside of the cycle
are still the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container
from typing import Any, Final, NamedTuple

from mypy.build import State

from .diagnostics import Encoded, encode_errors
from .mypy24 import Build, Module

# Messages in which other bodies of the check can be seen: numbers that mypy gives to type variables one after the
# other, and errors that stand at the line of a function of another module.
SEES_OTHERS: Final = re.compile(r"`-?\d|^Dispatch type ")
TEXT: Final = (str, type(None))
NUMBER: Final = (int, type(None))
# The types of an encoded error's fields.
ERROR: Final[tuple[type | tuple[type, ...], ...]] = (
    int, int, int, int, str, str, TEXT, int, int, int, list, TEXT, TEXT, int, NUMBER, int, int,
)  # fmt: skip

Symbols = dict[str, list[str]]


class ModuleRecord(NamedTuple):
    source: str | None  # SHA-1
    top_levels: str  # digest of what they reported
    errors: list[Encoded] | None  # all of the module; none if they may depend on other bodies


class Record(NamedTuple):
    """What a check of the whole component gave."""

    interfaces: str  # digest of all of them
    modules: list[ModuleRecord]
    used: list[str]
    touched: Symbols


NOTHING: Final = Record("", [], [], {})


class Bodies:
    """Of a component between its two phases, and after them."""

    def __init__(
        self,
        build: Build,
        states: list[State],
        modules: list[Module],
        loading: list[int],
        interfaces: list[bytes],
        record: bytes,
    ) -> None:
        """`record`: of an earlier check, or empty. `loading`: how many errors each module had after it was loaded."""
        self._build = build
        self._states = states
        self._loading = loading
        self._sources = [module["source_sha1"] for module in modules]
        self._interfaces = _digest_of(interfaces)
        self._top_levels = self._describe_top_levels()
        self._before = before = _read(record)
        self._known: dict[int, list[Encoded]] = {}  # all that is said, by the places of the modules
        if before.interfaces == self._interfaces and len(before.modules) == len(states):
            self._known = {
                position: module.errors
                for position, module in enumerate(before.modules)
                if module.errors is not None
                and module.source is not None
                and module.source == self._sources[position]
                and module.top_levels == self._top_levels[position]
            }

    def to_check(self) -> list[State]:
        """The modules whose bodies may say something else than before."""
        return [state for position, state in enumerate(self._states) if position not in self._known]

    def complete(self, errors: list[list[Encoded]]) -> bool:
        """Puts in place what is known of the bodies that were not checked. False if that may be wrong after all: what
        the others reported can depend on these."""
        if not self._known:
            return True
        now = self._describe_top_levels()
        for position, own in enumerate(errors):
            if position in self._known:
                if now[position] != self._top_levels[position]:
                    return False
            elif any(error[7] or _sees_others(error) for error in own if _reported_by_check(error)):
                return False
        for position, known in self._known.items():
            errors[position] = known
        return True

    def forget(self) -> None:
        """All bodies were checked instead."""
        self._known.clear()

    def add_looked_at(self, used: set[str], touched: Symbols, loaded: Container[str]) -> None:
        """What the bodies that were not checked had looked at, and others with them."""
        if not self._known:
            return
        used.update(name for name in self._before.used if name in loaded)
        for module, symbols in self._before.touched.items():
            if module in loaded:
                touched[module] = sorted({*symbols, *touched.get(module, ())})

    def record(self, errors: list[list[Encoded]], used: set[str], touched: Symbols) -> bytes:
        """For the next check; empty if that could do nothing with it."""
        modules = []
        for source, top_levels, own in zip(self._sources, self._top_levels, errors):
            reported = list(filter(_reported_by_check, own))
            if any(error[7] for error in reported):  # shown once in a run: the first hides what others report
                return b""
            modules.append(ModuleRecord(source, top_levels, None if any(map(_sees_others, reported)) else own))
        return json.dumps(Record(self._interfaces, modules, sorted(used), touched), separators=(",", ":")).encode()

    def _describe_top_levels(self) -> list[str]:
        described = []
        for state, loading in zip(self._states, self._loading):
            reported = encode_errors(self._build.infos(state), loading)
            described.append(_digest_of([json.dumps([reported, self._build.used_ignores(state)]).encode()]))
        return described


def _reported_by_check(error: Encoded) -> bool:
    return bool(error[8])


def _sees_others(error: Encoded) -> bool:
    return SEES_OTHERS.search(error[5]) is not None


def _digest_of(parts: list[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _read(record: bytes) -> Record:
    """What is not a record says nothing: then everything is checked."""
    if not record:
        return NOTHING
    try:
        interfaces, modules, used, touched = json.loads(record)
        read = Record(interfaces, [ModuleRecord(*module) for module in modules], used, touched)
    except (ValueError, TypeError):
        return NOTHING
    return read if _is_well_formed(read) else NOTHING


def _is_well_formed(record: Record) -> bool:
    return (
        isinstance(record.interfaces, str)
        and all(map(_is_module_record, record.modules))
        and _are_texts(record.used)
        and isinstance(record.touched, dict)
        and all(map(_are_texts, record.touched.values()))
    )


def _is_module_record(module: ModuleRecord) -> bool:
    if not isinstance(module.source, TEXT) or not isinstance(module.top_levels, str):
        return False
    errors = module.errors
    return errors is None or (isinstance(errors, list) and all(map(_is_error, errors)))


def _is_error(error: Any) -> bool:
    return isinstance(error, list) and len(error) == len(ERROR) and all(map(isinstance, error, ERROR))


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) for text in texts)
