"""Compares the diagnostic formatter with mypy's own, byte for byte.

Run with the Python that has mypy: test_format.py FORMAT_DUMP [--cases N] [--seed N] [--checkout DIRECTORY]...
Random ErrorInfo lists, and those that mypy reports on each checkout, go through mypy's code (file_messages,
format_messages, FancyFormatter, show_messages and the summary of its main) and through `format_dump`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mypy import build, util
from mypy import main as mypy_main
from mypy.error_formatter import OUTPUT_CHOICES
from mypy.errors import ErrorInfo, Errors
from mypy.fscache import FileSystemCache
from mypy.options import Options

from format_case import FLAGS, Case, File
from random_format import random_case, random_file

OTHER_TERMS = (
    "xterm",
    "linux",
    "dumb",
    "screen",
    "vt100",
    "nonsense",
    "",
    "unset",
    "ansi",
    "tmux",
    "rxvt",
    "vt220",
)
ENVIRONMENT = (
    "MYPY_FORCE_COLOR",
    "FORCE_COLOR",
    "MYPY_FORCE_TERMINAL_WIDTH",
    "COLUMNS",
    "LINES",
    "TERM",
    "NO_COLOR",
)


@contextlib.contextmanager
def environment_of(case: Case) -> Iterator[None]:
    saved = {name: os.environ.pop(name, None) for name in ENVIRONMENT}
    os.environ.update(case.environment)
    try:
        yield
    finally:
        for name, value in saved.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def printed_by_mypy(case: Case) -> tuple[str, int, int]:
    """What mypy prints, its exit status and how many errors it counts."""
    options = Options()
    for name, value in case.options.items():
        setattr(options, name, value)
    lines = {file.path: file.source for file in case.files}
    errors = Errors(options, read_source=lambda path: lines[path])
    errors.set_ignore_prefix(os.getcwd())
    errors.error_info_map = {file.path: file.errors for file in case.files}
    formatter = util.FancyFormatter(sys.stdout, sys.stderr, options.hide_error_codes, hide_success=bool(options.output))
    json_formatter = OUTPUT_CHOICES.get(options.output) if options.output else None
    out = io.StringIO()
    messages: list[str] = []

    def flush(new_messages: list[str]) -> None:
        if options.pretty:
            new_messages = formatter.fit_in_terminal(new_messages)
        messages.extend(new_messages)
        mypy_main.show_messages(new_messages, out, formatter, options)

    for file in case.files:
        rows = errors.file_messages(file.path)
        flush(errors.format_messages(file.path, rows, formatter=json_formatter))
    if case.closing:
        flush(case.closing)
    n_errors, n_notes, n_files = util.count_stats(messages)
    code = 1 if messages and n_notes < len(messages) else 0
    if options.error_summary:
        color = options.color_output
        if n_errors:
            out.write(formatter.format_error(n_errors, n_files, case.sources, use_color=color) + "\n")
        elif not messages or n_notes == len(messages):
            out.write(formatter.format_success(case.sources, color) + "\n")
    return out.getvalue(), code, n_errors


def as_arrays(errors: list[ErrorInfo]) -> list[list[Any]]:
    """Errors in the worker's form (the phase and the blocker do not matter here)."""
    index = {id(error): i for i, error in enumerate(errors)}
    return [
        [
            error.line,
            error.column,
            error.end_line,
            error.end_column,
            error.severity,
            error.message,
            error.code.code if error.code else None,
            int(error.only_once),
            i % 2,
            error.priority,
            list(error.origin_span),
            error.local_ctx[0],
            error.local_ctx[1],
            int(error.hidden),
            index[id(error.parent_error)] if error.parent_error else None,
            int(bool(error.import_ctx)),
            int(error.blocker),
        ]
        for i, error in enumerate(errors)
    ]


def as_json(case: Case) -> str:
    files = []
    for file in case.files:
        contexts = [error.import_ctx for error in file.errors if error.import_ctx]
        context = contexts[0] if contexts else []
        assert all(other == context for other in contexts), f"{file.path} has several import contexts"
        entry: dict[str, Any] = {
            "path": file.path,
            "errors": as_arrays(file.errors),
            "import_context": [list(step) for step in context],
        }
        if file.source is not None and case.options.get("pretty"):
            entry["source"] = file.source
        files.append(entry)
    return json.dumps(
        {
            "files": files,
            "options": {**case.options, "cwd": os.getcwd()},
            "environment": case.environment,
            "sources": case.sources,
            "closing": case.closing,
        }
    )


class Dump:
    """The program under test, one case a line."""

    def __init__(self, program: str) -> None:
        # The streams must be the same kind of thing on both sides: here no terminal.
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, request: str) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"format_dump died on: {request[:2000]}")
        return json.loads(line)


