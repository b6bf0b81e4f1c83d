"""A picture of each page, on each paper, at each width, for people to look at.

Run with ``pytest -m pictures``. The pictures lie in the folder that ESSAYS_PICTURES
names, else in ``_pictures`` beside the tests: ``latin/dark-360-contents.png``. Chinese
asks for a face that has it (fonts-arphic-uming, or fonts-noto-cjk).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.books import Book
    from support.browser import Reader

pytestmark = [pytest.mark.pictures, pytest.mark.browser]
THEMES = ["light", "dark", "sepia"]
VIEWS = [(theme, width) for theme in THEMES for width in (360, 1280)]
BOOKS = {"latin": "docs", "arabic": "arabic", "chinese": "chinese"}
# Chromium cannot paint more at once; the kitchen sink is longer, and takes two.
LONGEST = 16_000
WHERE = Path(os.environ.get("ESSAYS_PICTURES", Path(__file__).parent.parent / "_pictures"))


def take_screenshots(visitor: Reader, path: Path) -> None:
    """The whole page, in as many pictures as it takes: ``page.png``, ``page-2.png``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    high = visitor.page.evaluate("document.documentElement.scrollHeight")
    width = visitor.page.viewport_size["width"]
    for number, top in enumerate(range(0, high, LONGEST), start=1):
        clip = {"x": 0, "y": top, "width": width, "height": min(LONGEST, high - top)}
        one = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        visitor.page.screenshot(path=one, full_page=True, clip=clip, animations="disabled")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
@pytest.mark.parametrize("name", BOOKS)
def test_screenshot_is_taken_of_every_page(
    root_book: Callable[[str], Book],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
    name: str,
    view: tuple[str, int],
) -> None:
    theme, width = view
    out = root_book(BOOKS[name]).clean("html")
    address = serve(out)
    visitor = reader(width, theme=theme)
    pages = sorted(out.rglob("*.html"))
    for page in pages:
        visitor.goes_to(address + page.relative_to(out).as_posix())
        called = "-".join(page.relative_to(out).with_suffix("").parts)
        take_screenshots(visitor, WHERE / name / f"{theme}-{width}-{called}.png")
    made = list((WHERE / name).glob(f"{theme}-{width}-*.png"))
    assert len(made) >= len(pages)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
@pytest.mark.parametrize("overlay", ["settings", "contents", "search"])
def test_screenshot_is_taken_of_every_overlay(
    served_docs: str, reader: Callable[..., Reader], overlay: str, view: tuple[str, int]
) -> None:
    theme, width = view
    visitor = reader(width, theme=theme)
    visitor.goes_to(served_docs + "collection/street/the-lido.html")
    visitor.page.locator(f"[data-essay-open={overlay}]:visible").first.click(timeout=3000)
    visitor.page.wait_for_selector("dialog[open]", timeout=3000)
    visitor.settles()
    path = WHERE / "overlays" / f"{theme}-{width}-{overlay}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=path)


@pytest.mark.parametrize("theme", THEMES)
def test_screenshot_is_taken_of_a_sidenote_opened_on_a_phone(
    served_docs: str, reader: Callable[..., Reader], theme: str
) -> None:
    visitor = reader(360, theme=theme)
    visitor.goes_to(served_docs + "collection/town/2018-the-clock.html")
    visitor.page.locator("main a.footnote-reference").first.click()
    visitor.page.wait_for_selector(":popover-open", timeout=3000)
    visitor.settles()
    path = WHERE / "overlays" / f"{theme}-360-note.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=path)
