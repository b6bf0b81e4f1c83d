"""The stock as files: shards of words and of phrases, drawers of documents, a directory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_essays.outputs.html.search import index_shards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_essays.outputs.html.search.index_directory import IndexDirectory
    from sphinx_essays.outputs.html.search.search_index import Document, SearchIndex

    Entries = Iterator[tuple[str, tuple[Any, ...]]]

CHUNK_SIZE = 16  # documents in a file: the results shown stand in few
# What a phrase is; an entry is one of an index, and may be the main one.
TITLE, HEADING, ENTRY, MAIN_ENTRY = range(4)
# Where words begin. Chinese, Japanese and Korean set no blanks, or other words behind one.
BEGINNING = re.compile(r"\b\w|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def write_index(
    shelf: IndexDirectory,
    index: SearchIndex,
    places: Mapping[str, tuple[str, str]],
    words: Mapping[str, str],
) -> None:
    """Write it all; ``places`` gives the part and the address of each document."""
    for document in index.documents.values():
        if document.text:
            shelf.keep(document.text)
    directory = {
        "terms": _put(shelf, _terms(index)),
        "phrases": _put(shelf, _phrases(index), least=True),
        "documents": list(_result_chunks(shelf, index, places)),
        "drawer": CHUNK_SIZE,
        "words": dict(words),
    }
    shelf.close(index_shards.script(directory))


def _put(shelf: IndexDirectory, entries: Entries, *, least: bool = False) -> list[Any]:
    """The first key of each shard and its name; for phrases, the length of the shortest."""
    cuts: list[Any] = []
    for shard in index_shards.cut(index_shards.entries_of(entries)):
        cuts += (shard[0].key, shelf.put(index_shards.script(index_shards.pack(shard))))
        if least:
            cuts.append(min(row.payload[0] + index_shards.length(row.word) for row in shard))
    return cuts


def _terms(index: SearchIndex) -> Entries:
    """The documents of each word; behind a blank, those that have it in a title."""
    write = index_shards.Gaps(len(index.documents)).write
    words, title_words = index.words, index.title_words
    for word in {*words, *title_words}:
        gaps = write(words.get(word, ()))
        if word in title_words:
            gaps += f" {write(title_words[word])}"
        yield word, (gaps,)


def _phrases(index: SearchIndex) -> Entries:
    """Titles, headings and entries, from each of their words that half of them follow.

    So a phrase is found by its beginning, as a word is. Sphinx looks for what one types
    in all titles, and takes those of which it is half.
    """
    for number, document in enumerate(index.documents.values()):
        for text, place in document.headings:
            kind = HEADING if place else TITLE
            yield from _word_starts(text.lower().strip(), (number, kind, place))
        for entry, place, main in document.entries:
            kind = MAIN_ENTRY if main == "main" else ENTRY
            yield from _word_starts(entry.lower(), (number, kind, place))


def _word_starts(text: str, payload: tuple[Any, ...]) -> Entries:
    starts = {0, *(match.start() for match in BEGINNING.finditer(text))}
    for start in sorted(starts):
        before = index_shards.length(text[:start])
        if before <= index_shards.length(text) / 2:
            yield text[start:], (before, *payload)


def _result_chunks(
    shelf: IndexDirectory, index: SearchIndex, places: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """The names of the files with titles, parts, addresses and the names of texts."""
    rows = [_result(document, *places[name]) for name, document in index.documents.items()]
    for start in range(0, len(rows), CHUNK_SIZE):
        yield shelf.put(index_shards.script(rows[start : start + CHUNK_SIZE]))


def _result(document: Document, part: str, address: str) -> list[str]:
    return [document.title, part, address, document.text]
