"""Read a text file pasted from a blog, with any number of essays."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinx_essays.importing import (
    dialogue_detection,
    heading_detection,
    text_blocks,
    word_diff,
)
from sphinx_essays.importing.essay import RST, Blog, Essay
from sphinx_essays.importing.names import slug
from sphinx_essays.importing.sources import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sphinx_essays.importing.heading_detection import EssayStart, Paragraph
    from sphinx_essays.importing.text_blocks import TextBlock

LONG_LINE = 120


def read(source: Path, _directory: Path) -> Blog:
    """Read a text file.

    :raises SourceError: if it is too large, or its encoding cannot be detected.
    """
    text, guessed = read_text(source)
    blog = Blog()
    if guessed:
        blog.note(
            source.name, f"not UTF-8, so it was read as {guessed}; check accented letters"
        )
    paragraphs = heading_detection.cut(text)
    openings, doubtful = heading_detection.find(paragraphs)
    if openings and _is_name_of_blog(openings, paragraphs):
        blog.title = openings.pop(0).title
    if paragraphs and (not openings or openings[0].start > (1 if blog.title else 0)):
        openings.insert(0, _untitled(source, blog, paragraphs))
    has_lines = any(
        len(line) > LONG_LINE for paragraph in paragraphs for line in paragraph.lines
    )
    stops = [*(opening.start for opening in openings[1:]), len(paragraphs)][: len(openings)]
    seen: Counter[str] = Counter()
    for opening, stop in zip(openings, stops, strict=True):
        body = _body(opening, paragraphs, stop)
        essay = _essay(
            source, opening, [paragraph.lines for paragraph in body], has_lines=has_lines
        )
        seen[essay.key] += 1
        essay.key += f" {seen[essay.key]}" if seen[essay.key] > 1 else ""
        first, last = opening.line, body[-1].line if body else opening.line
        essay.remarks += [
            f"might be a title or a heading: “{opening.text}”"
            for opening in doubtful
            if first <= opening.line <= last
        ]
        blog.essays.append(essay)
    blog.language = _language(openings)
    return blog


def _is_name_of_blog(openings: Sequence[EssayStart], paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the first line is alone and directly above the first title."""
    if openings[0].start or openings[0].meta.date or openings[0].rest:
        return False
    return len(openings) > 1 and openings[1].start == openings[0].body < len(paragraphs)


def _untitled(
    source: Path, blog: Blog, paragraphs: Sequence[Paragraph]
) -> heading_detection.EssayStart:
    """Return the start of an essay without a title; the file name becomes its title."""
    name = " ".join(source.stem.replace("-", " ").replace("_", " ").split()) or "Essay"
    start = 1 if blog.title else 0
    line = paragraphs[start].line
    blog.note(f"{source.name}:{line}", f"no title found; the file name is used: “{name}”")
    return heading_detection.EssayStart(
        start, start, name[0].upper() + name[1:], heading_detection.Meta(""), line
    )


def _body(opening: EssayStart, paragraphs: Sequence[Paragraph], stop: int) -> list[Paragraph]:
    body = list(paragraphs[opening.body : stop])
    if opening.rest:
        head = paragraphs[opening.body - 1]
        line = head.line + len(head.lines) - len(opening.rest)
        body.insert(0, heading_detection.Paragraph(line, 0, opening.rest))
    return body


def _essay(
    source: Path, opening: EssayStart, body: Sequence[Sequence[str]], *, has_lines: bool
) -> Essay:
    since = opening.meta.date
    blocks = list(text_blocks.read(body, has_lines=has_lines, since=since))
    remarks = _doubts(body)
    early = (lines[0].strip() for lines in body if text_blocks.is_too_early(lines[0], since))
    remarks += [f"an update is older than its essay: “{line[:60]}”" for line in early]
    before = word_diff.words("\n".join(line for lines in body for line in lines))
    missing = _missing(before, blocks)
    if missing is not None:
        blocks = [text_blocks.as_paragraph(lines) for lines in body]
        details = f" ({' '.join(missing[:5])})" if missing else ""
        remarks.append(
            f"could not be converted without loss{details}, "
            "so it was written as plain paragraphs"
        )
    return Essay(
        key=f"{slug(opening.title)} {opening.meta.date}".strip(),
        title=opening.title,
        body=text_blocks.join(blocks),
        place=f"{source.name}:{opening.line}",
        suffix=RST,
        date=opening.meta.date,
        authors=(opening.meta.author,) if opening.meta.author else (),
        remarks=remarks,
    )


def _missing(before: list[str], blocks: Sequence[TextBlock]) -> list[str] | None:
    """Return the words that differ; empty if docutils warns, ``None`` if all is well."""
    after = word_diff.words_of_rst(text_blocks.join(blocks, plainly=True))
    if after is None:
        return []
    missing = word_diff.lost_words(before, after) or word_diff.lost_words(after, before)
    return missing or None


def _doubts(body: Sequence[Sequence[str]]) -> list[str]:
    """Return remarks on conversations that are not written as a dialogue."""
    doubts = []
    for index, lines in enumerate(body):
        if dialogue_detection.OVERHEARD.match(lines[0].strip()):
            dialogue = dialogue_detection.find(body[index : index + 200], set())
            if dialogue and not dialogue.has_whole_cast:
                doubts.append(
                    "the cast and the speakers of a conversation differ, "
                    "so it was not made a dialogue"
                )
    return doubts


def _language(openings: Sequence[EssayStart]) -> str:
    """Return the language of most of the dates."""
    counted = Counter(opening.meta.language for opening in openings if opening.meta.date)
    return counted.most_common(1)[0][0] if counted else "en"
