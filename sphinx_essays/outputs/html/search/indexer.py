"""What Sphinx's own index makes of each page as it is written, and the page's text.

Splitting, stemming and stop words are Sphinx's, so that every language it knows works.
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
    """Mark what we have written ourselves, lists and bylines, for as long as a page is read."""
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
    """Knows the pages that are written now, and no others."""

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
        self._shelf = directory
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
        """Take a page; one without a title is not to be found.

        Its lists of essays are left out: a cover would be found by the words of each title;
        and its byline, for every essay takes some minutes.
        """
        with _unsearched(doctree):
            super().feed(docname, filename, title, doctree)
            if title and self._shelf:
                text = index_shards.script(excerpts.blocks(doctree))
                self._texts[docname] = self._shelf.put(text)
        for words, mapping in zip(
            (self._plain, self._plain_titles), search.word_maps(self), strict=True
        ):
            for word in words:
                mapping.setdefault(word, set()).add(docname)

    def note_words(self, store: WordStore) -> None:
        """Note what stemming makes of the words of a page without their accents.

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
        """All that is known of each page that can be found."""
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
        """The pages that are written now, those included that nobody is to find."""
        return set(search.titles(self))

    def words(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """The documents of each word in a text, and of each in a title."""
        return search.word_maps(self)

    def get_js_stemmer_code(self) -> str:
        """The stemmer, under the name that it has.

        Before 9.2, Sphinx calls that of a language by the language, though Chinese has
        the English one, and the search of a Chinese book stops there.
        """
        code = super().get_js_stemmer_code()
        raw = self.lang.js_stemmer_rawcode
        if raw:
            stemmer = raw.removesuffix("-stemmer.js").title().replace("_", "")
            code = code.rpartition("window.Stemmer =")[0]
            code += f"window.Stemmer = {stemmer}Stemmer;"
        return code
