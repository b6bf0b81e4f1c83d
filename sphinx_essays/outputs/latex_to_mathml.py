"""Formulas as MathML, which browsers and e-readers set, and paper is set from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils.utils.math import MathError, unichar2tex
from docutils.utils.math.latex2mathml import tex2mathml

from sphinx_essays import messages

if TYPE_CHECKING:
    from docutils import nodes

# docutils writes it by its name, which HTML knows and XML does not.
APPLIED = "\u2061"
# MathML Core, sections 3.3 and 3.4.
PARTS = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2,
    "munderover": 3,
}  # fmt: skip
# What docutils' reader stumbles over where a formula is cut short, or has `&` in no table.
STUMBLES = (AttributeError, IndexError, UnboundLocalError)


def convert(
    node: nodes.math | nodes.math_block, *, is_block: bool, is_told: bool = False
) -> str:
    """MathML for a formula, or nothing where LaTeX is written that docutils cannot read.

    Where it `is_told`, the formula as typed stands beside it, for what cannot set it.
    """
    source = node.astext().translate(unichar2tex.uni2tex_table)
    latex = " ".join(node.astext().split())
    try:
        written = str(tex2mathml(source, as_block=is_block)).replace("&ApplyFunction;", APPLIED)
    except MathError as error:
        messages.warn("maths", messages.unreadable_formula(str(error)), node)
    except STUMBLES:
        messages.warn("maths", messages.unreadable_formula(latex), node)
    else:
        if not _is_whole(written):
            messages.warn("maths", messages.unreadable_formula(latex), node)
            return ""
        alternative = f'<math alttext="{escape(latex)}" '
        return written.replace("<math ", alternative, 1) if is_told else written
    return ""


def _is_whole(written: str) -> bool:
    """Whether each fraction, root and index has its parts: docutils writes half of one too."""
    tree = ET.fromstring(written)  # noqa: S314 (what docutils has made)
    return all(
        len(element) == PARTS.get(element.tag.rpartition("}")[2], len(element))
        for element in tree.iter()
    )
