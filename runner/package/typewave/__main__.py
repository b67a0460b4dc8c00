"""`python -m typewave`: the installed binary, with the mypy of this very interpreter if it has one."""

from __future__ import annotations

import os
import sys

from . import find_binary

if __name__ == "__main__":
    try:
        binary = find_binary()
    except FileNotFoundError as error:
        sys.exit(f"typewave: error: {error}")
    os.execve(binary, [binary, *sys.argv[1:]], {**os.environ, "TYPEWAVE_PYTHON": sys.executable})
