#!/usr/bin/env python3
"""A stand-in for mypy and typewave that the frame's own tests run: the word `bad` in a line is an error.

FAKE_FAULT in the environment makes the stand-in for typewave wrong in one way, which the frame must notice.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path


def answer(folder: Path, newest_first: bool) -> tuple[int, str]:
    """mypy's part: files in no useful order, then the summary line."""
    paths = sorted(folder.rglob("*.py"), reverse=newest_first)
    lines = [
        f"{path.relative_to(folder)}:{number}: error: Bad T`{-number if newest_first else number}  [bad]"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "bad" in line
    ]
    if not lines:
        return 0, f"Success: no issues found in {len(paths)} source files\n"
    files = len({line.split(":")[0] for line in lines})
    lines.append(f"Found {len(lines)} errors in {files} files (checked {len(paths)} source files)")
    return 1, "\n".join(lines) + "\n"


def changed_modules(folder: Path, store: Path, by_path: bool) -> list[str]:
    """typewave's part: which sources the store does not hold yet; it then holds them."""
    known = set(store.read_text(encoding="utf-8").split()) if store.exists() else set()
    changed = []
    for path in sorted(folder.rglob("*.py")):
        key = hashlib.sha256(path.read_bytes() + (os.fsencode(path) if by_path else b"")).hexdigest()
        if key not in known:
            changed.append(path.stem)
            known.add(key)
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_text("\n".join(sorted(known)), encoding="utf-8")
    return changed


def main(arguments: list[str]) -> int:
    options = dict(argument[2:].split("=") for argument in arguments if "=" in argument)
    fault = os.environ.get("FAKE_FAULT", "")
    status, text = answer(Path.cwd(), newest_first=False)
    changed = changed_modules(Path.cwd(), Path(options["store"]) / "keys", by_path=fault == "path")
    if fault == "stale" and not changed:
        changed = ["everything"]
    if fault == "silent" and "Success" not in text:
        status, text = 0, "Success: no issues found in 1 source file\n"
    if fault == "jobs" and options.get("jobs") == "8":
        text = "".join(reversed(text.splitlines(keepends=True)))
    Path(options["summary-json"]).write_text(json.dumps({"checked_modules": changed}), encoding="utf-8")
    sys.stdout.write(text)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
