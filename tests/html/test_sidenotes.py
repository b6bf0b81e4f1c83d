"""Test that sidenotes are next to their marks without overlaps, and that no page overflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy, heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book
    from support.browser import Reader

pytestmark = pytest.mark.browser
# 25 widths: phones, tablets, desks, and a wall.
WIDTHS = [
    320, 360, 390, 412, 480, 540, 600, 680, 768, 820, 900, 960, 1024,
    1100, 1180, 1280, 1366, 1440, 1536, 1600, 1680, 1920, 2048, 2240, 2560,
]  # fmt: skip
# Pairs of boxes that overlap by more than a pixel: two notes, or a note and other text.
COLLISIONS = """() => {
  const box = one => {
    const b = one.getBoundingClientRect();
    const words = one.innerText.trim().slice(0, 24).replaceAll("\\n", " ");
    return { left: b.left, right: b.right, top: b.top, bottom: b.bottom,
      name: `${one.localName}.${one.className} “${words}”` };
  };
  const seen = one => one.getClientRects().length;
  const notes = [...document.querySelectorAll("main aside.footnote")].filter(seen);
  const others = [...document.querySelectorAll(
    "main :is(p, li, h1, h2, h3, figure, .essay-pull-quote, .essay-update), main ~ nav, footer"
  )].filter(one => seen(one) && !one.closest("aside.footnote"));
  const found = [];
  notes.forEach((note, index) => {
    const a = box(note);
    for (const b of [...notes.slice(index + 1), ...others].map(box)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) found.push(`${a.name} lies on ${b.name}`);
    }
  });
  return found;
}"""
# How many notes are visible, and how many of them are next to the column of text.
BESIDE = """() => {
  const p = document.querySelector("main section > p:not([class])").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("main aside.footnote")]
    .map(one => one.getBoundingClientRect()).filter(one => one.height);
  return [boxes.length,
    boxes.filter(one => one.left >= p.right || one.right <= p.left).length];
}"""
# Elements that are wider than the window and not in a box that scrolls by itself.
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const held = one => {
    for (let up = one.parentElement; up; up = up.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !held(one);
  }).map(one => [`${one.localName}#${one.id}.${one.className}`,
    Math.round(one.getBoundingClientRect().right),
    one.textContent.trim().slice(0, 30)].join(" ").replace(/\\s+/g, " "));
  return [`${document.documentElement.scrollWidth} in ${wide}`, ...found.slice(0, 12)];
}"""


@pytest.fixture
def page_with_forty_notes(
    book: Book, prose: Callable[[int, int], list[str]], serve: Callable[[Path], str]
) -> str:
    """Build a page with 40 notes: three in a line, a note of 300 words, and pull-quotes."""
    text = prose(5, 2000)
    notes = 0

    def mark() -> str:
        nonlocal notes
        notes += 1
        return "[#]_"

    for number, paragraph in enumerate(text):
        words = paragraph.split()
        if number == 3:
            words[20:20] = [mark(), "and", mark(), "and", mark()]
        for at in (60, 15)[: 2 if number % 2 else 1]:
            if notes < 40:
                words.insert(at, mark())
        text[number] = " ".join(words)
    for at, side in ((16, "left"), (9, "right"), (4, "right"), (2, "left")):
        lifted = " ".join(prose(at, 14))
        text.insert(at, f".. pull-quote::\n   :align: {side}\n   :check: no\n\n   {lifted}")
    assert notes == 40
    for number in range(40):
        words = prose(number, 300 if number == 10 else 8 + number % 5 * 11)
        text.append(f".. [#] {' '.join(words)}")
    heading = ":standfirst: Said of notes.\n\nNotes\n=====\n\n"
    book.write({"index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n"})
    book.write(
        {"one.rst": heading + "\n\n".join(text) + "\n", "two.rst": "Two\n===\n\nWords.\n"}
    )
    return serve(book.clean("html")) + "one.html"


