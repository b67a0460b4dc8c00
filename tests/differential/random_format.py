"""Random cases for the comparison of the diagnostic formatter with mypy."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

from mypy.errorcodes import mypy_error_codes
from mypy.errors import ErrorInfo

from format_case import FLAGS, Case, File

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
    context = [(rng.choice(PATHS).format(cwd=os.getcwd()), rng.randint(1, 99)) for _ in range(rng.randint(0, 3))]
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
        environment["MYPY_FORCE_COLOR"] = rng.choice(("1", "0", "", " 0 ", "yes", "-1", "0_0", "+0", "1_", "_1"))
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


def random_file(rng: random.Random) -> bytes:
    """A source file with whatever may matter for decoding and splitting it."""
    starts: tuple[bytes, ...] = (
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
    parts: tuple[bytes, ...] = (
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
    joined = b"".join(rng.choices(parts[: rng.choice((15, 15, 18))], k=rng.randint(0, 12)))
    return rng.choice(starts) + joined
