"""The stock as files: shards of words and of phrases, drawers of documents, a directory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_essays.outputs.html.search import shards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_essays.outputs.html.search.shelf import Shelf
    from sphinx_essays.outputs.html.search.stock import Document, Stock

    Told = Iterator[tuple[str, tuple[Any, ...]]]

DRAWER = 16  # documents in a file: the results shown stand in few
# What a phrase is; an entry is one of an index, and may be the main one.
TITLE, HEADING, ENTRY, MAIN_ENTRY = range(4)
# Where words begin. Chinese, Japanese and Korean set no blanks, or other words behind one.
BEGINNING = re.compile(r"\b\w|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def fill(
    shelf: Shelf, stock: Stock, places: Mapping[str, tuple[str, str]], words: Mapping[str, str]
) -> None:
    """Write it all; ``places`` gives the part and the address of each document."""
    for document in stock.documents.values():
        if document.text:
            shelf.keep(document.text)
    directory = {
        "terms": _put(shelf, _terms(stock)),
        "phrases": _put(shelf, _phrases(stock), least=True),
        "documents": list(_drawers(shelf, stock, places)),
        "drawer": DRAWER,
        "words": dict(words),
    }
    shelf.close(shards.script(directory))


def _put(shelf: Shelf, told: Told, *, least: bool = False) -> list[Any]:
    """The first key of each shard and its name; for phrases, the length of the shortest."""
    cuts: list[Any] = []
    for shard in shards.cut(shards.rows_of(told)):
        cuts += (shard[0].key, shelf.put(shards.script(shards.pack(shard))))
        if least:
            cuts.append(min(row.told[0] + shards.length(row.word) for row in shard))
    return cuts


def _terms(stock: Stock) -> Told:
    """The documents of each word; behind a blank, those that have it in a title."""
    write = shards.Gaps(len(stock.documents)).write
    words, title_words = stock.words, stock.title_words
    for word in {*words, *title_words}:
        said = write(words.get(word, ()))
        if word in title_words:
            said += f" {write(title_words[word])}"
        yield word, (said,)


def _phrases(stock: Stock) -> Told:
    """Titles, headings and entries, from each of their words that half of them follow.

    So a phrase is found by its beginning, as a word is. Sphinx looks for what one types
    in all titles, and takes those of which it is half.
    """
    for number, document in enumerate(stock.documents.values()):
        for text, place in document.headings:
            kind = HEADING if place else TITLE
            yield from _turned(text.lower().strip(), (number, kind, place))
        for entry, place, main in document.entries:
            kind = MAIN_ENTRY if main == "main" else ENTRY
            yield from _turned(entry.lower(), (number, kind, place))


def _turned(text: str, told: tuple[Any, ...]) -> Told:
    starts = {0, *(found.start() for found in BEGINNING.finditer(text))}
    for start in sorted(starts):
        before = shards.length(text[:start])
        if before <= shards.length(text) / 2:
            yield text[start:], (before, *told)


def _drawers(
    shelf: Shelf, stock: Stock, places: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """The names of the files with titles, parts, addresses and the names of texts."""
    rows = [_row(one, *places[name]) for name, one in stock.documents.items()]
    for start in range(0, len(rows), DRAWER):
        yield shelf.put(shards.script(rows[start : start + DRAWER]))


def _row(document: Document, part: str, address: str) -> list[str]:
    return [document.title, part, address, document.text]