def test_sidenote_never_overlaps_another_or_the_text_at_any_width(
    page_with_forty_notes: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(WIDTHS[0])
    visitor.goes_to(page_with_forty_notes)
    wrong = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.settles()
        found = [*visitor.page.evaluate(COLLISIONS), *visitor.page.evaluate(TOO_WIDE)]
        wrong += [f"{width}: {one}" for one in found]
    assert wrong == [], "\n".join(wrong[:60])


@heavy
def test_sidenote_never_overlaps_another_when_a_page_is_opened(
    page_with_forty_notes: str, reader: Callable[..., Reader]
) -> None:
    """Notes are placed when the page is opened, without resizing the window."""
    for width in (320, 1024, 1280, 1920):
        visitor = reader(width)
        visitor.goes_to(page_with_forty_notes)
        found = visitor.page.evaluate(COLLISIONS)
        assert found == [], f"{width}:\n" + "\n".join(found)


def test_sidenote_is_in_the_margin_for_all_forty_notes_on_wide_windows(
    page_with_forty_notes: str, reader: Callable[..., Reader]
) -> None:
    for width in (1280, 1440, 1920, 2560):
        visitor = reader(width)
        visitor.goes_to(page_with_forty_notes)
        assert visitor.page.evaluate(BESIDE) == [40, 40], width


def test_sidenote_is_level_with_its_reference(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1440)
    visitor.goes_to(served_docs + "collection/town/2018-the-clock.html")
    tops = visitor.page.evaluate(
        """() => [...document.querySelectorAll("main a.footnote-reference")].map(mark => [
             mark.getBoundingClientRect().top,
             document.querySelector(mark.hash).getBoundingClientRect().top])"""
    )
    assert len(tops) == 2
    assert all(abs(mark - note) < 30 for mark, note in tops), tops


def test_sidenote_checks_detect_overlaps_and_pages_that_are_too_wide(
    serve: Callable[[Path], str], reader: Callable[..., Reader], tmp_path: Path
) -> None:
    """Check that the tests above can fail."""
    sheet = "aside, b { position: absolute; top: 0; left: 0 } b { width: 2000px; height: 1px }"
    (tmp_path / "a.css").write_text(sheet, encoding="utf-8")
    body = "<p>Text.</p>" + '<aside class="footnote">Note.</aside>' * 2 + "<b></b>"
    page = f'<!DOCTYPE html><link rel="stylesheet" href="a.css"><main>{body}</main>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    visitor = reader()
    visitor.goes_to(serve(tmp_path))
    assert len(visitor.page.evaluate(COLLISIONS)) == 3
    assert len(visitor.page.evaluate(TOO_WIDE)) == 2


def overflow_at(visitor: Reader, widths: list[int]) -> list[str]:
    found = []
    for width in widths:
        visitor.page.set_viewport_size({"width": width, "height": 740})
        visitor.settles()
        found += [f"{width}: {one}" for one in visitor.page.evaluate(TOO_WIDE)]
    return found


@heavy
def test_page_of_the_kitchen_sink_does_not_scroll_horizontally(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(320)
    visitor.goes_to(served_docs + "kitchen-sink.html")
    found = overflow_at(visitor, WIDTHS)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("step", heavy_except([1, 4], 4), ids="every {}".format)
def test_page_does_not_scroll_horizontally_on_the_narrowest_phone(
    built_docs: Path, served_docs: str, reader: Callable[..., Reader], step: int
) -> None:
    """Each page, or in an ordinary run each fourth."""
    visitor = reader(320)
    found = []
    for path in sorted(built_docs.rglob("*.html"))[::step]:
        name = path.relative_to(built_docs).as_posix()
        visitor.goes_to(served_docs + name)
        found += [f"{name} {one}" for one in visitor.page.evaluate(TOO_WIDE)]
    assert found == [], "\n".join(found)


@heavy
def test_page_text_enlarged_to_200_percent_still_fits(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    """WCAG 2.2, 1.4.4: no content or function is lost."""
    for width in (360, 1280):
        visitor = reader(width)
        for name in ("index", "collection/street/the-ferry", "kitchen-sink"):
            visitor.goes_to(f"{served_docs}{name}.html")
            visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
            visitor.settles()
            found: Any = visitor.page.evaluate(TOO_WIDE)
            assert found == [], f"{name}, {width}:\n" + "\n".join(found)
            assert visitor.page.evaluate(COLLISIONS) == [], name


def test_sidenote_is_on_the_left_without_overlap_in_arabic(
    built: Callable[[str, str], Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
) -> None:
    address = serve(built("arabic", "html")) + "clock.html"
    visitor = reader(1280)
    visitor.goes_to(address)
    assert visitor.page.evaluate("document.documentElement.dir") == "rtl"
    column = visitor.page.locator("main section > p.essay-opening, main section > p").nth(3)
    edge = column.bounding_box()["x"]
    notes = [one.bounding_box() for one in visitor.page.locator("aside.footnote").all()]
    assert notes
    assert all(note["x"] + note["width"] <= edge for note in notes)
    for width in WIDTHS[::3]:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.settles()
        assert visitor.page.evaluate(COLLISIONS) == [], width
        assert visitor.page.evaluate(TOO_WIDE) == [], width


@heavy
def test_sidenote_never_overlaps_at_any_text_size_or_line_length(
    page_with_forty_notes: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1280)
    visitor.goes_to(page_with_forty_notes)
    for size, measure in (("huge", "wide"), ("small", "narrow"), ("large", ""), ("huge", "")):
        for name, value in (("Size", size), ("Measure", measure)):
            visitor.page.evaluate(
                f"value => document.documentElement.dataset['essays{name}'] = value", value
            )
        for width in WIDTHS[8::3]:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.settles()
            found = [*visitor.page.evaluate(COLLISIONS), *visitor.page.evaluate(TOO_WIDE)]
            assert found == [], f"{size} {measure} {width}:\n" + "\n".join(found)
