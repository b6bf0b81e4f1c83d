"""Find where essays begin in a text pasted from a blog: titles, dates, bylines.

A title is a short line between blank lines, without a full stop. Exclamations, verses and
headings look the same, so the rest of the text decides: whether dates follow its titles,
or whether there is more space above them than below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays.elements import dates, dialogue_parser
from sphinx_essays.importing import dialogue_detection, text_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TITLE = 100
MOST_WORDS = 14
PROSE = 60
WORDS_OF_A_SENTENCE = 6
MORE_ROOM = 2
UNDERLINE = re.compile(r"([=\-~^*#])\1{2,}\s*")
END = re.compile(r"[.,;:…]['\"”’)\]]*$|\.\.\.$")
QUESTION = re.compile(
    r"(?:but|and|or|so|then|well|who|what|when|where|why|how|which|is|are|was|were|am|do|does"
    r"|did|can|could|will|would|shall|should|has|have|had|may|might|must|really|no|yes|oh|ah)\b",
    re.IGNORECASE,
)
BEFORE_DATE = re.compile(
    r"(?:(?:first |originally )?(?:posted|published|written|dated?)\b)?[ :,|–—-]*"
    r"(?:\bby\s+(?P<by>[^|:]+?))?[ :,|–—-]*(?:\b(?:on|at)\b)?[ :,|–—-]*",
    re.IGNORECASE,
)
BEHIND_DATE = re.compile(r"(?P<rest>.*\d{4}.*?)[ ,|–—-]+by\s+(?P<by>[^|:]+)", re.IGNORECASE)
BYLINE = re.compile(r"by\s+(?P<by>[^\W\d_a-z][^|,:;!?]{1,60})", re.IGNORECASE)
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv")
LONGEST_DATE = 120


class Paragraph(NamedTuple):
    """Lines between blank lines; `line` is the first line's number, `gap` the blanks above."""

    line: int
    gap: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph as a single line."""
        return " ".join(line.strip() for line in self.lines)


class Meta(NamedTuple):
    """What a date line or a byline contains: an ISO date, an author, the language."""

    date: str
    author: str = ""
    language: str = "en"


@dataclass
class EssayStart:
    """Where an essay begins; the paragraphs from `start` up to `body` are its head."""

    start: int
    body: int
    title: str
    meta: Meta
    line: int
    rest: tuple[str, ...] = ()  # lines of the head's last paragraph that belong to the body


def cut(text: str) -> list[Paragraph]:
    """Split a text into paragraphs at blank lines."""
    paragraphs: list[Paragraph] = []
    lines: list[str] = []
    gap = blanks = begin = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            if not lines:
                begin, gap = number, blanks
            lines.append(line.rstrip())
            continue
        if lines:
            paragraphs.append(Paragraph(begin, gap, tuple(lines)))
            lines, blanks = [], 0
        blanks += 1
    return paragraphs


@lru_cache(maxsize=4096)
def read_meta(text: str) -> Meta | None:
    """Read a line such as ``Posted on 4 February 2011 by A. N. Author``."""
    text = " ".join(text.split())
    if len(text) > LONGEST_DATE:
        return None
    if (match := BYLINE.fullmatch(text)) and text_blocks.is_name(match["by"]):
        return Meta("", match["by"].strip())
    if not re.search(r"\d{4}", text):
        return None
    after = BEHIND_DATE.fullmatch(text)
    text, author = (after["rest"], after["by"]) if after else (text, "")
    for start in re.finditer(r"(?<!\S)\S", text):
        before = BEFORE_DATE.fullmatch(text[: start.start()])
        date = _read_date(text[start.start() :].rstrip(" .,|–—-")) if before else None
        if before and date:
            return date._replace(author=(before["by"] or author).strip(" ,"))
    return None


def _read_date(text: str) -> Meta | None:
    """Read a day or a month in any of the languages; a bare year could be a title."""
    for language in LANGUAGES:
        try:
            date = dates.parse(text, language)
        except ValueError:
            continue
        return Meta(date.iso, "", language) if date.month else None
    return None


def looks_like_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph has the form of a title: short, a single line, no full stop."""
    lines = paragraph.lines
    if len(lines) == 2 and UNDERLINE.fullmatch(lines[1].strip()):  # noqa: PLR2004
        lines = lines[:1]
    text = lines[0].strip()
    return (
        len(lines) == 1
        and len(text) <= LONGEST_TITLE
        and len(text.split()) <= MOST_WORDS
        and any(character.isalnum() for character in text)
        and not END.search(text)
        and not text_blocks.BULLET.match(text)
        and not text_blocks.DASH.match(text)
        and not re.match(r"[-–—*•|>(\[]|\(?\w{1,3}[.)]\s", text)
        and not _is_label(text)
        and read_meta(text) is None
    )


def _is_label(text: str) -> bool:
    """Whether a line begins with a label: a speaker, "Update:", "Note:" or "Pop quiz:"."""
    if text_blocks.UPDATE.match(text):
        return True
    label = dialogue_parser.find_label(text)
    if label is None:
        return False
    bare = [word.casefold().strip(".") for word in label.name.split()]
    is_short = label.name.replace(".", "").isupper() and len(label.name) <= 5  # noqa: PLR2004
    return is_short or any(word in dialogue_detection.NOBODY for word in bare)


