"""Find a quotation in a text, and the differences if it is not exact.

Pure: imports neither docutils nor Sphinx. Texts match if they differ only in white
space, the style of quotation marks and dashes, footnote marks, the case of the first
letter or the punctuation at the end. ``…``, ``...`` and ``[…]`` match a gap;
``[words]`` match an editor's insertion.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property
from itertools import accumulate, pairwise
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CLOSE_MIN_WORDS = 5
CLOSE_MIN_SHARE = 0.75

QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´ʼ“”„‟″«»‹›\x22", "'"))
DASHES = re.compile(r"\s*(?:-{2,3}|[‐‑‒–—―−])\s*|\s+-\s+")
GAP = re.compile(r"\[\s*(?:…|\.{3})\s*\]|…|\.{3,}|\. \. \.")
# Brackets that contain the end of a sentence are a stage direction, not an insertion.
INSERTION = re.compile(r"\[[^\]]*(?<![.!?])\]")
NOTE_MARK = re.compile(r"\[(?:#[\w.-]*|\*|\d+)\]_?")
PUNCTUATION = "'.,;:!?()[]-"
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)\]]))\s+")
LEFT_OUT = "…"  # in a list of words: a gap or an insertion


class MatchResult(Enum):
    """The result of a search."""

    FOUND = "found"
    CLOSE = "nearly"
    MISSING = "missing"


@dataclass(frozen=True)
class Match:
    """A result and, for a close match, the nearest sentences and the differences.

    `differs` contains pairs of (words in the quotation, words in the text).
    """

    outcome: MatchResult
    passage: str = ""
    differs: tuple[tuple[str, str], ...] = ()


class TextIndex:
    """The paragraphs of an essay, indexed for searches."""

    def __init__(self, passages: Iterable[str]) -> None:
        self._passages = [passage for passage in passages if passage.strip()]
        self._joined = _spaced(_words(GAP.sub(" ", "\n".join(self._passages))))

    @cached_property
    def _spaced(self) -> str:
        """All words without punctuation, to rule out a quotation with too few known words."""
        return _spaced(_bare(self._joined.split()))

    @cached_property
    def _words(self) -> list[list[str]]:
        """The words of each paragraph; only the search for close matches needs them."""
        return [_words(GAP.sub(" ", passage)) for passage in self._passages]

    @cached_property
    def _bare(self) -> list[list[str]]:
        return [_bare(words) for words in self._words]

    @cached_property
    def _counted(self) -> list[Counter[str]]:
        return [Counter(bare) for bare in self._bare]

    @cached_property
    def _pairs(self) -> list[set[tuple[str, str]]]:
        return [set(pairwise(bare)) for bare in self._bare]

    def find(self, quotation: str, *, allow_close: bool = True) -> Match:
        """Search for `quotation`.

        Without `allow_close`, skip the slow search for close matches.
        """
        segments = _segments(quotation)
        if not segments:
            return Match(MatchResult.MISSING)
        if self._holds(segments):
            return Match(MatchResult.FOUND)
        if not allow_close:
            return Match(MatchResult.MISSING)
        words = [word for segment in segments for word in (LEFT_OUT, *segment)]
        return self._nearest(words[1:]) or Match(MatchResult.MISSING)

    def _holds(self, segments: Sequence[Sequence[str]]) -> bool:
        """Return whether the text contains the segments, in their order."""
        start = 0
        for segment in segments:
            start = self._after(segment, start)
            if start < 0:
                return False
        return True

    def _after(self, segment: Sequence[str], start: int) -> int:
        """Return the index after `segment` in the text, or -1.

        The first letter matches in either case, and the last word with or without punctuation.
        """
        body = " ".join(segment).rstrip(PUNCTUATION)
        ends = [self._end_of(variant, start) for variant in {body, _other_case(body)}]
        return min((end for end in ends if end >= 0), default=-1)

    def _end_of(self, body: str, start: int) -> int:
        """Return the index after the first occurrence of `body` as whole words, or -1."""
        text = self._joined
        position = text.find(body, start)
        while position >= 0:
            before = text[text.rfind(" ", 0, position) + 1 : position]
            end = text.find(" ", position + len(body))
            if not before.strip("'([") and not text[position + len(body) : end].strip(
                PUNCTUATION
            ):
                return end
            position = text.find(body, position + 1)
        return -1

    def _nearest(self, words: Sequence[str]) -> Match | None:
        """Return the stretch of a paragraph closest to the quotation, if close enough."""
        quoted = _bare(word for word in words if word != LEFT_OUT)
        needed = ceil(CLOSE_MIN_SHARE * len(quoted))
        if len(quoted) < CLOSE_MIN_WORDS:
            return None
        known = sum(f" {word} " in self._spaced for word in quoted)
        if known < needed:
            return None
        span = _span(len(quoted)) if LEFT_OUT not in words else len(self._joined)
        best = (needed - 1, 0, 0)
        masks = _masks(quoted)
        for number in self._likeliest(quoted, needed):
            best_match = _best_stretch(self._bare[number], masks, len(quoted), span, best[0])
            best = max(
                best, (best_match[0], number, best_match[1]), key=lambda candidate: candidate[0]
            )
            if best[0] == known:
                break  # the best possible
        if best[0] < needed:
            return None
        stretch = slice(best[2], best[2] + span)
        return self._describe(words, quoted, best[1], stretch)

    def _likeliest(self, quoted: Sequence[str], needed: int) -> Iterator[int]:
        """Yield the paragraphs that have enough of the words, most shared word pairs first."""
        wanted, pairs = Counter(quoted), set(pairwise(quoted))
        shared = [len(pairs & passage) for passage in self._pairs]
        for number in sorted(range(len(shared)), key=shared.__getitem__, reverse=True):
            if (wanted & self._counted[number]).total() >= needed:
                yield number

    def _describe(
        self, words: Sequence[str], quoted: list[str], number: int, stretch: slice
    ) -> Match:
        """Return a close match: the sentences around it, and the differences."""
        matcher = SequenceMatcher(None, quoted, self._bare[number][stretch], autojunk=False)
        first, *between, end = matcher.get_matching_blocks()  # the last block is empty
        last = between[-1] if between else first
        begin, stop = stretch.start + first.b, stretch.start + last.b + last.size
        sentences, low, high = self._sentences(number, begin, stop)
        # A changed word at either end is outside the matching blocks: include it.
        begin = max(begin - first.a, low)
        stop = min(stop + end.a - last.a - last.size, high)
        text_words = self._words[number][begin:stop]
        return Match(MatchResult.CLOSE, sentences, _differences(words, text_words))

    def _sentences(self, number: int, begin: int, stop: int) -> tuple[str, int, int]:
        """Return the sentences around a range of words, and the range of their words."""
        shown: list[str] = []
        low = high = counted = 0
        for sentence in SENTENCE_END.split(self._passages[number]):
            before, counted = counted, counted + len(_words(GAP.sub(" ", sentence)))
            if counted > begin and before < stop:
                low, high = (low if shown else before), counted
                shown.append(sentence)
        return " ".join(" ".join(shown).split()), low, high


def _spaced(words: Iterable[str]) -> str:
    """Join words with a space around each, so that only whole words are found."""
    return f" {' '.join(words)} "


def _other_case(text: str) -> str:
    return text[0].swapcase() + text[1:]


def _span(words: int) -> int:
    """Return the length of the stretches to compare with a quotation, in words."""
    return words + words // 2 + 2


def _masks(quoted: Iterable[str]) -> dict[str, int]:
    """Return, for each word, a bit mask of its positions in the quotation."""
    masks: dict[str, int] = {}
    for place, word in enumerate(quoted):
        masks[word] = masks.get(word, 0) | 1 << place
    return masks


def _best_stretch(
    text: Sequence[str], masks: dict[str, int], length: int, span: int, beat: int
) -> tuple[int, int]:
    """Return the most words in common order of any stretch, and where it begins.

    Skip stretches with no more than `beat` of the words.
    """
    best, start = beat, 0
    hits = list(accumulate((word in masks for word in text), initial=0))
    for index, word in enumerate(text):
        stop = min(index + span, len(text))
        if word in masks and hits[stop] - hits[index] > best:
            common = _in_same_order(text[index:stop], masks, length)
            if common > best:
                best, start = common, index
    return best, start


def _in_same_order(stretch: Iterable[str], masks: dict[str, int], length: int) -> int:
    """Return the length of the longest common subsequence (bit-parallel, Hyyrö 2004)."""
    all_bits = left = (1 << length) - 1
    for word in stretch:
        if value := left & masks.get(word, 0):
            left = ((left + value) | (left - value)) & all_bits
    return length - left.bit_count()


def _differences(
    words: Sequence[str], text_words: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return what differs: the words or, if they are equal, how they are typed."""
    matcher = SequenceMatcher(None, _bare(words), _bare(text_words), autojunk=False)
    differs = tuple(
        (" ".join(words[a:b]), " ".join(text_words[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal" and words[a:b] != [LEFT_OUT]
    )
    typed = zip(_levelled(words), _levelled(text_words), strict=False)
    return differs or tuple(pair for pair in typed if pair[0] != pair[1])


def _levelled(words: Sequence[str]) -> list[str]:
    """Return words as typed, without the differences in case and punctuation that match."""
    first, *others = words
    levelled = [first[:1].casefold() + first[1:], *others]
    return [*levelled[:-1], levelled[-1].rstrip(PUNCTUATION)]


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.replace("…", "...")).translate(QUOTES)
    return DASHES.sub(" - ", NOTE_MARK.sub("", text))


def _words(text: str) -> list[str]:
    return _normalise(text).split()


def _bare(words: Iterable[str]) -> list[str]:
    return [word.strip(PUNCTUATION).casefold() or word for word in words]


def _segments(quotation: str) -> list[list[str]]:
    """Split a quotation at gaps and insertions into runs of words."""
    text = NOTE_MARK.sub("", quotation).strip().translate(QUOTES).strip("' ")
    runs = _runs(GAP.sub("\x00", text))
    outside = _runs(INSERTION.sub("\x00", GAP.sub("\x00", text)))
    # An insertion is short. If it is most of the quotation, the brackets are the author's.
    return outside if 2 * _length(outside) >= _length(runs) else runs


def _runs(text: str) -> list[list[str]]:
    runs = [_words(piece) for piece in text.split("\x00")]
    return [run for run in runs if any(word.strip(PUNCTUATION) for word in run)]


def _length(runs: Iterable[Sequence[str]]) -> int:
    return sum(len(run) for run in runs)
