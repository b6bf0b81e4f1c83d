"""Write Typst markup, compile it to PDF, and register builders and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_essays.book.byline import essay_byline
from sphinx_essays.elements.base import essay_label, essay_time
from sphinx_essays.elements.overheard import (
    essay_direction,
    essay_overheard,
    essay_setting,
    essay_speaker,
)
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.elements.standfirst import essay_standfirst
from sphinx_essays.elements.update import essay_former_text, essay_update
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst import dialogues
from sphinx_essays.outputs.typst.builder import PdfBuilder, TypstBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Element
    from sphinx.application import Sphinx

    from sphinx_essays.outputs.typst.translator import TypstTranslator

    Visit = Callable[[TypstTranslator, Any], None]


def setup(app: Sphinx) -> None:
    """Register the builders."""
    app.add_builder(TypstBuilder)
    app.add_builder(PdfBuilder)


def _block(name: str, *attributes: str) -> tuple[Visit, Visit]:
    """Return visitors for a block; attributes of the node are its arguments."""

    def visit(self: TypstTranslator, node: Element) -> None:
        self.mark(node)
        named = {key: markup.string(node[key]) for key in attributes}
        self.open_block(name, **named)

    def depart(self: TypstTranslator, _node: Element) -> None:
        self.close_block()

    return visit, depart


def _inline(name: str) -> tuple[Visit, Visit]:
    """Return visitors for an inline call."""

    def visit(self: TypstTranslator, _node: Element) -> None:
        self.open(name)

    def depart(self: TypstTranslator, _node: Element) -> None:
        self.close()

    return visit, depart


def _nothing(_self: TypstTranslator, _node: Element) -> None:
    """Write nothing around the content."""


VISITORS: dict[type[Element], tuple[Visit, Visit]] = {
    essay_pull_quote: _block("essay-pull-quote", "kind", "align"),
    essay_update: _block("essay-update", "kind"),
    essay_former_text: _block("essay-former-text"),
    essay_label: _block("essay-update-label"),
    essay_time: (_nothing, _nothing),
    essay_overheard: _block("essay-overheard"),
    essay_setting: _block("essay-setting"),
    essay_speaker: (dialogues.visit_speaker, _inline("essay-small-capitals")[1]),
    essay_direction: _inline("essay-stage-direction"),
    essay_standfirst: _block("essay-standfirst"),
    essay_byline: _block("essay-byline"),
}
