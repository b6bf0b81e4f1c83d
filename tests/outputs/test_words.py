"""Test that every word of the sample essays is in every output, without a warning."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from support.heavy import heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book

INLINE = re.compile(r"<(?:/?(?:b|i|em|span|a|strong)\b)[^>]*>")
WORD = re.compile(r"[^\W_]+")
# Words of the markup, which readers do not see.
MARKUP = [
    re.compile(r"(?m)^:(?:date|tags|kind):.*$"),
    re.compile(r"(?m)^:[\w-]+:"),
    re.compile(r"(?m)^( *)\.\. (?:figure|image):: \S+"),
    re.compile(r"(?m)^( *):alt:.*\n(?:\1 +\S.*\n)*"),
    re.compile(r"(?m)^ *:(?:align|width|class|name|one-sided|directions|date):.*$"),
    re.compile(r"(?m)^ *:[\w-]+:"),
    re.compile(r"(?m)^( *)\.\. (?:update|correction)::.*$"),
    re.compile(r"(?m)^( *)\.\. [\w-]+::"),
    re.compile(r":\w+:(?=`)|<[^>]*>(?=`)"),
    re.compile(r"(?m)^\.\. _[^:]*:.*$"),
]
REPEATS_SHOWN = {"html", "dirhtml", "singlehtml", "json", "latex"}
BUILDERS = [
    "html", "dirhtml", "singlehtml", "epub", "latex", "text",
    "man", "texinfo", "xml", "pseudoxml", "gettext", "json",
]  # fmt: skip


def words_of(text: str) -> Counter[str]:
    """Count the words of a text, without regard to case or punctuation."""
    return Counter(WORD.findall(text.casefold()))


def author_words(source: str) -> Counter[str]:
    """Count the words of an essay that its author typed, without markup."""
    for pattern in MARKUP:
        source = pattern.sub(" ", source)
    return words_of(source)


def without_quotes(source: str) -> str:
    """Return an essay without its pull-quotes, for outputs without repeats."""
    return re.sub(r"(?m)^\.\. pull-quote::.*\n(?:(?: .*)?\n)*", "", source)


@pytest.mark.parametrize(
    "builder", heavy_except(BUILDERS, "html", "epub", "latex", "text", "gettext")
)
def test_output_contains_every_word_of_the_sample_book(  # noqa: PLR0917 (fixtures)
    built: Callable[[str, str], Path],
    docs_sources: list[Path],
    read_output: Callable[[Path, str], str],
    runs: Callable[[str], set[tuple[str, ...]]],
    plain_runs: Callable[[str], set[tuple[str, ...]]],
    builder: str,
) -> None:
    text = read_output(built("docs", builder), builder)
    found = words_of(text)
    assert len(docs_sources) >= 8
    wanted: Counter[str] = Counter()
    for path in docs_sources:
        source = path.read_text(encoding="utf-8")
        if builder not in REPEATS_SHOWN:
            source = without_quotes(source)
        wanted |= author_words(source) if builder == "gettext" else Counter()
        wanted += author_words(source) if builder != "gettext" else Counter()
    if builder == "gettext":  # a catalogue contains each message once
        found, wanted = Counter(set(found)), Counter(set(wanted))
    assert wanted - found == Counter()
    # A lost word could be on another page too; a sequence of words cannot.
    sources = [path.read_text(encoding="utf-8") for path in docs_sources]
    rows = set().union(*map(plain_runs, sources))
    assert len(rows) > 2000
    assert rows - runs(text) == set()


@pytest.mark.parametrize("builder", ["html", "text"])
def test_output_page_contains_every_word_of_its_essay(
    built: Callable[[str, str], Path], docs_sources: list[Path], builder: str
) -> None:
    out = built("docs", builder)
    suffix = {"html": ".html", "text": ".txt"}[builder]
    for path in docs_sources:
        inside = next(one for one in path.parents if one.name == "docs")
        page = (out / path.relative_to(inside)).with_suffix(suffix).read_text(encoding="utf-8")
        source = path.read_text(encoding="utf-8")
        if builder == "text":
            source = without_quotes(source)
        else:
            page = re.sub(r"<[^>]*>", " ", html.unescape(INLINE.sub("", page)))
        missing = author_words(source) - words_of(page)
        assert missing == Counter(), path.name


def test_sample_essays_have_600_words_a_date_and_tags(docs_sources: list[Path]) -> None:
    for path in docs_sources:
        text = path.read_text(encoding="utf-8")
        assert sum(author_words(text).values()) >= 600, path.name
        assert re.search(r"(?m)^:date: .*\b20\d\d", text), path.name
        assert re.search(r"(?m)^:tags: \w", text), path.name


def test_latex_style_file_is_written_next_to_the_book(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\nWords.\n"})
    out = book.clean("latex")
    assert (out / "sphinxessays.sty").is_file()
    assert "{sphinxessays}" in (out / "test.tex").read_text(encoding="utf-8")


def test_pull_quote_that_repeats_the_text_is_decorative(book: Book) -> None:
    words = "words that the essay says itself and no other"
    body = f"These are {words}.\n\n.. pull-quote::\n\n   {words}\n"
    book.write({"index.rst": f"Title\n=====\n\n{body}"})
    assert 'aria-hidden="true"' in book.page("index.html")
    assert book.page("index.txt", "text").count("itself") == 1
    assert book.page("test.tex", "latex").count("itself") == 2
    book.confoverrides = {"essays_pull_quotes": []}
    body = book.page("index.html").partition("<body")[2]  # the head has a description
    assert body.count("itself") == 1


def test_html_output_contains_images_and_inventory(built_docs: Path) -> None:
    assert any((built_docs / "_images").iterdir())
    assert (built_docs / "objects.inv").stat().st_size > 0


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "essaytypst", "xml"])
def test_markdown_image_alone_in_a_paragraph_is_a_block_as_in_rst(
    book: Book, builder: str
) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    (book.source / "dot.gif").write_bytes(DOT)
    lines = "In a line ![A dot](dot.gif).\n"
    book.write({
        "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n",
        "one.md": f"# Essay\n\nWords.\n\n![A dot](dot.gif)\n\nMore.\n\n{lines}",
        "two.rst": "Essay\n=====\n\nWords.\n\n.. image:: dot.gif\n   :alt: A dot\n\nMore.\n",
    })  # fmt: skip
    book.build(builder)
    for name, blocks in (("one", 1), ("two", 1)):
        pictures = list(book.app.env.get_doctree(name).findall(nodes.image))
        assert [type(one.parent) for one in pictures].count(nodes.section) == blocks, name
    if builder == "html":
        page = (book.target / "html" / "one.html").read_text(encoding="utf-8")
        assert page.count("<img") == 2
        assert len(re.findall(r"<p[^>]*>\s*<img", page)) == 0


DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)
