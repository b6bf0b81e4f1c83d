"""Test a book without scripts: every word and note, the contents, links to other pages."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from support.heavy import heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.browser import Reader

pytestmark = pytest.mark.browser
WORD = re.compile(r"[^\W_]+")
# The labels that the plain text adds to the author's words.
ADDED = re.compile(r"\[image(?:: [^\]]*)?\]|\[\d+\]")


def words_of(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


@pytest.fixture
def texts(built: Callable[[str, str], Path], docs_sources: list[Path]) -> dict[str, str]:
    """Return the sample essays as plain text, by docname."""
    out = built("docs", "text")
    names = [
        path.relative_to(next(one for one in path.parents if one.name == "docs")).with_suffix(
            ""
        )
        for path in docs_sources
    ]
    return {
        name.as_posix(): ADDED.sub(" ", (out / f"{name}.txt").read_text(encoding="utf-8"))
        for name in names
    }


@pytest.mark.parametrize("width", heavy_except([360, 1280], 1280))
def test_page_without_javascript_shows_every_word_of_every_essay(
    texts: dict[str, str], served_docs: str, reader: Callable[..., Reader], width: int
) -> None:
    visitor = reader(width, script=False)
    for name, text in texts.items():
        visitor.page.goto(f"{served_docs}{name}.html")
        seen = words_of(visitor.page.locator("main").inner_text())
        assert words_of(text) - seen == Counter(), name


@pytest.mark.parametrize("width", heavy_except([360, 1280], 1280))
def test_sidenote_without_javascript_is_readable_and_links_back(
    served_docs: str, reader: Callable[..., Reader], width: int
) -> None:
    visitor = reader(width, script=False)
    visitor.page.goto(served_docs + "collection/town/2018-the-clock.html")
    notes = visitor.page.locator("main aside.footnote")
    assert notes.count() == 2
    boxes = [notes.nth(at).bounding_box() for at in range(2)]
    assert all(box["height"] > 10 and box["x"] >= 0 for box in boxes)
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"] + 1
    for at in range(2):
        back = notes.nth(at).locator("a").first.get_attribute("href")
        assert visitor.page.locator(f"a{back}").is_visible()


def test_page_without_javascript_is_styled(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1280, script=False)
    visitor.page.goto(served_docs + "collection/street/the-lido.html")
    paragraph = visitor.page.locator("main section > p:not([class])").nth(2)
    style = paragraph.evaluate(
        "one => { const s = getComputedStyle(one); return [s.fontSize, s.fontFamily, s.width] }"
    )
    assert 19 <= float(style[0][:-2]) <= 21
    assert "serif" in style[1]
    assert float(style[2][:-2]) < 800
    buttons = visitor.page.locator("[data-essay-open]:visible")
    for at in range(buttons.count()):  # a control that needs a script is a link or hidden
        assert buttons.nth(at).get_attribute("href")
    assert visitor.page.locator("dialog:visible").count() == 0


def test_navigation_without_javascript_reaches_contents_and_next_essay(
    docs_sources: list[Path], served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(360, script=False)
    visitor.page.goto(served_docs + "collection/street/the-lido.html")
    assert visitor.page.locator("main ~ nav a[rel=next]").is_visible()
    visitor.page.locator("header a", has_text="Contents").click()
    links = visitor.page.locator("main a:visible")
    listed = {links.nth(at).get_attribute("href") for at in range(links.count())}
    wanted = {
        path.relative_to(next(one for one in path.parents if one.name == "docs"))
        for path in docs_sources
    }
    assert {path.with_suffix(".html").as_posix() for path in wanted} <= listed
