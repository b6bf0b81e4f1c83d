"""Write inline and displayed formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.outputs import latex_to_mathml
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst import mathml_to_typst
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element


class MathVisitors(BaseTranslator):
    """``math`` and ``math_block``."""

    def visit_math(self, node: nodes.math) -> None:
        self.mark(node)
        self.flush()
        self.body.append(self._formula(node, is_block=False))
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        """Write a displayed formula with its number."""
        self.mark(node)
        self.flush()
        number = self._equation_number(node)
        self.body.append(
            f"\n\n#essay-equation(number: {number})[{self._formula(node, is_block=True)}];\n\n"
        )
        raise nodes.SkipNode

    def _equation_number(self, node: Element) -> str:
        return f"[({markup.escape(str(node['number']))})]" if node.get("number") else "none"

    def _formula(self, node: nodes.math | nodes.math_block, *, is_block: bool) -> str:
        """Return a formula with its LaTeX as alternative text, or the LaTeX if unreadable."""
        source = node.astext()
        converted = latex_to_mathml.convert(node, is_block=is_block)
        if not converted:
            return f"#essay-code[{markup.escape(source)}];"
        alt = markup.string(" ".join(source.split()))
        written = mathml_to_typst.convert(converted) or '""'
        placed = "true" if is_block else "false"
        return f"#math.equation(block: {placed}, alt: {alt}, $ {written} $.body);"
