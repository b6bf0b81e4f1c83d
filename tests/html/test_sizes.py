"""Test that pages are small, do not shift, and do not grow with the number of essays."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.heavy import heavy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.browser import Reader

pytestmark = pytest.mark.browser
FIRST_TCP_WINDOW = 14_600
ESSAY = "essay0007.html"
# Every layout shift since the page was opened, including those before this script.
LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


class Size(NamedTuple):
    """The gzipped bytes that are loaded to read a page."""

    words: int
    first: int  # the HTML and the style sheets that block rendering
    all: int  # every file but images
    script: int  # scripts that block rendering, not compressed


def size_of(out: Path, served: str, reader: Callable[..., Reader]) -> Size:
    """Open an essay in Chromium, and measure every file that it requested."""
    visitor = reader(1280)
    visitor.goes_to(served + ESSAY)
    assert all(one.startswith(served) for one in visitor.requests), visitor.requests
    names = {one.removeprefix(served).partition("?")[0] for one in visitor.requests}
    packed = {name: len(gzip.compress((out / name).read_bytes(), mtime=0)) for name in names}
    text = (out / ESSAY).read_text(encoding="utf-8")
    links = re.findall(r"<link\b[^>]*>", text)
    sheets = [
        re.search(r'href="([^"?]*)', one)[1]  # type: ignore[index]
        for one in links
        if "stylesheet" in one and 'media="print"' not in one
    ]
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, flags=re.DOTALL)
    waited = [
        (out / found[1]).stat().st_size
        if (found := re.search(r'src="([^"?]*)', one))
        else len(inline)
        for one, inline in scripts
        if not re.search(r"\b(defer|async)\b|type=\"application/", one)
    ]
    return Size(
        len(re.findall(r"\w+", visitor.page.locator("main").inner_text())),
        packed[ESSAY] + sum(packed[one] for one in sheets),
        sum(size for name, size in packed.items() if "_images/" not in name),
        sum(waited),
    )


def check(size: Size) -> None:
    assert 1150 <= size.words <= 1350, size
    assert size.first <= FIRST_TCP_WINDOW, size
    assert size.all <= 20_000, size
    assert size.script <= 1024, size


@heavy
@pytest.mark.parametrize("toctree", [True, False], ids=["one toctree", "no toctree"])
def test_page_size_is_the_same_in_a_small_and_a_large_book(
    big_book: Callable[[int, bool], Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
    toctree: bool,  # noqa: FBT001
) -> None:
    sizes = []
    for essays in (50, 300):
        out = big_book(essays, toctree)
        sizes.append(size_of(out, serve(out), reader))
        print(essays, sizes[-1])
        check(sizes[-1])
    assert 0.8 <= sizes[1].first / sizes[0].first <= 1.2, sizes
    assert 0.8 <= sizes[1].all / sizes[0].all <= 1.2, sizes


@pytest.mark.bench
@pytest.mark.parametrize("toctree", [True, False], ids=["one toctree", "no toctree"])
def test_page_size_is_the_same_in_a_book_of_2000_essays(
    big_book: Callable[[int, bool], Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
    toctree: bool,  # noqa: FBT001
) -> None:
    sizes = []
    for essays in (50, 2000):
        out = big_book(essays, toctree)
        sizes.append(size_of(out, serve(out), reader))
        print(f"{essays:5} essays, toctree {toctree}: {sizes[-1]}")
        check(sizes[-1])
    assert 0.8 <= sizes[1].first / sizes[0].first <= 1.2, sizes
    assert 0.8 <= sizes[1].all / sizes[0].all <= 1.2, sizes


@heavy
@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_page_has_no_layout_shift(
    served_docs: str, docs_sources: list[Path], reader: Callable[..., Reader], width: int
) -> None:
    names = ["index", "contents", "kitchen-sink"]
    for path in docs_sources:
        inside = next(one for one in path.parents if one.name == "docs")
        names.append(path.relative_to(inside).with_suffix("").as_posix())
    visitor = reader(width)
    moved = {}
    for name in names:
        visitor.goes_to(f"{served_docs}{name}.html")
        if shift := visitor.page.evaluate(LAYOUT_SHIFT):
            moved[name] = shift
    assert moved == {}


def test_page_layout_shift_check_detects_movement(
    serve: Callable[[Path], str], reader: Callable[..., Reader], tmp_path: Path
) -> None:
    """Check that the test above can fail."""
    script = 'setTimeout(() => document.body.prepend(document.createElement("hr")), 100)'
    (tmp_path / "a.js").write_text(script, encoding="utf-8")
    page = '<!DOCTYPE html><body><p>Text.</p><script src="a.js" defer></script>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    visitor = reader()
    visitor.goes_to(serve(tmp_path))
    assert visitor.page.evaluate(LAYOUT_SHIFT) > 0
