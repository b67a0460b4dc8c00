"""The word of mypy's own parser on the imports of one file."""

from __future__ import annotations

from typing import Any

from mypy.errors import Errors
from mypy.nodes import FileRawData
from mypy.options import Options
from mypy.parse import load_from_raw, parse
from mypy.util import DecodeError

from .imports import FoundImport, found_imports


def scan_file(path: str, target: dict[str, Any]) -> dict[str, Any]:
    """Parses the file whole and with dropped function bodies; not ok when an error of it would block mypy."""
    options = Options()
    options.python_version = (target["python_major"], target["python_minor"])
    options.platform = target["platform"]
    options.always_true = list(target["always_true"])
    options.always_false = list(target["always_false"])
    whole = _parse(path, options)
    options.ignore_errors = True
    kept = _parse(path, options)
    if whole is None or kept is None:
        return {"did": "scan", "ok": False}
    found, remaining = whole[0], list(kept[0])
    encoded = []
    for one in found:
        dropped = one not in remaining
        if not dropped:
            remaining.remove(one)
        encoded.append(one.encode(in_dropped_body=dropped))
    return {
        "did": "scan",
        "ok": True,
        "imports": encoded,
        "template_strings": whole[1].uses_template_strings,
        "template_strings_kept": kept[1].uses_template_strings,
        "ignores_errors": _ignores_errors(whole[1]),
        "module_getattr": whole[1].is_partial_stub_package,
    }


def _parse(path: str, options: Options) -> tuple[list[FoundImport], FileRawData] | None:
    errors = Errors(options)
    try:
        raw = parse(None, path, None, errors, options).raw_data
    except (OSError, UnicodeDecodeError, DecodeError):
        return None
    if raw is None:
        return None
    tree = load_from_raw(path, "module", raw, errors, options)
    if errors.is_blockers():
        return None
    return found_imports(tree.imports), raw


def _ignores_errors(raw: FileRawData) -> bool:
    """Whether an inline comment asks mypy to ignore the file's errors."""
    from mypy.config_parser import parse_mypy_comments

    changes, _ = parse_mypy_comments(raw.mypy_comments, Options())
    return bool(changes.get("ignore_errors"))
