"""A real browser, and pages of made-up graphs."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from page import page_data
from page.page_tools import Visit, page_with, template

Opener = Callable[..., Visit]
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        pytest.fail("no chromium: Debian's package chromium-headless-shell has it")
    # Chromium's sandbox does not work for root; what is opened here are files of our own.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments, timeout=120_000)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(typewave: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by the names of the functions in page_data that make their graphs."""
    page = template(typewave)
    folder = tmp_path_factory.mktemp("pages")
    files = {}
    for make in (page_data.small, page_data.hostile, page_data.large):
        files[make.__name__] = folder / f"{make.__name__}.html"
        files[make.__name__].write_text(page_with(make().data(), page), encoding="utf-8")
    nothing = page_data.MadeUp(project="nothing").data()
    files["nothing"] = folder / "nothing.html"
    files["nothing"].write_text(page_with(nothing, page), encoding="utf-8")
    home_assistant = os.environ.get("TYPEWAVE_PAGE_DATA")
    if home_assistant:
        files["given"] = folder / "given.html"
        files["given"].write_text(page_with(json.loads(Path(home_assistant).read_text("utf-8")), page), "utf-8")
    return files


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, pages: dict[str, Path]) -> Iterator[Opener]:
    """Opens a page; at the end of the test it has to have been quiet."""
    visits: list[Visit] = []

    def open_page(name: str = "small", fragment: str = "") -> Visit:
        visits.append(Visit.open(context, pages[name], fragment))
        return visits[-1]

    yield open_page
    for one in visits:
        one.assert_quiet()
