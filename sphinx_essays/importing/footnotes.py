"""Convert the notes of WordPress' Footnotes block, whose text is outside the body."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays.importing import html_to_markdown
from sphinx_essays.importing.essay import clean

if TYPE_CHECKING:
    from sphinx_essays.importing.essay import Essay

REFERENCE = re.compile(r'<sup\b[^>]*?\bdata-fn="(?P<id>[^"]*)"[^>]*>.*?</sup\s*>', re.DOTALL)
FIRST_MARK = 0xE000  # private characters, which no converter changes or counts as words
MOST_NOTES = 0x1900


class Footnote(NamedTuple):
    """A note: the id that its reference in the body has, and its text as HTML."""

    identifier: str
    html: str


def read(meta_value: str) -> list[Footnote]:
    """Read the notes of a post, which are JSON in its meta key ``footnotes``."""
    try:
        notes = [
            Footnote(str(note["id"]), str(note["content"])) for note in json.loads(meta_value)
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    return notes[:MOST_NOTES]


def fill(essay: Essay, html: str, notes: list[Footnote]) -> None:
    """Set the body of an essay from HTML, with its notes as Markdown footnotes."""
    marks = {note.identifier: chr(FIRST_MARK + index) for index, note in enumerate(notes)}
    html = REFERENCE.sub(lambda match: marks.get(match["id"], match[0]), html)
    html_to_markdown.fill(essay, html)
    for number, note in enumerate(notes, 1):
        mark, text = marks[note.identifier], clean(note.html)
        essay.body = essay.body.replace(mark, f"[^{number}]")
        words, remarks = html_to_markdown.to_markdown(text)
        essay.body += f"\n[^{number}]: {' '.join(words.split())}\n"
        essay.plain = essay.plain.replace(mark, "") + f"\n{html_to_markdown.text_of(text)}\n"
        essay.remarks += remarks
