"""What the tests of trouble share."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.project import SHOP, Project


@pytest.fixture
def project(tmp_path: Path, typewave: Path, checker_python: Path) -> Project:
    """A folder without any file in it."""
    return Project(typewave.resolve(), checker_python, tmp_path)


@pytest.fixture
def shop(project: Project) -> Project:
    project.write(SHOP)
    return project
