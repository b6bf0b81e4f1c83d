"""Collect the words and the text of each page that is written.

Splitting, stemming and stop words are those of Sphinx, so that all its languages work.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.book.byline import essay_byline
from sphinx_essays.compat import search
from sphinx_essays.compat.search import EmptyIndex
from sphinx_essays.outputs.html.search import excerpts, index_shards
from sphinx_essays.outputs.html.search.search_index import Document

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from sphinx.environment import BuildEnvironment
    from sphinx.search import WordStore

    from sphinx_essays.outputs.html.search.index_directory import IndexDirectory


LIST = "essay-contents"


@contextmanager
def _unsearched(doctree: nodes.document) -> Iterator[None]:
    """Exclude generated lists and bylines from the index while a page is read."""
    listings: list[nodes.Element] = [
        node for node in doctree.findall(nodes.bullet_list) if LIST in node["classes"]
    ]
    listings += doctree.findall(essay_byline)
    for listing in listings:
        listing["classes"].append(excerpts.UNSEARCHED)
    yield
    for listing in listings:
        listing["classes"].remove(excerpts.UNSEARCHED)


class SearchIndexer(EmptyIndex):
    """An index of the pages that are written in this build, and of no others."""

    def __init__(
        self,
        env: BuildEnvironment,
        lang: str,
        options: dict[str, str],
        scoring: str,
        directory: IndexDirectory | None,
    ) -> None:
        super().__init__(env, lang, options, scoring)
        self.forget()
        self._folder = directory
        self._texts: dict[str, str] = {}
        self._plain: set[str] = set()
        self._plain_titles: set[str] = set()

    def feed(
        self,
        docname: str,
        filename: str | os.PathLike[str],
        title: str,
        doctree: nodes.document,
    ) -> None:
        """Add a page to the index. A page without a title is never found.

        Lists of essays are skipped: otherwise a cover would be found by the words of all
        titles. Bylines are skipped, because every essay has the word "minutes" in it.
        """
        with _unsearched(doctree):
            super().feed(docname, filename, title, doctree)
            if title and self._folder:
                text = index_shards.script(excerpts.blocks(doctree))
                self._texts[docname] = self._folder.put(text)
        for words, mapping in zip(
            (self._plain, self._plain_titles), search.word_maps(self), strict=True
        ):
            for word in words:
                mapping.setdefault(word, set()).add(docname)

    def note_words(self, store: WordStore) -> None:
        """Note the stems of the words of a page without their accents.

        "Rivière" is stemmed to "rivi", but "riviere", as many type it, to "rivier".
        """
        self._plain = set(self._plainly(store.words))
        self._plain_titles = set(self._plainly(store.title_words))

    def _plainly(self, words: Iterable[str]) -> Iterator[str]:
        for word in {word for word in words if not word.isascii()}:
            plain = index_shards.fold(word)
            stem = self.lang.stem(plain).lower()
            is_other = plain != word and stem != index_shards.fold(self.lang.stem(word).lower())
            if is_other and self.lang.word_filter(stem):
                yield f"{stem}{index_shards.ALIAS}"

    def documents(self) -> dict[str, Document]:
        """Return the data of each page that can be found, by docname."""
        return {
            name: Document(
                title,
                tuple((text, place or "") for text, place in self.headings(name)),
                tuple(search.index_entries(self)[name]),
                self._texts.get(name, ""),
            )
            for name, title in search.titles(self).items()
            if title
        }

    def written(self) -> set[str]:
        """Return the pages written in this build, including those without a title."""
        return set(search.titles(self))

    def words(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Return the documents of each word in a text, and of each word in a title."""
        return search.word_maps(self)

    def get_js_stemmer_code(self) -> str:
        """Return the stemmer's code with the right class name.

        Before 9.2, Sphinx makes the name from the language. Chinese uses the English
        stemmer, so that the search of a Chinese book failed.
        """
        code = super().get_js_stemmer_code()
        raw = self.lang.js_stemmer_rawcode
        if raw:
            stemmer = raw.removesuffix("-stemmer.js").title().replace("_", "")
            code = code.rpartition("window.Stemmer =")[0]
            code += f"window.Stemmer = {stemmer}Stemmer;"
        return code
