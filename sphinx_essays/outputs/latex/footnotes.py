"""Footnotes with symbols as marks: Sphinx's LaTeX accepts only numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.latex.nodes import footnotemark, footnotetext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SYMBOLS = "*†‡§¶#♠♥♦♣"  # in docutils' order; after these each is doubled, and so on
FIRST = 1001  # the style file prints numbers from here on as symbols


def number_symbol_footnotes(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    r"""Replace each symbol by a number that the style file prints as the symbol.

    The symbol itself would be written as ``\begin{footnote}[*]``, which is an error.
    """
    if app.builder.format != "latex":
        return
    for mark in list(_marks(doctree)):
        words = mark.astext()
        if words and words[0] in SYMBOLS:
            number = FIRST + SYMBOLS.index(words[0]) + len(SYMBOLS) * (len(words) - 1)
            mark.children = []
            mark.append(nodes.Text(str(number)))


def _marks(doctree: nodes.document) -> Iterator[nodes.Element]:
    """Yield the text nodes of the marks, at the footnote and at its references."""
    for node in doctree.findall(nodes.Element):
        if isinstance(node, footnotemark):
            yield node
        elif isinstance(node, (nodes.footnote, footnotetext)) and len(node):
            yield node[0]  # type: ignore[misc]
