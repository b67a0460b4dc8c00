"""Reads from mypy's verbose log what a warm mypy checks again."""

from __future__ import annotations

import re

SCHEDULED = re.compile(r"Scheduling SCC (?:singleton|of size \d+) \((.*?)\) as ")


def checked_components(log: str) -> set[frozenset[str]]:
    return {frozenset(match[1].split()) for match in SCHEDULED.finditer(log)}


def checked_modules(log: str) -> set[str]:
    return {module for component in checked_components(log) for module in component}
