"""What the page shows and where a click leads, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from page.conftest import Opener
from page.page_tools import Visit


def click_in_picture(visit: Visit, x: float, y: float) -> None:
    """Clicks on the picture, at parts of its width and height."""
    box = visit.page.locator("#picture").bounding_box()
    assert box
    visit.page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    visit.settled()


def test_it_starts_with_packages(visit: Opener) -> None:
    page = visit()
    assert page.text("h1") == "shop"
    assert page.text("#summary") == "7 modules · 8 imports · 1 cycle · 2.1 s of checking"
    assert [row[:2] for row in page.rows()] == [["shop", "5"], ["tools", "2"]]
    assert page.text("#views [aria-current]") == "Packages"
    assert page.page.title() == "shop: import graph"


def test_a_click_drills_down_and_the_way_back_leads_out(visit: Opener) -> None:
    page = visit()
    # The larger package lies first, its name on top.
    click_in_picture(page, 0.01, 0.01)
    assert page.fragment == "#package=shop"
    assert [row[0] for row in page.rows()] == ["stock", "price", "order", "customer"]
    page.page.get_by_role("link", name="stock").click()
    assert page.fragment == "#package=shop.stock"
    assert [row[0] for row in page.rows()] == ["shelf", "truck"]
    page.page.go_back()
    page.page.get_by_role("navigation", name="Package").get_by_text("all packages").click()
    assert [row[0] for row in page.rows()] == ["shop", "tools"]


def test_a_module_is_clicked_and_let_go(visit: Opener) -> None:
    page = visit("small", "package=tools")
    click_in_picture(page, 0.02, 0.2)
    assert page.text("#details h2") in ("tools.report", "tools.empty")
    page.page.get_by_role("link", name="Clear").click()
    assert page.text("#details h2") == "tools"


def test_a_module_has_its_figures_dependencies_and_dependents(visit: Opener) -> None:
    page = visit("small", "view=module&module=shop.price")
    facts = page.text("#details dl").split("\n")
    told = dict(zip(facts[::2], facts[1::2]))
    assert told == {
        "Check time": "0.1 s",
        "Errors": "0",
        "Imported by": "2, 5 in all",
        "Imports": "1, 1 in all",
        "Wave": "1",
        "Size": "1.0 kB",
        "Since main": "changed",
    }
    assert [row[:3] for row in page.rows()] == [
        ["json", "imports", "line 1"],
        ["shop.order", "imported by", "line 2"],
        ["shop.stock.shelf", "imported by", "line 1"],
    ]


def test_kinds_of_imports_are_told(visit: Opener) -> None:
    page = visit("small", "view=module&module=shop.order")
    assert ["shop.customer", "imports", "line 1, types"] in [row[:3] for row in page.rows()]
    page.go("view=module&module=shop.stock.truck")
    assert ["shop.stock.shelf", "imports", "line 1, function"] in [row[:3] for row in page.rows()]


def test_waves_are_layers(visit: Opener) -> None:
    page = visit("small", "view=waves")
    assert [row[:3] for row in page.rows()] == [
        ["Wave 0", "2", "2"],
        ["Wave 1", "1", "1"],
        ["Wave 2", "2", "3"],
        ["Wave 3", "1", "1"],
        ["Wave 4", "1", "1"],
    ]
    page.page.get_by_role("link", name="Wave 2").click()
    assert page.text("#details h2") == "Wave 2"
    # The costliest first; a cycle is one component.
    assert page.page.locator("#details li a").all_inner_texts() == ["shop.customer + 1", "shop.stock.shelf"]


def test_a_cycle_has_its_cheapest_cut(visit: Opener) -> None:
    page = visit()
    page.page.get_by_role("link", name="Cycles").click()
    expect(page.page.locator("#details h2")).to_have_text("Cycle of 2 modules")
    cut = page.text("ol.cuts li")
    assert cut.split("\n") == [
        "shop/order.py:1",
        "shop.order imports shop.customer",
        "for type checking only; no cycle is left then",
    ]


def test_a_long_cut_is_shown_as_far_as_one_likes(visit: Opener) -> None:
    page = visit("large", "view=cycles")
    assert page.page.locator("ol.cuts li").count() == 10
    page.page.get_by_role("button", name="Show all 20 imports to cut").click()
    assert page.page.locator("ol.cuts li").count() == 20


def test_a_change_and_what_it_affects(visit: Opener) -> None:
    page = visit()
    # Who asked for what is affected sees that first.
    assert page.page.locator("#measure").input_value() == "change"
    assert "since main" in page.text("#legend")
    assert [(row[0], row[-1]) for row in page.rows()] == [("shop", "5"), ("tools", "1")]
    page.page.get_by_label("All modules below").check()
    assert {row[0]: row[-1] for row in page.rows()}["shop.price"] == "changed"
    assert {row[0]: row[-1] for row in page.rows()}["tools.empty"] == ""


@pytest.mark.parametrize(("measure", "most"), [("time", "1.5 s"), ("errors", "5"), ("fan-in", "20")])
def test_heat_is_by_time_errors_or_importers(visit: Opener, measure: str, most: str) -> None:
    page = visit()
    before = page.page.locator("#canvas").screenshot()
    page.page.locator("#measure").select_option(measure)
    assert f"colour={measure}" in page.fragment
    assert most in page.page.locator("#legend > span").first.inner_text()
    assert page.page.locator("#canvas").screenshot() != before


def test_third_party_is_shown_on_request(visit: Opener) -> None:
    page = visit()
    assert "json" not in [row[0] for row in page.rows()]
    page.page.get_by_label("Third party").check()
    assert "json" in [row[0] for row in page.rows()]


def test_the_table_is_sorted_by_its_heads(visit: Opener) -> None:
    page = visit("small", "list=all")
    head = page.page.get_by_role("columnheader", name="Check time")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert [row[0] for row in page.rows()][:3] == ["tools.report", "shop.order", "shop.price"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.rows()[-1][0] == "tools.report"
    assert page.fragment == "#list=all&sort=time"


def test_ten_thousand_rows_are_only_there_when_seen(visit: Opener) -> None:
    page = visit("large", "package=app&list=all&sort=name")
    assert page.text("#list-count") == "10,000 rows"
    assert page.page.locator("#rows table").get_attribute("aria-rowcount") == "10001"
    assert page.page.locator("#rows tr").count() < 100
    page.page.locator("#rows").evaluate("rows => { rows.scrollTop = rows.scrollHeight; }")
    page.settled()
    assert page.rows()[-1][0] == "parts.part1399.module6"


def test_search_finds(visit: Opener) -> None:
    page = visit("large")
    page.page.get_by_role("combobox", name="Find").fill("part0042 module3")
    options = page.page.locator("#found [role=option]")
    expect(options.first).to_be_visible()
    assert options.all_inner_texts() == ["app.parts.part0042.module3\nmodule"]
    options.first.click()
    assert page.text("#details h2") == "app.parts.part0042.module3"
    page.page.get_by_role("combobox", name="Find").fill("no such thing")
    expect(page.page.locator("#search-status")).to_have_text("Nothing found")


FRAGMENTS = (
    "package=shop&module=shop.order&colour=errors",
    "package=shop.stock&third-party=yes&list=all&sort=-time",
    "view=waves&wave=2",
    "view=cycles&module=shop.order&cycle=shop.customer",
    "view=module&module=shop.price",
)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_link_leads_to_the_same_view(visit: Opener, fragment: str) -> None:
    first = visit("small", fragment)
    said = first.text("aside")
    links = first.page.locator("#views a[aria-current]").get_attribute("href")
    assert links
    second = visit("small", links.removeprefix("#"))
    assert second.text("aside") == said
    assert second.page.locator("#canvas").screenshot() == first.page.locator("#canvas").screenshot()


def test_a_link_to_what_is_gone_leads_to_the_start(visit: Opener) -> None:
    page = visit("small", "view=module&module=shop.gone&package=gone&cycle=gone&wave=77&colour=smell")
    assert [row[0] for row in page.rows()] == ["shop", "tools"]


def test_nothing_is_told_where_there_is_nothing(visit: Opener) -> None:
    page = visit("nothing")
    expect(page.page.locator("#nothing")).to_be_visible()
    page.page.get_by_role("link", name="Cycles").click()
    assert "No import cycles" in page.text("#nothing")
    page.page.get_by_role("link", name="Waves").click()
    assert page.text("#nothing") == "There are no modules."


@pytest.mark.parametrize("fragment", ["", "view=waves", "view=cycles", "view=module&module=shop.price"])
def test_a_phone_is_wide_enough(visit: Opener, fragment: str) -> None:
    page = visit("small", fragment)
    page.page.set_viewport_size({"width": 360, "height": 740})
    page.settled()
    assert page.page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.page.locator("#picture").bounding_box() is not None


def test_paper_has_the_picture_and_the_rows(visit: Opener) -> None:
    page = visit("small", "list=all")
    page.page.emulate_media(media="print", color_scheme="dark")
    page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.page.evaluate("document.documentElement.dataset.theme") == "light"
    expect(page.page.locator("#search")).to_be_hidden()
    assert len(page.rows()) == 7
    assert page.page.pdf().startswith(b"%PDF")
    page.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.page.evaluate("document.documentElement.dataset.theme") == "dark"
