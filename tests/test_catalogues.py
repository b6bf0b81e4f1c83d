"""What the interface says can be said in every language: nothing escapes translation."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import sphinx.locale

from sphinx_essays import messages

if TYPE_CHECKING:
    import pytest
    from conftest import Book


class Bracketed(NullTranslations):
    """A language that says everything between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"⟦{one if count == 1 else many}⟧"


class Shown(HTMLParser):
    """All that a page says to anybody: text, and attributes that are read out."""

    SAID = frozenset({"title", "alt", "aria-label", "placeholder"})
    NAMES = frozenset({"data-essays-open", "data-essays-contents"})
    UNSAID = frozenset({"script", "style", "math", "pre", "code"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.UNSAID:
            self.inside.append(tag)
        for name, value in attrs:
            is_said = name in self.SAID or name.startswith("data-essays-")
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


def test_no_word_of_ours_stands_outside_the_catalogues(
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
        shown = Shown()
        shown.feed(path.read_text(encoding="utf-8"))
        text = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", " ".join(shown.words)))
        left = set(re.findall(r"[A-Za-z]{2,}", text))
        assert left <= ALLOWED, f"{path.name}: {left - ALLOWED}"


# Babel's names of months, which follow the language; and a format's name.
ALLOWED = {"February", "April", "BibTeX", "Sphinx"}
