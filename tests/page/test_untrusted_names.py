"""Names that would like to be markup, code or control characters are text, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from page.conftest import Opener
from page.page_data import HOSTILE_NAMES
from page.page_tools import Visit, page_with, template


def assert_harmless(visit: Visit) -> None:
    assert visit.page.evaluate("window.broken") is None
    assert visit.page.locator("img, iframe, object, embed, b").count() == 0
    assert visit.page.locator("script").count() == 2
    strange = visit.page.evaluate(
        "/[\\u0000-\\u0008\\u000b-\\u001f\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)"
    )
    assert not strange, "a control character is in the page's text"


@pytest.mark.parametrize("view", ["packages", "waves", "cycles", "module"])
def test_views_show_them_as_text(visit: Opener, view: str) -> None:
    page = visit("hostile", f"view={view}&package=evil&module=evil.__proto__&colour=change")
    assert_harmless(page)
    assert page.text("h1").startswith("</title><script>window.broken = 5</script>")


def test_every_one_can_be_opened(visit: Opener) -> None:
    page = visit("hostile", "package=&list=all")
    count = len(page.rows())
    assert count == len(HOSTILE_NAMES)
    for index in range(count):
        page.go("package=&list=all")
        page.page.locator("#rows tbody:not([aria-hidden]) tr a").nth(index).click()
        page.settled()
        assert page.text("#details h2") != "All packages"
        assert_harmless(page)
        page.page.get_by_role("link", name="Its imports").click()
        page.settled()
        assert_harmless(page)
        # The address stands for the same module when it is opened again.
        shown = page.text("#details h2")
        address = page.page.url
        page.page.goto("about:blank")
        page.page.goto(address)
        expect(page.page.locator("#details h2")).to_have_text(shown)


def test_search_shows_them_as_text(visit: Opener) -> None:
    page = visit("hostile")
    page.page.get_by_role("combobox", name="Find").fill("<")
    expect(page.page.get_by_role("option").first).to_be_visible()
    assert_harmless(page)


def test_the_policy_stops_what_gets_in_nevertheless(context: BrowserContext, typewave: Path, tmp_path: Path) -> None:
    """Were a name ever to become markup: neither its script nor its picture would be loaded."""
    slip = '<script>window.broken = 1</script><img src="https://example.org/x.png" onerror="window.broken = 2">'
    from page.page_data import small

    file = tmp_path / "slip.html"
    page = page_with(small().data(), template(typewave)).replace("<header>", f"{slip}<header>")
    file.write_text(page, encoding="utf-8")
    visit = Visit.open(context, file)
    assert visit.page.evaluate("window.broken") is None
    assert visit.messages and all("Content Security Policy" in message for message in visit.messages)


def test_the_page_refers_to_nothing_outside(typewave: Path) -> None:
    page = template(typewave)
    before_licences = page[: page.index("<!-- Libraries")]
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", before_licences.replace("http://www.w3.org", "")) == []
    assert "default-src 'none'" in before_licences
    assert "unsafe" not in before_licences.split("</head>")[0].split("<style>")[0]
