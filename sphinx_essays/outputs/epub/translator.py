"""HTML's words, with what an e-reader wants to know of each, and without what none reads."""

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
# What docutils and Sphinx write for sheets of theirs. An author's own classes stay.
NOISE = frozenset({
    "align-default", "brackets", "compound", "docutils", "external", "internal", "literal",
    "notranslate", "reference", "simple",
})  # fmt: skip
ROLES = frozenset({"doc", "ref", "std", "std-doc", "std-ref", "xref"})
# Code is told apart by weight and slope: of Pygments' spans, keywords, comments and the
# numbers of lines stay.
COLOUR = re.compile(r'<span(?: class="(?!k|c|linenos)[^"]*")?>([^<]*)</span>')


class EpubTranslator(HTML5Translator):
    """Sphinx's translator; every visitor that is registered for HTML holds here."""

    def starttag(self, node: Element, tagname: str, *arguments: Any, **attributes: Any) -> str:  # noqa: ANN401 (as docutils has it)
        """A start tag that says what its element is."""
        for name in attributes.keys() & {"CLASS", "class", "classes"}:
            given = attributes[name]
            words = given.split() if isinstance(given, str) else given
            kept = [word for word in words if word not in NOISE]
            attributes[name] = " ".join(kept) if isinstance(given, str) else kept
        if isinstance(node, nodes.Element):  # docutils gives a dictionary for what is none
            self._add_semantics(node, attributes)
        return str(super().starttag(node, tagname, *arguments, **attributes))

    def _add_semantics(self, node: Element, attributes: dict[str, Any]) -> None:
        kinds = [*node["classes"], node.get("kind", "")]
        if meaning := semantics.of_node(type(node).__name__, kinds):
            attributes["epub:type"] = meaning.epub_type
            if meaning.role:
                attributes.setdefault("role", meaning.role)

    # -- notes ----------------------------------------------------------------------

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
        self.body[begins:] = [piece.replace(BRACKETS[1], "") for piece in self.body[begins:]]

    def _drop_bracket(self) -> None:
        """Take the bracket away, which a link back may stand behind."""
        for at in (-1, -2):
            if self.body[at] == BRACKETS[0]:
                del self.body[at]
                return

    # -- what is there for a sheet alone ------------------------------------------------

    def visit_inline(self, node: nodes.inline) -> None:
        """Words that only the name of a role tells from others are words."""
        if not self._is_bare(node):
            super().visit_inline(node)

    def depart_inline(self, node: nodes.inline) -> None:
        """The same at their end."""
        if not self._is_bare(node):
            super().depart_inline(node)

    def _is_bare(self, node: nodes.inline) -> bool:
        return bool(node["classes"]) and ROLES.issuperset(node["classes"]) and not node["ids"]

    def visit_literal(self, node: Element) -> None:
        """Code in a line: its spaces are kept by the sheet, not by a span a word."""
        super().visit_literal(node)
        self.protect_literal_text = 0

    def depart_literal(self, node: Element) -> None:
        """The same at its end."""
        super().depart_literal(node)
        self.protect_literal_text = 0

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Code, in the colours of ``pygments_style`` where the author has set one."""
        begins = len(self.body)
        try:
            super().visit_literal_block(node)
        finally:
            if not is_set(self.config, "pygments_style"):
                self.body[begins:] = [COLOUR.sub(r"\1", piece) for piece in self.body[begins:]]
