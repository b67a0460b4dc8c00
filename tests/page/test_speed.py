"""How fast the page is with ten thousand modules: measured, told, and held to ten times what is promised."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from page.conftest import Opener
from page.page_tools import Visit

OPENS_SECONDS = 2.0
ANSWERS_SECONDS = 0.1
# A machine of tests does several things at once; the figures themselves are in bench/RESULTS.md.
PATIENCE = 10
ROUNDS = 3
MOST_ROUNDS = 8  # while something else keeps the machine from answering

# From a click on a link to the frame in which its view is drawn.
CLICK = """selector => new Promise(done => {
  const from = performance.now();
  document.querySelector(selector).click();
  const wait = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - from), 0));
  addEventListener("hashchange", wait, { once: true });
})"""

STEPS = {
    "waves": "#views a[href*='view=waves']",
    "cycles": "#views a[href*='view=cycles']",
    "packages": "#views a:first-child",
    "drill down": "#rows tbody:not([aria-hidden]) a.holds",
    "module": "#rows tbody:not([aria-hidden]) tr:last-child a:not(.holds)",
    "its imports": "#details .links a",
}


def opened(context: BrowserContext, file: Path) -> float:
    """Seconds until the page is there and drawn, in a new tab."""
    start = time.perf_counter()
    visit = Visit.open(context, file).settled()
    passed = time.perf_counter() - start
    visit.page.close()
    return passed


def clicked(page: Page) -> dict[str, float]:
    return {name: float(page.evaluate(CLICK, selector)) / 1000 for name, selector in STEPS.items()}


@pytest.mark.parametrize("name", ["large", "given"])
def test_it_opens_and_answers_fast(context: BrowserContext, pages: dict[str, Path], visit: Opener, name: str) -> None:
    if name not in pages:
        pytest.skip("TYPEWAVE_PAGE_DATA names no data")
    opens = min(opened(context, pages[name]) for _ in range(ROUNDS))
    answers = dict.fromkeys(STEPS, float("inf"))
    for done in range(MOST_ROUNDS):
        if done >= ROUNDS and max(answers.values()) < ANSWERS_SECONDS * PATIENCE:
            break
        for step, seconds in clicked(visit(name).page).items():
            answers[step] = min(answers[step], seconds)
    told = ", ".join(f"{step} {seconds * 1000:.0f} ms" for step, seconds in answers.items())
    print(f"\n{name}: opens in {opens:.2f} s; {told}; {pages[name].stat().st_size / 1e6:.1f} MB")
    assert opens < OPENS_SECONDS * PATIENCE
    slow = {step: seconds for step, seconds in answers.items() if seconds > ANSWERS_SECONDS * PATIENCE}
    assert slow == {}
