"""The bench itself, on a small generated tree: what it says must hold, whatever the times are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.generated import LARGEST_CYCLE, LEAF, write_graph
from bench.lab import PlacedEdit
from bench.mypy_rule import Components, MypyRule
from bench.process_tree import measure
from bench.report import BEGIN, END, placed
from bench.subjects import Place
from support.oracle import environment

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SMALL = 100


def run_bench(work: Path, typewave: Path, *arguments: str) -> list[Any]:
    """The figures it leaves behind."""
    path = os.pathsep.join(str(REPOSITORY / folder) for folder in (".", "tests", "tests/differential"))
    done = subprocess.run(
        [sys.executable, "-m", "bench", f"--on=generated-{SMALL}", "--no-peers", f"--work={work}", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "TYPEWAVE_BINARY": str(typewave.resolve()), "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"## {arguments[-1]} on generated-{SMALL}" in done.stdout
    figures: list[Any] = json.loads((work / "results.json").read_text(encoding="utf-8"))
    return figures


def test_scenarios(tmp_path: Path, typewave: Path) -> None:
    leaf, clone, scan = run_bench(tmp_path, typewave, "--rounds=1", "leaf", "clone", "scan")
    for entry in (leaf, clone, scan):
        assert entry["surroundings"]["processors"] >= 1
        for result in entry["results"]:
            for tool in result["tools"]:
                assert len(tool["seconds"]) == 1
                assert all(tool[measure][0] > 0 for measure in ("seconds", "cpu_seconds", "memory_bytes")), tool
    tools = {tool["tool"]: tool for tool in leaf["results"][0]["tools"]}
    assert tools.keys() == {"typewave", "mypy", "dmypy"}
    assert [tools[name]["modules_checked"] for name in ("typewave", "mypy")] == [0, 1]
    assert tools["typewave"]["agrees_with_mypy"] is True
    ours, theirs = clone["results"][0]["tools"]
    assert (ours["modules_checked"], ours["agrees_with_mypy"]) == (0, True)
    (target,) = clone["results"][0]["targets"]
    assert target["ratio"] == theirs["seconds"][0] / ours["seconds"][0]


def test_what_people_wrote_beside_the_figures_stays() -> None:
    empty = placed("# Results\n", "first\n")
    assert empty == f"# Results\n\n{BEGIN}\n\nfirst\n\n{END}\n"
    written = empty + "\nWhy so.\n"
    assert placed(written, "second") == written.replace("first", "second")
    assert placed("", "alone") == f"{BEGIN}\n\nalone\n\n{END}\n"


def test_precision(tmp_path: Path, typewave: Path) -> None:
    """What the rule gives is what a warm mypy really checks again."""
    (begun,) = run_bench(tmp_path, typewave, "--edits=3", "--with-mypy=3", "precision")
    (entry,) = run_bench(tmp_path, typewave, "--edits=5", "precision")
    edits = entry["results"][0]["edits"]
    assert len(edits) == 5
    assert edits[:3] == begun["results"][0]["edits"]
    for edit in edits:
        assert edit["changed"] <= edit["typewave"]
        assert edit["changed_interfaces"] <= edit["changed"]
        assert edit["mypy_rule"] >= 1
    assert all(edit["only_rule"] == edit["only_mypy"] == 0 for edit in edits[:3]), edits


def test_rule_of_mypy() -> None:
    components = Components(
        {
            "modules": [{"path": f"{name}.py", "name": name} for name in "abcd"],
            "components": [{"modules": ["a", "b"]}, {"modules": ["c"]}, {"modules": ["d"]}],
        }
    )
    rule = MypyRule(
        {"a": ["b"], "b": ["a"], "c": ["a"], "d": ["c"]}, {"a": ["a", "b"], "b": ["b"], "c": ["a", "b", "c"]}
    )
    cycle, user, last = frozenset("ab"), frozenset("c"), frozenset("d")
    assert rule.checked_again(["b"], [], [], components) == {cycle}
    assert rule.checked_again(["b"], ["b"], [], components) == {cycle}
    assert rule.checked_again(["b"], ["a"], [], components) == {cycle, user}
    assert rule.checked_again(["c"], ["c"], [], components) == {user, last}
    assert rule.checked_again(["d"], [], ["d"], components) == {last}
    assert rule.checked_again(["b"], [], ["b"], components) == {cycle, user, last}


def test_generated_graphs(tmp_path: Path) -> None:
    """The same seed gives the same bytes; the size is what was asked for."""
    for folder in ("one", "two"):
        write_graph(tmp_path / folder, "generated", SMALL, 1)

    def texts(folder: str) -> dict[str, str]:
        paths = (tmp_path / folder).rglob("*.py")
        return {str(path.relative_to(tmp_path / folder)): path.read_text(encoding="utf-8") for path in paths}

    assert texts("one") == texts("two")
    assert {LEAF, LARGEST_CYCLE} <= texts("one").keys()
    assert sum(not name.endswith("__init__.py") for name in texts("one")) == SMALL


def test_edits_differ_and_are_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text('def f() -> int:\n    """Counts."""\n    return 1\n', encoding="utf-8")
    edit = PlacedEdit(tmp_path, Place("a.py", "f"))
    edit.edit(1)
    one = path.read_text(encoding="utf-8")
    edit.edit(2)
    assert one == 'def f() -> int:\n    """Counts."""\n    measured_1 = 1\n    return 1\n'
    assert path.read_text(encoding="utf-8") == one.replace("1 = 1", "2 = 2")
    edit.revert()
    assert path.read_bytes() == edit.original


def test_a_tree_of_processes_is_measured(tmp_path: Path) -> None:
    """Memory and CPU time of a grandchild count; so does CPU time of one that nobody waits for."""
    work = "import time; block = bytes(range(256)) * 200_000; end = time.process_time() + 0.2\n"
    work += "while time.process_time() < end: pass"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    usage = measure([sys.executable, "-c", script], tmp_path, environment(tmp_path, {}))
    assert usage.answer.status == 0, usage.answer.stderr
    assert usage.cpu_seconds >= 0.2
    assert usage.memory_bytes > 50_000_000
