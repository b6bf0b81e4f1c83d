"""docutils' tree becomes Typst's markup: one class a concern, joined here."""

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
    """Writes one document of the book."""

    _document: nodes.document

    def visit_document(self, node: Element) -> None:
        """Look at the whole page before its first word."""
        super().visit_document(node)
        self.collect_notes(node)  # type: ignore[arg-type]  # it is the document

    def depart_document(self, node: Element) -> None:
        """Say what has not been said."""
        self.write_loose_notes()
        super().depart_document(node)

    def visit_paragraph(self, node: Element) -> None:
        """One that opens an essay is set by the template, word by word."""
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
        """End what was begun."""
        if dialogues.is_in_dialogue(node):
            self.close_speech()
        else:
            super().depart_paragraph(node)


def _before(node: Element) -> nodes.Node | None:
    place = node.parent.index(node)
    return node.parent[place - 1] if place else None
