"""Mark the first words of each essay, so that the style file can set them apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.outputs.first_paragraph import FIRST_PARAGRAPH

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Punctuation before the first letter, the letter, and about four words.
FIRST_WORDS = re.compile(
    r"(?P<before>[“„«‘‚‹\"'¿¡]{0,2})(?P<letter>\w)(?P<rest>\w*(?:\S*\s+\S+){0,3}?\S*?)(?=\s)"
)
FEWEST_LETTERS = 14
CLOSING = "”’»“\"'"
ENOUGH_FOR_AN_INITIAL = (
    180  # letters: three lines of a narrow page, so that two are beside the initial
)


class essay_opening(nodes.Inline, nodes.TextElement):
    """The first words of an essay."""


class essay_initial(nodes.Inline, nodes.TextElement):
    """First words with a drop cap; ``before`` and ``letter`` are not in the content."""


class essay_epigraph(nodes.General, nodes.Element):
    """A quotation before the first paragraph."""


def mark_first_words(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Mark the first words of each essay, and the epigraph before them."""
    if app.builder.format != "latex":
        return
    wants_initials = app.config.essays_pdf["opening"] == "dropcap"
    for paragraph in doctree.findall(nodes.paragraph):
        if FIRST_PARAGRAPH in paragraph["classes"] and isinstance(
            first := paragraph[0], nodes.Text
        ):
            has_room = len(paragraph.astext()) >= ENOUGH_FOR_AN_INITIAL
            paragraph[:1] = _cut(first, is_large=wants_initials and has_room)
    for quote in list(doctree.findall(nodes.block_quote)):
        if "epigraph" in quote["classes"]:
            quote.replace_self(essay_epigraph("", *quote.children, ids=quote["ids"]))


def _cut(text: nodes.Text, *, is_large: bool) -> list[nodes.Node]:
    """Split a text into first words and rest; a script without capitals has no first words."""
    words = text.astext()
    match = FIRST_WORDS.match(words)
    if match is None or match["letter"].upper() == match["letter"].lower():
        return [text]
    end = _end(words, match.end("letter"))
    opening: nodes.Element = essay_opening("", words[:end])
    if is_large:
        opening = essay_initial("", words[match.end("letter") : end])
        opening["before"], opening["letter"] = match["before"], match["letter"]
    return [opening, nodes.Text(words[end:])]


def _end(words: str, start: int) -> int:
    """Return the end of the first words: a space, in the same clause if possible."""
    for blank in re.finditer(r"\s", words[start:]):
        end = start + blank.start()
        clause = words[:end].rstrip(CLOSING)
        if end >= FEWEST_LETTERS or clause.endswith((".", ",", ";", ":", "!", "?")):
            return end
    return len(words)
