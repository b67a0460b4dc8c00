"""Pages that typewave itself writes, from the sources of a project to what a browser shows of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from page.page_tools import Visit
from support.history import new_repository
from support.project import SHOP, SHOP_ERRORS, Project

STRANGE = '<img src=x onerror="window.broken = 1">\n\x1b[31m'


def written(project: Project, *arguments: str) -> Path:
    """The page of the project, outside of its folder."""
    file = project.root / "graph.html"
    store = (f"--python={project.python}", f"--store={project.store}")
    answer = project.call("graph", *store, "--format=html", f"--output={file}", *arguments)
    assert (answer.status, answer.stdout) == (0, ""), answer
    return file


def test_a_project_is_seen_as_it_was_checked(shop: Project, context: BrowserContext) -> None:
    shop.check(".")
    visit = Visit.open(context, written(shop, "."))
    assert visit.text("h1") == shop.folder.name
    assert {row[0] for row in visit.rows()} == {"shop", "tool"}
    assert sum(int(row[3]) for row in visit.rows()) == SHOP_ERRORS
    visit.page.get_by_role("link", name="Cycles").click()
    expect(visit.page.locator("#details h2")).to_have_text("Cycle of 2 modules")
    assert "shop/" in visit.text("ol.cuts li:first-child code")
    visit.go("view=module&module=shop.order")
    neighbours = {(row[0], row[1]) for row in visit.rows()}
    assert {("shop.price", "imports"), ("shop.customer", "imports"), ("shop.customer", "imported by")} <= neighbours
    visit.assert_quiet()


def test_what_a_change_affects_is_seen(shop: Project, context: BrowserContext) -> None:
    new_repository(shop)
    shop.write({"shop/order.py": SHOP["shop/order.py"] + "\n\ndef cancel() -> None: ...\n"})
    visit = Visit.open(context, written(shop, "--affected-since=HEAD", "."), "list=all")
    assert visit.page.locator("#measure").input_value() == "change"
    assert "since HEAD" in visit.text("#legend")
    marks = {"shop": "", "shop.price": "", "shop.order": "changed", "shop.customer": "affected", "tool": ""}
    assert {row[0]: row[-1] for row in visit.rows()} == marks
    visit.assert_quiet()


def test_a_project_that_was_never_checked_can_be_seen(shop: Project, context: BrowserContext) -> None:
    visit = Visit.open(context, written(shop, "."))
    # There are no times to show, so the page does not offer them.
    assert visit.page.locator("#measure option").all_inner_texts() == ["Imported by"]
    visit.assert_quiet()


def test_the_same_project_gives_the_same_bytes(shop: Project) -> None:
    first = written(shop, ".").read_bytes()
    assert written(shop, ".").read_bytes() == first


def test_strange_paths_are_text(project: Project, context: BrowserContext) -> None:
    project.write({f"{STRANGE}/{name}": text for name, text in SHOP.items()})
    visit = Visit.open(context, written(project, STRANGE), "package=&list=all")
    for name in ("shop.order", "tool"):
        visit.go(f"view=module&module={name}")
        assert '<img src=x onerror="window.broken = 1">' in visit.text("#details .path")
    assert visit.page.evaluate("window.broken") is None
    assert visit.page.locator("img").count() == 0
    visit.assert_quiet()
