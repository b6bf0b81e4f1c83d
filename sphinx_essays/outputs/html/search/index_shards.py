"""Cut the search index into files that a browser loads on demand.

This module does not depend on Sphinx. A file calls a function with a list in JSON, because
a page at ``file://`` can load scripts and nothing else. Words are sorted without their
accents and front-coded: each begins with the number of characters that it shares with the
word before. The numbers of documents are written as gaps, in digits that JSON does not
escape.
"""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b32encode
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CALL = "essaysSearch"
ACCENTS = re.compile("[\u0300-\u036f]")
# Marks a word that is the form of another without its accents. It is an accent itself, so
# that folding removes it.
ALIAS = "\u0300"
# A digit of the first half ends a number; after a digit of the second half it continues.
DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\')
HALF = len(DIGITS) // 2
SHARED = "0123456789abcdefghijklmnopqrstuvwxyz"
# The size of a file in characters, before it is packed to about half of that. A file is
# cut before a word whose own hash says so, so that a word added elsewhere moves no cut.
LEAST, MOST = 7_000, 16_000
CUT_EVERY = 96  # a file can be cut before every 96th word on average


class Entry(NamedTuple):
    """A word or a phrase, its sort key (without accents) and its data."""

    key: str
    word: str
    payload: tuple[Any, ...]


def fold(word: str) -> str:
    """Return a word without accents, as ``fold`` in search.js does."""
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def order(word: str) -> bytes:
    """Return a sort key for the order of JavaScript, which compares UTF-16 code units."""
    return word.encode("utf-16-be", "surrogatepass")


def length(text: str) -> int:
    """Return the length of a text in JavaScript, in UTF-16 code units."""
    return len(order(text)) // 2


def number(value: int) -> str:
    """Return a number in ``DIGITS``, the least significant digit first."""
    digits = ""
    while value >= HALF:
        digits += DIGITS[HALF + value % HALF]
        value //= HALF
    return digits + DIGITS[value]


class Gaps:
    """Write ascending numbers as the gaps between them."""

    def __init__(self, most: int) -> None:
        self._gaps = [number(value) for value in range(most + 1)]

    def write(self, numbers: Sequence[int]) -> str:
        """Return the gaps between numbers: those of ``[0, 1, 5]`` are 0, 0 and 3."""
        gaps = self._gaps
        before = [-1, *numbers]
        return "".join([gaps[b - a - 1] for a, b in zip(before, numbers, strict=False)])


def entries_of(payloads: Iterable[tuple[str, tuple[Any, ...]]]) -> list[Entry]:
    """Return the words with their data, sorted."""
    rows = [Entry(fold(word), word, payload) for word, payload in payloads]
    return sorted(rows, key=lambda row: (order(row.key), order(row.word), row.payload))


def cut(rows: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries of each file; the files are of about the same size."""
    shard: list[Entry] = []
    size = 0
    for row in rows:
        if size > MOST or (size > LEAST and crc32(row.key.encode()) % CUT_EVERY == 0):
            yield shard
            shard, size = [], 0
        shard.append(row)
        size += len(row.word) + sum(len(str(item)) for item in row.payload) + 4
    if shard:
        yield shard


def pack(shard: Iterable[Entry]) -> list[Any]:
    """Return the entries as a flat list with front-coded words."""
    flat: list[Any] = []
    before = ""
    for row in shard:
        shared = _shared(before, row.word)
        flat += (SHARED[shared] + row.word[shared:], *row.payload)
        before = row.word
    return flat


def _shared(word: str, other: str) -> int:
    """Return the length of the common prefix of two words, at most a digit of ``SHARED``."""
    most = min(len(word), len(other), len(SHARED) - 1)
    return next((at for at in range(most) if word[at] != other[at]), most)


def script(value: object) -> str:
    """Return a script that passes a value to the search."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{CALL}({text});\n"


def name_of(text: str) -> str:
    """Return a hash of the contents, so that a browser never uses an outdated file."""
    digest = b32encode(blake2b(text.encode(), digest_size=6).digest()).decode()
    return digest.rstrip("=").lower()
