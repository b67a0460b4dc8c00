"""runner/mypy_options.txt, what shells complete of mypy's own options, made from mypy's parser.

After a change of the supported mypy: build/venv-dev/bin/python tests/options/mypy_options.py
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from mypy.main import define_options

FILE = Path(__file__).resolve().parents[2] / "runner" / "mypy_options.txt"

HEAD = (
    "# Options of mypy: names, then what follows them; those that mypy does not show only if something does.\n"
    "# Made by tests/options/mypy_options.py.\n"
)
# Where mypy's parser does not say what kind of value it takes.
VALUES = {
    "--config-file": "FILE",
    "--platform": "darwin|linux|win32",
    "--junit-xml": "FILE",
    "--python-executable": "FILE",
    "--shadow-file": "FILE",
}


def value_of(action: argparse.Action) -> str:
    """What follows an option: nothing, a choice of words, or the kind of value."""
    if action.nargs == 0:
        return ""
    name = action.option_strings[-1]
    if name in VALUES:
        return VALUES[name]
    if action.choices is not None:
        return "|".join(action.choices)
    metavar = str(action.metavar or action.dest.upper())
    return metavar.strip("{}").replace(",", "|")


def lines() -> Iterator[str]:
    parser, _, _ = define_options()
    for action in parser._actions:
        if not action.option_strings:
            continue
        value = value_of(action)
        hidden = action.help == argparse.SUPPRESS
        if value or not hidden:
            mark = "\thidden" if hidden else ""
            yield f"{' '.join(action.option_strings)}\t{value}{mark}".rstrip() + "\n"


def options_text() -> str:
    return HEAD + "".join(sorted(lines()))


if __name__ == "__main__":
    FILE.write_text(options_text(), encoding="utf-8")
