r"""Convert LaTeX formulas to MathML, which browsers and e-readers render and Typst prints.

docutils does the conversion. It is more lenient than TeX in two ways, and both would change
a formula without a warning, so `_prepare` handles them first:

* TeX takes a single digit as an argument (``\frac13``, ``x^12``); docutils takes the whole
  number, and then whatever follows it.
* TeX rejects unbalanced braces, ``\left`` and ``\begin``; docutils accepts some of them.

latex2mathml, the alternative on PyPI, was tried (3.81) and is worse for this purpose: it
prints unknown commands and environments, ``&`` and ``}`` as text, has no ``aligned``, puts
the limits of ``\lim`` at its side, sets ``\mathrm{d}`` in italics and relies on
``mathvariant``, which MathML Core has dropped.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils.utils.math import MathError, unichar2tex
from docutils.utils.math.latex2mathml import tex2mathml

from sphinx_essays import messages

if TYPE_CHECKING:
    from docutils import nodes

# The names of math renderers in Sphinx: that of this package, and the default, which Sphinx
# always registers, so that it does not show a choice.
RENDERER, MATHJAX = "essays_mathml", "mathjax"
# docutils writes this character as a named entity, which XML does not know.
APPLY_FUNCTION = "\u2061"
# How many children these elements must have: MathML Core, sections 3.3 and 3.4.
CHILD_COUNTS = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2,
    "munderover": 3,
}  # fmt: skip
# What docutils' parser raises if a formula is incomplete or has `&` outside a table.
PARSER_ERRORS = (AttributeError, IndexError, UnboundLocalError)
# Text is a single token, because nothing in it is markup, and so is a root with its index.
TOKEN = re.compile(
    r"(?P<text>\\(?:text|textrm|mbox)\s*\{(?:\\.|\{[^{}]*\}|[^{}\\])*\})"
    r"|\\sqrt\s*\[[^\[\]]*\]|\\[a-zA-Z]+|\\.|\s+|'+|.",
    re.DOTALL,
)
# The number of arguments that a single digit can be.
ARGUMENT_COUNTS = {
    "^": 1, "_": 1, "\\sqrt": 1, "\\overset": 2, "\\underset": 2, "\\binom": 2,
    "\\dbinom": 2, "\\tbinom": 2, "\\frac": 2, "\\cfrac": 2, "\\dfrac": 2, "\\tfrac": 2,
    "\\acute": 1, "\\bar": 1, "\\breve": 1, "\\check": 1, "\\ddot": 1, "\\dot": 1,
    "\\grave": 1, "\\hat": 1, "\\mathring": 1, "\\tilde": 1, "\\vec": 1, "\\widehat": 1,
    "\\widetilde": 1, "\\overbrace": 1, "\\overline": 1, "\\underbrace": 1,
    "\\underline": 1,
}  # fmt: skip
PRIMES = ("", r"\prime ", r"\second ", r"\third ")
CLOSERS = {"{": "}", "\\left": "\\right", "\\begin": "\\end"}


def convert(
    node: nodes.math | nodes.math_block, *, is_block: bool, is_told: bool = False
) -> str:
    """Return the formula as MathML, or an empty string if it is not readable.

    A formula that is not readable produces a warning; the caller prints it as typed.
    If `is_told` is true, the LaTeX is added as ``alttext``, for readers without MathML.
    """
    latex = " ".join(node.astext().split())
    try:
        source = _prepare(node.astext())
        mathml = str(tex2mathml(source, as_block=is_block))
    except MathError as error:
        messages.warn("maths", messages.unreadable_formula(str(error) or latex), node)
    except PARSER_ERRORS:
        messages.warn("maths", messages.unreadable_formula(latex), node)
    else:
        mathml = mathml.replace("&ApplyFunction;", APPLY_FUNCTION)
        if not _is_complete(mathml):
            messages.warn("maths", messages.unreadable_formula(latex), node)
            return ""
        start = f'<math alttext="{escape(latex)}" '
        return mathml.replace("<math ", start, 1) if is_told else mathml
    return ""


def _prepare(latex: str) -> str:
    r"""Rewrite LaTeX so that docutils reads it as TeX does.

    Put braces around each digit that is an argument, raise apostrophes as primes and, except
    in text, replace characters such as ``≤`` by their commands. Raise MathError, without a
    message, if groups are not balanced.
    """
    result = []
    open_groups: list[tuple[str, int]] = []  # what closes each, and the arguments due after it
    due = 0  # arguments that the last commands still expect
    for match in TOKEN.finditer(latex):
        token = match[0]
        taken = max(due - 1, 0)
        if due and token.isascii() and token.isdigit():
            token, due = f"{{{token}}}", taken
        elif token in CLOSERS:
            open_groups.append((CLOSERS[token], taken))
            due = 0
        elif token in CLOSERS.values():
            closer, due = open_groups.pop() if open_groups else ("", 0)
            if token != closer:
                raise MathError("")
        elif token[0] == "'":
            thirds, others = divmod(len(token), 3)
            token, due = f"^{{{PRIMES[3] * thirds}{PRIMES[others]}}}", 0
        elif not token.isspace():
            due = taken + ARGUMENT_COUNTS.get(token.partition("[")[0].rstrip(), 0)
        result.append(token if match["text"] else token.translate(unichar2tex.uni2tex_table))
    if open_groups:
        raise MathError("")
    return "".join(result)


def _is_complete(mathml: str) -> bool:
    """Return whether each fraction, root and script has all its parts.

    docutils also writes a fraction that has no denominator.
    """
    tree = ET.fromstring(mathml)  # noqa: S314 (docutils has written it)
    return all(
        len(element) == CHILD_COUNTS.get(element.tag.rpartition("}")[2], len(element))
        for element in tree.iter()
    )
