"""Store the index of all pages between builds.

Each output has a file next to the doctrees. It begins with the names of the documents, so
that a build without changes needs to read nothing else.
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
    """A page that can be found, by its headings, its index entries and its words."""

    title: str
    headings: tuple[tuple[str, str], ...]  # with their ids; that of the title is ""
    entries: tuple[tuple[str, str, str], ...]  # with their ids, and "main" or ""
    text: str  # the name of the file with its text


@dataclass
class SearchIndex:
    """All documents, sorted by title, and for each word the numbers of its documents.

    Results with the same score are listed in this order.
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
        """Return an index with the pages written now, and only those that are shown."""
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
    """Return the numbers of the documents of each word, after renumbering the old ones."""
    merged = {}
    for word in before.keys() | now.keys():
        numbers = [moved[old] for old in before.get(word, ()) if moved[old] >= 0]
        numbers += [place[name] for name in now.get(word, ()) if name in place]
        if numbers:
            merged[word] = sorted(numbers)
    return merged


def names(path: Path) -> list[str] | None:
    """Return the documents of the last build; None if its index is missing or unreadable."""
    try:
        with path.open("rb") as file:
            number, known = pickle.load(file)  # noqa: S301 (written by save())
    except Exception:  # noqa: BLE001 (a damaged pickle raises anything)
        return None
    return list(known) if number == FORMAT else None


def load(path: Path) -> SearchIndex:
    """Return the index of the last build; an empty index if there is none."""
    if names(path) is None:
        return SearchIndex()
    with path.open("rb") as file:
        pickle.load(file)  # noqa: S301 (written by save())
        documents, words, title_words = pickle.load(file)  # noqa: S301
    return SearchIndex(documents, words, title_words)


def save(path: Path, shown: Iterable[str], index: SearchIndex) -> None:
    """Store the index for the next build."""
    known = pickle.dumps((FORMAT, sorted(shown)))
    rest = pickle.dumps((index.documents, index.words, index.title_words))
    write_atomic(path, known + rest)
