"""Formulas as MathML, which browsers and e-readers set, and paper is set from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils.utils.math import MathError, unichar2tex
from docutils.utils.math.latex2mathml import tex2mathml

from sphinx_essays import messages

if TYPE_CHECKING:
    from docutils import nodes

# docutils writes it by its name, which HTML knows and XML does not.
APPLIED = "\u2061"
# What docutils' reader stumbles over where a formula is cut short, or has `&` in no table.
STUMBLES = (AttributeError, IndexError, UnboundLocalError)


def convert(node: nodes.math | nodes.math_block, *, is_block: bool) -> str:
    """MathML for a formula, or nothing where LaTeX is written that docutils cannot read."""
    source = node.astext().translate(unichar2tex.uni2tex_table)
    try:
        written = str(tex2mathml(source, as_block=is_block))
        return written.replace("&ApplyFunction;", APPLIED)
    except MathError as error:
        messages.warn("maths", messages.unreadable_formula(str(error)), node)
    except STUMBLES:
        messages.warn("maths", messages.unreadable_formula(" ".join(source.split())), node)
    return ""
