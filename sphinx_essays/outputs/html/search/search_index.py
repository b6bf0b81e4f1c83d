"""What is known of every page, those that are not written again included.

It is kept beside the doctrees, one file an output: first the names of the documents, which
tell a build with nothing to do that it has nothing to do, then all else.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays.book.pages import write_atomic
from sphinx_essays.outputs.html.search import index_shards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    Postings = dict[str, list[int]]

FORMAT = 1


class Document(NamedTuple):
    """A page that can be found, by its titles, its entries in the index and its words."""

    title: str
    headings: tuple[tuple[str, str], ...]  # with their ids; the title's is empty
    entries: tuple[tuple[str, str, str], ...]  # with their ids, and "main"
    text: str  # the file with its words


@dataclass
class SearchIndex:
    """All documents, in the order of their titles, and the numbers of those with a word.

    The order is that of results that are equally good.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    words: Postings = field(default_factory=dict)
    title_words: Postings = field(default_factory=dict)

    def renewed(
        self,
        shown: Iterable[str],
        documents: Mapping[str, Document],
        words: Mapping[str, set[str]],
        title_words: Mapping[str, set[str]],
        written: Iterable[str],
    ) -> SearchIndex:
        """The stock with what is written now, and without what is shown no more."""
        kept = set(shown).difference(written)
        known = {name: document for name, document in self.documents.items() if name in kept}
        known.update(documents)
        names = sorted(known, reverse=True)
        names.sort(key=lambda name: index_shards.order(known[name].title.lower()))
        place = {name: number for number, name in enumerate(names)}
        moved = [place[name] if name in kept else -1 for name in self.documents]
        return SearchIndex(
            {name: known[name] for name in names},
            _merge(self.words, moved, words, place),
            _merge(self.title_words, moved, title_words, place),
        )


def _merge(
    before: Postings,
    moved: list[int],
    now: Mapping[str, set[str]],
    place: Mapping[str, int],
) -> Postings:
    """The numbers of the documents of each word, old ones moved; no word without one."""
    merged = {}
    for word in before.keys() | now.keys():
        numbers = [moved[old] for old in before.get(word, ()) if moved[old] >= 0]
        numbers += [place[name] for name in now.get(word, ()) if name in place]
        if numbers:
            merged[word] = sorted(numbers)
    return merged


def names(path: Path) -> list[str] | None:
    """The documents of the build before; none if there was none that we can read."""
    try:
        with path.open("rb") as file:
            number, known = pickle.load(file)  # noqa: S301 (what we have stored)
    except Exception:  # noqa: BLE001 (whatever half a pickle gives)
        return None
    return list(known) if number == FORMAT else None


def load(path: Path) -> SearchIndex:
    """What the build before has kept; nothing if there was none."""
    if names(path) is None:
        return SearchIndex()
    with path.open("rb") as file:
        pickle.load(file)  # noqa: S301 (what we have stored)
        documents, words, title_words = pickle.load(file)  # noqa: S301
    return SearchIndex(documents, words, title_words)


def save(path: Path, shown: Iterable[str], index: SearchIndex) -> None:
    """Keep it for the next build."""
    known = pickle.dumps((FORMAT, sorted(shown)))
    rest = pickle.dumps((index.documents, index.words, index.title_words))
    write_atomic(path, known + rest)
