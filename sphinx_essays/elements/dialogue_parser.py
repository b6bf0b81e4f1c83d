"""The grammar of a dialogue: speakers, lines of speech and stage directions.

Pure: imports neither docutils nor Sphinx. It takes lines and returns parts with line
numbers. It does not parse inline markup. It removes each speaker's label before any
other parser sees the line, so that ``A: No.`` never becomes a list.

The parts of a dialogue are:

* :class:`Line`: a label and the text after it,
* :class:`Direction`: a paragraph that is entirely in brackets,
* :class:`Block`: lines without a label, for the ordinary parser.

Line numbers count from 0 at the first line given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Possessive and atomic, and "and" never inside a name: otherwise a row of dots, or a long
# sentence with several "and", takes exponential time.
_WORD = r"(?>[^\W_](?:[^\W_]|[.'’·\-]++(?=[^\W_]|[ :：(*]|$))*+)"
_NAME = rf"{_WORD}(?: +(?!and ){_WORD}){{0,3}}"
_JOINT = rf"{_NAME}(?:(?: *,)? +(?:and|&) +{_NAME}|, +{_NAME}(?=.*? (?:and|&) ))*"
_PARENTHETICAL = r"[(（](?P<parenthetical>[^()（）]*)[)）]"
_BLANK = "[ \u00a0\u202f]"  # French typography puts a space before the colon
_COLON = rf"{_BLANK}?(?::(?=\s|$)|：)\s*"
LABEL = re.compile(
    rf"(?P<bold>\*\*)?(?=[^\W\d_])(?P<names>{_JOINT})(?(bold)\*\*)"
    rf"(?: *{_PARENTHETICAL})?{_COLON}"
)
LABEL_BOLD_COLON = re.compile(
    rf"\*\*(?=[^\W\d_])(?P<names>{_JOINT})(?: *{_PARENTHETICAL})?{_BLANK}?[:：]\*\*(?=\s|$)\s*"
)
CAST_LINE = re.compile(rf"(?:\*\*)?(?P<name>{_JOINT})(?:\*\*)? += +(?P<role>\S.*)")
SPLIT_NAMES = re.compile(r" *, *(?:and +|& +)?| +(?:and|&) +")
ATTRIBUTION = re.compile(r" +---?(?!-) *\S")
FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})")
WORDS_IN_A_NAME = 4
SILENT = "(silent)"

# Pairs of an opening and a closing bracket; Chinese and Japanese use full-width ones.
BRACKETS = {"parentheses": "()（）", "brackets": "[]［］"}


class _Letters(dict[int, str]):
    """Map combining marks to a letter, because :mod:`re` does not count them as letters.

    Without it, ``मीरा:`` is not a name, nor is a name whose accents are separate characters
    (Unicode form NFD, as on macOS). Positions in the line do not change.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_mark = unicodedata.category(character).startswith("M") or character in JOINERS
        self[code] = "x" if is_mark else character
        return self[code]


KEPT = "\ue000"  # replaces a backslash before a bracket while MyST parses the line
JOINERS = "\u200c\u200d"
LETTERS = _Letters()


class CastMember(NamedTuple):
    """A cast member: ``OL = Old Lady``. Without ``=``, `role` is None."""

    name: str
    role: str | None
    line: int


class SpeakerLabel(NamedTuple):
    """The label of a speech, ``YM (shrugging):``; `end` is where the speech begins."""

    name: str
    names: tuple[str, ...]
    parenthetical: str | None
    end: int


@dataclass
class Line:
    """A line of speech; `text` may contain line breaks."""

    line: int
    label: SpeakerLabel
    text: str


@dataclass
class Direction:
    """A stage direction in a paragraph of its own; `text` includes the brackets."""

    line: int
    text: str


@dataclass
class Block:
    """Lines `line` to `stop` (excluded) without a label, dedented by `margin`."""

    line: int
    stop: int
    margin: int = 0


DialogueItem = Line | Direction | Block


@dataclass
class Dialogue:
    """A parsed dialogue: its parts in order, and the cast listed at its start."""

    parts: list[DialogueItem] = field(default_factory=list)
    cast: list[CastMember] = field(default_factory=list)

    @property
    def speakers(self) -> list[str]:
        """Return the names of all speakers, in order of their first speech."""
        speeches = (part for part in self.parts if isinstance(part, Line))
        return list(dict.fromkeys(name for speech in speeches for name in speech.label.names))


def read(
    lines: Sequence[str],
    cast: Iterable[CastMember] = (),
    directions: str = "parentheses",
) -> Dialogue:
    """Parse the body of a dialogue.

    Lines ``XX = …`` at the start list the cast. The first line of a paragraph may have a
    speaker's label. A further line has a label only if the name is in `cast` or has
    spoken before.
    """
    script = Dialogue()
    start = _read_cast_at_head(lines, script)
    known = {member.name for member in (*cast, *script.cast)}
    for chunk in _chunks(lines, start):
        _read_chunk(lines, chunk, script, known, BRACKETS.get(directions))
    return script


def read_cast(text: str) -> list[CastMember]:
    """Parse ``YM = Young Man``, separated by line breaks or ``;``."""
    members = []
    for number, line in enumerate(text.split("\n")):
        for entry in line.split(";"):
            if entry := entry.strip():
                name, equals, role = (part.strip() for part in entry.partition("="))
                bare = name.strip("*")
                members.append(CastMember(bare, role if equals else None, number))
    return members


def is_silent(member: CastMember) -> bool:
    """Return whether a cast member is marked ``(silent)``."""
    return SILENT in (member.role or "").casefold() or SILENT in member.name.casefold()


