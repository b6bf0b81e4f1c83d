"""Detect conversations in plain text: "Overheard …", and lines such as ``XX:`` below it.

Without an "Overheard" line there is no speech: "Pop quiz:" and "Note:" are ordinary text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays.elements import dialogue_parser

if TYPE_CHECKING:
    from collections.abc import Sequence

OVERHEARD = re.compile(r"Overheard\b[\s:,–—-]*", re.IGNORECASE)
CAST_IN_BRACKETS = re.compile(r"\s*[(\[](?P<cast>[^()\[\]]* = [^()\[\]]*)[)\]]\s*[.:]?\s*$")
CAST_LINE = re.compile(r"(?P<name>[^=:\n]{1,40}?) ?= ?(?P<role>\S.*)")
NOBODY = frozenset(
    """note notes nb n.b ps p.s pps p.p.s fyi tldr update updated edit correction warning tip
    moral conclusion question answer quiz summary example examples source sources via
    disclaimer postscript footnote result verdict caption photo picture image video link
    links tags labels posted filed comments categories translation background""".split()
)
PRONOUNS = frozenset({"me", "him", "her", "them", "us", "you", "i", "he", "she", "they", "we"})
INITIALS = 4
LONGEST_SETTING = 300
ENOUGH_SPEECHES = 2


class SpokenLine(NamedTuple):
    """A line of a conversation; `who` is the label as typed, or empty for a stage direction."""

    who: str
    words: str


@dataclass
class Dialogue:
    """A detected conversation; `taken` counts the paragraphs it was read from."""

    setting: str = ""
    is_overheard: bool = True
    cast: list[tuple[str, str]] = field(default_factory=list)
    lines: list[SpokenLine] = field(default_factory=list)
    speakers: set[str] = field(default_factory=set)
    taken: int = 0

    @property
    def is_one(self) -> bool:
        """Whether there is enough speech: two speeches, or a speaker known by initials."""
        spoken = [line for line in self.lines if line.who]
        known = self.speakers & {name for name, _role in self.cast}
        return len(spoken) >= ENOUGH_SPEECHES or any(map(_are_initials, self.speakers | known))

    @property
    def has_whole_cast(self) -> bool:
        """Whether there is no cast, or its members are exactly the speakers."""
        return not self.cast or {name for name, _role in self.cast} == self.speakers


def find(paragraphs: Sequence[Sequence[str]], known: set[str]) -> Dialogue | None:
    """Return the conversation that begins with the first of the `paragraphs`, if any.

    It begins with "Overheard …", or continues when a `known` speaker speaks again.
    """
    first = paragraphs[0][0].strip()
    if OVERHEARD.match(first):
        dialogue = _begin(paragraphs)
    elif (label := dialogue_parser.find_label(first)) and known.issuperset(label.names):
        dialogue = Dialogue(is_overheard=False, speakers=set(known))
    else:
        return None
    if dialogue is None:
        return None
    _go_on(dialogue, paragraphs)
    if dialogue.is_overheard and not dialogue.is_one:
        return None
    return dialogue if dialogue.lines else None


def _begin(paragraphs: Sequence[Sequence[str]]) -> Dialogue | None:
    """Read the setting and the cast; speech may begin on the next line."""
    dialogue = Dialogue()
    setting: list[str] = []
    lines = [line.strip() for line in paragraphs[0]]
    while lines and not _opens(lines[0], setting):
        setting.append(lines.pop(0))
    text = " ".join(setting)
    if len(text) > LONGEST_SETTING:
        return None
    if in_brackets := CAST_IN_BRACKETS.search(text):
        cast = _cast(re.split(r"\s*;\s*", in_brackets["cast"]))
        if cast:
            dialogue.cast, text = cast, text[: in_brackets.start()]
    dialogue.setting = OVERHEARD.sub("", text, count=1).strip().removesuffix(":").rstrip()
    dialogue.taken = 1
    _read_lines(dialogue, _after_cast(dialogue, lines))
    while dialogue.taken < len(paragraphs) and not dialogue.lines:
        rest = _after_cast(dialogue, [line.strip() for line in paragraphs[dialogue.taken]])
        if rest:
            break
        dialogue.taken += 1
    return dialogue


def _opens(line: str, before: Sequence[str]) -> bool:
    """Whether a line after the setting is cast or speech."""
    return bool(before) and (speaks(line, set()) is not None or bool(_member(line)))


def _after_cast(dialogue: Dialogue, lines: list[str]) -> list[str]:
    while lines and (member := _member(lines[0])):
        dialogue.cast.append(member)
        lines = lines[1:]
    return lines


def _member(line: str) -> tuple[str, str] | None:
    entry = CAST_LINE.fullmatch(line.strip().lstrip("•*-– "))
    if entry is None or dialogue_parser.find_label(f"{entry['name'].strip()}: x") is None:
        return None
    if ";" in line:
        return None
    return entry["name"].strip(), entry["role"].strip()


def _cast(entries: Sequence[str]) -> list[tuple[str, str]]:
    members = [_member(entry) for entry in entries if entry.strip()]
    return [member for member in members if member] if all(members) else []


def _go_on(dialogue: Dialogue, paragraphs: Sequence[Sequence[str]]) -> None:
    """Read paragraphs while they are speech, or a stage direction before a speech."""
    while dialogue.taken < len(paragraphs):
        lines = [line.strip() for line in paragraphs[dialogue.taken]]
        if speaks(lines[0], _known(dialogue)):
            _read_lines(dialogue, lines)
        elif _is_direction(lines) and _speaks_next(dialogue, paragraphs):
            dialogue.lines.append(SpokenLine("", " ".join(lines)))
        else:
            return
        dialogue.taken += 1


def _known(dialogue: Dialogue) -> set[str]:
    return dialogue.speakers | {name for name, _role in dialogue.cast}


def _speaks_next(dialogue: Dialogue, paragraphs: Sequence[Sequence[str]]) -> bool:
    following = dialogue.taken + 1
    return following < len(paragraphs) and bool(
        speaks(paragraphs[following][0].strip(), _known(dialogue))
    )


def _is_direction(lines: Sequence[str]) -> bool:
    return dialogue_parser.is_bracketed(" ".join(lines), "()")


def _read_lines(dialogue: Dialogue, lines: Sequence[str]) -> None:
    for line in lines:
        label = speaks(line, _known(dialogue))
        if label:
            dialogue.lines.append(
                SpokenLine(line[: label.end].strip(), line[label.end :].strip())
            )
            dialogue.speakers.update(label.names)
        elif dialogue.lines:
            who, words = dialogue.lines.pop()
            dialogue.lines.append(SpokenLine(who, f"{words} {line}".strip()))


def speaks(line: str, known: set[str]) -> dialogue_parser.SpeakerLabel | None:
    """Return the label at the start of a line, if it can name a speaker."""
    label = dialogue_parser.find_label(line)
    if label is None or not all(name in known or _may_speak(name) for name in label.names):
        return None
    return label


def _may_speak(name: str) -> bool:
    words = name.split()
    bare = [word.casefold().strip(".") for word in words]
    if any(word in NOBODY for word in bare):
        return False
    return bare[0] in PRONOUNS or all(word[0].isupper() or word[0].isdigit() for word in words)


def _are_initials(name: str) -> bool:
    bare = name.replace(".", "")
    return len(bare) <= INITIALS and bare.isupper() and bare.casefold() not in NOBODY