class Tally:
    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.counts: Counter[str] = Counter()
        self.different = 0

    def compare(self, kind: str, case: Case) -> None:
        with environment_of(case):
            text, code, errors = printed_by_mypy(case)
        request = as_json(case)
        answer = self.dump.ask(request)
        self.counts[kind] += 1
        self.counts[kind + " bytes"] += len(text)
        expected = text.encode("utf-8", "surrogatepass")
        got = bytes.fromhex(answer["text"])
        if (got, answer["exit_code"], answer["errors"]) == (expected, code, errors):
            return
        self.different += 1
        if self.different > 5:
            return
        print(f"DIFFERENT ({kind}): {case.options} {case.environment}")
        print(f"  exit {code} and {answer['exit_code']}, errors {errors} and {answer['errors']}")
        for mine, theirs in itertools.zip_longest(got.split(b"\n"), expected.split(b"\n")):
            if mine != theirs:
                print(f"  mypy:     {theirs!r}\n  typewave: {mine!r}")
                break


def compare_sources(tally: Tally, rng: random.Random, count: int) -> None:
    """Compares how source files are decoded and split."""
    for _ in range(count):
        source = random_file(rng)
        contents = {"x": source}
        try:
            lines = util.read_py_file("x", contents.__getitem__)
        except UnicodeDecodeError:
            lines = []  # mypy itself fails here: whatever we say is never printed
        expected = None if lines is None else [line.encode().hex() for line in lines]
        got = tally.dump.ask(json.dumps({"split": source.hex()}))
        tally.counts["sources"] += 1
        if got != expected and lines != []:
            tally.different += 1
            print(f"DIFFERENT source {source!r}: {got} instead of {expected}")


# ---- what mypy says about real code ----


def reported_files(arguments: list[str], hide_error_codes: bool) -> tuple[list[File], int]:
    """The errors of one run in the order mypy prints them, and the number of source files."""
    cache = FileSystemCache()
    arguments = [
        *arguments,
        "--cache-dir",
        os.devnull,
        "--strict",
        "--show-error-code-links",
        "--config-file=",
    ]
    if hide_error_codes:
        arguments.append("--hide-error-codes")
    sources, options = mypy_main.process_options(arguments, fscache=cache)
    order: list[str | None] = []
    result = build.build(sources, options, None, lambda name, new, serious: order.append(name), cache)
    manager = result.manager
    by_name = {manager.errors.simplify_path(path): path for path in manager.errors.error_info_map}
    files = []
    for name in order:
        if name not in by_name:
            continue
        path = by_name[name]
        source = util.read_py_file(path, cache.read)
        files.append(File(path, manager.errors.error_info_map[path], source))
    return files, len(sources)


def compare_checkout(tally: Tally, directory: str) -> None:
    for hide_error_codes in (False, True):
        files, sources = reported_files([directory], hide_error_codes)
        name = Path(directory).name
        tally.counts[f"{name} errors"] += sum(len(file.errors) for file in files)
        flags = [flag for flag in FLAGS if flag != "hide_error_codes"]
        for values in itertools.product((False, True), repeat=len(flags)):
            chosen: dict[str, Any] = dict(zip(flags, values), hide_error_codes=hide_error_codes)
            for color, width in (("1", "80"), ("0", "47"), ("1", "133")):
                variables = {
                    "MYPY_FORCE_COLOR": color,
                    "TERM": "xterm-256color",
                    "MYPY_FORCE_TERMINAL_WIDTH": width,
                }
                tally.compare(name, Case(files, chosen, variables, sources))
                if not chosen["pretty"]:
                    break
            tally.compare(name, Case(files, {**chosen, "output": "json"}, {}, sources))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkout", action="append", default=[])
    parser.add_argument("--term", default="xterm-256color", help="'unset' for none")
    arguments = parser.parse_args()
    tally = Tally(Dump(os.path.abspath(arguments.program)))
    rng = random.Random(arguments.seed)
    term = None if arguments.term == "unset" else arguments.term
    for _ in range(arguments.cases):
        tally.compare("random", random_case(rng, term))
    compare_sources(tally, rng, arguments.cases)
    for directory in arguments.checkout:
        compare_checkout(tally, os.path.abspath(directory))
    for other in OTHER_TERMS if arguments.checkout else ():
        # Python's curses reads terminfo once a process.
        command = [sys.executable, __file__, arguments.program, "--cases", "100", "--term", other]
        tally.different += subprocess.run(command, check=False).returncode
    print(arguments.term, dict(tally.counts), f"{tally.different} different")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main())
