"""Patterns in the configuration's `files`, which mypy replaces by the paths that match while it reads its options."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import has_magic


def listed_folders(pattern: str) -> set[str]:
    """The folders whose entries decide what a pattern matches, also those that are not there. Nothing for a path: mypy
    takes it as it is, whether it is there or not."""
    if not has_magic(pattern):
        return set()
    parts = pattern.split(os.sep)
    folders = {""}
    if parts[0] == "":
        folders, parts = {os.sep}, parts[1:]
    listed: set[str] = set()
    for part in parts:
        listed |= folders
        if part == "**":
            folders = {below for folder in folders for below in _all_below(folder, set())}
            listed |= folders
        elif has_magic(part):
            folders = {below for folder in folders for below in _folders_in(folder, hidden=part.startswith("."))}
        else:
            folders = {os.path.join(folder, part) for folder in folders}
    return {folder or os.curdir for folder in listed}


def _folders_in(folder: str, *, hidden: bool) -> Iterator[str]:
    try:
        with os.scandir(folder or os.curdir) as entries:
            names = [entry.name for entry in entries if entry.is_dir() and (hidden or not entry.name.startswith("."))]
    except OSError:
        return
    yield from (os.path.join(folder, name) for name in names)


def _all_below(folder: str, seen: set[str]) -> Iterator[str]:
    """A folder and all below it that are not hidden; links may lead in circles."""
    place = os.path.realpath(folder)
    if place in seen:
        return
    seen.add(place)
    yield folder
    for below in _folders_in(folder, hidden=False):
        yield from _all_below(below, seen)
