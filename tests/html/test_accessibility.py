"""Check pages with axe-core: every kind of page, colour scheme and width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.browser import Reader

pytestmark = pytest.mark.browser
THEMES = ["light", "dark", "sepia"]
VIEWS = [(theme, width) for theme in THEMES for width in (360, 1280)]
SOME_VIEWS = heavy_except(VIEWS, ("dark", 360))
PAGES = {
    "cover": "index.html",
    "part": "collection/street/index.html",
    "essay": "collection/street/the-lido.html",
    "contents": "contents.html",
    "index": "by-tag.html",
    "search": "search.html",
    "results": "search.html?q=lido",
    "not found": "nowhere/at/all.html",
    "kitchen sink": "kitchen-sink.html",
}
OVERLAYS = ["settings", "contents", "search", "keys"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("view", SOME_VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_page_of_every_kind_has_no_axe_violations(
    served_docs: str,
    reader: Callable[..., Reader],
    axe: Callable[[Any], list[str]],
    view: tuple[str, int],
    name: str,
) -> None:
    visitor = reader(view[1], theme=view[0])
    visitor.goes_to(served_docs + PAGES[name])
    if name == "results":
        visitor.page.wait_for_selector(".essay-search-results mark", timeout=5000)
    assert visitor.page.locator("main h1").count() == 1
    found = axe(visitor.page)
    assert found == [], "\n".join(found)


def open_overlay(visitor: Reader, name: str) -> None:
    """Open a dialog with its button; that of the shortcuts is in the settings dialog."""
    if name == "keys":
        open_overlay(visitor, "settings")
    button = visitor.page.locator(f"[data-essay-open={name}]:visible").first
    button.click(timeout=3000)
    visitor.page.wait_for_selector(f"dialog[open]#essay-dialog-{name}", timeout=3000)
    visitor.page.wait_for_load_state("networkidle")
    visitor.settles()


@pytest.mark.parametrize("name", OVERLAYS)
@pytest.mark.parametrize("view", SOME_VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_overlay_has_no_axe_violations_when_open(
    served_docs: str,
    reader: Callable[..., Reader],
    axe: Callable[[Any], list[str]],
    view: tuple[str, int],
    name: str,
) -> None:
    visitor = reader(view[1], theme=view[0])
    visitor.goes_to(served_docs + PAGES["essay"])
    open_overlay(visitor, name)
    found = axe(visitor.page)
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


@pytest.mark.parametrize("view", SOME_VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_search_has_no_axe_violations_while_typing(
    served_docs: str,
    reader: Callable[..., Reader],
    axe: Callable[[Any], list[str]],
    view: tuple[str, int],
) -> None:
    visitor = reader(view[1], theme=view[0])
    visitor.goes_to(served_docs + PAGES["essay"])
    open_overlay(visitor, "search")
    visitor.page.keyboard.type("the ferr")
    visitor.page.wait_for_selector("#essay-dialog-search mark", timeout=5000)
    visitor.page.keyboard.press("ArrowDown")
    found = axe(visitor.page)
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


@pytest.mark.parametrize("theme", heavy_except(THEMES, "dark"))
def test_sidenote_has_no_axe_violations_when_open_on_a_phone(
    served_docs: str,
    reader: Callable[..., Reader],
    axe: Callable[[Any], list[str]],
    theme: str,
) -> None:
    visitor = reader(360, theme=theme)
    visitor.goes_to(served_docs + "collection/town/2018-the-clock.html")
    visitor.page.locator("main a.footnote-reference").first.click()
    visitor.page.wait_for_selector(":popover-open", timeout=3000)
    visitor.settles()
    found = axe(visitor.page)
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


@pytest.mark.parametrize("theme", THEMES)
def test_colour_scheme_chosen_by_the_reader_is_applied_to_the_page(
    served_docs: str, reader: Callable[..., Reader], theme: str
) -> None:
    """Otherwise the tests above could have checked a single colour scheme."""
    visitor = reader(1280, theme=theme)
    visitor.goes_to(served_docs + PAGES["essay"])
    root = "document.documentElement"
    assert visitor.page.evaluate(f"{root}.dataset.essayTheme") == theme
    colour = """[document.body, document.documentElement]
      .map((one) => getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number))
      .find((one) => one.length === 3)"""
    red, green, blue = visitor.page.evaluate(colour)
    assert (red < 80) == (theme == "dark")
    assert (red - blue > 20) == (theme == "sepia"), (red, green, blue)