def find(paragraphs: Sequence[Paragraph]) -> tuple[list[EssayStart], list[Paragraph]]:
    """Return where essays begin, and the other paragraphs that might be titles."""
    spoken = _spoken(paragraphs)
    shaped = {
        index
        for index, paragraph in enumerate(paragraphs)
        if index not in spoken and _shape(paragraph)
    }
    dated = _dated(paragraphs, shaped)
    openings = dict(dated)
    if (
        paragraphs
        and not any(opening.start == 0 for opening in openings.values())
        and 0 in shaped
    ):
        openings[0] = _opening(paragraphs, 0)
    for index in _undated(paragraphs, shaped, set(dated)):
        if not any(opening.start <= index < opening.body for opening in openings.values()):
            openings[index] = _opening(paragraphs, index)
    starts = sorted(openings.values(), key=lambda opening: opening.start)
    heads = {index for start in starts for index in range(start.start, start.body)}
    return starts, [paragraphs[index] for index in sorted(shaped - heads)]


def _shape(paragraph: Paragraph) -> bool:
    return looks_like_title(paragraph) or _titled_date(paragraph) is not None


def _titled_date(paragraph: Paragraph) -> Meta | None:
    """Return the date from the line directly below a title."""
    if len(paragraph.lines) < 2:  # noqa: PLR2004
        return None
    first = paragraph._replace(lines=paragraph.lines[:1])
    meta = read_meta(paragraph.lines[1].strip())
    return meta if meta and meta.date and looks_like_title(first) else None


def _spoken(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the paragraphs that belong to conversations; no essay begins there."""
    spoken: set[int] = set()
    lines = [paragraph.lines for paragraph in paragraphs]
    for index in range(len(paragraphs)):
        if index in spoken or not dialogue_detection.OVERHEARD.match(lines[index][0].strip()):
            continue
        if dialogue := dialogue_detection.find(lines[index : index + 200], set()):
            spoken.update(range(index, index + dialogue.taken))
    return spoken


def _dated(paragraphs: Sequence[Paragraph], shaped: set[int]) -> dict[int, EssayStart]:
    """Return the titles that have a date below or else above them."""
    starts: dict[int, EssayStart] = {}
    used: set[int] = set()
    for index in sorted(shaped):
        opening = _opening(paragraphs, index)
        if opening.meta.date:
            starts[index] = opening
            used.update(range(opening.start, opening.body))
    for index in sorted(shaped - set(starts)):
        above = index - 1
        meta = read_meta(paragraphs[above].text) if above >= 0 and above not in used else None
        if meta and meta.date:
            below = _opening(paragraphs, index)
            author = meta.author or below.meta.author
            starts[index] = EssayStart(
                above, below.body, below.title, meta._replace(author=author), below.line
            )
            used.update(range(above, below.body))
    return starts


def _opening(paragraphs: Sequence[Paragraph], index: int) -> EssayStart:
    """Read an essay's head: its title, and the date and byline below it."""
    first = paragraphs[index]
    title, *others = (line.strip() for line in first.lines)
    if others and UNDERLINE.fullmatch(others[0]):
        others = others[1:]
    meta, rest = Meta(""), list(others)
    while rest and (more_meta := read_meta(rest[0])) and _is_news(meta, more_meta):
        meta = _joined(meta, more_meta)
        rest = rest[1:]
    body = index + 1
    while not rest and body < len(paragraphs):
        lines = list(paragraphs[body].lines)
        more_meta = read_meta(lines[0].strip())
        if more_meta is None or not _is_news(meta, more_meta):
            break
        meta = _joined(meta, more_meta)
        body, rest = body + 1, lines[1:]
    return EssayStart(index, body, title, meta, first.line, tuple(rest))


def _is_news(meta: Meta, further: Meta) -> bool:
    return not (meta.date and further.date) and not (meta.author and further.author)


def _joined(meta: Meta, further: Meta) -> Meta:
    language = further.language if further.date else meta.language
    return Meta(meta.date or further.date, meta.author or further.author, language)


def _undated(paragraphs: Sequence[Paragraph], shaped: set[int], dated: set[int]) -> list[int]:
    """Return titles without a date: underlined, set off by space, or clear by their form."""
    underlined = [index for index in shaped if _is_underlined(paragraphs[index])]
    roomy = [index for index in sorted(shaped - dated) if _has_room(paragraphs, index)]
    if dated:
        parted = [index for index in dated if index and paragraphs[index].gap >= MORE_ROOM]
        is_telling = parted and 2 * len(parted) >= len(dated - {0})
        return [*underlined, *(roomy if is_telling else ())]
    if roomy:
        return [*underlined, *roomy]
    return [*underlined, *(index for index in sorted(shaped) if _is_strict(paragraphs, index))]


def _is_underlined(paragraph: Paragraph) -> bool:
    return len(paragraph.lines) == 2 and bool(UNDERLINE.fullmatch(paragraph.lines[1].strip()))  # noqa: PLR2004


def _has_room(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether there is more space above a paragraph than below, and text follows."""
    return (
        index + 1 < len(paragraphs)
        and paragraphs[index].gap >= MORE_ROOM
        and paragraphs[index + 1].gap < paragraphs[index].gap
    )


def _is_strict(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a line can only be a title, judged by its form and its neighbours."""
    text = paragraphs[index].text
    if index + 1 == len(paragraphs) or not _is_prose(paragraphs[index + 1]):
        return False
    if index and text_blocks.end_of_quotation(paragraphs[index - 1].text):
        return False  # perhaps the name of the person quoted
    if index and paragraphs[index - 1].text.endswith((":", ",", ";")):
        return False
    if text[-1] in "?!" and (QUESTION.match(text) or text[-1] == "!"):
        return False
    is_quoted = text_blocks.is_quoted(text) or text[0] in "“‘\"'«„"
    return not is_quoted and (text[0].isupper() or text[0].isdigit())


def _is_prose(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if dialogue_detection.OVERHEARD.match(text):
        return True
    is_sentence = text[-1] in ".!?…”’\"')" and len(text.split()) >= WORDS_OF_A_SENTENCE
    return not text_blocks.BULLET.match(text) and (len(text) >= PROSE or is_sentence)
