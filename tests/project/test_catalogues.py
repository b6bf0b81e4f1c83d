"""The message catalogues: complete, compiled, and used for all text of the interface."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx.locale
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import sphinx_essays
from sphinx_essays import messages
from sphinx_essays.elements import dates

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from support.books import Book

LOCALE = Path(sphinx_essays.__file__).parent / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir())
KEYWORDS = {"_": None, "__": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdr]")


def messages_in_code() -> set[str | tuple[str, ...]]:
    found = extract_from_file("python", messages.__file__, keywords=KEYWORDS)
    return {message for _line, message, _comments, _context in found}


def read_catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "sphinx_essays.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_catalogue_exists_for_each_of_ten_languages() -> None:
    assert set(LANGUAGES) == {"ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh_CN"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_contains_every_message_and_no_other(language: str) -> None:
    known = read_catalogue(language)
    assert {message.id for message in known if message.id} == messages_in_code()
    assert not known.obsolete
    assert not known.fuzzy


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_translates_every_message_with_its_placeholders(language: str) -> None:
    known = read_catalogue(language)
    for message in [each for each in known if each.id]:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy, ids
        assert all(strings), ids
        assert len(strings) == (known.num_plurals if len(ids) > 1 else 1), ids
        for string in strings:
            found = PLACEHOLDER.findall(string)
            # Some languages omit the number in the singular or dual.
            assert found == PLACEHOLDER.findall(ids[-1]) or (len(ids) > 1 and not found), string


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_example_dates_can_be_read_in_every_language(
    language: str,
) -> None:
    advice = [each for each in read_catalogue(language) if "20 April 2014" in str(each.id)]
    assert len(advice) == 2
    for message in advice:
        found = re.findall(
            r"(?<![\d-])20\.? [^\d(),]+ 2014|2014年\d+月\d+日", str(message.string)
        )
        assert found, message.string
        for example in found:
            assert dates.parse(example).iso == "2014-04-20"


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_mo_file_matches_its_po_file(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "sphinx_essays.mo").open("rb") as file:
        assert translations_by_id(read_mo(file)) == translations_by_id(read_catalogue(language))


def translations_by_id(known: Catalog) -> dict[str, list[str]]:
    """Return the translations of each message: a list, with all plural forms."""
    found = {}
    for message in known:
        name = message.id if isinstance(message.id, str) else message.id[0]
        if name:
            string = message.string
            found[name] = [string] if isinstance(string, str) else [*string]
    return found


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("pl", {1: "1 minuta", 2: "2 minuty", 5: "5 minut", 22: "22 minuty"}),
        ("nl", {1: "1 minuut", 2: "2 minuten"}),
        ("ar", {1: "دقيقة واحدة", 2: "دقيقتان", 3: "3 دقائق", 11: "11 دقيقة"}),
        ("fr", {1: "1 minute", 2: "2 minutes"}),
        ("ja", {1: "1 分", 2: "2 分"}),
    ],
)
def test_reading_time_uses_the_plural_forms_of_the_language(
    book: Book, language: str, counts: dict[int, str]
) -> None:
    book.confoverrides = {"language": language}
    for count in counts:
        book.write({f"essay{count}.rst": f"Essay\n=====\n\n{'word ' * 230 * count}\n"})
    entries = "".join(f"   essay{count}\n" for count in counts)
    book.write({"index.rst": f"Book\n====\n\n.. toctree::\n\n{entries}"})
    out = book.build()
    for count, words in counts.items():
        page = (out / f"essay{count}.html").read_text(encoding="utf-8")
        assert words in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "byline", "cited"),
    [
        ("en_GB", "by Ann, Ben and Cleo", "Ann, Ben and Cleo, “Title”, Test, 2014."),
        ("de", "von Ann, Ben und Cleo", "Ann, Ben und Cleo, „Title“, Test, 2014."),
        ("fr", "par Ann, Ben et Cleo", "Ann, Ben et Cleo, « Title », Test, 2014."),
        ("ja", "Ann、Ben、Cleo 著", "Ann、Ben、Cleo、「Title」、Test、2014年."),
    ],
)
def test_byline_and_citation_follow_the_conventions_of_the_language(
    book: Book, language: str, byline: str, cited: str
) -> None:
    book.confoverrides = {"language": language, "project": "Test", "html_title": "Test"}
    book.write({"index.rst": "Book\n====\n\n.. toctree::\n\n   one\n"})
    fields = ":date: 2014\n:authors: Ann; Ben; Cleo\n"
    book.write({"one.rst": f"{fields}\nTitle\n=====\n\nWords.\n"})
    page = (book.build() / "one.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert byline in page
    assert cited in page


# -- text outside the catalogues ---------------------------------------------------------------


class Bracketed(NullTranslations):
    """Translations that put every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"⟦{one if count == 1 else many}⟧"


class VisibleText(HTMLParser):
    """The text of a page, and the attributes that screen readers announce."""

    SAID = frozenset({"title", "alt", "aria-label", "placeholder"})
    NAMES = frozenset({"data-essay-open", "data-essay-contents"})
    UNSAID = frozenset({"script", "style", "math", "pre", "code"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.UNSAID:
            self.inside.append(tag)
        for name, value in attrs:
            is_said = name in self.SAID or name.startswith("data-essay-")
            if value and is_said and tag != "meta" and name not in self.NAMES:
                self.words.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


ESSAY = """\
:date: 2011-02-04
:tags: 71, 72
:standfirst: 81 82

1{number}
==

.. pull-quote::

   33 34

31 32 33 34. 35 [#]_

.. update:: 2014-04-20
   :by: 91

   41

.. correction::
   :was: 42

   43

.. overheard:: 51
   :cast: 1 = 52
          2 = 53

   1: 54 (55)

   2: 56

.. overheard::

   1: 57

.. [#] 61
"""


def test_interface_text_comes_only_from_the_catalogues(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    bracketed = {("general", name): Bracketed() for name in ("sphinx", messages.CATALOGUE)}
    monkeypatch.setattr(sphinx.locale, "translators", bracketed)
    monkeypatch.setattr(sphinx.locale, "init", lambda *_a, **_k: (Bracketed(), True))
    book.confoverrides = {
        "project": "0", "author": "9", "html_title": "0", "essays_drafts": True,
        "essays_license": "8", "html_last_updated_fmt": "%Y",
    }  # fmt: skip
    for number in range(3):
        book.write({f"{number}.rst": ESSAY.replace("{number}", str(number))})
    book.write({"3.rst": ":status: draft\n\n14\n==\n\n.. index:: 62\n\n11\n"})
    entries = "   0\n   1\n   2\n   3\n"
    toctree = f".. toctree::\n   :caption: 99\n\n{entries}"
    book.write({"index.rst": f"00\n==\n\n.. essays::\n\n{toctree}"})
    out = book.build()
    pages = [*out.glob("*.html")]
    assert len(pages) >= 11
    assert "⟦Contents⟧" in (out / "index.html").read_text(encoding="utf-8")
    for path in pages:
        shown = VisibleText()
        shown.feed(path.read_text(encoding="utf-8"))
        text = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", " ".join(shown.words)))
        left = set(re.findall(r"[A-Za-z]{2,}", text))
        assert left <= ALLOWED, f"{path.name}: {left - ALLOWED}"


# Names of months, which Babel translates, and names of formats and programs.
ALLOWED = {"February", "April", "BibTeX", "Sphinx"}
