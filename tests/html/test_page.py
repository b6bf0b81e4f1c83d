"""Test the files of a page: no inline scripts, no requests to other sites, small files."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book

FIRST_TCP_WINDOW = 14_600


def pages(out: Path) -> dict[str, str]:
    """Return every page but 404.html, whose URLs begin at the root of the site."""
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in out.rglob("*.html")
        if path.name != "404.html"
    }


def test_page_declares_its_language_and_direction(book: Book) -> None:
    conf = 'project = "كتاب"\nextensions = ["sphinx_essays"]\nlanguage = "ar"\n'
    book.write({"conf.py": conf, "index.rst": "عنوان\n=====\n\nكلمات.\n"})
    assert '<html lang="ar" dir="rtl"' in book.page("index.html")


def test_page_loads_nothing_from_other_sites(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        tags = r'<(?:link|script|img|source|iframe)\b[^>]*(?:href|src)="([^"]*)"'
        assets = re.findall(tags, text)
        assert not [one for one in assets if "//" in one], name


def test_page_of_an_essay_has_no_style_attribute_or_inline_script(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        if name.startswith("collection/") or name in {
            "index.html",
            "contents.html",
            "search.html",
        }:
            assert not re.search(r"<[^>]*\sstyle=", text), name
            # A script element with JSON is data, which the policy allows.
            inline = r"<script(?![^>]*\bsrc=)(?! type=.application/ld\+json)"
            assert not re.search(inline, text), name


def test_page_of_an_essay_and_its_css_fit_the_first_tcp_window(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        sheets = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"?]*)', text)
        sheets += re.findall(r'<link[^>]*href="([^"?]*)[^>]*rel="stylesheet"', text)
        page = built_docs / name
        files = [page, *((page.parent / sheet).resolve() for sheet in set(sheets))]
        assert len(files) - 1 <= 3, name
        if name.startswith("collection/"):
            size = sum(len(gzip.compress(path.read_bytes())) for path in files)
            assert size <= FIRST_TCP_WINDOW, f"{name}: {size}"


def test_page_headings_never_skip_a_level(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", text)]
        assert levels[:1] == [1], name
        assert all(b <= a + 1 for a, b in pairwise(levels)), name


def test_page_ids_are_unique(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        ids = re.findall(r'\sid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), name


def test_page_internal_links_all_resolve(built_docs: Path) -> None:
    for name, text in pages(built_docs).items():
        for link in re.findall(r'<a\b[^>]*href="([^"]+)"', text):
            if "://" in link:
                continue
            path, _, anchor = link.partition("#")
            target = (
                ((built_docs / name).parent / path).resolve() if path else built_docs / name
            )
            assert target.is_file(), f"{name}: {link}"
            if anchor:
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), f"{name}: {link}"


def test_theme_is_chosen_by_the_one_line_in_conf_py(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\nWords.\n"})
    page = book.page("index.html")
    assert "_static/essays.css?v=" in page
    assert "<title>Test</title>" in page
    assert not list((book.target / "html" / "_sources").glob("*"))


def test_theme_and_html_settings_of_the_author_are_kept(book: Book) -> None:
    conf = (
        'project = "Test"\nextensions = ["sphinx_essays"]\nhtml_theme = "basic"\n'
        'html_title = "Mine"\nhtml_copy_source = True\n'
    )
    book.write({"conf.py": conf, "index.rst": "Title\n=====\n\n.. update::\n\n   Words.\n"})
    page = book.page("index.html")
    assert "_static/basic.css" in page
    assert "essays.css" not in page
    assert 'role="note"' in page
    assert (book.target / "html" / "_sources" / "index.rst.txt").is_file()


def test_conf_py_error_for_an_invalid_value_lists_the_valid_ones(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n"})
    book.confoverrides = {"essays_pull_quotes": ["paper"]}
    with pytest.raises(Exception, match=r"essays_pull_quotes = .*'html', 'pdf', 'epub'"):
        book.build()


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_dirhtml_and_singlehtml_have_no_dead_links(
    built: Callable[[str, str], Path], builder: str
) -> None:
    out = built("docs", builder)
    for path in set(out.rglob("*.html")) - {out / "404.html"}:
        for link in re.findall(r'<a\b[^>]*href="([^"#]+)', path.read_text(encoding="utf-8")):
            if "://" not in link:
                target = path.parent / link
                assert target.is_file() or (target / "index.html").is_file(), f"{path}: {link}"
