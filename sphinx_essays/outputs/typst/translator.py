"""Convert a doctree to Typst markup; each aspect has its own base class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.outputs.typst import dialogues, structure
from sphinx_essays.outputs.typst.blocks import Blocks
from sphinx_essays.outputs.typst.code import Code
from sphinx_essays.outputs.typst.descriptions import Descriptions
from sphinx_essays.outputs.typst.dialogues import DialogueVisitors
from sphinx_essays.outputs.typst.footnotes import Notes
from sphinx_essays.outputs.typst.images import Images
from sphinx_essays.outputs.typst.math_visitors import MathVisitors
from sphinx_essays.outputs.typst.structure import Structure
from sphinx_essays.outputs.typst.tables import Tables

if TYPE_CHECKING:
    from docutils.nodes import Element


class TypstTranslator(
    Structure, DialogueVisitors, MathVisitors, Descriptions, Code, Images, Tables, Notes, Blocks
):
    """Write a document of the book."""

    _document: nodes.document

    def visit_document(self, node: Element) -> None:
        """Collect the footnotes before the first text."""
        super().visit_document(node)
        self.collect_notes(node)  # type: ignore[arg-type]  # it is the document

    def depart_document(self, node: Element) -> None:
        """Write the footnotes without a mark."""
        self.write_loose_notes()
        super().depart_document(node)

    def visit_paragraph(self, node: Element) -> None:
        """Write a paragraph; the template sets the first of an essay word by word."""
        if structure.is_first_paragraph(node):
            self.mark(node)
            self.write_opening(node)
            raise nodes.SkipNode
        if dialogues.is_in_dialogue(node):
            self.mark(node)
            self.open_speech(node)
            return
        super().visit_paragraph(node)
        before = _before(node)
        if isinstance(before, nodes.paragraph) and structure.is_first_paragraph(before):
            self.body.append("#essay-paragraph-indent;")

    def depart_paragraph(self, node: Element) -> None:
        if dialogues.is_in_dialogue(node):
            self.close_speech()
        else:
            super().depart_paragraph(node)


def _before(node: Element) -> nodes.Node | None:
    place = node.parent.index(node)
    return node.parent[place - 1] if place else None
