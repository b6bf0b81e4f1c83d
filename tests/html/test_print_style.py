"""Test pages printed by a browser: the essay and its notes, without controls."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

pypdf = pytest.importorskip("pypdf")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.browser import Reader

pytestmark = pytest.mark.browser
ESSAYS = ["collection/street/the-ferry", "collection/street/the-lido", "collection/telephone"]
SMALLEST_PRINT = 10.5  # pixels; 8 points


def letters(text: str) -> str:
    """Return the letters only: line breaks, hyphens and capitals differ on paper."""
    joined = text.replace("\ufb01", "fi").replace("\ufb02", "fl")
    return re.sub(r"[\W\d_]", "", joined.casefold())


def printed(visitor: Reader) -> str:
    sheets = pypdf.PdfReader(io.BytesIO(visitor.page.pdf(format="A4"))).pages
    return " ".join(sheet.extract_text() for sheet in sheets)


@pytest.mark.parametrize("essay", ESSAYS)
def test_print_css_prints_the_essay_with_its_notes_and_no_navigation(
    served_docs: str, reader: Callable[..., Reader], essay: str
) -> None:
    visitor = reader(1280)
    visitor.goes_to(f"{served_docs}{essay}.html")
    paragraphs = visitor.page.locator("main article p:visible").all_inner_texts()
    paper = printed(visitor)
    lost = [one for one in " ".join(paragraphs).split() if letters(one) not in letters(paper)]
    assert lost == []
    for word in ("Skip to the text", "Settings", "CITE THIS ESSAY", "Cite this essay"):
        assert word not in paper


def test_print_css_prints_notes_at_the_end_in_a_readable_size(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1280)
    visitor.goes_to(served_docs + ESSAYS[0] + ".html")
    visitor.page.emulate_media(media="print")
    note = visitor.page.locator("aside.footnote").first
    style = note.evaluate(
        "one => (({position, visibility, fontSize}) => "
        "({position, visibility, fontSize}))(getComputedStyle(one))"
    )
    assert (style["position"], style["visibility"]) == ("static", "visible")
    assert float(style["fontSize"].removesuffix("px")) >= SMALLEST_PRINT
    last = visitor.page.locator("main section > p").last.bounding_box()
    assert note.bounding_box()["y"] > last["y"] + last["height"]
    assert visitor.page.locator("header:visible, nav:visible, button:visible").count() == 0


def test_print_css_keeps_every_line_within_the_paper(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(620)  # the width of A4 without the margins
    visitor.goes_to(served_docs + "kitchen-sink.html")
    visitor.page.emulate_media(media="print")
    wide = visitor.page.evaluate(
        """() => [...document.querySelectorAll("main :is(p, li, pre, img, .highlight)")]
             .filter(one => one.getBoundingClientRect().right > innerWidth + 1
               || one.localName == "pre" && one.scrollWidth > one.clientWidth + 1)
             .map(one => one.textContent.slice(0, 40))"""
    )
    assert wide == []


def test_print_css_prints_arabic_from_right_to_left(
    built: Callable[[str, str], Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
) -> None:
    visitor = reader(1280)
    visitor.goes_to(serve(built("arabic", "html")) + "clock.html")
    assert len(printed(visitor)) > 400
    visitor.page.emulate_media(media="print")
    heading = visitor.page.locator("h1")
    assert heading.evaluate("one => getComputedStyle(one).direction") == "rtl"
