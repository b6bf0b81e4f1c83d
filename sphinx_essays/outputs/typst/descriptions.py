"""What a domain describes: signatures, and the words below them (autodoc)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element


class Descriptions(BaseTranslator):
    """The nodes of ``sphinx.addnodes`` that begin with ``desc``."""

    def visit_desc(self, node: Element) -> None:
        """Signatures, then their description."""
        self.mark(node)

    def depart_desc(self, node: Element) -> None:
        """Nothing behind them."""

    def visit_desc_signature(self, node: Element) -> None:
        """One signature."""
        self.mark(node)
        self.open_block("essay-api-signature")

    def depart_desc_signature(self, node: Element) -> None:
        """End it."""
        self.close_block()

    def visit_desc_signature_line(self, node: Element) -> None:
        """A line of a long one."""
        if node.parent.index(node):
            self.body.append("#linebreak();")

    def depart_desc_signature_line(self, node: Element) -> None:
        """Nothing behind it."""

    def visit_desc_content(self, node: Element) -> None:
        """What it does."""
        self.mark(node)
        self.open_block("essay-api-description")

    def depart_desc_content(self, node: Element) -> None:
        """End it."""
        self.close_block()

    def visit_desc_name(self, node: Element) -> None:
        """The name."""
        self.open("strong")

    def depart_desc_name(self, node: Element) -> None:
        """End it."""
        self.close()

    def visit_desc_returns(self, node: Element) -> None:
        """What it gives."""
        self.say(" → ")

    def depart_desc_returns(self, node: Element) -> None:
        """Nothing behind it."""

    def visit_desc_parameterlist(self, node: Element) -> None:
        """Parameters in round brackets."""
        self.say("(")

    def depart_desc_parameterlist(self, node: Element) -> None:
        """End them."""
        self.say(")")

    def visit_desc_type_parameter_list(self, node: Element) -> None:
        """Parameters of types in square ones."""
        self.say("[")

    def depart_desc_type_parameter_list(self, node: Element) -> None:
        """End them."""
        self.say("]")

    def visit_desc_parameter(self, node: Element) -> None:
        """One of them, behind a comma."""
        if node.parent.index(node):
            self.say(", ")

    def depart_desc_parameter(self, node: Element) -> None:
        """Nothing behind it."""

    visit_desc_type_parameter = visit_desc_parameter
    depart_desc_type_parameter = depart_desc_parameter

    def visit_desc_optional(self, node: Element) -> None:
        """Those that may be left out."""
        self.say("[, " if node.parent.index(node) else "[")

    def depart_desc_optional(self, node: Element) -> None:
        """End them."""
        self.say("]")

    def visit_productionlist(self, node: Element) -> None:
        """A grammar, a line each."""
        self.mark(node)
        self.open_block("essay-api-signature")

    def depart_productionlist(self, node: Element) -> None:
        """End it."""
        self.close_block()

    def visit_production(self, node: Element) -> None:
        """One rule."""
        self.mark(node)
        if node.parent.index(node):
            self.body.append("#linebreak();")

    def depart_production(self, node: Element) -> None:
        """Nothing behind it."""
