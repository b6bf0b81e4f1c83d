"""The index cut into files that a browser loads by need.

Nothing here knows of Sphinx. A file is a list in JSON, given to one function, for a page of
``file://`` can load scripts and nothing else. Words stand in the order of their letters
without accents; each begins with what it shares with the word before. The numbers of the
documents are gaps, in digits that JSON need not escape.
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
# What marks a word as that of another without its accents: an accent, which folding takes.
ALIAS = "\u0300"
# A digit of the first half ends a number, one of the second half goes on.
DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\')
HALF = len(DIGITS) // 2
SHARED = "0123456789abcdefghijklmnopqrstuvwxyz"
# Characters in a file, before it is packed to about half of them. It ends at a seam, a
# word that its own letters make one, so that what is added elsewhere moves no end.
LEAST, MOST = 7_000, 16_000
CUT_EVERY = 96  # one word in so many is a seam


class Entry(NamedTuple):
    """A word or a phrase, its sort key (no accents), and what is told of it."""

    key: str
    word: str
    payload: tuple[Any, ...]


def fold(word: str) -> str:
    """A word without accents, which browsers make in the same way."""
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def order(word: str) -> bytes:
    """Browsers compare the units of UTF-16."""
    return word.encode("utf-16-be", "surrogatepass")


def length(text: str) -> int:
    """How long a browser says that a text is."""
    return len(order(text)) // 2


def number(value: int) -> str:
    """A number in our digits, the smallest first."""
    digits = ""
    while value >= HALF:
        digits += DIGITS[HALF + value % HALF]
        value //= HALF
    return digits + DIGITS[value]


class Gaps:
    """Lists of rising numbers, as the gaps between them."""

    def __init__(self, most: int) -> None:
        self._gaps = [number(value) for value in range(most + 1)]

    def write(self, numbers: Sequence[int]) -> str:
        """``[0, 1, 5]`` has the gaps 0, 0 and 3."""
        gaps = self._gaps
        before = [-1, *numbers]
        return "".join([gaps[b - a - 1] for a, b in zip(before, numbers, strict=False)])


def entries_of(payloads: Iterable[tuple[str, tuple[Any, ...]]]) -> list[Entry]:
    """What is told of each word, in the order of the words."""
    rows = [Entry(fold(word), word, payload) for word, payload in payloads]
    return sorted(rows, key=lambda row: (order(row.key), order(row.word), row.payload))


def cut(rows: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Files of about one size, cut where a word says so."""
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
    """The rows one after another, each word begun with what it shares with the last."""
    flat: list[Any] = []
    before = ""
    for row in shard:
        shared = _shared(before, row.word)
        flat += (SHARED[shared] + row.word[shared:], *row.payload)
        before = row.word
    return flat


def _shared(word: str, other: str) -> int:
    """How many characters two words share at their beginning, as far as we can tell it."""
    most = min(len(word), len(other), len(SHARED) - 1)
    return next((at for at in range(most) if word[at] != other[at]), most)


def script(value: object) -> str:
    """A file that a page can load."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{CALL}({text});\n"


def name_of(text: str) -> str:
    """A name made from the contents: what has another name is never mixed up with it."""
    digest = b32encode(blake2b(text.encode(), digest_size=6).digest()).decode()
    return digest.rstrip("=").lower()
