"""The page by keyboard and for those who do not see it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from page.conftest import Opener
from page.page_tools import Visit, node_tools

VIEWS = ("", "package=shop&module=shop.order", "view=waves&wave=2", "view=cycles", "view=module&module=shop.order")


def tab_stops(visit: Visit, most: int = 60) -> list[str]:
    """What Tab leads to, from the top of the page until it comes round."""
    stops: list[str] = []
    for _ in range(most):
        visit.page.keyboard.press("Tab")
        stop = visit.focused()
        if stops and (stop == stops[0] or visit.page.evaluate("document.activeElement === document.body")):
            break
        stops.append(stop)
    return stops


def test_tab_goes_through_the_page_from_top_to_bottom(visit: Opener) -> None:
    page = visit()
    stops = tab_stops(page)
    wanted = ["skip", "search", "theme", "Packages", "all packages", "measure", "third-party", "picture", "zoom-in"]
    assert [stop for stop in stops if stop in wanted] == wanted
    # The table is one stop a head and one for all its rows.
    heads = ["Name", "Modules", "Check time", "Errors", "Imported by", "Affected"]
    assert stops[stops.index("all") + 1 :] == [*heads, "shop"]


def test_the_focus_can_be_seen(visit: Opener) -> None:
    page = visit()
    for _ in range(25):
        page.page.keyboard.press("Tab")
        style = page.page.evaluate(
            "(() => { const at = document.activeElement; const style = getComputedStyle(at);"
            " return [at.tagName, style.outlineStyle, parseFloat(style.outlineWidth)]; })()"
        )
        assert style[0] == "BODY" or (style[1] != "none" and style[2] >= 2), style


def test_the_picture_is_walked_through_with_arrows(visit: Opener) -> None:
    page = visit("small", "package=shop")
    page.page.locator("#picture").focus()
    said = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.page.keyboard.press(key)
        said.append(page.text("#live"))
    assert all(", module, " in words or ", package, " in words for words in said), said
    assert len(set(said)) >= 2
    name = said[-1].split(",")[0]
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#details h2")).to_contain_text(name)
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#details h2")).to_have_text("shop")
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#details h2")).to_have_text("All packages")


def test_the_table_is_walked_through_with_arrows(visit: Opener) -> None:
    page = visit("large", "package=app&list=all")
    page.page.locator("#rows tbody:not([aria-hidden]) tr").first.focus()
    first = page.focused()
    page.page.keyboard.press("ArrowDown")
    assert page.focused() != first
    page.page.keyboard.press("End")
    page.page.keyboard.press("PageUp")
    page.page.keyboard.press("ArrowUp")
    name = page.focused()
    index = page.page.evaluate("Number(document.activeElement.getAttribute('aria-rowindex'))")
    assert 9_900 < index < 10_000
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#details h2")).to_have_text(f"app.{name}")
    page.page.locator("#rows tr[tabindex='0']").focus()
    page.page.keyboard.press("Home")
    assert page.focused() == first


def test_search_by_keyboard(visit: Opener) -> None:
    page = visit()
    page.page.locator("#picture").focus()
    page.page.keyboard.press("/")
    assert page.focused() == "search"
    page.page.keyboard.type("sto")
    expect(page.page.locator("#found [aria-selected=true]")).to_contain_text("shop.stock")
    page.page.keyboard.press("ArrowDown")
    expect(page.page.locator("#found [aria-selected=true]")).to_contain_text("shop.stock.shelf")
    page.page.keyboard.press("Escape")
    expect(page.page.get_by_role("listbox")).to_be_hidden()
    page.page.keyboard.type("shelf")
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#details h2")).to_have_text("shop.stock.shelf")
    assert page.focused() == "picture"


def test_the_skip_link_leads_to_the_table(visit: Opener) -> None:
    page = visit()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.closest('#rows') !== null")
    assert page.fragment == ""


def test_colours_follow_the_system_and_the_switch(visit: Opener) -> None:
    page = visit()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.page.evaluate(paper)
    page.page.emulate_media(color_scheme="dark")
    page.page.wait_for_selector("html[data-theme=dark]")
    dark = page.page.evaluate(paper)
    assert dark != light
    page.page.get_by_role("button", name="Light colours").click()
    assert page.page.evaluate(paper) == light
    page.page.get_by_role("button", name="Dark colours").click()
    assert page.page.evaluate(paper) == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["small", "nothing"])
def test_axe_finds_no_serious_problem(visit: Opener, name: str, scheme: str) -> None:
    axe = (node_tools() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = visit(name)
    page.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for fragment in VIEWS if name == "small" else VIEWS[:1]:
        page.go(fragment)
        if fragment == "":
            page.page.get_by_role("combobox", name="Find").fill("shop")
        page.page.evaluate(axe)
        found: dict[str, Any] = page.page.evaluate("axe.run()")
        assert len(found["passes"]) > 20
        problems = [
            f"{one['id']} ({one['impact']}): {[node['html'] for node in one['nodes']][:3]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert problems == [], fragment
