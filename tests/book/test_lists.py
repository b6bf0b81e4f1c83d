"""Lists of essays and updates, and books without a toctree."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book


def essay(title: str, fields: str, more: str = "") -> str:
    return f"{fields}\n\n{title}\n{'=' * len(title)}\n\nWords of {title}.\n\n{more}"


def write_blog(book: Book, cover: str = "") -> None:
    """Write a book without a toctree, as most blogs are."""
    book.write(
        {
            "index.rst": f"Cover\n=====\n\nHello.\n\n{cover}",
            "zebra.rst": essay("Zebra", ":date: 2010-05-01\n:tags: animals, stripes"),
            "ant.rst": essay("Ant", ":date: 2012\n:tags: animals\n:author: B. Other"),
            "moth.rst": essay(
                "Moth",
                ":date: 2 May 2010\n:tags: Stripes\n:standfirst: On light.",
                ".. update:: 2013\n\n   Later.\n\n.. correction::\n\n   Undated.\n",
            ),
            "apart.rst": essay("Apart", ":orphan:\n:date: 2011"),
        }
    )


IN_DATE_ORDER = ["Zebra", "Moth", "Ant"]


def titles(page: str, css: str) -> list[str]:
    found = re.findall(rf'<ul class="[^"]*{css}[^"]*"[^>]*>(.*?)</ul>', page, re.DOTALL)[0]
    return re.findall(r'class="essay-entry"><a[^>]*>([^<]*)<', found)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["Zebra", "Moth", "Ant"]),
        (":sort: order", ["Zebra", "Moth", "Ant"]),
        (":sort: date", ["Ant", "Moth", "Zebra"]),
        (":sort: updated", ["Moth", "Ant", "Zebra"]),
        (":sort: title", ["Ant", "Moth", "Zebra"]),
        (":tag: animals", ["Zebra", "Ant"]),
        (":tag: stripes", ["Zebra", "Moth"]),
        (":author: b. other", ["Ant"]),
        (":author: A. N. Author", ["Zebra", "Moth"]),
        (":year: 2010", ["Zebra", "Moth"]),
        (":sort: date\n   :limit: 2", ["Ant", "Moth"]),
    ],
)
def test_essay_list_can_be_sorted_filtered_and_limited(
    book: Book, options: str, expected: list[str]
) -> None:
    write_blog(book, f".. essays::\n   {options}\n")
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert titles(page, "essay-list-essays") == expected


def test_essay_list_shows_standfirsts_on_request(book: Book) -> None:
    write_blog(book, ".. essays::\n   :standfirst:\n   :sort: nonsense\n")
    page = book.page("index.html")
    assert "On light." in page
    assert "Invalid value of option ':sort:'" in book.warnings


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["Update, 2013", "Correction"]),
        (":kind: correction", ["Correction"]),
        (":limit: 1", ["Update, 2013"]),
    ],
)
def test_update_list_links_to_each_update_newest_first(
    book: Book, options: str, expected: list[str]
) -> None:
    write_blog(book, f".. updates::\n   {options}\n")
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="moth.html#([\w-]+)"[^>]*>(.*?)</a>', page)
    assert [re.sub(r"<[^>]*>", "", words) for _anchor, words in links] == expected
    moth = (book.target / "html" / "moth.html").read_text(encoding="utf-8")
    assert all(f'id="{anchor}"' in moth for anchor, _words in links)


def test_essay_list_and_update_list_follow_edits(book: Book) -> None:
    write_blog(book, ".. essays::\n   :sort: title\n\n.. updates::\n")
    book.clean()
    book.write({"ant.rst": essay("Bee", ":date: 2012", ".. update:: 2014\n\n   New.\n")})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert titles(page, "essay-list-essays") == ["Bee", "Moth", "Zebra"]
    assert 'Update, <time datetime="2014">' in page


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml", "man", "texinfo", "epub"])
def test_essay_list_and_update_list_are_in_every_output(
    book: Book, read_output: Callable[[Path, str], str], builder: str
) -> None:
    book.confoverrides = {"copyright": "A. N. Author", "version": "1"}
    write_blog(book, ".. essays::\n\n.. updates::\n")
    text = read_output(book.clean(builder), builder)
    assert text.count("Zebra") >= 2
    assert re.search(r"Update,\s+2013", text)


@pytest.mark.parametrize(
    "builder", ["html", "singlehtml", "latex", "man", "texinfo", "epub", "text"]
)
@pytest.mark.parametrize("jobs", [0, 2])
def test_essays_outside_toctrees_are_in_every_output(
    book: Book, read_output: Callable[[Path, str], str], builder: str, jobs: int
) -> None:
    book.confoverrides = {"copyright": "A. N. Author", "version": "1", "nitpicky": True}
    write_blog(book)
    out = book.clean(builder, parallel=jobs)
    text = read_output(out, builder)
    places = [text.find(f"Words of {title}") for title in IN_DATE_ORDER]
    assert -1 not in places
    if builder in {"singlehtml", "latex", "man", "texinfo"}:
        assert places == sorted(places)
    if builder == "epub":
        packed = next(out.glob("*.epub"))
        package = zipfile.ZipFile(packed).read("content.opf").decode()
        files = dict(re.findall(r'id="(item-\d+)" href="(\w+)\.xhtml"', package))
        spine = [files[one] for one in re.findall(r'<itemref idref="(item-\d+)"', package)]
        in_order = [name for name in spine if name in {"zebra", "moth", "ant"}]
        assert in_order == ["zebra", "moth", "ant"]


def test_essays_outside_toctrees_are_grouped_by_year_and_linked_in_order(book: Book) -> None:
    write_blog(book)
    out = book.clean()

    def page(name: str) -> str:
        return (out / f"{name}.html").read_text(encoding="utf-8")

    assert re.findall(r"<h2>(\d{4})", page("index")) == ["2010", "2012"]
    assert titles(page("index"), "essay-contents") == ["Zebra", "Moth"]
    assert 'rel="next" title="Zebra"' in page("index")
    assert 'rel="next" title="Ant"' in page("moth")
    assert 'rel="prev" title="Moth"' in page("ant")


def test_essays_outside_toctrees_can_be_added_and_removed(book: Book) -> None:
    write_blog(book)
    book.clean()
    book.write({"bee.rst": essay("Bee", ":date: 2011")})
    out = book.clean()
    assert 'rel="next" title="Bee"' in (out / "moth.html").read_text(encoding="utf-8")
    (book.source / "bee.rst").unlink()
    out = book.clean()
    assert 'rel="next" title="Ant"' in (out / "moth.html").read_text(encoding="utf-8")
    assert "Bee" not in (out / "index.html").read_text(encoding="utf-8")


def test_essays_in_a_toctree_keep_their_place(book: Book) -> None:
    write_blog(book, ".. toctree::\n   :caption: Mine\n\n   ant\n")
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<h2>(\w+)", page) == ["Mine", "2010", "Recent"]


def test_essays_outside_toctrees_without_a_date_give_warning(book: Book) -> None:
    write_blog(book)
    book.write({"lost.rst": "Lost\n====\n\nWords.\n"})
    book.build()
    assert re.findall(r"(\w+)\.rst: WARNING", book.warnings) == ["lost"]


# -- indexes -----------------------------------------------------------------------


def test_index_pages_are_made_with_an_anchor_for_each_entry(book: Book) -> None:
    write_blog(book)
    out = book.clean()
    by_tag = (out / "by-tag.html").read_text(encoding="utf-8")
    assert re.findall(r'id="(tag-[^"]*)"', by_tag) == ["tag-animals", "tag-stripes"]
    assert titles(by_tag, "essay-contents") == ["Ant", "Zebra"]
    by_date = (out / "by-date.html").read_text(encoding="utf-8")
    assert re.findall(r'id="(date-[^"]*)"', by_date) == ["date-2012", "date-2010"]
    assert not (out / "by-author.html").exists()
    contents = (out / "contents.html").read_text(encoding="utf-8")
    assert 'href="by-date.html"' in contents
    assert 'href="by-tag.html"' in contents


def test_index_pages_need_two_essays_and_can_be_disabled(book: Book) -> None:
    book.write({"index.rst": "Cover\n=====\n", "a.rst": essay("A", ":date: 2001\n:tags: x")})
    assert not list(book.clean().glob("by-*.html"))
    write_blog(book)
    book.confoverrides = {"essays_indices": ["author"]}
    assert not list(book.clean().glob("by-*.html"))


def test_index_page_anchor_exists_for_a_tag_in_any_script(book: Book) -> None:
    book.write({"index.rst": "Cover\n=====\n"})
    for name in ("one", "two"):
        book.write({f"{name}.rst": essay(name, ":date: 2001\n:tags: 図書館")})
    page = (book.clean() / "by-tag.html").read_text(encoding="utf-8")
    assert re.search(r'id="tag-\w+".*?>\s*<h2>図書館', page, re.DOTALL)


def test_front_and_back_matter_is_not_listed_and_has_no_reading_time(book: Book) -> None:
    toctree = "\n.. toctree::\n\n   dedication\n   one\n   notes\n\n.. essays::\n"
    book.write(
        {
            "index.rst": f"Cover\n=====\n{toctree}",
            "dedication.rst": essay("For her", ":kind: front\n:date: 2001"),
            "one.rst": essay("One", ":date: 2001"),
            "notes.rst": essay("Notes", ":kind: back\n:date: 2001"),
        }
    )
    out = book.clean()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert titles(page, "essay-list-essays") == ["One"]
    assert "minute" not in (out / "dedication.html").read_text(encoding="utf-8")
    assert 'rel="next" title="For her"' in page


def test_essay_list_keeps_text_in_the_directive_and_hides_its_options(book: Book) -> None:
    lists = ".. essays:: These words\n   :limit: 1\n\n   And these.\n"
    book.write({"index.rst": f"Cover\n=====\n\n{lists}"})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert "These words" in page
    assert "And these." in page
    assert ":limit:" not in page
