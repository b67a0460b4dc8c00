"""`typewave graph`: the formats and parts, where they go, what it says when there is no graph."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from io import StringIO
from pathlib import Path
from typing import Any

import networkx  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from support.history import git, new_repository
from support.project import Project, one_trouble

SCHEMAS = Path(__file__).resolve().parents[2] / "testdata" / "schemas"
FORMATS = ("dot", "json", "graphml", "mermaid", "html", "text")

# A cycle with every use of an import, packages in packages, and a module for a name of its own.
LAYERED = {
    "app/__init__.py": "",
    "app/main.py": "import app.core.engine\nfrom app.core import wheel\n",
    "app/core/__init__.py": "",
    "app/core/engine.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app.core import wheel\n",
    "app/core/wheel.py": "from . import engine\n\n\ndef turn() -> None:\n    import app.main\n\n    app.main\n",
    "tool.py": "import app.main\n",
}


def own(project: Project) -> list[str]:
    return [f"--python={project.python}", f"--store={project.store}"]


def graph(project: Project, *arguments: str) -> str:
    answer = project.call("graph", *own(project), *arguments, ".")
    assert (answer.status, answer.stderr) == (0, ""), answer
    return answer.stdout


def validated(text: str, schema: str = "graph") -> Any:
    document = json.loads(text)
    described = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(described)
    Draft202012Validator(described).validate(document)
    return document


def listed(project: Project, *arguments: str) -> list[str]:
    """The names of the modules that are shown."""
    document = json.loads(graph(project, "--own-only", *arguments))
    return sorted(module["name"] for module in document["modules"])


def drawn(dot: str) -> list[str]:
    """The texts in the picture that Graphviz makes."""
    svg = subprocess.run(["dot", "-Tsvg"], input=dot.encode(), capture_output=True, check=True)
    return [element.text or "" for element in ElementTree.fromstring(svg.stdout).iter() if element.tag.endswith("text")]


def networked(xml: str) -> Any:
    return networkx.read_graphml(StringIO(xml))


def page_data(html: str) -> Any:
    found = re.search(r"<script[^>]*application/json[^>]*>(.*?)</script>", html, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.fixture
def layered(project: Project) -> Project:
    project.write(LAYERED)
    return project


def test_json(shop: Project) -> None:
    output = shop.root / "graph.json"
    answer = shop.call("graph", *own(shop), "--format=json", f"--output={output}", ".")
    assert (answer.status, answer.stdout, answer.stderr) == (0, "", "")
    text = output.read_text(encoding="utf-8")
    assert "shop.price" in text
    assert validated(text)["level"] == "module"
    printed = shop.call("graph", *own(shop), "--format", "json", ".")
    assert printed.stdout == text.replace(str(shop.folder), "<tree>")


@pytest.mark.parametrize("level", ["module", "component", "package"])
def test_json_as_its_schema_says(layered: Project, level: str) -> None:
    whole = validated(graph(layered, "--level", level))
    own_only = validated(graph(layered, "--level", level, "--own-only"))
    nodes = "modules" if level == "module" else f"{level}s"
    assert 0 < len(own_only[nodes]) < len(whole[nodes])
    assert all(node["own"] for node in own_only[nodes])


def test_what_imports_are_for(layered: Project) -> None:
    modules = {module["name"]: module for module in json.loads(graph(layered))["modules"]}
    uses = {
        (name, import_["module"]): (import_["use"], import_["lines"])
        for name, module in modules.items()
        if module["own"]
        for import_ in module["dependencies"]
    }
    assert uses["app.core.engine", "app.core.wheel"] == ("type-checking", [4])
    assert uses["app.core.wheel", "app.main"] == ("function", [5])
    assert uses["app.core.wheel", "app.core.engine"] == ("run-time", [1])
    assert uses["app.main", "app.core.wheel"] == ("run-time", [2])
    # `from app.core import wheel` names the package, `import app.core.engine` only implies the one above.
    assert uses["app.main", "app.core"] == ("run-time", [1, 2])
    assert uses["app.main", "app"] == ("implied", [1])
    assert uses["tool", "builtins"] == ("implied", [])


def test_dot(layered: Project) -> None:
    texts = drawn(graph(layered, "--format=dot", "--own-only"))
    assert {"app", "app.core", "app.core.engine", "app.core.wheel", "app.main", "tool"} <= set(texts)
    assert texts.count("app.core") == 2  # the module, and the package around it
    drawn(graph(layered, "--format=dot"))
    assert "app.core.engine and 2 more" not in drawn(graph(layered, "--format=dot", "--level=package"))
    assert "app.core.engine and 2 more" in drawn(graph(layered, "--format=dot", "--level=component"))


def test_graphml(layered: Project) -> None:
    read = networked(graph(layered, "--format=graphml"))
    names = networkx.get_node_attributes(read, "name")
    edges = {(names[start], names[end]): data for start, end, data in read.edges(data=True)}
    modules = json.loads(graph(layered))["modules"]
    assert sorted(names.values()) == sorted(module["name"] for module in modules)
    assert set(edges) == {(module["name"], one["module"]) for module in modules for one in module["dependencies"]}
    assert edges["app.core.engine", "app.core.wheel"]["use"] == "type-checking"
    cycles = [set(map(names.get, cycle)) for cycle in networkx.strongly_connected_components(read) if len(cycle) > 1]
    assert {"app.main", "app.core.engine", "app.core.wheel"} in cycles
    marked = {names[node] for node, data in read.nodes(data=True) if "cycle" in data and data["own"]}
    assert marked == {"app.main", "app.core.engine", "app.core.wheel"}


def test_text(layered: Project) -> None:
    assert graph(layered, "--format=text", "--own-only", "--dependencies-of=app.core.wheel", "--depth=1") == (
        "app (app/__init__.py)\n"
        "app.core (app/core/__init__.py)\n"
        "app.core.engine (app/core/engine.py), in import cycle 1\n"
        "  imports app.core.wheel in line 4, for type checkers only, in the cycle\n"
        "  imports app.core in line 4, for type checkers only\n"
        "app.core.wheel (app/core/wheel.py), in import cycle 1\n"
        "  imports app.core.engine in line 1, in the cycle\n"
        "  imports app.core in line 1\n"
        "  imports app.main in line 5, inside of a function, in the cycle\n"
        "  imports app in line 5, implied\n"
        "app.main (app/main.py), in import cycle 1\n"
        "  imports app.core.engine in line 1, in the cycle\n"
        "  imports app.core.wheel in line 2, in the cycle\n"
        "  imports app.core in lines 1,2\n"
        "  imports app in line 1, implied\n"
    )


def test_parts(layered: Project) -> None:
    cycle = ["app.core.engine", "app.core.wheel", "app.main"]
    assert listed(layered, "--focus=tool") == ["app", "app.main", "tool"]
    assert listed(layered, "--focus", "tool", "--depth", "0") == ["tool"]
    assert listed(layered, "--dependents-of", "app.core.engine") == [*cycle, "tool"]
    assert listed(layered, "--dependencies-of=app.main") == sorted(["app", "app.core", *cycle])
    assert listed(layered, "--dependents-of=app.main", "--dependencies-of=app.main") == cycle
    assert listed(layered, "--focus=tool", "--focus=app.core", "--depth=0") == ["app.core", "tool"]


def test_path(layered: Project) -> None:
    text = graph(layered, "--path", "tool", "app.core.engine", "--format=text")
    assert text == (
        "tool (tool.py)\n  imports app.main in line 1\n"
        "app.main (app/main.py), in import cycle 1\n  imports app.core.engine in line 1, in the cycle\n"
        "app.core.engine (app/core/engine.py), in import cycle 1\n"
    )
    assert [module["name"] for module in validated(graph(layered, "--path=tool", "app.main"))["modules"]] == [
        "tool",
        "app.main",
    ]
    answer = layered.call("graph", *own(layered), "--path", "app.main", "tool", ".")
    assert (answer.status, answer.stdout) == (1, "")
    assert "app.main does not import tool, directly or not; it is the other way round" in answer.stderr


def test_unknown_module(layered: Project) -> None:
    answer = layered.call("graph", *own(layered), "--focus=app.core.whel", ".")
    assert "no module app.core.whel" in one_trouble(answer)
    assert "did you mean app.core.wheel?" in answer.stderr
    for option in ("--dependents-of", "--dependencies-of"):
        assert "no module gone" in one_trouble(layered.call("graph", *own(layered), option, "gone", "."))
    assert "no module gone" in one_trouble(layered.call("graph", *own(layered), "--path", "tool", "gone", "."))
    assert "app.core" in graph(layered, "--level=package", "--focus=app.core", "--format=text")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format=svg"],
        ["--level=function"],
        ["--depth=1"],
        ["--depth=x", "--focus=tool"],
        ["--path=tool"],
        ["--path", "tool", "app.main", "--focus=tool"],
        ["--format=html", "--level=package"],
    ],
)
def test_options_that_make_no_sense(layered: Project, arguments: list[str]) -> None:
    answer = layered.call("graph", *own(layered), *arguments)
    assert arguments[0].partition("=")[0] in one_trouble(answer) or "levels" in answer.stderr
    assert answer.stdout == ""


def test_affected_since(shop: Project) -> None:
    new_repository(shop)
    price = shop.folder / "shop" / "price.py"
    price.write_text(price.read_text(encoding="utf-8") + "\n\ndef free() -> None: ...\n", encoding="utf-8")
    modules = validated(graph(shop, "--own-only", "--affected-since=HEAD"))["modules"]
    assert {module["name"]: module["mark"] for module in modules} == {
        "shop": None,
        "shop.price": "changed",
        "shop.order": "affected",
        "shop.customer": "affected",
        "tool": "affected",
    }
    affected = page_data(graph(shop, "--format=html", "--own-only", "--affected-since", "HEAD"))
    names = affected["modules"]["name"]
    assert [names[i] for i in affected["affected"]["changed"]] == ["shop.price"]
    assert len(affected["affected"]["affected"]) == 4
    assert "fillcolor" in graph(shop, "--format=dot", "--own-only", "--affected-since=HEAD")


def test_git_has_no_answer(shop: Project) -> None:
    new_repository(shop)

    def trouble(revision: str) -> tuple[str, str]:
        answer = shop.call("graph", *own(shop), f"--affected-since={revision}", ".")
        assert answer.stdout == ""
        return one_trouble(answer), answer.stderr.splitlines()[-1]

    instead = "leave out --affected-since for a graph without marks"
    message, hint = trouble("nowhere")
    assert "git knows no revision nowhere" in message
    assert hint.endswith(f"git fetch origin nowhere, and then name FETCH_HEAD in its place; {instead}")
    git(shop.folder, "checkout", "--quiet", "--orphan", "other")
    message, hint = trouble("HEAD")
    assert "there is no commit yet" in message
    assert hint == f"typewave: hint: make the first one; {instead}"
    shutil.rmtree(shop.folder / ".git")
    message, hint = trouble("HEAD")
    assert "is not in a git repository" in message
    assert hint == f"typewave: hint: {instead}"


def test_page(shop: Project) -> None:
    shop.check(".")
    data = page_data(graph(shop, "--format=html"))
    names = data["modules"]["name"]
    own_names = [name for name, is_own in zip(names, data["modules"]["own"], strict=True) if is_own]
    assert sorted(own_names) == ["shop", "shop.customer", "shop.order", "shop.price", "tool"]
    assert sum(count or 0 for count in data["modules"]["errors"]) == 2
    assert all(seconds is not None for seconds in data["components"]["seconds"])
    assert len(data["imports"]) == len(names)


def test_same_bytes_every_time(layered: Project) -> None:
    for form in FORMATS:
        assert graph(layered, "--format", form) == graph(layered, "--format", form)


# A folder and, behind the slash, a module.
HOSTILE = "we\"ird</script><b>&lt;'\x1b[31m\nname\\n"


def test_untrusted_names(project: Project) -> None:
    """A module and a folder whose names try to be markup, escapes or commands are text in every format."""
    project.write({"good.py": "x = 1\n", f"{HOSTILE}/inner.py": "import good\n", f"{HOSTILE}.py": "import good\n"})
    paths = ["good.py", f"{HOSTILE}.py", f"{HOSTILE}/inner.py"]
    path = "we\"ird</script><b>&lt;'\\x1b[31m name\\n.py"
    shown = path.partition("/")[2].removesuffix(".py")

    def written(form: str, *more: str) -> str:
        answer = project.call("graph", *own(project), "--own-only", "--format", form, *more, *paths)
        assert answer.status == 0, answer
        assert "\x1b" not in answer.stdout
        return answer.stdout

    modules = validated(written("json"))["modules"]
    assert {"name": HOSTILE.partition("/")[2], "path": f"{HOSTILE}.py"}.items() <= modules[1].items()
    assert shown in drawn(written("dot"))
    read = networked(written("graphml"))
    assert shown in networkx.get_node_attributes(read, "name").values()
    assert path in networkx.get_node_attributes(read, "path").values()
    assert f"{shown} ({path})\n" in written("text")
    assert "<b>&lt;" not in written("html")
    assert shown in page_data(written("html"))["modules"]["name"]
    assert path in page_data(written("html"))["modules"]["path"]
    assert "<" not in written("mermaid")
    for level in ("component", "package"):
        validated(written("json", "--level", level))
        assert shown in drawn(written("dot", "--level", level))


def test_syntax_error(project: Project) -> None:
    project.write({"a.py": "import b\n", "b.py": "x = (\n"})
    answer = project.call("graph", *own(project), "--format=dot", ".")
    error = one_trouble(answer)
    assert "b.py" in error
    assert answer.stdout == ""


def test_output_that_cannot_be_written(shop: Project) -> None:
    answer = shop.call("graph", *own(shop), "--format=dot", "--output=/nonexistent/graph", ".")
    assert "cannot write /nonexistent/graph" in one_trouble(answer)


def test_mypys_own_complaints(shop: Project) -> None:
    answer = shop.call("graph", *own(shop), "--format=dot", "gone.py")
    assert answer.status == 2
    assert "gone.py" in answer.stdout + answer.stderr
