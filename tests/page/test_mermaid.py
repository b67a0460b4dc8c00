"""`typewave graph --format mermaid`, as mermaid itself renders it."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from page.page_tools import REPOSITORY, node_variables, npm
from support.project import Project

VERSION = "11.17.2"
# Of the archive that npm serves.
SHA_512 = "V6K3C8EBdEsPFZXSKMJe6ppQOENxuHARr9GvHX4hh47lAbhMRD9qf4oEK7LoaRQxULMa80/qt5gHO73aCleBBg=="
FOLDER = REPOSITORY / "build" / "mermaid"

LAYERED = {
    "app/__init__.py": "",
    "app/__main__.py": "import app.core.engine\nfrom app.core import wheel\n",
    "app/core/__init__.py": "",
    "app/core/engine.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app.core import wheel\n",
    "app/core/wheel.py": "from . import engine\n\n\ndef turn() -> None:\n    import app.__main__\n\n    app.__main__\n",
    "end.py": "import app.__main__\n",
}


@pytest.fixture(scope="session")
def mermaid() -> Path:
    """mermaid for browsers: one file of its package, which is fetched without the rest it brings."""
    script = FOLDER / f"mermaid-{VERSION}.min.js"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if script.exists():
            return script
        command = [*npm(), "pack", f"mermaid@{VERSION}", "--silent", "--pack-destination", str(FOLDER)]
        subprocess.run(command, cwd=FOLDER, env=node_variables(), check=True, timeout=300)
        archive = FOLDER / f"mermaid-{VERSION}.tgz"
        assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == SHA_512
        with tarfile.open(archive) as files:
            member = files.extractfile("package/dist/mermaid.min.js")
            assert member
            script.write_bytes(member.read())
        archive.unlink()
    return script


@pytest.fixture
def canvas(browser: Browser, mermaid: Path) -> Iterator[Page]:
    """A page with mermaid in it, which must not complain."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.set_content("<!doctype html><div id=picture></div>")
    page.add_script_tag(path=mermaid)
    yield page
    page.close()
    assert complaints == []


def render(canvas: Page, chart: str) -> tuple[list[str], list[str], int]:
    """The texts of nodes and of clusters, and how many edges there are."""
    canvas.evaluate(
        """async chart => {
            mermaid.initialize({startOnLoad: false, maxEdges: 5000, maxTextSize: 1000000});
            const {svg} = await mermaid.render("chart", chart);
            document.getElementById("picture").innerHTML = svg;
        }""",
        chart,
    )
    texts = "elements => elements.map(element => element.textContent)"
    nodes: list[str] = canvas.eval_on_selector_all("#picture .node", texts)
    clusters: list[str] = canvas.eval_on_selector_all("#picture .cluster", texts)
    return (
        sorted(text.strip() for text in nodes),
        sorted(text.strip() for text in clusters),
        canvas.locator("#picture .edgePaths path").count(),
    )


def chart(project: Project, *arguments: str) -> str:
    own = [f"--python={project.python}", f"--store={project.store}"]
    answer = project.call("graph", *own, "--format=mermaid", *arguments)
    assert answer.status == 0, answer
    return answer.stdout


def test_modules_and_packages(project: Project, canvas: Page) -> None:
    project.write(LAYERED)
    nodes, clusters, edges = render(canvas, chart(project, "--own-only", "."))
    assert nodes == ["app", "app.__main__", "app.core", "app.core.engine", "app.core.wheel", "end"]
    assert clusters == ["app", "app.core", "end"]
    assert edges == 12
    stroke = "elements => elements.filter(element => element.style.stroke).length"
    assert canvas.eval_on_selector_all("#picture .edgePaths path", stroke) == 5  # those in the cycle
    nodes, _, edges = render(canvas, chart(project, "--own-only", "--level=component", "."))
    assert "app.__main__ and 2 more" in nodes


def test_packages_with_third_party(project: Project, canvas: Page) -> None:
    project.write(LAYERED)
    nodes, _, _ = render(canvas, chart(project, "--level=package", "."))
    assert {"app", "app.core", "builtins", "collections", "end"} <= set(nodes)


def test_untrusted_names(project: Project, canvas: Page) -> None:
    """Names that try to be markup, Markdown, entities or commands of mermaid are shown as they are."""
    names = [
        "end",
        "1. first",
        "- item",
        '"quote"] --> x["',
        "`**bold** _it_`",
        "<img src=x onerror=alert(1)>",
        "&lt;#35;;%%",
        "\x1b[31mred\nline",
        "$$x^2$$",
        "click n0 alert",
        "fa:fa-ban",
    ]
    project.write({f"{name}.py": "x = 1\n" for name in names})
    nodes, _, _ = render(canvas, chart(project, "--own-only", "--", *(f"./{name}.py" for name in names)))
    assert nodes == sorted(name.replace("\x1b", "\\x1b").replace("\n", " ") for name in names)
    assert canvas.locator("#picture img").count() == 0
