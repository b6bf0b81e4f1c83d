"""How to cite an essay: its authors, a sentence and BibTeX."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from docutils.utils.smartquotes import smartchars

from sphinx_essays import messages
from sphinx_essays.book import byline
from sphinx_essays.elements import dates
from sphinx_essays.elements.locales import list_names
from sphinx_essays.outputs import urls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page


def citation(app: Sphinx, page: Page) -> str:
    """Return authors, title, book, date and URL of an essay as a sentence."""
    before, after = quotation_marks(app.config.language)
    title = f"{before}{page.title}{after}"
    pieces = [names(app, page), title, str(app.config.html_title)]
    if page.metadata.when:
        when = dates.Date.from_iso(page.metadata.when)
        pieces.append(dates.long_form(when, app.config.language))
    pieces.append(urls.of_page(app, page.docname))
    return messages.comma().join(piece for piece in pieces if piece) + "."


def bibtex(app: Sphinx, page: Page) -> str:
    """Return a BibTeX entry for an essay in a book, of the type ``incollection``."""
    people = authors(app, page)
    year = page.metadata.when[:4]
    fields = {
        "author": " and ".join(people),
        "title": page.title,
        "booktitle": str(app.config.html_title),
        "year": year,
        "url": urls.of_page(app, page.docname),
    }
    lines = [f"  {name} = {{{_escape(value)}}}" for name, value in fields.items() if value]
    key = _key(people[0].split()[-1] if people else "", year, page.title)
    return f"@incollection{{{key},\n" + ",\n".join(lines) + "\n}"


def names(app: Sphinx, page: Page) -> str:
    """Return the authors of an essay as a list in the book's language; "" without authors."""
    return list_names(authors(app, page), app.config.language)


def quotation_marks(language: str = "en") -> tuple[str, str]:
    """Return the opening and closing quotation marks of a language; English ones by default.

    >>> quotation_marks("de")
    ('„', '“')
    """
    known: Mapping[str, Sequence[str]] = smartchars.quotes
    tag = language.lower().replace("_", "-")
    marks = known.get(tag) or known.get(tag.partition("-")[0]) or known["en"]
    return marks[0], marks[1]


def authors(app: Sphinx, page: Page) -> tuple[str, ...]:
    """Return the authors of an essay, else the author of the book."""
    if page.metadata.authors:
        return page.metadata.authors
    return () if app.config.author in {"", byline.NO_AUTHOR} else (app.config.author,)


def _key(*pieces: str) -> str:
    words = unicodedata.normalize("NFKD", " ".join(pieces)).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", words.lower())[:4]) or "essay"


def _escape(value: str) -> str:
    """Escape the characters that BibTeX reads as markup, except in a URL."""
    return re.sub(r"([{}%&#$_])", r"\\\1", value) if "://" not in value else value
