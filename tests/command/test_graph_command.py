"""`typewave graph`: the formats, where they go, what it says when there is no graph."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from support.project import Project, one_trouble


def own(project: Project) -> list[str]:
    return [f"--python={project.python}", f"--store={project.store}"]


def test_json(shop: Project) -> None:
    output = shop.root / "graph.json"
    answer = shop.call("graph", *own(shop), "--format=json", f"--output={output}", ".")
    assert (answer.status, answer.stdout, answer.stderr) == (0, "", "")
    text = output.read_text(encoding="utf-8")
    assert "shop.price" in text
    assert json.loads(text)
    printed = shop.call("graph", *own(shop), "--format", "json", ".")
    assert printed.stdout == text.replace(str(shop.folder), "<tree>")


def test_dot(shop: Project) -> None:
    answer = shop.call("graph", *own(shop), "--format=dot", ".")
    assert answer.status == 0
    assert answer.stdout.startswith("digraph")
    if shutil.which("dot") is None:
        pytest.skip("graphviz is not installed")
    subprocess.run(["dot", "-Tplain"], input=answer.stdout.encode(), stdout=subprocess.DEVNULL, check=True)


def test_syntax_error(project: Project) -> None:
    project.write({"a.py": "import b\n", "b.py": "x = (\n"})
    answer = project.call("graph", *own(project), "--format=dot", ".")
    error = one_trouble(answer)
    assert "b.py" in error
    assert answer.stdout == ""


def test_bad_format(shop: Project) -> None:
    assert "--format" in one_trouble(shop.call("graph", *own(shop), "--format=svg", "."))


def test_output_that_cannot_be_written(shop: Project) -> None:
    answer = shop.call("graph", *own(shop), "--format=dot", "--output=/nonexistent/graph", ".")
    assert "cannot write /nonexistent/graph" in one_trouble(answer)


def test_mypys_own_complaints(shop: Project) -> None:
    answer = shop.call("graph", *own(shop), "--format=dot", "gone.py")
    assert answer.status == 2
    assert "gone.py" in answer.stdout + answer.stderr
