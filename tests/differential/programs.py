"""Runs the small C++ programs that answer for the graph library, and says how much to compare."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Case = dict[str, Any]

# How many times the quick amount to compare, e.g. TYPEWAVE_DIFFERENTIAL_SCALE=25 for about 100,000 look-ups.
SCALE = int(os.environ.get("TYPEWAVE_DIFFERENTIAL_SCALE", "1"))
# Another seed gives other trees.
SEED = int(os.environ.get("TYPEWAVE_DIFFERENTIAL_SEED", "20261"))

_REPOSITORY = Path(__file__).resolve().parents[2]


def program(name: str) -> Path:
    """The built program `name`; TYPEWAVE_BUILD names another build directory."""
    return Path(os.environ.get("TYPEWAVE_BUILD", _REPOSITORY / "build")) / name


def ask(name: str, cases: Sequence[Case], shared: Case | None = None) -> list[Any]:
    """The answers of the program `name` to `cases`, each joined with `shared`."""
    question = json.dumps({"shared": shared or {}, "cases": list(cases)})
    done = subprocess.run([program(name)], input=question, stdout=subprocess.PIPE, text=True, check=True)
    answers: list[Any] = json.loads(done.stdout)
    assert len(answers) == len(cases)
    return answers


def rounds() -> Iterator[random.Random]:
    """One source of randomness for each round of comparison."""
    for number in range(SCALE):
        yield random.Random(SEED + number)
