"""The standfirst: a short introduction below the title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_essays.elements.fields import fields_of

if TYPE_CHECKING:
    from docutils.nodes import Node


class essay_standfirst(nodes.General, nodes.TextElement):
    """A sentence between title and byline.

    .. code-block:: rst

       :standfirst: What next for the *Big Society*?

       Big Society
       ===========

    The metadata contains the plain text of the field; this node keeps its markup.
    """


class Standfirst(SphinxTransform):
    """Copy the field ``:standfirst:`` below the title of the page.

    This runs after Sphinx's Locale transform (20), so that the copy is translated, and
    before docutils' DocInfo (340), which removes the fields.
    """

    default_priority = 330

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        title = next(iter(self.document.findall(nodes.title)), None)
        if title is None:
            return
        for field in fields_of(self.document):
            if field[0].astext().lower() == "standfirst":
                _set_below(title, field[1])


def _set_below(title: nodes.Element, body: Node) -> None:
    """Copy each paragraph of the field."""
    position = title.parent.index(title) + 1
    for words in reversed(list(body.findall(nodes.paragraph))):
        standfirst = essay_standfirst(words.rawsource, "", *words.deepcopy().children)
        standfirst.source, standfirst.line = words.source, words.line
        title.parent.insert(position, standfirst)


def to_docutils(node: essay_standfirst) -> list[Node]:
    """Render a standfirst as a paragraph in italics."""
    words = nodes.emphasis("", "", *node.children)
    return [nodes.paragraph("", "", words, classes=["essay-standfirst"])]
