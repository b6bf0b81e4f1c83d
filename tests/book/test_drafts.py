"""Drafts and essays with a future date are in no output until they are published."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from sphinx_essays.elements import front_matter

if TYPE_CHECKING:
    from pathlib import Path

    from support.books import Book

BUILDERS = [
    "html", "dirhtml", "singlehtml", "epub", "latex", "text", "gettext", "json", "essaypdf",
]  # fmt: skip
DRAFT_TRACES = rb"xyzzy|secretfile|quuxlabel|quuxpicture|Frobnitz"
FUTURE_TRACES = rb"plugh|laterfile|Xyzplugh"
PAST_THAT_DAY = "32535129600"  # in the year 3001
# The smallest picture: one pixel, GIF.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)


@pytest.fixture
def book_with_drafts(book: Book) -> Book:
    book.confoverrides = {"copyright": "A. N. Author", "version": "1", "nitpicky": True}
    book.write(
        {
            "index.rst": "Cover\n=====\n\n"
            "See :doc:`the words <secretfile>`, :ref:`label words <quuxlabel>`\n"
            "and :doc:`later words <laterfile>`.\n\n"
            ".. toctree::\n\n   one\n   secretfile\n   Later <laterfile.rst>\n",
            "one.rst": "One\n===\n\nWords.\n",
            "secretfile.rst": ":status: draft\n\nFrobnitz\n========\n\n"
            ".. _quuxlabel:\n\nxyzzy\n\n.. image:: quuxpicture.gif\n   :alt: A picture\n",
            "laterfile.rst": ":date: 1 January 2999\n\nXyzplugh\n========\n\nplugh\n",
        }
    )
    (book.source / "quuxpicture.gif").write_bytes(PIXEL)
    return book


def traces(out: Path, pattern: bytes) -> set[str]:
    """Return the output files whose name or content matches a pattern."""
    found = set()
    for path in out.rglob("*"):
        if re.search(pattern, path.name.encode()):
            found.add(path.name)
        for content in contents(path) if path.is_file() else ():
            if re.search(pattern, content):
                found.add(path.name)
    return found


def contents(path: Path) -> list[bytes]:
    """Return the contents of a file, unpacked."""
    raw = path.read_bytes()
    if path.name == "objects.inv":
        return [zlib.decompress(raw.split(b"\n", 4)[4])]
    if path.suffix == ".epub":
        with zipfile.ZipFile(path) as book:
            return [book.read(name) + name.encode() for name in book.namelist()]
    return [raw]


def publish(book: Book, *, published: bool) -> None:
    source = (book.source / "secretfile.rst").read_text(encoding="utf-8")
    word = "published" if published else "draft"
    book.write({"secretfile.rst": re.sub(r"(?<=:status: )\w+", word, source)})


@pytest.mark.parametrize("builder", BUILDERS)
def test_draft_or_future_essay_leaves_no_trace_in_any_output(
    book_with_drafts: Book, builder: str
) -> None:
    out = book_with_drafts.clean(builder)
    assert traces(out, DRAFT_TRACES) == set()
    assert traces(out, FUTURE_TRACES) == set()
    assert traces(out, rb"the words")


@pytest.mark.parametrize("builder", BUILDERS)
def test_draft_appears_when_published_and_disappears_when_reverted(
    book_with_drafts: Book, builder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    book_with_drafts.clean(builder)
    publish(book_with_drafts, published=True)
    out = book_with_drafts.clean(builder)
    assert traces(out, rb"xyzzy")
    assert traces(out, FUTURE_TRACES) == set()
    publish(book_with_drafts, published=False)
    assert traces(book_with_drafts.clean(builder), DRAFT_TRACES) == set()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", PAST_THAT_DAY)
    out = book_with_drafts.clean(builder)
    assert traces(out, rb"plugh")
    assert traces(out, DRAFT_TRACES) == set()


def test_draft_is_removed_from_all_outputs_that_share_doctrees(book_with_drafts: Book) -> None:
    publish(book_with_drafts, published=True)
    shared = [builder for builder in BUILDERS if builder != "gettext"]
    for builder in shared:
        book_with_drafts.clean(builder)
    publish(book_with_drafts, published=False)
    for builder in shared:
        assert traces(book_with_drafts.clean(builder), DRAFT_TRACES) == set(), builder


def test_draft_is_hidden_in_parallel_builds(book_with_drafts: Book) -> None:
    book_with_drafts.clean("html", parallel=2)
    publish(book_with_drafts, published=True)
    assert traces(book_with_drafts.clean("html", parallel=2), rb"xyzzy")
    publish(book_with_drafts, published=False)
    assert traces(book_with_drafts.clean("html", parallel=2), DRAFT_TRACES) == set()


def test_draft_reference_without_link_text_gives_warning(book_with_drafts: Book) -> None:
    book_with_drafts.write({"one.rst": "One\n===\n\nSee :doc:`secretfile`.\n"})
    out = book_with_drafts.build()
    assert re.search(
        r"one\.rst:4: WARNING: .*no link text.*\[essays\.draft\]",
        book_with_drafts.warnings,
    )
    assert "See ." in (out / "one.html").read_text(encoding="utf-8")


def test_draft_is_included_when_essays_drafts_is_set(book_with_drafts: Book) -> None:
    book_with_drafts.confoverrides["essays_drafts"] = True
    out = book_with_drafts.clean()
    assert traces(out, rb"xyzzy")
    assert traces(out, rb"plugh")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (":status: draft\n\nTitle\n=====\n", {"status": "draft"}),
        (
            ".. A comment.\n   More.\n\n:status: draft\n:Date: 2001\n",
            {"status": "draft", "date": "2001"},
        ),
        ("\n\n:orphan:\n:status: draft\n", {"orphan": "", "status": "draft"}),
        ("Title\n=====\n\n:status: draft\n", {}),
        (
            "---\nstatus: draft\ndate: '2001'\n---\n\n# Title\n",
            {"status": "draft", "date": "2001"},
        ),
        (":date:\n   2001\n:status:\n   draft\n", {"date": "2001", "status": "draft"}),
        (
            "---\n'status': draft  # not yet\ndate: 2001-02-03 10:00:00\n---\n",
            {"status": "draft", "date": "2001-02-03 10:00:00"},
        ),
        ("---\nstatus: >-\n  draft\n---\n", {"status": "draft"}),
        (
            "---\nstatus: draft\ntitle: no: yaml\n---\n",
            {"status": "draft", "title": "no: yaml"},
        ),
        ("---\n\nA section break, never closed.\n", {}),
        (
            ":standfirst: Long\n   and wrapped\n:status: draft\n",
            {"standfirst": "Long and wrapped", "status": "draft"},
        ),
        (".. post:: 1 March 2999\n\nTitle\n=====\n", {"date": "1 March 2999"}),
        ("", {}),
    ],
)
def test_field_reader_finds_the_fields_that_the_parsers_find(text: str, fields: object) -> None:
    assert front_matter.read_front_matter(text) == fields


def test_future_essay_is_hidden_and_an_essay_of_today_is_not() -> None:
    today = front_matter.today()
    assert not front_matter.is_hidden({"date": today.isoformat()}, "en", today)
    assert front_matter.is_hidden(
        {"date": today.replace(year=today.year + 1).isoformat()}, "en", today
    )
    assert not front_matter.is_hidden({"date": "no date"}, "en", today)


def test_draft_badge_is_shown_on_hidden_essays_only(book_with_drafts: Book) -> None:
    book_with_drafts.confoverrides["essays_drafts"] = True
    out = book_with_drafts.clean()
    assert "essay-draft" in (out / "secretfile.html").read_text(encoding="utf-8")
    assert "essay-draft" in (out / "laterfile.html").read_text(encoding="utf-8")
    assert "essay-draft" not in (out / "one.html").read_text(encoding="utf-8")


def test_draft_link_in_markdown_becomes_plain_text(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"], "nitpicky": True}
    (book.source / "index.rst").unlink(missing_ok=True)
    toctree = "```{toctree}\nsecretfile\n```\n"
    cover = "# Cover\n\nSee [the words](secretfile.md) and {doc}`others <secretfile>`.\n\n"
    cover += "[By label](#quuxlabel) as well.\n\n"
    front = "---\nstatus: draft\n---\n\n(quuxlabel)=\n"
    book.write({"index.md": cover + toctree, "secretfile.md": f"{front}# Frobnitz\n\nxyzzy\n"})
    out = book.clean()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "See the words and others." in page
    assert "<p>By label as well." in page
    assert traces(out, DRAFT_TRACES) == set()
    book.write({"secretfile.md": "(quuxlabel)=\n# Frobnitz\n\nxyzzy\n"})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert 'href="secretfile.html"' in page
    assert 'href="secretfile.html#quuxlabel"' in page


def test_markdown_broken_link_gives_only_one_warning(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    book.write({"index.md": "# Cover\n\n[Nowhere](#nowhere)\n"})
    book.build()
    assert book.warnings.count("WARNING") == 1


def test_toctree_that_omits_a_draft_keeps_the_content_below_it(book_with_drafts: Book) -> None:
    toctree = ".. toctree::\n\n   secretfile\n   laterfile\n   one\n"
    below = "\nStraight below.\n\n.. update:: 2014\n\n   Further below.\n"
    book_with_drafts.write({"index.rst": f"Cover\n=====\n\n{toctree}{below}"})
    page = (book_with_drafts.clean() / "index.html").read_text(encoding="utf-8")
    assert "Straight below." in page
    assert "Further below." in page


def test_draft_reference_of_any_kind_becomes_plain_text(book_with_drafts: Book) -> None:
    links = (
        ":any:`by file <secretfile>`, :any:`by label <quuxlabel>`, :doc:`by path </secretfile>`"
    )
    book_with_drafts.write({"one.rst": f"One\n===\n\nGo {links}.\n"})
    page = (book_with_drafts.clean() / "one.html").read_text(encoding="utf-8")
    assert "Go by file, by label, by path." in page


def test_draft_images_and_downloads_are_removed_with_it(book_with_drafts: Book) -> None:
    links = "\n:download:`with words <quuxpicture.gif>`\n\n"
    links += ".. image:: in/quuxpicture.gif\n   :alt: Of the same name\n"
    source = (book_with_drafts.source / "secretfile.rst").read_text(encoding="utf-8")
    book_with_drafts.write(
        {"secretfile.rst": source + links, "in/one.rst": ":orphan:\n\nIn\n==\n"}
    )
    (book_with_drafts.source / "in" / "quuxpicture.gif").write_bytes(PIXEL + b"another")
    publish(book_with_drafts, published=True)
    assert len(traces(book_with_drafts.clean(), rb"quuxpicture[0-9]?\.gif")) > 2
    publish(book_with_drafts, published=False)
    assert traces(book_with_drafts.clean(), DRAFT_TRACES) == set()


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_author_index_is_removed_when_only_one_author_remains(
    book_with_drafts: Book, builder: str
) -> None:
    source = (book_with_drafts.source / "secretfile.rst").read_text(encoding="utf-8")
    book_with_drafts.write(
        {"secretfile.rst": f":author: Xyzzy\n{source}", "one.rst": ":author: B\n\nOne\n===\n"}
    )
    publish(book_with_drafts, published=True)
    assert traces(book_with_drafts.clean(builder), rb"by-author")
    publish(book_with_drafts, published=False)
    out = book_with_drafts.clean(builder)
    assert traces(out, b"(?i:xyzzy)") == set()
    assert traces(out, rb"by-author") == set()
