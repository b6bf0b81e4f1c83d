"""The book knows its pages, parts and order, in every notation of toctrees."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinx_essays.book.pages import essay_domain

if TYPE_CHECKING:
    from pathlib import Path

    from support.books import Book

ESSAY = "{title}\n{line}\n\nWords of {title}.\n"


def essay(title: str, fields: str = "") -> str:
    head = f"{fields}\n\n" if fields else ""
    return head + ESSAY.format(title=title, line="=" * len(title))


def write_nested(book: Book) -> None:
    """Write a book with captions, a part page, a part in it, and a glob."""
    book.write(
        {
            "index.rst": essay("Cover")
            + "\n.. toctree::\n   :caption: Opening\n\n   one\n   two\n"
            + "\n.. toctree::\n\n   part/index\n   last\n",
            "one.rst": essay("One", ":date: 2001\n:standfirst: The *first* one."),
            "two.rst": essay("Two"),
            "part/index.rst": essay("The part")
            + "\n.. toctree::\n   :glob:\n\n   [0-9]*\n   in/x\n",
            "part/1.rst": essay("First glob"),
            "part/2.rst": essay("Second glob"),
            "part/in/x.rst": essay("Inner part") + "\n.. toctree::\n\n   y\n",
            "part/in/y.rst": essay("Inmost"),
            "last.rst": essay("Last"),
        }
    )


ORDER = [
    "index", "one", "two", "part/index", "part/1", "part/2", "part/in/x", "part/in/y", "last"
]  # fmt: skip


def neighbours(out: Path, rel: str) -> dict[str, str]:
    """Return the targets of `rel` links by page, as docnames."""
    found = {}
    for path in out.rglob("*.html"):
        name = path.relative_to(out).with_suffix("").as_posix()
        if link := re.search(rf'<link rel="{rel}"[^>]* href="([^"#]+)"', path.read_text()):
            target = (path.parent / link[1]).resolve().relative_to(out.resolve())
            found[name] = target.with_suffix("").as_posix()
    return found


def test_navigation_links_follow_the_reading_order_both_ways(book: Book) -> None:
    write_nested(book)
    out = book.clean()
    pairs = list(pairwise(ORDER))
    assert neighbours(out, "next") == dict(pairs)
    assert neighbours(out, "prev") == {later: earlier for earlier, later in pairs}


def test_reading_order_is_the_same_as_that_of_sphinx(book: Book) -> None:
    write_nested(book)
    book.clean()
    assert book.app is not None
    assert essay_domain(book.app.env).book.sequence() == tuple(ORDER)
    assert list(book.app.env.collect_relations()) == ORDER


def test_eyebrow_names_the_parts_of_a_page(book: Book) -> None:
    write_nested(book)
    out = book.clean()

    def eyebrow(name: str) -> str:
        page = (out / f"{name}.html").read_text(encoding="utf-8")
        found = re.search(r'<p class="essay-breadcrumbs">(.*?)</p>', page, re.DOTALL)
        return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""

    assert eyebrow("one") == "Opening"
    assert eyebrow("part/1") == "The part"
    assert eyebrow("part/in/y") == "The part / Inner part"
    assert eyebrow("part/index") == ""
    assert eyebrow("last") == ""


def test_cover_lists_essays_by_part_in_reading_order(book: Book) -> None:
    write_nested(book)
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    titles = ["Opening", "One", "The first one.", "2001", "Two", "The part", "First glob",
              "Second glob", "Inner part", "Inmost", "Last"]  # fmt: skip
    places = [page.index(f">{title}<") for title in titles]
    assert places == sorted(places)


def test_contents_page_lists_the_whole_book_and_other_pages_do_not(book: Book) -> None:
    write_nested(book)
    out = book.clean()
    contents = (out / "contents.html").read_text(encoding="utf-8")
    assert all(f'href="{name}.html"' in contents for name in ORDER[1:])
    essay_page = (out / "part" / "1.html").read_text(encoding="utf-8")
    assert "Inmost" not in essay_page
    assert "Last" not in essay_page


def test_contents_page_written_by_the_author_is_kept(book: Book) -> None:
    book.write(
        {
            "index.rst": essay("Cover") + "\n.. toctree::\n\n   contents\n",
            "contents.rst": essay("Mine"),
        }
    )
    out = book.clean()
    assert "Words of Mine" in (out / "contents.html").read_text(encoding="utf-8")
    assert (out / "book-contents.html").is_file()


def test_toctree_with_an_external_link_is_left_to_sphinx(book: Book) -> None:
    toctree = "\n.. toctree::\n\n   one\n   Elsewhere <https://example.org/>\n"
    book.write({"index.rst": essay("Cover") + toctree, "one.rst": essay("One")})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/"' in page
    assert 'href="one.html"' in page


def test_toctree_that_is_hidden_is_not_shown_but_sets_the_order(book: Book) -> None:
    toctree = "\n.. toctree::\n   :hidden:\n\n   one\n"
    book.write({"index.rst": essay("Cover") + toctree, "one.rst": essay("One")})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert page.count(">One<") == 0
    assert '<link rel="next" title="One"' in page


def test_byline_shows_authors_date_update_and_reading_time(book: Book) -> None:
    fields = ":date: 3 March 2010\n:authors: B. One; C. Two"
    text = essay("One", fields) + "\n.. update:: 2012\n\n   Later.\n"
    book.write({"index.rst": essay("Cover") + "\n.. toctree::\n\n   one\n", "one.rst": text})
    page = (book.clean() / "one.html").read_text(encoding="utf-8")
    line = re.findall(r'<p class="essay-byline">(.*?)</p>', page)[0]
    assert re.sub(r"<[^>]*>", "", line) == (
        "by B. One and C. Two · 3 March 2010 · updated 2012 · 1 minute"
    )


def test_field_value_that_looks_like_a_list_item_stays_text(book: Book) -> None:
    fields = ":date: 3. März 2010\n:author: A. N. Other\n:standfirst: A. *standfirst*."
    book.confoverrides = {"language": "de"}
    toctree = "\n.. toctree::\n\n   one\n"
    book.write({"index.rst": essay("Cover") + toctree, "one.rst": essay("One", fields)})
    page = (book.clean() / "one.html").read_text(encoding="utf-8")
    assert '<p class="essay-standfirst">A. <em>standfirst</em>.</p>' in page
    assert "A. N. Other" in page
    assert '<time datetime="2010-03-03">3. März 2010</time>' in page


def test_update_dated_before_the_essay_or_in_the_future_gives_warning(book: Book) -> None:
    updates = "".join(f"\n.. update:: {year}\n\n   Words.\n" for year in (2009, 2010, 2999))
    text = essay("One", ":date: 3 March 2010") + updates
    book.write({"index.rst": essay("Cover") + "\n.. toctree::\n\n   one\n", "one.rst": text})
    book.build()
    assert "one.rst:8: WARNING: This update is dated 2009, before" in book.warnings
    assert "one.rst:16: WARNING: This update is dated 2999, which" in book.warnings
    assert book.warnings.count("WARNING") == 2


def test_domain_drops_removed_pages_and_merges_parallel_reads(book: Book) -> None:
    write_nested(book)
    book.clean(parallel=2)
    assert book.app is not None
    assert set(essay_domain(book.app.env).pages) == set(ORDER)
    (book.source / "last.rst").unlink()
    cover = (book.source / "index.rst").read_text().replace("   last\n", "")
    book.write({"index.rst": cover})
    book.clean()
    assert set(essay_domain(book.app.env).pages) == set(ORDER) - {"last"}


def test_output_folder_is_not_read_as_source(book: Book) -> None:
    write_nested(book)
    book.write({"_build/stray.rst": essay("Stray")})
    book.target = book.source / "out"
    book.clean("text")
    book.write({"out/html/one.rst": essay("Copy")})
    book.clean("html")
    assert book.app is not None
    assert set(book.app.env.found_docs) == set(ORDER)


def test_language_can_be_set_for_one_essay(book: Book) -> None:
    toctree = "\n.. toctree::\n\n   one\n"
    book.write(
        {"index.rst": essay("Cover") + toctree, "one.rst": essay("One", ":language: ar")}
    )
    page = (book.clean() / "one.html").read_text(encoding="utf-8")
    assert '<article lang="ar" dir="rtl" ' in page
    assert '<html lang="en-GB" dir="ltr"' in page


def test_field_below_the_title_gives_warning(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\n:author: Me Myself\n:strange: x\n"})
    book.build()
    assert "index.rst:4: WARNING: Field ':author:' is below the title" in book.warnings
    assert book.warnings.count("WARNING") == 1


def test_ablog_post_directive_is_read_without_ablog(book: Book) -> None:
    post = ".. post:: 4 February, 2011\n   :tags: a, b\n   :author: One, Two\n\n   Below.\n\n"
    toctree = "\n.. toctree::\n\n   one\n"
    book.write({"index.rst": essay("Cover") + toctree, "one.rst": post + essay("One")})
    page = (book.clean() / "one.html").read_text(encoding="utf-8")
    assert "by One and Two" in page
    assert '<time datetime="2011-02-04">4 February 2011</time>' in page
    assert "Below." in page


def test_authors_and_tags_are_read_from_yaml_lists(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    lists = 'authors: [One, "B. Two"]\ntags: [big society, "cuts, deep"]'
    toctree = "\n.. toctree::\n\n   one\n\n.. essays::\n   :tag: cuts, deep\n"
    front = f"---\ndate: 2011-02-04\n{lists}\n---\n\n# One\n\nWords.\n"
    book.write({"index.rst": essay("Cover") + toctree, "one.md": front})
    out = book.clean()
    assert "by One and B. Two" in (out / "one.html").read_text(encoding="utf-8")
    assert "essay-list-essays" in (out / "index.html").read_text(encoding="utf-8")


def test_authors_are_read_from_yaml_mappings_and_rst_lists(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    book.write(
        {
            "index.rst": essay("Cover") + "\n.. toctree::\n\n   one\n   two\n",
            "one.md": "---\nauthors:\n  - name: One\n  - name: B. Two\n---\n\n# One\n",
            "two.rst": essay("Two", ":authors: - One\n          - B. Two"),
        }
    )
    out = book.clean()
    assert "by One and B. Two" in (out / "one.html").read_text(encoding="utf-8")
    assert "by One and B. Two" in (out / "two.html").read_text(encoding="utf-8")
