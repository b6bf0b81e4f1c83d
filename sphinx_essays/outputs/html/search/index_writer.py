"""Write the search index: shards of words and of phrases, chunks of results, a directory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_essays.outputs.html.search import index_shards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_essays.outputs.html.search.index_directory import IndexDirectory
    from sphinx_essays.outputs.html.search.search_index import Document, SearchIndex

    Entries = Iterator[tuple[str, tuple[Any, ...]]]

CHUNK_SIZE = 16  # documents in a file, so that the results shown are in few files
# The kinds of phrases. Entries are those of an index.
TITLE, HEADING, ENTRY, MAIN_ENTRY = range(4)
# Where words begin. Chinese and Japanese have no spaces, and Korean joins words.
BEGINNING = re.compile(r"\b\w|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def write_index(
    folder: IndexDirectory,
    index: SearchIndex,
    places: Mapping[str, tuple[str, str]],
    words: Mapping[str, str],
) -> None:
    """Write the index; ``places`` has the title of the part and the path of each document."""
    for document in index.documents.values():
        if document.text:
            folder.keep(document.text)
    directory = {
        "terms": _put(folder, _terms(index)),
        "phrases": _put(folder, _phrases(index), least=True),
        "documents": list(_result_chunks(folder, index, places)),
        "drawer": CHUNK_SIZE,
        "words": dict(words),
    }
    folder.close(index_shards.script(directory))


def _put(folder: IndexDirectory, entries: Entries, *, least: bool = False) -> list[Any]:
    """Write the shards of entries; return the first key of each and its file name.

    With ``least``, each is followed by the length of its shortest phrase.
    """
    cuts: list[Any] = []
    for shard in index_shards.cut(index_shards.entries_of(entries)):
        cuts += (shard[0].key, folder.put(index_shards.script(index_shards.pack(shard))))
        if least:
            cuts.append(min(row.payload[0] + index_shards.length(row.word) for row in shard))
    return cuts


def _terms(index: SearchIndex) -> Entries:
    """Yield words with the documents that contain them; after a space, those by title."""
    write = index_shards.Gaps(len(index.documents)).write
    words, title_words = index.words, index.title_words
    for word in {*words, *title_words}:
        gaps = write(words.get(word, ()))
        if word in title_words:
            gaps += f" {write(title_words[word])}"
        yield word, (gaps,)


def _phrases(index: SearchIndex) -> Entries:
    """Yield titles, headings and index entries, once from each word of their first half.

    So a phrase is found by its beginning, as a word is. Sphinx finds the query anywhere
    in a title, if it is at least half of the title.
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
    folder: IndexDirectory, index: SearchIndex, places: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """Write the files with titles, parts, paths and names of texts; yield their names."""
    rows = [_result(document, *places[name]) for name, document in index.documents.items()]
    for start in range(0, len(rows), CHUNK_SIZE):
        yield folder.put(index_shards.script(rows[start : start + CHUNK_SIZE]))


def _result(document: Document, part: str, address: str) -> list[str]:
    return [document.title, part, address, document.text]
