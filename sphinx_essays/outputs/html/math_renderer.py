"""Render formulas as MathML, which browsers display without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from docutils import nodes
from sphinx.util.math import get_node_equation_number

from sphinx_essays.outputs import latex_to_mathml
from sphinx_essays.outputs.latex_to_mathml import MATHJAX, RENDERER

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer(
        RENDERER, inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
    app.connect("config-inited", choose_renderer, priority=900)


def choose_renderer(app: Sphinx, config: Config) -> None:
    """Use MathML unless ``conf.py`` names a renderer or loads an extension with another."""
    if config.html_math_renderer is not None:
        return
    loaded = set(app.registry.html_inline_math_renderers) - {RENDERER, MATHJAX}
    if "sphinx.ext.mathjax" in config.extensions:
        loaded.add(MATHJAX)
    config.html_math_renderer = min(loaded, default=RENDERER)


def visit_math(self: HTML5Translator, node: nodes.math) -> NoReturn:
    self.body.append(_formula(self, node, is_block=False) or _source(self, node, "span"))
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> NoReturn:
    """Write a formula as a block, after its number."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "#")
        self.body.append("</span>")
    self.body.append(_formula(self, node, is_block=True) or _source(self, node, "code"))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _formula(
    self: HTML5Translator, node: nodes.math | nodes.math_block, *, is_block: bool
) -> str:
    """Return MathML; in EPUB with the source, which many e-readers read aloud instead."""
    return latex_to_mathml.convert(node, is_block=is_block, is_told=self.builder.name == "epub")


def _source(self: HTML5Translator, node: nodes.Element, tag: str) -> str:
    """Return the formula as typed, for a formula that cannot be converted."""
    return f'<{tag} class="essay-formula">{self.encode(node.astext())}</{tag}>'
