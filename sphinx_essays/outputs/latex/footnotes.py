"""Notes with a symbol for a mark, which Sphinx's LaTeX wants as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.latex.nodes import footnotemark, footnotetext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SYMBOLS = "*†‡§¶#♠♥♦♣"  # in docutils' order; then each twice, and so on
FIRST = 1001  # the style prints numbers from here on as symbols


def number_symbol_footnotes(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    r"""Give each such mark a number by which the style knows it again.

    The mark is written into LaTeX as it is, which stops it: ``\begin{footnote}[*]``.
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
    """What stands before a note, and where one is named again."""
    for node in doctree.findall(nodes.Element):
        if isinstance(node, footnotemark):
            yield node
        elif isinstance(node, (nodes.footnote, footnotetext)) and len(node):
            yield node[0]  # type: ignore[misc]
