"""A mistake produces a warning with file, line and a fix; all text is still rendered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.books import Book

# name: (source below the title, line of the warning, its id and words, expected text)
CASES = {
    "an unreadable date": (
        ".. update:: 20 Apil 2014\n\n   Body words.\n",
        4,
        r"Cannot read '20 Apil 2014' as a date\. Write it as .* \[essays\.date\]",
        ["Update, 20 Apil 2014", "Body words."],
    ),
    "an ambiguous date": (
        ".. update:: 03/04/2014\n\n   Body words.\n",
        4,
        r"The date '03/04/2014' is ambiguous\. .* \[essays\.date\]",
        ["Update, 03/04/2014", "Body words."],
    ),
    "an unreadable date of a conversation": (
        ".. overheard:: here\n   :date: soon\n\n   A: Body words.\n",
        5,
        r"Cannot read 'soon' .* \[essays\.date\]",
        ["soon", "Body words."],
    ),
    "an unknown option": (
        ".. update:: 2014\n   :bye: me\n\n   Body words.\n",
        5,
        r"Unknown option ':bye:' for 'update' .* Did you mean ':by:'\? \[essays\.option\]",
        ["Update, 2014", "Body words."],
    ),
    "an unknown option of a pull-quote": (
        ".. pull-quote::\n   :weight: red\n\n   Body words.\n",
        5,
        r"Unknown option ':weight:' .* Valid options: .*':align:'.* \[essays\.option\]",
        ["Body words."],
    ),
    "a value that is none": (
        ".. pull-quote::\n   :align: up\n\n   Body words.\n",
        5,
        r"Invalid value of option ':align:' for 'pull-quote' .*up.* \[essays\.option\]",
        ["Body words."],
    ),
    "an option twice": (
        ".. update:: 2014\n   :by: me\n   :by: you\n\n   Body words.\n",
        6,
        r"Option ':by:' is given twice for 'update'\. .* \[essays\.option\]",
        ["by me you", "Body words."],
    ),
    "an option behind a blank line": (
        ".. update:: 2014\n\n   :by: me\n\n   Body words.\n",
        6,
        r"Option ':by:' comes after a blank line.* below 'update'\. \[essays\.option\]",
        ["Update, 2014", "me", "Body words."],
    ),
    "a cast line without =": (
        ".. overheard::\n   :cast: YM = Young Man; Dog\n\n   YM: Body words.\n   Dog: Wuff.\n",
        5,
        r"The cast line 'Dog' has no '='\. Write it like 'OL = Old Lady'\. \[essays\.cast\]",
        ["Dog", "Young Man", "Body words."],
    ),
    "an empty pull-quote": (
        ".. pull-quote::\n\nNext words.\n",
        4,
        r"The 'pull-quote' directive is empty\. .* \[essays\.empty\]",
        ["Next words."],
    ),
    "an empty update": (
        ".. update:: 20 April 2014\n\nNext words.\n",
        4,
        r"The 'update' directive is empty\. .* \[essays\.empty\]",
        ["Update, 20 April 2014", "Next words."],
    ),
    "an empty conversation": (
        ".. overheard:: Setting words\n   :cast: A = Alice\n\nNext words.\n",
        4,
        r"The 'overheard' directive is empty\. .* \[essays\.empty\]",
        ["Setting words", "Alice", "Next words."],
    ),
}

FINE = {
    "words on the line of a pull-quote": (".. pull-quote:: Line words.\n", ["Line words."]),
    "words on the line of a pull-quote, with options": (
        ".. pull-quote:: Line words.\n   :align: left\n\n   Body words.\n",
        ["Line words.", "Body words."],
    ),
    "words on the line of an update": (".. update:: Line words.\n", ["Update", "Line words."]),
    "a month that is a verb": (".. update:: I may be wrong.\n", ["I may be wrong."]),
    "a setting of two lines": (
        ".. overheard:: in the\n   lido\n\n   A: Body words.\n",
        ["Overheard in the lido A: Body words."],
    ),
    "a setting of two lines, with options": (
        ".. overheard:: in the\n   lido\n   :place: London\n\n   A: Body words.\n",
        ["Overheard in the lido London A: Body words."],
    ),
    "the words of an update in two lines, with options": (
        ".. update:: Line\n   words.\n   :by: me\n\n   Body words.\n",
        ["Update, by me Line words. Body words."],
    ),
    "words on two lines of a pull-quote, with options": (
        ".. pull-quote:: Line\n   words.\n   :align: left\n\n   Body words.\n",
        ["Line words. Body words."],
    ),
    "words on the line of a list, with options": (
        ".. essays:: Line words.\n   :limit: 2\n\n   Body words.\n",
        ["Line words. Body words."],
    ),
    "a forgotten blank line": (
        ".. update:: 20 April 2014\n   :by: me\n   Body words.\n\n   More words.\n",
        ["by me", "Body words.", "More words."],
    ),
    "a body straight below": (".. update::\n   Body words.\n", ["Update", "Body words."]),
    "speeches straight below": (".. overheard::\n   A: Body words.\n", ["A:", "Body words."]),
}


MARKDOWN = 'extensions = ["sphinx_essays", "myst_parser"]\n'


def plain_text(builder: str, text: str) -> str:
    """Return the text of an output without its markup."""
    if builder == "html":
        text = re.sub(r"<[^>]*>", "", text)
    elif builder == "latex":
        text = re.sub(r"\\\w+|[{}]", "", text)
    else:
        text = text.replace("*", "")
    return " ".join(text.split())


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
@pytest.mark.parametrize("case", CASES)
def test_bad_input_gives_one_warning_and_its_text_is_kept(
    book: Book, case: str, builder: str
) -> None:
    source, line, warning, words = CASES[case]
    book.write({"index.rst": f"Title\n=====\n\n{source}"})
    out = book.build(builder)
    expected = rf"index\.rst:{line}: WARNING: {warning}"
    assert re.search(expected, book.warnings), book.warnings
    assert book.warnings.count("WARNING") == 1
    file = {"html": "index.html", "latex": "test.tex", "text": "index.txt"}[builder]
    text = plain_text(builder, (out / file).read_text(encoding="utf-8"))
    for one in words:
        assert one in text


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
@pytest.mark.parametrize("case", FINE)
def test_lenient_input_is_accepted_without_warning(book: Book, case: str, builder: str) -> None:
    source, words = FINE[case]
    book.write({"index.rst": f"Title\n=====\n\n{source}"})
    out = book.clean(builder)
    file = {"html": "index.html", "latex": "test.tex", "text": "index.txt"}[builder]
    text = plain_text(builder, (out / file).read_text(encoding="utf-8"))
    for one in words:
        assert one in text


def test_bad_input_still_produces_the_intended_element(book: Book) -> None:
    sources = [source for source, *_rest in CASES.values()]
    book.write({"index.rst": "Title\n=====\n\n" + "\n".join(sources)})
    page = book.page("index.html")
    assert page.count('role="note"') == sum(".. update" in one for one in sources)
    assert page.count('role="group"') == sum(".. overheard" in one for one in sources)


@pytest.mark.parametrize("subtype", ["date", "option", "cast", "empty"])
def test_warning_of_each_subtype_can_be_suppressed(book: Book, subtype: str) -> None:
    sources = "\n".join(source for source, *_rest in CASES.values())
    book.write({"index.rst": f"Title\n=====\n\n{sources}"})
    book.confoverrides = {"suppress_warnings": [f"essays.{subtype}"]}
    book.build()
    assert f"[essays.{subtype}]" not in book.warnings
    assert "[essays." in book.warnings


def test_date_field_that_is_ambiguous_gives_warning_with_file_and_line(book: Book) -> None:
    body = ":date: 03/04/2014\n\nTitle\n=====\n\nWords.\n\n.. toctree::\n\n   page\n"
    page = ":date: 03/04/2014\n\nPage\n====\n\nWords.\n"
    book.write({"index.rst": body, "page.rst": page})
    assert "03/04/2014" in book.page("page.html")
    assert "page.rst:1: WARNING: The date '03/04/2014' is ambiguous" in book.warnings


def test_field_warning_gives_the_line_of_the_field(book: Book) -> None:
    fields = ":tags: one\n:date: soon\n:kind: novel\n"
    front = "---\ntags: one\ndate: soon\nkind: novel\n---\n"
    cover = "Cover\n=====\n\n.. toctree::\n\n   page\n   note\n   post\n"
    book.write(
        {
            "conf.py": MARKDOWN,
            "index.rst": cover,
            "page.rst": f"{fields}\nPage\n====\n",
            "note.md": f"{front}\n# Note\n",
            "post.rst": "Post\n====\n\n.. post:: soon\n",
        }
    )
    book.build()
    for place in ["page.rst:2", "note.md:3", "post.rst:4"]:
        assert f"{place}: WARNING: Cannot read 'soon'" in book.warnings
    for place in ["page.rst:3", "note.md:4"]:
        assert f"{place}: WARNING: Unknown kind of page: 'novel'" in book.warnings


def test_field_left_empty_gives_no_warning(book: Book) -> None:
    names = ["date", "author", "tags", "standfirst", "status", "kind", "language"]
    fields = "".join(f":{name}:\n" for name in names)
    front = "".join(f"{name}:\n" for name in names)
    cover = "Cover\n=====\n\n.. toctree::\n\n   page\n   note\n"
    note = f"---\n{front}---\n\n# Note\n\nWords.\n"
    page = f"{fields}\nPage\n====\n\nWords.\n"
    book.write({"conf.py": MARKDOWN, "index.rst": cover, "page.rst": page, "note.md": note})
    out = book.clean()
    assert "WARNING" not in (out / "page.html").read_text(encoding="utf-8")
    assert "null" not in (out / "note.html").read_text(encoding="utf-8")


def test_pull_quote_with_a_heading_gives_error_and_keeps_its_text(book: Book) -> None:
    body = ".. pull-quote::\n\n   One.\n\n   Two\n   ---\n\n   Three.\n"
    book.write({"index.rst": f"Title\n=====\n\n{body}"})
    words = (book.build("text") / "index.txt").read_text(encoding="utf-8").split()
    assert [one for one in words if one in {"One.", "Two", "Three."}] == [
        "One.", "Two", "Three.",
    ]  # fmt: skip
    assert "index.rst:9: ERROR: Unexpected section title" in book.warnings


def test_dialogue_markup_warning_gives_its_own_line(book: Book) -> None:
    body = "Title\n=====\n\n.. overheard::\n\n   A: fine\n\n   B: ``broken\n"
    book.write({"index.rst": body})
    book.build()
    assert "index.rst:8: WARNING: Inline literal start-string" in book.warnings


def test_cast_warning_in_markdown_gives_its_own_line(book: Book) -> None:
    body = "# Title\n\n```{overheard}\n:cast: |\n:  A = Alice\n:  Dog\n\nA: Words.\n```\n"
    book.write({"conf.py": MARKDOWN, "index.md": body})
    book.build()
    assert "index.md:6: WARNING: The cast line 'Dog' has no '='" in book.warnings


def test_options_block_left_unclosed_loses_no_text(book: Book) -> None:
    body = "# Title\n\n```{overheard}\n---\ncast: A = Alice\n\nA: Body words.\n```\n"
    book.write({"conf.py": MARKDOWN, "index.md": body})
    out = book.clean("text")
    assert "**A:** Body words." in (out / "index.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("element", ["update", "overheard"])
def test_element_keeps_a_markdown_heading_inside_it(book: Book, element: str) -> None:
    body = f"# Title\n\n```{{{element}}}\nOne.\n\n# Two\n\nThree.\n```\n\nFour.\n"
    book.write({"conf.py": MARKDOWN, "index.md": body})
    out = book.clean("text")
    words = (out / "index.txt").read_text(encoding="utf-8").split()
    found = [one for one in words if one in {"One.", "Two", "Three.", "Four."}]
    assert found == ["One.", "Two", "Three.", "Four."]
