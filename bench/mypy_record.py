"""Prints which modules mypy recorded as used, by module: what its cache compares to decide what is checked again.

Runs under the interpreter of the mypy that wrote the cache: `python mypy_record.py CACHE_DIRECTORY`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from librt.internal import ReadBuffer
from mypy.cache import CacheMeta, CacheMetaEx

META, META_EX = ".meta.ff", ".meta_ex.ff"
VERSION_BYTES = 2  # before a record: the versions of the buffer's and of the record's form


def records_in(cache: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for database in sorted(cache.rglob("cache*.db")):
        connection = sqlite3.connect(database)
        found.update(connection.execute("SELECT path, data FROM files2 WHERE path LIKE '%.meta%.ff'"))
        connection.close()
    return found


def recorded(cache: Path) -> dict[str, list[str]]:
    """Direct and indirect dependencies of every module in the cache."""
    records = records_in(cache)
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


if __name__ == "__main__":
    json.dump(recorded(Path(sys.argv[1])), sys.stdout)
