"""Test line length and font size in fonts that readers may have."""

from __future__ import annotations

import base64
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy_except
from support.paths import FONTS
from support.tools import missing, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.browser import Reader

pytestmark = pytest.mark.browser
# Each font with its file in tests/fonts, or the Debian package that installs it. P052 is
# the present name of URW Palladio; Chromium does not know that they are the same.
FONT_SOURCES = {
    "Noto Serif": FONTS / "NotoSerif-Regular.ttf",
    "Charis SIL": "fonts-sil-charis",
    "P052": "fonts-urw-base35",
}
ESSAY = "collection/street/the-lido.html"
PARAGRAPH = "main section > p:not([class])"
# The median number of characters on full lines: all lines of a paragraph but the first,
# which may have another style, and the last, which is seldom full.
CHARACTERS_A_LINE = """paragraphs => {
  const counts = [];
  for (const p of document.querySelectorAll(paragraphs)) {
    const range = document.createRange();
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    const lines = new Map();
    for (let node; (node = walker.nextNode());) {
      for (let i = 0; i < node.length; i++) {
        range.setStart(node, i); range.setEnd(node, i + 1);
        const box = range.getClientRects()[0];
        const line = box && Math.round(box.bottom / 8);
        if (box) lines.set(line, (lines.get(line) || 0) + 1);
      }
    }
    counts.push(...[...lines.values()].slice(1, -1));
  }
  counts.sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)];
}"""


def font_file(font: str) -> Path:
    """Return the file of a font; skip the test if it is not installed."""
    source = FONT_SOURCES[font]
    if isinstance(source, Path):
        return source
    command = [require("fc-match", "fontconfig"), "-f", "%{family}|%{file}", font]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    families, _, path = done.stdout.partition("|")
    if font not in families.split(","):
        missing(font, f"`apt-get install {source}` installs it")
    return Path(path)


def use_font(visitor: Reader, font: str) -> None:
    """Set the text of the open page in a font, without fallback fonts."""
    data = base64.b64encode(font_file(font).read_bytes()).decode()
    rule = f'@font-face {{ font-family: "{font}"; src: url("data:font/ttf;base64,{data}") }}'
    style = f':root {{ --essay-font-text: "{font}", fantasy }}'
    visitor.page.add_style_tag(content=rule + style)
    visitor.settles()


def fonts_used(page: Any) -> set[str]:
    """Return the fonts that Chromium has used for an ordinary paragraph."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": PARAGRAPH}
    node = session.send("DOM.querySelectorAll", query)["nodeIds"][2]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {one["familyName"] for one in fonts}


@pytest.mark.parametrize("font", heavy_except(FONT_SOURCES, "Noto Serif"))
def test_line_length_in_characters_is_that_of_a_book_in_each_font(
    served_docs: str, reader: Callable[..., Reader], font: str
) -> None:
    """62 to 70 on a desktop, at least 38 on a phone (Bringhurst: 45 to 75, best 66)."""
    counted = {}
    for width in (390, 1280):
        visitor = reader(width, bypass_csp=True)
        visitor.goes_to(served_docs + ESSAY)
        use_font(visitor, font)
        assert fonts_used(visitor.page) == {font}
        counted[width] = visitor.page.evaluate(CHARACTERS_A_LINE, PARAGRAPH)
    assert 62 <= counted[1280] <= 70, counted
    assert counted[390] >= 38, counted


def test_font_size_and_line_height_are_those_of_a_book(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    for width, smallest, largest in ((390, 17, 18), (1280, 19, 21)):
        visitor = reader(width)
        visitor.goes_to(served_docs + ESSAY)
        size, leading = (
            visitor.page.locator(PARAGRAPH)
            .nth(2)
            .evaluate(
                """one => ["fontSize", "lineHeight"].map(
                    (name) => parseFloat(getComputedStyle(one)[name]))"""
            )
        )
        assert smallest <= size <= largest, width
        assert 1.45 <= leading / size <= 1.55, width


# For each item of the byline: its line, and the distances of its dot and of its first
# letter from the edge at which the line is clipped.
BYLINE = """() => {
  const line = document.querySelector(".essay-byline");
  const half = parseFloat(getComputedStyle(line).fontSize) / 2;
  const edge = line.getBoundingClientRect().left + half;
  return [...line.querySelectorAll(":scope > span")].map((item) => {
    const at = (node, from) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + 1);
      return range.getBoundingClientRect();
    };
    const dot = item.querySelector(":scope > .essay-dot");
    const after = dot ? dot.nextSibling : item.firstChild;
    const text = document.createTreeWalker(after, NodeFilter.SHOW_TEXT);
    return {
      top: Math.round(item.getBoundingClientRect().top),
      dot: dot ? at(dot.firstChild, 0).right - edge : null,
      letter: at(after.nodeType === 3 ? after : text.nextNode(), 0).left - edge,
    };
  });
}"""


@pytest.mark.parametrize("width", [200, 320, 360, 1280])
def test_byline_shows_no_dot_where_it_wraps(
    served_docs: str, reader: Callable[..., Reader], width: int
) -> None:
    visitor = reader(width)
    visitor.goes_to(served_docs + "collection/street/the-lido.html")
    items = visitor.page.evaluate(BYLINE)
    assert len(items) == 3
    wraps = items[0]["top"] != items[2]["top"]
    assert wraps or width > 200  # at the other widths, wrapping depends on the font
    assert not (wraps and width == 1280)
    for before, item in pairwise(items):
        begins = item["top"] != before["top"]
        assert (item["dot"] <= 0) == begins, items
    assert all(item["letter"] >= -0.5 for item in items), items
