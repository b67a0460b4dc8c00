"""One case of the comparison with mypy: what is to be formatted, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mypy.errors import ErrorInfo

FLAGS = (
    "show_column_numbers",
    "show_error_end",
    "show_error_context",
    "show_absolute_path",
    "hide_error_codes",
    "pretty",
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
