"""mypy's ErrorInfo objects as plain lists, so that they can be stored and formatted elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mypy.errors import ErrorInfo

# Stands for "the import context of this module", which only the coordinator knows: every state is given this one.
CONTEXT_MARK: Final = [("@", 0)]

Encoded = list[Any]


def encode_errors(infos: list[ErrorInfo], reported_while_loading: int) -> list[Encoded]:
    """The errors of one file in the order of reporting; the first `reported_while_loading` belong to phase 0."""
    position = {id(info): index for index, info in enumerate(infos)}
    return [
        [
            info.line,
            info.column,
            info.end_line,
            info.end_column,
            info.severity,
            info.message,
            info.code.code if info.code is not None else None,
            int(info.only_once),
            int(index >= reported_while_loading),
            info.priority,
            encode_span(info.origin_span),
            info.local_ctx[0],
            info.local_ctx[1],
            int(info.hidden),
            position.get(id(info.parent_error)) if info.parent_error is not None else None,
            int(info.import_ctx == CONTEXT_MARK),
            int(info.blocker),
        ]
        for index, info in enumerate(infos)
    ]


def encode_span(lines: Iterable[int]) -> list[int]:
    """Lines as a flat list of inclusive ranges: [3, 5] is 3 to 5, [3, 3, 7, 7] is 3 and 7."""
    ranges: list[int] = []
    for line in lines:
        if ranges and line == ranges[-1] + 1:
            ranges[-1] = line
        else:
            ranges += [line, line]
    return ranges
