"""The line of a book and its type, counted and measured in faces one can install."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Reader

pytestmark = pytest.mark.browser
# The name in the theme's list, the face that answers to it, the package that brings it.
# Caladea has the widths of Cambria; P052 is URW's Palladio under the name it has now,
# and Chromium does not take the one for the other.
FACES = {
    "Noto Serif": ("Noto Serif", "fonts-noto-core"),
    "Charis SIL": ("Charis SIL", "fonts-sil-charis"),
    "P052": ("P052", "fonts-urw-base35"),
}
ESSAY = "collection/street/the-lido.html"
PARAGRAPH = "main section > p:not([class])"
# The median number of characters on the full lines of ordinary paragraphs: all but the
# first, which may be set otherwise, and the last, which is seldom full.
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


def is_installed(face: str) -> bool:
    command = ["fc-list", face]
    return bool(subprocess.run(command, capture_output=True, check=False).stdout)


def faces_used(page: Any) -> set[str]:
    """The faces that Chromium has really taken for an ordinary paragraph."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": PARAGRAPH}
    node = session.send("DOM.querySelectorAll", query)["nodeIds"][2]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {one["familyName"] for one in fonts}


@pytest.mark.parametrize("face", FACES)
def test_a_line_holds_as_many_characters_as_a_books_in_each_face(
    served_docs: str,
    reader: Callable[..., Reader],
    tool: Callable[[str, bool, str], None],
    face: str,
) -> None:
    """62 to 70 on a desk, at least 38 on a phone (Bringhurst: 45 to 75, best 66)."""
    wanted, package = FACES[face]
    tool(face, is_installed(wanted), f"`apt-get install {package}` brings it")
    counted = {}
    for width in (390, 1280):
        visitor = reader(width, bypass_csp=True)
        visitor.goes_to(served_docs + ESSAY)
        visitor.page.add_style_tag(content=f':root {{ --essays-font-text: "{face}", fantasy }}')
        visitor.settles()
        assert faces_used(visitor.page) == {wanted}
        counted[width] = visitor.page.evaluate(CHARACTERS_A_LINE, PARAGRAPH)
    assert 62 <= counted[1280] <= 70, counted
    assert counted[390] >= 38, counted


def test_the_type_is_as_large_as_a_book_needs_it(
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


# For each item of the byline: which line it is on, and how far its dot and its first
# letter stand from the edge at which the line is cut off.
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
    const dotted = item.textContent.startsWith("·");
    const text = document.createTreeWalker(item, NodeFilter.SHOW_TEXT).nextNode();
    const tail = text.length > 2 ? [text, dotted ? 2 : 0] : [item.lastChild.firstChild, 0];
    return {
      top: Math.round(item.getBoundingClientRect().top),
      dot: dotted ? at(text, 0).right - edge : null,
      letter: at(...tail).left - edge,
    };
  });
}"""


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_byline_that_turns_over_shows_no_dot_there(
    served_docs: str, reader: Callable[..., Reader], width: int
) -> None:
    visitor = reader(width)
    visitor.goes_to(served_docs + "collection/street/the-lido.html")
    items = visitor.page.evaluate(BYLINE)
    assert len(items) == 3
    assert (items[0]["top"] == items[2]["top"]) == (width == 1280)
    for before, item in pairwise(items):
        begins = item["top"] != before["top"]
        assert (item["dot"] <= 0) == begins, items
    assert all(item["letter"] >= -0.5 for item in items), items
