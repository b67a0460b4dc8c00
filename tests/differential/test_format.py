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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mypy import build, main as mypy_main, util
from mypy.error_formatter import OUTPUT_CHOICES
from mypy.errorcodes import mypy_error_codes
from mypy.errors import ErrorInfo, Errors
from mypy.fscache import FileSystemCache
from mypy.options import Options

FLAGS = (
    "show_column_numbers",
    "show_error_end",
    "show_error_context",
    "show_absolute_path",
    "hide_error_codes",
    "pretty",
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


@dataclass
class File:
    path: str
    errors: list[ErrorInfo]
    source: list[str] | None


@dataclass
class Case:
    files: list[File]
    options: dict[str, Any]
    environment: dict[str, str]
    sources: int
    closing: list[str] = field(default_factory=list)


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
    formatter = util.FancyFormatter(
        sys.stdout, sys.stderr, options.hide_error_codes, hide_success=bool(options.output)
    )
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
        context = next((error.import_ctx for error in file.errors if error.import_ctx), [])
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


# ---- random cases ----

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

WORDS = (
    *("Argument", "1", "to", "has", "incompatible", "type", "expected", '"int"', '"Union[int, str]"'),
    *('"Callable[[int], str]"', "error:", ": error:", ": note:", "note:", "[misc]", "[", "]", "é", "日本語"),
    *(
        "🎉",
        '"',
        "https://mypy.rtfd.io/x",
        "http://é.x\u3000z",
        "http",
        "https:/",
        "\x7f",
        "\x01",
        "\\",
        "\t",
    ),
    *("", "  ", "\u2028", "\n", "\x85"),
)
CODE = (
    *(
        "x",
        "foo",
        "(",
        ")",
        " ",
        "  ",
        "    ",
        "\t",
        "=",
        '"s"',
        "é",
        "日本",
        "🎉",
        "e\u0301",
        "\xa0",
        "\u3000",
    ),
    *(
        "\u200b",
        "a_long_identifier_that_goes_on",
        "# error: no",
        ": error: x",
        "^",
        "~",
        "\x0c",
        "[",
        "\u00ad",
    ),
)
PATHS = (
    *(
        "a.py",
        "./b.py",
        "pkg/../c.py",
        "d e.py",
        "é/日本.py",
        "{cwd}/in.py",
        "{cwd}2/out.py",
        "/abs//x/./y.py",
    ),
    *(
        "//two/s.py",
        "///three/s.py",
        "../up.py",
        "x/error: y.py",
        "we:ird.py",
        "stub.pyi",
        "a/../../b.py",
        "/..",
    ),
)
CODES = (None, "misc", "arg-type", "attr-defined", "annotation-unchecked", "deprecated", "syntax")


def random_text(rng: random.Random, words: Sequence[str], most: int, joint: str) -> str:
    return joint.join(rng.choice(words) for _ in range(rng.randint(0, most)))


def random_source(rng: random.Random) -> list[str] | None:
    if rng.random() < 0.1:
        return None
    lines = [random_text(rng, CODE, rng.choice((3, 10, 60)), "") for _ in range(rng.randint(12, 20))]
    lines[rng.randrange(len(lines))] = rng.choice(("", "    ^^^", "^~", "\t\t", "    ", "^"))
    return lines


def random_errors(rng: random.Random) -> list[ErrorInfo]:
    context = [
        (rng.choice(PATHS).format(cwd=os.getcwd()), rng.randint(1, 99)) for _ in range(rng.randint(0, 3))
    ]
    messages = [random_text(rng, WORDS, rng.choice((2, 8, 40)), " ") for _ in range(4)]
    functions = (None, "f", "g", "é")
    errors: list[ErrorInfo] = []
    for _ in range(rng.choice((0, 1, 2, 5, 30))):
        line = rng.choice((-1, 0, *range(1, 11)))
        column = rng.choice((-1, 0, 1, 4, 8, 20, 70, 200))
        severity = rng.choice(("error", "note"))
        code = rng.choice(CODES)
        parent = None
        if severity == "note" and errors and rng.random() < 0.4:
            parent = rng.choice(errors)
        info = ErrorInfo(
            import_ctx=list(context) if rng.random() < 0.8 else [],
            local_ctx=(rng.choice((None, "C", "D")), rng.choice(functions)),
            line=line,
            column=column,
            end_line=rng.choice((line, line, line + 1, -1)),
            end_column=rng.choice((-1, 0, column + 1, column + 1, column + 5, column + 80)),
            severity=severity,
            message=rng.choice(messages),
            code=mypy_error_codes[code] if code else None,
            blocker=False,
            only_once=rng.random() < 0.1,
            module=None,
            target=None,
            origin_span=rng.choice(([line], [line, line + 3], [1, 2, 3])),
            priority=rng.choice((0, 0, 0, 20, -1, 3)),
            parent_error=parent,
        )
        info.hidden = rng.random() < 0.05
        errors.append(info)
        if rng.random() < 0.2:
            errors.append(clone(info))
    return errors


def clone(info: ErrorInfo) -> ErrorInfo:
    return ErrorInfo(
        import_ctx=info.import_ctx,
        local_ctx=info.local_ctx,
        line=info.line,
        column=info.column,
        end_line=info.end_line,
        end_column=info.end_column,
        severity=info.severity,
        message=info.message,
        code=info.code,
        blocker=False,
        only_once=info.only_once,
        module=None,
        target=None,
        origin_span=list(info.origin_span),
        priority=info.priority,
        parent_error=info.parent_error,
    )


def random_environment(rng: random.Random, term: str | None) -> dict[str, str]:
    environment: dict[str, str] = {}
    if rng.random() < 0.5:
        environment["MYPY_FORCE_COLOR"] = rng.choice(
            ("1", "0", "", " 0 ", "yes", "-1", "0_0", "+0", "1_", "_1")
        )
    if rng.random() < 0.4:
        environment["FORCE_COLOR"] = rng.choice(("1", "0", "", "3"))
    if rng.random() < 0.2:
        environment["NO_COLOR"] = "1"
    if term is not None:
        environment["TERM"] = term
    if rng.random() < 0.7:
        widths = (
            "0",
            "1",
            "5",
            "20",
            "40",
            "51",
            "60",
            "79",
            "80",
            "100",
            "120",
            "200",
            "-7",
            " 90 ",
            "1_00",
        )
        environment["MYPY_FORCE_TERMINAL_WIDTH"] = rng.choice(widths)
    if rng.random() < 0.5:
        environment["COLUMNS"] = rng.choice(("0", "-3", "33", "x", "", "150", "99999999999"))
    return environment


def random_case(rng: random.Random, term: str | None) -> Case:
    paths = rng.sample(PATHS, rng.choice((0, 1, 1, 2, 4)))
    files = [File(path.format(cwd=os.getcwd()), random_errors(rng), random_source(rng)) for path in paths]
    options: dict[str, Any] = {flag: rng.random() < 0.5 for flag in FLAGS}
    options["error_summary"] = rng.random() < 0.8
    options["color_output"] = rng.random() < 0.8
    if rng.random() < 0.25:
        options["output"] = "json"
    closing = ["mypy.ini: note: unused section(s): [mypy-x], [mypy-y.*]"] if rng.random() < 0.15 else []
    return Case(files, options, random_environment(rng, term), rng.choice((0, 1, 2, 1234)), closing)


def compare_sources(tally: Tally, rng: random.Random, count: int) -> None:
    """Compares how source files are decoded and split."""
    starts = (
        b"",
        b"\xef\xbb\xbf",
        b"# coding: latin-1\n",
        b"#!x\n# -*- coding: utf-8 -*-\n",
        b"# coding=cp1252\r\n",
    )
    starts += (
        b"\n# coding: latin-1\n",
        b"#\n \t# vim: fileencoding=iso-8859-15 :\n",
        b"# coding: nonsense\n",
    )
    starts += (
        b"x\n# coding: latin-1\n",
        b"# coding: coding: ascii\n",
        b"#\r# coding: latin-1\r\n",
        b"# coding: iso-latin-1-unix\n",
    )
    starts += (
        b"# coding: koi8_r\n",
        b"# coding: EUC-JP\n",
        b"# coding: Shift_JIS\n",
        b"# coding:\n",
        b"# coding: utf_8_sig\n",
    )
    parts = (
        b"a",
        b"\n",
        b"\r",
        b"\r\n",
        b"\x0b",
        b"\x0c",
        b"\x1c",
        b"\x1e",
        b"\x1f",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        "é".encode(),
    )
    parts += ("🎉".encode(), b" ", b"\t", b"\x85", b"\xff", b"\xed\xa0\x80")
    for _ in range(count):
        source = rng.choice(starts) + b"".join(
            rng.choices(parts[: rng.choice((15, 15, 18))], k=rng.randint(0, 12))
        )
        try:
            lines = util.read_py_file("x", lambda _, source=source: source)
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
        tally.different += subprocess.run(command).returncode
    print(arguments.term, dict(tally.counts), f"{tally.different} different")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main())
