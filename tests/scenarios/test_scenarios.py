"""Every file testdata/scenarios/*.scenario is one test."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from scenarios.play import Player, ScenarioFailure, Stage
from scenarios.scenario_file import read_scenario

FOLDER = Path(__file__).resolve().parent.parent.parent / "testdata" / "scenarios"


# What nearly every scenario would check first, each for itself.
LIBRARY = "import abc, collections, dataclasses, enum, functools, sys, typing, typing_extensions\n"


@pytest.fixture(scope="session")
def library_store(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that knows the core of the standard library, and nothing else."""
    stage = Stage(tmp_path_factory.mktemp("library"))
    player = Player(stage, typewave, checker_python)
    (stage.tree / "a.py").write_text(LIBRARY)
    assert player.checkout.check(["."]).answer.status == 0
    return stage.store


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.scenario")), ids=lambda path: path.stem)
def test_scenario(path: Path, typewave: Path, checker_python: Path, library_store: Path) -> None:
    scenario = read_scenario(path)
    root = Path(tempfile.mkdtemp(prefix=f"typewave-{path.stem}-"))
    try:
        Player(Stage(root), typewave, checker_python, store=library_store).play(scenario)
    except ScenarioFailure as failure:
        pytest.fail(str(failure), pytrace=False)
    shutil.rmtree(root)
