"""Write what domains describe: signatures and their descriptions (autodoc)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element


class Descriptions(BaseTranslator):
    """The nodes of ``sphinx.addnodes`` that begin with ``desc``."""

    def visit_desc(self, node: Element) -> None:
        self.mark(node)

    def depart_desc(self, node: Element) -> None:
        pass

    def visit_desc_signature(self, node: Element) -> None:
        """Write a signature."""
        self.mark(node)
        self.open_block("essay-api-signature")

    def depart_desc_signature(self, node: Element) -> None:
        self.close_block()

    def visit_desc_signature_line(self, node: Element) -> None:
        """Write a line of a signature with several."""
        if node.parent.index(node):
            self.body.append("#linebreak();")

    def depart_desc_signature_line(self, node: Element) -> None:
        pass

    def visit_desc_content(self, node: Element) -> None:
        self.mark(node)
        self.open_block("essay-api-description")

    def depart_desc_content(self, node: Element) -> None:
        self.close_block()

    def visit_desc_name(self, node: Element) -> None:
        self.open("strong")

    def depart_desc_name(self, node: Element) -> None:
        self.close()

    def visit_desc_returns(self, node: Element) -> None:
        self.say(" → ")

    def depart_desc_returns(self, node: Element) -> None:
        pass

    def visit_desc_parameterlist(self, node: Element) -> None:
        """Write parameters in parentheses."""
        self.say("(")

    def depart_desc_parameterlist(self, node: Element) -> None:
        self.say(")")

    def visit_desc_type_parameter_list(self, node: Element) -> None:
        """Write type parameters in brackets."""
        self.say("[")

    def depart_desc_type_parameter_list(self, node: Element) -> None:
        self.say("]")

    def visit_desc_parameter(self, node: Element) -> None:
        """Write a parameter after a comma."""
        if node.parent.index(node):
            self.say(", ")

    def depart_desc_parameter(self, node: Element) -> None:
        pass

    visit_desc_type_parameter = visit_desc_parameter
    depart_desc_type_parameter = depart_desc_parameter

    def visit_desc_optional(self, node: Element) -> None:
        """Write optional parameters in brackets."""
        self.say("[, " if node.parent.index(node) else "[")

    def depart_desc_optional(self, node: Element) -> None:
        self.say("]")

    def visit_productionlist(self, node: Element) -> None:
        """Write the rules of a grammar."""
        self.mark(node)
        self.open_block("essay-api-signature")

    def depart_productionlist(self, node: Element) -> None:
        self.close_block()

    def visit_production(self, node: Element) -> None:
        self.mark(node)
        if node.parent.index(node):
            self.body.append("#linebreak();")

    def depart_production(self, node: Element) -> None:
        pass
