"""Lines of a class's fields, which mypy's plugins note in its metadata; they stay out of interfaces.

An edit that moves lines would change the interface of every module that has a dataclass, and so be seen by all who use
one. The plugins ask for the place of a field only while they make the class that defines it, with one exception:
attrs' plugin reports fields without a known type anew in each subclass, at their line in the file of the base class.
Should another message come to stand at such a place after all, it has no line, and plain mypy answers (`sources.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from mypy.nodes import TypeInfo

NOWHERE: Final = -1  # as mypy's nodes have it when they were read
# A serialised type that may turn out to be, or may become, one that nobody wrote.
UNCERTAIN: Final = ("AnyType", "TypeAliasType", "TypeVarType")
Json = dict[str, Any]


class Place(NamedTuple):
    """Where a plugin notes the positions of fields: in a list or table of them."""

    fields: str
    line: str
    column: str


# By the plugins' keys in the metadata.
PLACES: Final = {
    "attrs": Place("attributes", "context_line", "context_column"),
    "dataclass": Place("attributes", "line", "column"),
    "pydantic-mypy-metadata": Place("fields", "line", "column"),
}


@contextmanager
def without_positions(classes: Iterable[TypeInfo]) -> Iterator[None]:
    """While the classes are written."""
    changed: list[tuple[dict[str, Json], str, Json]] = []
    try:
        for info in classes:
            for plugin in PLACES.keys() & info.metadata.keys():
                noted = info.metadata[plugin]
                changed.append((info.metadata, plugin, noted))
                info.metadata[plugin] = _cleared(noted, PLACES[plugin])
        yield
    finally:
        for metadata, plugin, noted in changed:
            metadata[plugin] = noted


def _cleared(noted: Json, place: Place) -> Json:
    """What has another shape is somebody else's, and stays as it is."""
    fields = noted.get(place.fields)
    if isinstance(fields, list):
        return {**noted, place.fields: [_field(one, place) for one in fields]}
    if isinstance(fields, dict):
        return {**noted, place.fields: {name: _field(one, place) for name, one in fields.items()}}
    return noted


def _field(field: Json, place: Place) -> Json:
    if place.line not in field or place.column not in field or _is_reported_again(field):
        return field
    return {**field, place.line: NOWHERE, place.column: NOWHERE}


def _is_reported_again(field: Json) -> bool:
    if "has_converter" not in field:
        return False  # not of attrs
    given = field["converter_init_type" if field["has_converter"] else "init_type"]
    return given is None or (isinstance(given, dict) and given[".class"] in UNCERTAIN)
