"""HTML's words, with what an e-reader wants to know of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from sphinx_essays.outputs.epub import semantics

if TYPE_CHECKING:
    from docutils.nodes import Element

BRACKETS = ('<span class="fn-bracket">[</span>', '<span class="fn-bracket">]</span>')


class EpubTranslator(HTML5Translator):
    """Sphinx's translator; every visitor that is registered for HTML holds here."""

    def starttag(self, node: Element, tagname: str, *more: Any, **attributes: Any) -> str:  # noqa: ANN401 (as docutils has it)
        """A start tag that says what its element is."""
        meaning = None
        if isinstance(node, nodes.Element):  # docutils gives a dictionary for what is none
            kinds = [*node["classes"], node.get("kind", "")]
            meaning = semantics.of_node(type(node).__name__, kinds)
        if meaning:
            attributes["epub:type"] = meaning.epub_type
            if meaning.role:
                attributes.setdefault("role", meaning.role)
        return str(super().starttag(node, tagname, *more, **attributes))

    def visit_footnote_reference(self, node: Element) -> None:
        """A mark is a figure above the line, and has no brackets to be read out."""
        super().visit_footnote_reference(node)
        self._drop_bracket()

    def depart_footnote_reference(self, _node: Element) -> None:
        """The same behind it."""
        self.body.append("</a>")

    def visit_label(self, node: nodes.label) -> None:
        """The mark before a note."""
        super().visit_label(node)
        self._drop_bracket()

    def depart_label(self, node: nodes.label) -> None:
        """The ways back from a note."""
        begins = len(self.body)
        super().depart_label(node)
        self.body[begins:] = [one.replace(BRACKETS[1], "") for one in self.body[begins:]]

    def _drop_bracket(self) -> None:
        """Take the bracket away, which a link back may stand behind."""
        for at in (-1, -2):
            if self.body[at] == BRACKETS[0]:
                del self.body[at]
                return
