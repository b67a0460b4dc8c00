"""runner/OPTIONS.md, made from the worker's table and mypy's own parser.

After a change of the table: PYTHONPATH=tests/support/python build/venv-dev/bin/python tests/options/option_reference.py
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from mypy.config_parser import ini_config_types
from mypy.main import define_options
from mypy.options import PER_MODULE_OPTIONS, Options
from mypy.version import __version__
from typewave_worker.option_table import ATTRIBUTES, DESTINATIONS, SPECIAL, Effect

FILE = Path(__file__).resolve().parents[2] / "runner" / "OPTIONS.md"

HEAD = f"""\
# Options of mypy

What each option of mypy {__version__} means to `typewave check`, on the command line and as a setting in a
configuration file. This table is made from the one that typewave itself works by
(`runner/worker/option_table.py`) and from mypy's own parser; a test fails when it is not up to date, or when mypy has
an option that the table lacks. An option of a later mypy that typewave does not know is never ignored: a setting
becomes part of every key, an option of the command line makes mypy itself run.
"""

MEANING = {
    Effect.KEY: (
        "Part of every key",
        "What is found may depend on them. After a change everything they may concern is checked again; after changing "
        "back, the old results are found again. Those marked *per module* count only for the modules whose section "
        "of the configuration sets them, and can be set in `# mypy:` comments too.",
    ),
    Effect.PRINTING: (
        "Only printing",
        "Applied to stored results at the end: nothing is checked again when they change.",
    ),
    Effect.SELECTION: (
        "Which files, as which modules",
        "The module graph shows their effect: what is in the graph as before is reused.",
    ),
    Effect.ENVIRONMENT: (
        "Where things are found",
        "What is found there is part of the keys, where it lies is not: results are shared with checkouts and "
        "environments that lie elsewhere. A plugin counts by what it is made of.",
    ),
    Effect.NONE: (
        "Without effect",
        "They are about mypy's own cache and processes, of which typewave has none. "
        "(`-n` and `--num-workers` are typewave's own options, see README.md.)",
    ),
    Effect.DELEGATED: (
        "Only in one whole run of mypy",
        "typewave says so in one line and runs mypy itself with the same arguments; nothing is reused or stored. "
        "(`--stats` and `--help` are typewave's own options; mypy's statistics can be asked for with "
        "`dump_type_stats` in a configuration file.)",
    ),
}

# Set by mypy itself, or parts of what other settings mean.
NOT_FOR_USERS = ("build_type", "disabled_error_codes", "enabled_error_codes")


def is_setting(name: str) -> bool:
    """Whether a configuration file can set it: mypy knows its type, or finds it in the default."""
    if name in ini_config_types or name.endswith("_report"):
        return True
    default = getattr(Options(), name, None)
    return name not in NOT_FOR_USERS and default is not None and not isinstance(default, dict)


def row_of(dest: str) -> str:
    """Options of the command line and the setting that mean the same share a row."""
    name = dest.removeprefix(SPECIAL).replace("-", "_")
    return "no_site_packages" if name == "no_executable" else name


def rows(effect: Effect) -> Iterator[str]:
    parser, _, _ = define_options()
    by_row: dict[str, list[str]] = {}
    for dest in (*ATTRIBUTES.get(effect, ()), *DESTINATIONS.get(effect, ())):
        options = by_row.setdefault(row_of(dest), [])
        options += [f"`{name}`" for action in parser._actions if action.dest == dest for name in action.option_strings]
        if dest == SPECIAL + "files":
            options.append("files and folders")
    for name, options in sorted(by_row.items()):
        setting = f"`{name}`" if is_setting(name) else ""
        if options or setting:
            per_module = "per module" if name in PER_MODULE_OPTIONS else ""
            yield f"| {', '.join(options)} | {setting} | {per_module} |".replace("|  |", "| |").replace("|  |", "| |")


def reference() -> str:
    parts = [HEAD]
    for effect, (title, text) in MEANING.items():
        table = "\n".join(["| command line | configuration | |", "|---|---|---|", *rows(effect)])
        parts.append(f"\n## {title}\n\n{textwrap.fill(text, 119)}\n\n{table}\n")
    return "".join(parts)


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
