"""Formulas: LaTeX is converted to MathML, and MathML to Typst's math."""

from __future__ import annotations

import re

import pytest
from docutils import nodes

from sphinx_essays.outputs import latex_to_mathml
from sphinx_essays.outputs.typst import mathml_to_typst


def mathml(latex: str) -> str:
    """Return the content of the ``math`` element, without white space."""
    written = latex_to_mathml.convert(nodes.math("", latex), is_block=False)
    return re.sub(r"\s*\n\s*|^<math[^>]*>|</math>$", "", written)


def typst(latex: str, *, is_block: bool = False) -> str:
    return mathml_to_typst.convert(
        latex_to_mathml.convert(nodes.math("", latex), is_block=is_block)
    )


@pytest.mark.parametrize(
    ("short", "braced"),
    [
        (r"\frac13 + x", r"\frac{1}{3} + x"),
        (r"\frac 1 {23}", r"\frac{1}{23}"),
        (r"\frac{12}34", r"\frac{12}{3}4"),
        (r"\frac12\frac34", r"\frac{1}{2}\frac{3}{4}"),
        (r"x^12", r"x^{1}2"),
        (r"x_ 10^2", r"x_{1}0^{2}"),
        (r"x^\frac12 5", r"x^{\frac{1}{2}} 5"),
        (r"\sqrt[10]27", r"\sqrt[10]{2}7"),
        (r"\binom12 + \hat12", r"\binom{1}{2} + \hat{1}2"),
        (r"\begin{matrix} 10 & 3^10 \end{matrix}", r"\begin{matrix} 10 & 3^{1}0 \end{matrix}"),
    ],
)
def test_latex_argument_without_braces_is_a_single_digit(short: str, braced: str) -> None:
    assert mathml(short)
    assert mathml(short) == mathml(braced)


def test_latex_numbers_that_are_no_arguments_stay_whole() -> None:
    assert mathml(r"x^{10} + \alpha 12") == (
        "<msup><mi>x</mi><mn>10</mn></msup><mo>+</mo><mi>α</mi><mn>12</mn>"
    )


def test_latex_text_is_kept_as_typed() -> None:
    assert mathml(r"\text{x_10 § ≤ 'a'}≤") == "<mtext>x_10 § ≤ 'a'</mtext><mo>≤</mo>"
    assert mathml(r"\text{a \} b} + \text{x_{10}}^12") == (
        r"<mtext>a \} b</mtext><mo>+</mo><msup><mtext>x_{10}</mtext><mn>1</mn></msup><mn>2</mn>"
    )


def test_latex_apostrophes_are_raised_as_primes() -> None:
    assert mathml("f' + g''''") == (
        "<msup><mi>f</mi><mi>′</mi></msup><mo>+</mo>"
        "<msup><mi>g</mi><mrow><mi>‴</mi><mi>′</mi></mrow></msup>"
    )


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (r"\bar{b}", 'accent(b, "ˉ")'),
        (r"f' + g''", r"attach(f, t: primes(#1)) \+ attach(g, t: primes(#2))"),
        (r"\operatorname{span} x", 'op("span") x'),
        (r"\tfrac12", "inline(frac(1, 2))"),
        (r"\left\{ a \right.", r"lr(\{ a)"),
        (r"\left. a \right|", r"lr(a \|)"),
        (r"|a| + b", r'class("normal", \|) a class("normal", \|) \+ b'),
        (r"\left| a \right|", r"lr(\| a \|)"),
        (r"\{ a \} + b", r"\{ a \} \+ b"),
        (r"\sum_{i}^n", "attach(limits(∑, inline: #false), b: i, t: n)"),
        (r"\sum\limits_{i}^n", "attach(limits(∑), b: i, t: n)"),
        (
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            r'mat(delim: #none, a & \= b; "" & \= c)',
        ),
    ],
)
def test_typst_formula_looks_as_in_latex(latex: str, written: str) -> None:
    assert typst(latex) == written


def test_typst_brace_of_cases_grows_with_the_rows() -> None:
    assert typst(r"\begin{cases} 1 & x \\ 0 & y \end{cases}").startswith(r"lr(\{ mat(")


def test_typst_displayed_equations_are_aligned_as_lines() -> None:
    assert typst(r"a &= b \\ &= c", is_block=True) == r'a & \= b \ "" & \= c'


def test_typst_equations_inside_a_formula_are_aligned_as_a_matrix() -> None:
    latex = r"x = \left\{ \begin{aligned} a &= b & c &= d \end{aligned} \right."
    inside = r"lr(\{ mat(delim: #none, a & \= b, c & \= d))"
    assert typst(latex, is_block=True) == rf"x \= {inside}"
