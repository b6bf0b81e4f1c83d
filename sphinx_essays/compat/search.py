"""Sphinx's search index, whose parts have no public names.

https://github.com/sphinx-doc/sphinx/blob/master/sphinx/search/__init__.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.search import IndexBuilder

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.search import WordStore

    Documents = dict[str, set[str]]  # the documents of each word
    Entries = dict[str, list[tuple[str, str, str]]]  # of the index, by document


def word_maps(index: IndexBuilder) -> tuple[Documents, Documents]:
    """Return the documents of each word in the texts, and of each word in the titles."""
    return index._mapping, index._title_mapping


def titles(index: IndexBuilder) -> dict[str, str | None]:
    """Return the title of each document."""
    return index._titles


def index_entries(index: IndexBuilder) -> Entries:
    """Return the entries of the general index, by document."""
    return index._index_entries


class EmptyIndex(IndexBuilder):
    """An index that begins without the documents of the last build."""

    def forget(self) -> None:
        """Drop what an index of an earlier build has left in the environment."""
        self._titles, self._filenames, self._all_titles = {}, {}, {}
        self._mapping, self._title_mapping, self._index_entries = {}, {}, {}

    def headings(self, docname: str) -> list[tuple[str, str | None]]:
        """Return the headings of a document, each with its id."""
        return self._all_titles[docname]

    def note_words(self, store: WordStore) -> None:
        """Look at the words of a document before they are stemmed."""

    def _word_collector(self, doctree: nodes.document) -> WordStore:
        store = super()._word_collector(doctree)
        self.note_words(store)
        return store
