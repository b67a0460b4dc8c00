"""Makes the worker's sources importable under the name they are installed with."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "runner" / "worker"
sys.path.insert(0, str(Path(__file__).resolve().parent))

if "typewave_worker" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "typewave_worker", SOURCES / "__init__.py", submodule_search_locations=[str(SOURCES)]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["typewave_worker"] = package
    spec.loader.exec_module(package)
