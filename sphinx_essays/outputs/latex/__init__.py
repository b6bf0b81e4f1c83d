"""LaTeX's words: environments and commands; every look is in ``sphinxessays.sty``."""

from __future__ import annotations

from pathlib import Path
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
from sphinx_essays.elements.update import essay_update, essay_was

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.latex import LaTeXTranslator

    Visit = Callable[[LaTeXTranslator, Any], None]

STYLE = Path(__file__).parent / "sphinxessays.sty"


def setup(app: Sphinx) -> None:
    """Load our style, and copy it beside the book."""
    app.add_latex_package("sphinxessays")
    app.connect("config-inited", add_style)


def add_style(_app: Sphinx, config: Config) -> None:
    """Have Sphinx copy the style file."""
    config.latex_additional_files = [*config.latex_additional_files, str(STYLE)]


def _environment(name: str, argument: str = "") -> tuple[Visit, Visit]:
    """An environment; `argument` names the node's attribute that it takes."""

    def visit(self: LaTeXTranslator, node: Element) -> None:
        given = f"{{{node[argument]}}}" if argument else ""
        self.body.append(f"\n\\begin{{{name}}}{given}{self.hypertarget_to(node)}\n")

    def depart(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"\n\\end{{{name}}}\n")

    return visit, depart


def _command(name: str, after: str = "") -> tuple[Visit, Visit]:
    """A command with the node's words as its argument."""

    def visit(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"\\{name}{{")

    def depart(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"}}{after}")

    return visit, depart


def _nothing(_self: LaTeXTranslator, _node: Element) -> None:
    """Only the words."""


VISITORS: dict[type[Element], tuple[Visit, Visit]] = {
    essay_pull_quote: _environment("essaypullquote", "align"),
    essay_update: _environment("essayupdate"),
    essay_was: _command("essaywas", "\n\n"),
    essay_label: _command("essaylabel", "\n\n"),
    essay_time: (_nothing, _nothing),
    essay_overheard: _environment("essayoverheard"),
    essay_setting: _command("essaysetting", "\n\n"),
    essay_speaker: _command("essayspeaker"),
    essay_direction: _command("essaydirection"),
    essay_standfirst: _command("essaystandfirst", "\n\n"),
    essay_byline: _command("essaybyline", "\n\n"),
}
