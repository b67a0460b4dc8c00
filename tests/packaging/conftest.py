"""The wheel of the binary under test, and an environment that it is installed in beside the pinned mypy."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.once import made_once
from support.wheels import WheelEnvironment, build_wheel, name_platform

REQUIREMENTS = Path(__file__).resolve().parent.parent.parent / ".ci" / "requirements"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, typewave: Path) -> Path:
    """What `pip install .` installs, with the binary that is there instead of one that is built for it."""
    folder = made_once(tmp_path_factory, "wheel", lambda folder: build_wheel(folder, typewave))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def portable_wheel(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The same wheel, named by auditwheel after the machines that it runs on."""
    folder = made_once(tmp_path_factory, "portable-wheel", lambda folder: name_platform(wheel, folder))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, portable_wheel: Path) -> WheelEnvironment:
    """A clean environment with the wheel and with mypy; not to be changed."""

    def make(folder: Path) -> None:
        made = WheelEnvironment.create(folder)
        made.pip("install", "--no-deps", "--only-binary=:all:", f"--requirement={REQUIREMENTS / 'mypy.txt'}")
        made.pip("install", "--no-index", str(portable_wheel))

    return WheelEnvironment(made_once(tmp_path_factory, "installed", make))
