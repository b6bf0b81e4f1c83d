"""Write HTML with EPUB semantics and without markup that e-readers do not use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from sphinx_essays.config import is_set
from sphinx_essays.outputs.epub import semantics

if TYPE_CHECKING:
    from docutils.nodes import Element

BRACKETS = ('<span class="fn-bracket">[</span>', '<span class="fn-bracket">]</span>')
# Classes for docutils' and Sphinx's own style sheets. The author's classes are kept.
NOISE = frozenset({
    "align-default", "brackets", "compound", "docutils", "external", "internal", "literal",
    "notranslate", "reference", "simple",
})  # fmt: skip
ROLES = frozenset({"doc", "ref", "std", "std-doc", "std-ref", "xref"})
# Of Pygments' spans, only those of keywords, comments and line numbers are styled.
COLOUR = re.compile(r'<span(?: class="(?!k|c|linenos)[^"]*")?>([^<]*)</span>')


class EpubTranslator(HTML5Translator):
    """Sphinx's translator; all visitors that are registered for HTML apply."""

    def starttag(self, node: Element, tagname: str, *arguments: Any, **attributes: Any) -> str:  # noqa: ANN401 (as in docutils)
        """Add the semantics of the node to its start tag."""
        for name in attributes.keys() & {"CLASS", "class", "classes"}:
            given = attributes[name]
            words = given.split() if isinstance(given, str) else given
            kept = [word for word in words if word not in NOISE]
            attributes[name] = " ".join(kept) if isinstance(given, str) else kept
        if isinstance(
            node, nodes.Element
        ):  # docutils passes a dictionary instead of some nodes
            self._add_semantics(node, attributes)
        return str(super().starttag(node, tagname, *arguments, **attributes))

    def _add_semantics(self, node: Element, attributes: dict[str, Any]) -> None:
        kinds = [*node["classes"], node.get("kind", "")]
        if meaning := semantics.of_node(type(node).__name__, kinds):
            attributes["epub:type"] = meaning.epub_type
            if meaning.role:
                attributes.setdefault("role", meaning.role)

    # -- footnotes ------------------------------------------------------------------

    def visit_footnote_reference(self, node: Element) -> None:
        """Write the mark as a superscript without brackets, which would be read aloud."""
        super().visit_footnote_reference(node)
        self._drop_bracket()

    def depart_footnote_reference(self, _node: Element) -> None:
        self.body.append("</a>")

    def visit_label(self, node: nodes.label) -> None:
        """Write the mark of a footnote without brackets."""
        super().visit_label(node)
        self._drop_bracket()

    def depart_label(self, node: nodes.label) -> None:
        begins = len(self.body)
        super().depart_label(node)
        self.body[begins:] = [piece.replace(BRACKETS[1], "") for piece in self.body[begins:]]

    def _drop_bracket(self) -> None:
        """Remove the bracket that docutils has just written, alone or before a back link."""
        for at in (-1, -2):
            if self.body[at] == BRACKETS[0]:
                del self.body[at]
                return

    # -- markup only for style sheets ----------------------------------------------------

    def visit_inline(self, node: nodes.inline) -> None:
        """Write no span for text whose only class is the name of a role."""
        if not self._is_bare(node):
            super().visit_inline(node)

    def depart_inline(self, node: nodes.inline) -> None:
        if not self._is_bare(node):
            super().depart_inline(node)

    def _is_bare(self, node: nodes.inline) -> bool:
        return bool(node["classes"]) and ROLES.issuperset(node["classes"]) and not node["ids"]

    def visit_literal(self, node: Element) -> None:
        """Write inline code without a span for each word: the style sheet keeps its spaces."""
        super().visit_literal(node)
        self.protect_literal_text = 0

    def depart_literal(self, node: Element) -> None:
        super().depart_literal(node)
        self.protect_literal_text = 0

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Write code, in the colours of ``pygments_style`` if the author has set it."""
        begins = len(self.body)
        try:
            super().visit_literal_block(node)
        finally:
            if not is_set(self.config, "pygments_style"):
                self.body[begins:] = [COLOUR.sub(r"\1", piece) for piece in self.body[begins:]]
