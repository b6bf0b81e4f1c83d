"""The running text of a page, paragraph by paragraph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.elements.base import essay_contributor, essay_label, essay_place
from sphinx_essays.elements.overheard import essay_parenthetical, essay_speaker
from sphinx_essays.elements.pull_quote import essay_pull_quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PARAGRAPH_NODES = (
    nodes.paragraph,
    nodes.attribution,
    nodes.caption,
    nodes.line_block,
    nodes.term,
)
EXCLUDED_NODES = (
    essay_pull_quote,
    essay_contributor,
    essay_label,
    essay_place,
    essay_parenthetical,
    essay_speaker,
    nodes.docinfo,
    nodes.field_list,
    nodes.footnote_reference,
    nodes.Invisible,
    nodes.system_message,
)
WORDS_A_MINUTE = 230
# Chinese and Japanese have no spaces; count two characters as a word.
WORD = re.compile(r"[^\W\d_一-鿿぀-ヿ][\w'’\-]*|\d[\d.,:]*|[一-鿿぀-ヿ]{1,2}")


def iter_paragraphs(element: nodes.Element) -> Iterator[str]:
    """Yield paragraphs, lines and list items in order, without headings and pull-quotes."""
    for child in element.children:
        if isinstance(child, EXCLUDED_NODES) or not isinstance(child, nodes.Element):
            continue
        if isinstance(child, PARAGRAPH_NODES):
            yield _text_of(child)
        else:
            yield from iter_paragraphs(child)


def iter_paragraphs_except(element: nodes.Element, left_out: type[nodes.Node]) -> Iterator[str]:
    """Yield the paragraphs of an element without children of a given type."""
    for child in element.children:
        if isinstance(child, PARAGRAPH_NODES) and not isinstance(child, left_out):
            yield _text_of(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, left_out):
            yield from iter_paragraphs(child)


def count_words(texts: Iterable[str]) -> int:
    """Return the number of words."""
    return sum(len(WORD.findall(text)) for text in texts)


def minutes(words: int) -> int:
    """Return the reading time in minutes, at 230 words a minute; at least 1."""
    return max(1, round(words / WORDS_A_MINUTE))


def _text_of(element: nodes.Element) -> str:
    """Return the text without footnote marks; a line of verse ends with a line break."""
    words = "".join(
        _text_of(child) if isinstance(child, nodes.Element) else child.astext()
        for child in element.children
        if not isinstance(child, EXCLUDED_NODES)
    )
    return f"{words}\n" if isinstance(element, nodes.line) else words
