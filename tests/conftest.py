"""What every Python test shares: the marker of slow tests and the built binary."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("TYPEWAVE_SLOW"):
        return
    skip = pytest.mark.skip(reason="slow: run ./tw test --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def typewave() -> Path:
    """The release binary that the launcher built; TYPEWAVE_BINARY names another one."""
    binary = Path(os.environ.get("TYPEWAVE_BINARY", REPOSITORY / "build" / "typewave"))
    if not binary.exists():
        pytest.fail(f"{binary} is not built: run ./tw setup")
    return binary


@pytest.fixture(scope="session")
def checker_python() -> Path:
    """The interpreter of the pinned mypy."""
    return REPOSITORY / "build" / "venv" / "bin" / "python"
