"""Every file testdata/scenarios/*.scenario is one test."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from scenarios.play import Player, ScenarioFailure, Stage
from scenarios.scenario_file import read_scenario

FOLDER = Path(__file__).resolve().parent.parent.parent / "testdata" / "scenarios"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.scenario")), ids=lambda path: path.stem)
def test_scenario(path: Path, typewave: Path, checker_python: Path) -> None:
    scenario = read_scenario(path)
    root = Path(tempfile.mkdtemp(prefix=f"typewave-{path.stem}-"))
    try:
        Player(Stage(root), typewave, checker_python).play(scenario)
    except ScenarioFailure as failure:
        pytest.fail(str(failure), pytrace=False)
    shutil.rmtree(root)
