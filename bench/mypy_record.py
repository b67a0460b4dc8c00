"""Prints what mypy's cache compares to decide what is checked again: which modules it recorded as used, by module, and
from whose classes the fields come whose lines it notes with a class.

Runs under the interpreter of the mypy that wrote the cache: `python mypy_record.py CACHE_DIRECTORY`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import mypy.types  # noqa: F401 - mypy's nodes cannot be read before it is there
from librt.internal import ReadBuffer
from mypy.cache import CacheMeta, CacheMetaEx
from mypy.nodes import MypyFile, SymbolTable, TypeInfo

DATA, META, META_EX = ".data.ff", ".meta.ff", ".meta_ex.ff"
NOTE_LINES = ("attrs", "dataclass")  # plugins
VERSION_BYTES = 2  # before a record: the versions of the buffer's and of the record's form


def records_in(cache: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for database in sorted(cache.rglob("cache*.db")):
        connection = sqlite3.connect(database)
        found.update(connection.execute("SELECT path, data FROM files2 WHERE path LIKE '%.ff'"))
        connection.close()
    return found


def recorded(records: dict[str, bytes]) -> dict[str, list[str]]:
    """Direct and indirect dependencies of every module in the cache."""
    dependencies: dict[str, list[str]] = {}
    for path, data in records.items():
        if not path.endswith(META):
            continue
        meta = CacheMeta.read(ReadBuffer(data[VERSION_BYTES:]), "")
        implementation = records.get(path.removesuffix(META) + META_EX)
        indirect = CacheMetaEx.read(ReadBuffer(implementation)) if implementation is not None else None
        if meta is None or indirect is None:
            sys.exit(f"{path}: not a record of this mypy")
        dependencies[meta.id] = sorted({*meta.dependencies, *indirect.dependencies})
    return dependencies


def classes_in(names: SymbolTable) -> Iterator[TypeInfo]:
    for symbol in names.values():
        node = symbol._node
        if isinstance(node, TypeInfo):
            yield node
            yield from classes_in(node.names)


def noted(records: dict[str, bytes]) -> dict[str, list[str]]:
    """The modules of all bases of the classes in a module with which lines are noted."""
    trees = [MypyFile.read(ReadBuffer(data)) for path, data in records.items() if path.endswith(DATA)]
    home = {info.fullname: tree.fullname for tree in trees for info in classes_in(tree.names)}
    return {
        tree.fullname: sorted(
            {
                home[base]
                for info in classes_in(tree.names)
                if any(plugin in info.metadata for plugin in NOTE_LINES)
                for base in info._mro_refs or ()
                if base in home
            }
        )
        for tree in trees
    }


if __name__ == "__main__":
    everything = records_in(Path(sys.argv[1]))
    json.dump({"used": recorded(everything), "noted": noted(everything)}, sys.stdout)
