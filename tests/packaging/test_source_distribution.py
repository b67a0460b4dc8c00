"""What is needed to build is in the source distribution, and the build from it is the real one."""

from __future__ import annotations

import os
import sys
import tarfile
from pathlib import Path

import pytest

from support.once import made_once
from support.wheels import REPOSITORY, WheelEnvironment, tool

BUILD = "import sys, scikit_build_core.build as build; build.build_sdist(sys.argv[1])"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution."""

    def make(folder: Path) -> None:
        tool(sys.executable, "-c", BUILD, folder)
        with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")

    folder = made_once(tmp_path_factory, "source", make)
    return next(path for path in folder.iterdir() if path.is_dir())


def test_it_holds_the_product_and_nothing_else(source: Path) -> None:
    product = {
        str(path.relative_to(REPOSITORY))
        for folder in ("graph", "scheduler", "runner")
        for path in (REPOSITORY / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    assert product <= held
    rest = held - product
    assert {"CMakeLists.txt", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"} <= rest
    assert not {name.split("/")[0] for name in rest} & {"build", "tests", "testdata", "bench", ".git"}


def test_a_build_finds_all_it_needs_in_it(source: Path, tmp_path: Path) -> None:
    tool("cmake", "-G", "Ninja", "-S", source, "-B", tmp_path)
    needed = [tmp_path / name for name in tool("ninja", "-C", tmp_path, "-t", "inputs", "typewave").splitlines()]
    sources = [path for path in needed if source in path.parents]
    assert len(sources) > 100
    assert [path for path in sources if not path.exists()] == []
    assert [path for path in needed if REPOSITORY in path.parents] == []


@pytest.mark.slow
def test_pip_builds_and_installs_it(source: Path, tmp_path: Path, checker_python: Path) -> None:
    """From nothing, in an environment that pip makes for the build."""
    made = WheelEnvironment.create(tmp_path)
    made.pip("install", str(source))
    variables = {"VIRTUAL_ENV": str(checker_python.parent.parent)}
    said = made.run(made.typewave, "--version", folder=tmp_path, variables=variables)
    assert said.stdout.startswith("typewave "), said
    assert f"mypy 2.4.1 ({checker_python})" in said.stdout
    assert os.access(made.folder / "libexec" / "typewave" / "libtbb.so.12", os.R_OK)
