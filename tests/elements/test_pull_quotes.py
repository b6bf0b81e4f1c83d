"""The build finds out whether a pull-quote repeats, differs from, or is not in the essay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import docutils.core
import pytest
from docutils import nodes

from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.elements.quoting import MatchResult, TextIndex

if TYPE_CHECKING:
    from pathlib import Path

    from support.books import Book

SAID = "The council knew that change on this scale needs to be based on sound evidence."


def page(*quotes: str, said: str = SAID) -> str:
    directives = "\n\n".join(f".. pull-quote::\n{quote}" for quote in quotes)
    return f"Title\n=====\n\n{said}\n\n{directives}\n"


def kinds(html: str) -> list[str]:
    return re.findall(r"essay-pull-quote-(\w+)", html)


@pytest.mark.parametrize(
    ("quote", "kind", "warning"),
    [
        ("\n   change on this scale needs to be based on sound evidence", "repeat", ""),
        ("\n   “Change on this scale … sound evidence”", "repeat", ""),
        ("\n   change on this scale needs to be based\n\n   -- Somebody", "repeat", ""),
        (
            "\n   change on that scale needs to be based on sound evidence",
            "content",
            "'that' instead of 'this'",
        ),
        (
            "\n   change on that scale needs to be based on sound evidence\n\n   -- Somebody",
            "content",
            "",
        ),
        (
            "   :check: no\n\n   change on that scale needs to be based on evidence",
            "content",
            "",
        ),
        ("\n   Words that stand nowhere in it", "content", ""),
        (
            "   :check: yes\n\n   Words that stand nowhere in it",
            "content",
            "does not occur in the essay",
        ),
    ],
)
def test_pull_quote_match_wins_over_attribution_and_that_over_near_match(
    book: Book, quote: str, kind: str, warning: str
) -> None:
    book.write({"index.rst": page(quote)})
    html = book.page("index.html")
    assert kinds(html) == [kind]
    assert book.warnings.count("[essays.pull_quote]") == (1 if warning else 0)
    assert warning in book.warnings
    assert not warning or re.search(r"index.rst:[68]: WARNING", book.warnings)


def test_pull_quote_warning_shows_the_sentence_of_the_essay(book: Book) -> None:
    book.write(
        {"index.rst": page("\n   change on scale needs to be founded on sound evidence")}
    )
    book.build()
    assert "'this' is missing; 'founded' instead of 'based'" in book.warnings
    assert f"The essay says: '{SAID}'" in book.warnings


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("the council knew that quux on this scale needs to be", "'quux' instead of 'change'"),
        ("quux council knew that change on this scale", "'quux' instead of 'The'"),
        ("needs to be based on sound quux", "'quux' instead of 'evidence.'"),
        ("quux The council knew that change on this scale", "'quux' is added"),
        ("the council knew that Change on this scale", "'Change' instead of 'change'"),
        ("the council knew, that change on this scale", "'knew,' instead of 'knew'"),
        ("the council knew … on that scale needs to be", "'that' instead of 'this'"),
    ],
)
def test_pull_quote_warning_shows_only_what_differs(book: Book, quote: str, shown: str) -> None:
    book.write({"index.rst": page(f"\n   {quote}")})
    book.build()
    assert f"text of the essay: {shown}. The essay says" in book.warnings


def test_pull_quote_may_repeat_verse_and_captions(book: Book) -> None:
    verse = "| You who are tired, and have come so far,\n|    sit here and look at the water."
    figure = (
        ".. figure:: https://example.org/ferry.png\n\n   The ferry as it was in those days."
    )
    quotes = [
        "\n   who are tired, and have come so far, sit here",
        "\n   the ferry as it was in those days",
        "\n   who are tired, and have come this far, sit here",
    ]
    book.write({"index.rst": page(*quotes, said=f"{verse}\n\n{figure}")})
    html = book.page("index.html")
    assert kinds(html) == ["repeat", "repeat", "content"]
    assert "'this' instead of 'so'" in book.warnings


def test_pull_quote_of_a_direction_in_brackets_is_not_an_insertion(book: Book) -> None:
    said = ".. dialogue::\n   :directions: brackets\n\n   [She goes on looking, for long.]"
    quotes = ["\n   [She goes on looking, for long.]", "\n   [She goes on looking, for ever.]"]
    book.write({"index.rst": page(*quotes, said=said)})
    assert kinds(book.page("index.html")) == ["repeat", "content"]
    assert "'ever.]' instead of 'long.]'" in book.warnings


def test_pull_quote_strict_check_requires_every_quote_to_be_found(book: Book) -> None:
    book.write({"index.rst": page("\n   Words that stand nowhere in it")})
    book.confoverrides = {"essays_pull_quotes_check": "strict"}
    book.build()
    assert "does not occur in the essay" in book.warnings


def test_pull_quote_role_lifts_words_from_running_text(book: Book) -> None:
    said = "It was hard to be against, and :pull-quote:`that is *what* made it hard`."
    book.write({"index.rst": page("\n   that is what made it hard", said=said)})
    html = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert kinds(html) == ["repeat", "repeat"]
    assert "against, and that is <em>what</em> made it hard.</p>" in html
    text = (book.clean("text") / "index.txt").read_text(encoding="utf-8")
    assert text.count("made it hard") == 1


def write_two(book: Book, quote: str) -> None:
    essay = f":date: 2001\n\n.. _here:\n\nThe *other* essay\n=================\n\n{SAID}\n"
    cover = f"Cover\n=====\n\n.. pull-quote::\n{quote}\n\n.. toctree::\n\n   in/other\n"
    book.write({"index.rst": cover, "in/other.rst": essay})


@pytest.mark.parametrize("source", ["in/other", "/in/other", "here"])
@pytest.mark.parametrize("builder", ["html", "text", "latex", "singlehtml"])
def test_pull_quote_from_another_essay_shows_its_title(
    book: Book, source: str, builder: str
) -> None:
    write_two(book, f"   :from: {source}\n\n   change on this scale")
    out = book.clean(builder)
    file = {"text": "index.txt", "latex": "test.tex"}.get(builder, "index.html")
    text = (out / file).read_text(encoding="utf-8")
    assert re.search(r"change on this\s+scale", text)
    if builder == "html":
        assert 'href="in/other.html"><span>The <em>other</em> essay</span>' in text
    if builder == "text":
        assert "-- The *other* essay" in text


@pytest.mark.parametrize("builder", ["html", "singlehtml", "latex", "man", "texinfo", "epub"])
def test_pull_quote_from_option_is_relative_to_its_page(book: Book, builder: str) -> None:
    book.confoverrides = {"copyright": "A. N. Author", "version": "1"}
    write_two(book, "   :from: in/other\n\n   change on this scale")
    quote = ".. pull-quote::\n   :from: other\n\n   change on this scale\n"
    book.write({"in/third.rst": f":date: 2002\n\nThird\n=====\n\n{quote}"})
    book.clean(builder)


def test_pull_quote_that_differs_from_another_essay_gives_warning(book: Book) -> None:
    write_two(book, "   :from: in/other\n\n   change on that scale needs to be based on sound")
    book.build()
    assert "'that' instead of 'this'" in book.warnings
    write_two(book, "   :from: nowhere\n\n   Words")
    assert "Words" in book.page("index.html")
    assert "':from: nowhere' does not name a document or a label" in book.warnings


@pytest.mark.parametrize("source", ["in/other", "here"])
def test_pull_quote_from_a_draft_is_hidden_with_it(book: Book, source: str) -> None:
    write_two(book, f"   :from: {source}\n\n   change on this scale")
    essay = (book.source / "in/other.rst").read_text(encoding="utf-8")
    book.clean()
    book.write({"in/other.rst": f":status: draft\n{essay}"})
    assert "this scale" not in (book.clean() / "index.html").read_text(encoding="utf-8")
    book.write({"in/other.rst": essay})
    assert "this scale" in (book.clean() / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "name"),
    [("fr", "accroche"), ("de", "seitenansprache"), ("es", "cita-destacada")],
)
def test_pull_quote_accepts_the_localised_names_of_docutils(
    book: Book, language: str, name: str
) -> None:
    book.confoverrides = {"language": language}
    book.write({"index.rst": f"Title\n=====\n\n.. {name}::\n   :align: left\n\n   Mots.\n"})
    assert "essay-align-left" in book.page("index.html")


def test_pull_quote_that_repeats_the_text_contains_no_link(book: Book) -> None:
    said = "We went to `the town hall <https://example.org>`__ and nobody was in on that day."
    book.write({"index.rst": page(f"\n   {said[3:-1]}", said=said)})
    html = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert kinds(html) == ["repeat"]
    assert html.count("https://example.org") == 1
    assert html.partition("<body")[2].count("the town hall") == 2


DOCUTILS_OWN = [
    ".. pull-quote:: On the line of the directive",
    ".. pull-quote:: On the line of the directive,\n   and below it.",
    ".. pull-quote::\n   Straight below.",
    ".. pull-quote::\n\n   Words.\n\n   -- Name",
    ".. pull-quote::\n\n   Words.\n\n   --- Name,\n   *Work*, 1999",
    ".. pull-quote::\n\n   Words.\n\n   \u2014Name,\n      1999",
    ".. pull-quote::\n\n   One.\n\n   -- First\n\n   Two.\n\n   Still two.\n\n   -- Second",
    ".. pull-quote::\n\n   One.\n\n   -- First\n\n   Two, of nobody.",
    ".. pull-quote::\n\n   Words.\n\n   -- Name\n     hanging\n       and hanging",
    ".. pull-quote::\n\n   - A list\n   - of words\n\n   -- Name",
]


def quotes_in(tree: nodes.document, kind: type[nodes.Element]) -> list[tuple[str, str]]:
    """Return the text and the attribution of each quotation."""
    found = []
    for quote in tree.findall(kind):
        names = [one for one in quote.children if isinstance(one, nodes.attribution)]
        words = [one.astext() for one in quote.children if one not in names]
        text = " ".join(" ".join(words).split())
        found.append((text, " ".join(" ".join(one.astext() for one in names).split())))
    return found


@pytest.mark.parametrize("source", DOCUTILS_OWN)
def test_pull_quote_written_for_docutils_is_parsed_as_in_docutils(
    book: Book, source: str
) -> None:
    text = f"Title\n=====\n\n{source}\n"
    theirs = quotes_in(docutils.core.publish_doctree(text), nodes.block_quote)
    book.write({"index.rst": text})
    book.clean("dummy")
    assert book.app is not None
    tree = book.app.env.get_doctree("index")
    curled = [
        (words.replace("--", "\u2013"), name.replace("'", "\u2019")) for words, name in theirs
    ]
    assert quotes_in(tree, essay_pull_quote) == curled


# -- the sample essays -------------------------------------------------------------


def sentences(path: Path) -> list[str]:
    """Return sentences of eight words or more in plain paragraphs of a source."""
    text = path.read_text(encoding="utf-8").split("\n\n", 1)[1]
    plain = [
        " ".join(block.split())
        for block in text.split("\n\n")
        if block[0] not in " .:|*-=" and not re.search(r"[*`_]|^[=-]+$", block, re.MULTILINE)
    ]
    found = [one for block in plain for one in re.split(r"(?<=[.!?])\s+", block)]
    return [one for one in found if len(one.split()) >= 8]


def plain_blocks(path: Path) -> list[str]:
    """Return all text in a source, block by block."""
    text = path.read_text(encoding="utf-8")
    return [" ".join(re.sub(r"\[#\]_|[*`]", "", block).split()) for block in text.split("\n\n")]


def retype(sentence: str) -> str:
    """Return a sentence as people retype it, with other dashes and quotation marks."""
    straight = str.maketrans("“”‘’", "\"\"''")
    return sentence.translate(straight).replace("…", "...").replace("–", "--")


def changed(sentence: str, how: str) -> str:
    words = sentence.split()
    middle = len(words) // 2
    match how:
        case "changed":
            words[middle] = "quux"
        case "dropped":
            del words[middle]
        case "added":
            words.insert(middle, "quux")
        case "swapped":
            words[middle], words[middle + 1] = words[middle + 1], words[middle]
    return " ".join(words)


def test_quotation_match_finds_every_retyped_sentence_of_the_samples(
    docs_sources: list[Path],
) -> None:
    counted = 0
    for path in docs_sources:
        running = TextIndex(plain_blocks(path))
        for sentence in sentences(path):
            counted += 1
            assert running.find(retype(sentence)).outcome is MatchResult.FOUND, sentence
    assert counted > 120


@pytest.mark.parametrize("how", ["changed", "dropped", "added", "swapped"])
def test_quotation_match_nearly_finds_every_changed_sentence(
    docs_sources: list[Path], how: str
) -> None:
    for path in docs_sources:
        running = TextIndex(plain_blocks(path))
        for sentence in sentences(path):
            words = sentence.split()
            middle = len(words) // 2
            if how == "swapped" and words[middle] == words[middle + 1]:
                continue
            match = running.find(changed(retype(sentence), how))
            assert match.outcome is MatchResult.CLOSE, sentence
            assert match.differs, sentence


def test_quotation_match_nearly_finds_no_sentence_of_another_essay(
    docs_sources: list[Path],
) -> None:
    for path in docs_sources:
        running = TextIndex(plain_blocks(path))
        for other in docs_sources:
            for sentence in sentences(other) if other != path else ():
                assert running.find(sentence).outcome is MatchResult.MISSING, sentence


def test_pull_quote_that_resembles_only_other_quotes_gives_no_warning(book: Book) -> None:
    quotes = [f"\n   the same long words of nobody at all number {n}" for n in range(60)]
    book.write({"index.rst": page(*quotes)})
    book.clean()