def find_label(line: str) -> SpeakerLabel | None:
    """Find the label at the start of `line`: ``NAME:`` or ``NAME (manner):``."""
    shape = line.translate(LETTERS)
    match = LABEL_BOLD_COLON.match(shape) or LABEL.match(shape)
    if match is None:
        return None
    name = _typed(line, match, "names").strip()
    names = tuple(part.strip() for part in SPLIT_NAMES.split(name) if part.strip())
    if any(len(name.split()) > WORDS_IN_A_NAME for name in names):
        return None
    parenthetical = (
        _typed(line, match, "parenthetical") if match["parenthetical"] is not None else None
    )
    return SpeakerLabel(name, names, parenthetical, match.end())


def _find_label_of(known: set[str], line: str) -> SpeakerLabel | None:
    """Find a label; a name in the cast may contain any character (``mum_of_3``, ``A/B``)."""
    if label := find_label(line):
        return label
    for name in known:
        written = rf"(\*\*)?{re.escape(name)}(?(1)\*\*)(?: *{_PARENTHETICAL})?{_COLON}"
        if match := re.match(written, line):
            return SpeakerLabel(name, (name,), match["parenthetical"], match.end())
    return None


def _typed(line: str, match: re.Match[str], group: str) -> str:
    return line[match.start(group) : match.end(group)]


def begins(line: str, brackets: str | None) -> bool:
    """Return whether a line directly below the setting begins the dialogue itself."""
    if find_label(line) or CAST_LINE.fullmatch(line.strip().translate(LETTERS)):
        return True
    return bool(brackets) and line.lstrip().startswith(tuple(str(brackets)[::2]))


def is_bracketed(text: str, brackets: str) -> bool:
    """Return whether a single pair of `brackets` encloses all of `text`."""
    text = text.strip()
    spans = list(bracket_spans(text, brackets))
    return spans == [(0, len(text) - 1)]


def bracket_spans(text: str, brackets: str) -> Iterator[tuple[int, int]]:
    r"""Find the outermost pairs of brackets, except escaped ones (``\(``, ``\x00(``)."""
    opening, closing = brackets[::2], brackets[1::2]
    depth, start = 0, 0
    for index, character in enumerate(text):
        if index and text[index - 1] in f"\\\x00{KEPT}":
            continue
        if character in opening:
            start = start if depth else index
            depth += 1
        elif character in closing and depth:
            depth -= 1
            if not depth:
                yield start, index


def _read_cast_at_head(lines: Sequence[str], script: Dialogue) -> int:
    """Add the lines ``XX = …`` at the start to the cast; return the index after them."""
    index = 0
    for index, line in enumerate(lines):
        entry = line.strip()
        match = CAST_LINE.fullmatch(entry.translate(LETTERS))
        if match is None:
            return index
        name, role = _typed(entry, match, "name"), _typed(entry, match, "role")
        script.cast.append(CastMember(name, role.strip(), index))
    return index + 1 if lines else 0


def _chunks(lines: Sequence[str], start: int) -> Iterator[tuple[int, int]]:
    """Split at blank lines, except inside a fence."""
    index = start
    while index < len(lines):
        if not lines[index].strip():
            index += 1
            continue
        stop = _chunk_stop(lines, index)
        yield index, stop
        index = stop


def _chunk_stop(lines: Sequence[str], start: int) -> int:
    fence = FENCE.match(lines[start])
    for stop in range(start + 1, len(lines)):
        line = lines[stop].rstrip()
        if fence and line.startswith(fence[1]) and not line.strip(fence[1][0]):
            return stop + 1
        if not fence and not line:
            return stop
    return len(lines)


def _read_chunk(
    lines: Sequence[str],
    chunk: tuple[int, int],
    script: Dialogue,
    known: set[str],
    brackets: str | None,
) -> None:
    start, stop = chunk
    margin = len(lines[start]) - len(lines[start].lstrip())
    if margin or FENCE.match(lines[start]):
        _add_block(script, Block(start, stop), lines)
        return
    for first, last, label in _runs(lines, start, stop, known):
        text = "\n".join(lines[first:last])
        if label:
            script.parts.append(Line(first, label, text[label.end :].lstrip("\n")))
            known.update(label.names)
        elif brackets and is_bracketed(text, brackets):
            script.parts.append(Direction(first, text))
        else:
            _add_block(script, Block(first, last), lines)


def _runs(
    lines: Sequence[str], start: int, stop: int, known: set[str]
) -> Iterator[tuple[int, int, SpeakerLabel | None]]:
    """Split a paragraph at each line that begins with a speaker's label."""
    begin, label = start, _find_label_of(known, lines[start])
    spoken = known | set(label.names if label else ())
    for index in range(start + 1, stop):
        speaker_label = _find_label_of(known, lines[index])
        if speaker_label and (
            speaker_label.name in spoken or spoken.issuperset(speaker_label.names)
        ):
            yield begin, index, label
            begin, label = index, speaker_label
    yield begin, stop, label


def _add_block(script: Dialogue, passage: Block, lines: Sequence[str]) -> None:
    """Add a block, or join it to the block before: a list may contain blank lines.

    An indented paragraph directly after a speech continues it. Its indentation is removed,
    or the ordinary parser would make a block quote of it. With an attribution it is a
    block quote.
    """
    before = script.parts[-1] if script.parts else None
    indent = _margin(lines[passage.line : passage.stop])
    if isinstance(before, Block) and not (before.margin and not indent):
        before.stop = passage.stop
        before.margin = min(before.margin, indent)
        if ATTRIBUTION.match(lines[passage.line]):
            before.margin = 0
        return
    passage.margin = indent if isinstance(before, Line) else 0
    script.parts.append(passage)


def _margin(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
