"""What every Python test shares: the marker of slow tests, the table of promises, the built binary, projects."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.project import SHOP, Project
from support.promises import Promises, PromiseTable

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # One table, also with several processes.
        config.pluginmanager.register(PromiseTable())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("TYPEWAVE_SLOW"):
        return
    skip = pytest.mark.skip(reason="slow: run ./tw test --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def promises(request: pytest.FixtureRequest) -> Promises:
    """Where a test counts what it tried for a promise."""
    return Promises(request.node.user_properties)


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


@pytest.fixture
def project(tmp_path: Path, typewave: Path, checker_python: Path) -> Project:
    """A folder without any file in it."""
    return Project(typewave.resolve(), checker_python, tmp_path)


@pytest.fixture
def shop(project: Project) -> Project:
    project.write(SHOP)
    return project
