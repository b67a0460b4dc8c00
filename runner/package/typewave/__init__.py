"""typewave as a Python package: it carries the binary and says where it lies."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path


def find_binary() -> str:
    """The path of the `typewave` that was installed together with this package."""
    package = Path(__file__).absolute().parent
    folders = [
        *(package.parents[level] / "bin" for level in (3, 0) if len(package.parents) > level),  # PREFIX, --target
        Path(sysconfig.get_path("scripts")),  # an editable installation
    ]
    for folder in folders:
        if os.access(folder / "typewave", os.X_OK):
            return str(folder / "typewave")
    raise FileNotFoundError(f"no typewave in {', '.join(map(str, folders))}: install the package again")
