"""All of the author's text can be translated, and translation keeps the nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from docutils import nodes

if TYPE_CHECKING:
    from support.books import Book

ESSAY = """:standfirst: A *standing* sentence.
:author: A. N. Other

Title
=====

Running words.

.. pull-quote::

   Quoted words.

   -- Quoted name, *Work*

.. update:: 20 April 2014
   :by: Later name

   Updated words.

.. correction::
   :was: Former words.

   Corrected words.

.. overheard:: Setting words
   :cast: YM = Young man
          OL = Old lady
   :place: Placing words

   YM: Spoken words (shrugging) and more.

   (Directing words.)

   OL (kindly): Answered words.

      Continued words.

   Unlabelled words with a \\(bracket\\).
"""
# The messages that a translator gets.
MESSAGES = {
    "A *standing* sentence.", "Title", "Running words.", "Quoted words.", "Quoted name, *Work*",
    "Later name", "Updated words.", "Former words.", "Corrected words.", "Setting words",
    "YM", "Young man", "OL", "Old lady", "Placing words", "Spoken words (shrugging) and more.",
    "(Directing words.)", "kindly", "Answered words.", "Continued words.",
    "Unlabelled words with a \\(bracket\\).",
}  # fmt: skip
TRANSLATIONS = {
    "de": lambda text: re.sub(r"[A-Za-z]{2,}", lambda word: f"D{word[0].lower()}", text),
    "ar": lambda text: re.sub(r"[A-Za-z]{2,}", "\u0643\u0644\u0645\u0629", text),
}


def translate(book: Book, language: str) -> set[str]:
    """Extract the messages, translate each word, and build with them; return the messages."""
    pot = book.clean("gettext") / "essay.pot"
    with pot.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if message.id:
            message.string = TRANSLATIONS[language](str(message.id))
    folder = book.source / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "essay.mo").open("wb") as file:
        write_mo(file, catalogue)
    return {str(message.id) for message in catalogue if message.id}


def shape(node: nodes.Node) -> object:
    """Return the tree without its text and without attributes that depend on the language."""
    children = [shape(child) for child in node.children if not isinstance(child, nodes.Text)]
    return (type(node).__name__, children)


def read_tree(book: Book) -> nodes.document:
    book.build("dummy")
    assert book.app is not None
    return book.app.env.get_doctree("essay")


@pytest.fixture
def essay(book: Book) -> Book:
    book.write({"index.rst": "Cover\n=====\n\n.. toctree::\n\n   essay\n", "essay.rst": ESSAY})
    return book


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translation_covers_every_word_and_keeps_every_node(essay: Book, language: str) -> None:
    original = read_tree(essay)
    messages = translate(essay, language)
    assert messages == MESSAGES
    essay.confoverrides = {"language": language, "locale_dirs": ["locale"]}
    essay.target = essay.target.parent / language
    tree = read_tree(essay)
    assert shape(tree) == shape(original)
    said = [set(re.findall(r"\b[A-Za-z]{3,}\b", one.astext())) for one in (original, tree)]
    assert said[0]
    assert not said[0] & said[1], "some words were not translated"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translation_of_a_page_includes_its_labels_and_dates(
    essay: Book, language: str
) -> None:
    translate(essay, language)
    essay.confoverrides = {"language": language, "locale_dirs": ["locale"]}
    page = essay.page("essay.html")
    assert f'lang="{language}"' in page
    assert re.search(r'<i class="essay-direction">[^<]+</i>', page)
    assert "(shrugging)" not in page
    date = {"de": "20. April 2014", "ar": "20 \u0623\u0628\u0631\u064a\u0644 2014"}[language]
    assert f'<time datetime="2014-04-20">{date}</time>' in page
