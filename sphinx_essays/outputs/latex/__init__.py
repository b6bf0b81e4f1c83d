"""Write LaTeX environments and commands; ``sphinxessays.sty`` defines their appearance."""

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
from sphinx_essays.elements.update import essay_former_text, essay_update
from sphinx_essays.outputs.latex import (
    defaults,
    dialogues,
    first_words,
    footnotes,
    images,
    parts,
    tables,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.latex import LaTeXTranslator

    Visit = Callable[[LaTeXTranslator, Any], None]

STYLE = Path(__file__).parent / "sphinxessays.sty"
INDEX_STYLE = Path(__file__).parent / "python.ist"
STEPS = (
    first_words.mark_first_words,
    dialogues.mark_lines,
    footnotes.number_symbol_footnotes,
    images.svg_fallback,
    tables.rotate_wide_tables,
    parts.flatten_chapters,
)
READY = (
    950  # after all other transforms of this package, because bylines are moved below titles
)


def setup(app: Sphinx) -> None:
    """Load the style file, copy it to the output and adapt the doctree for LaTeX."""
    app.connect("config-inited", defaults.set_defaults)
    app.connect("config-inited", add_files)
    app.add_post_transform(images.DrawingConverter)
    for node, words in OWN_VISITORS.items():
        app.add_node(node, latex=words)
    for step in STEPS:
        app.connect("doctree-resolved", step, priority=READY)


def add_files(_app: Sphinx, config: Config) -> None:
    """Copy the style file, and an index style without headings by letter."""
    files = [str(STYLE), str(INDEX_STYLE)]
    config.latex_additional_files = [*files, *config.latex_additional_files]


def _environment(name: str, argument: str = "") -> tuple[Visit, Visit]:
    """Return visitors for an environment; `argument` is the node's attribute to pass to it."""

    def visit(self: LaTeXTranslator, node: Element) -> None:
        given = f"{{{node[argument]}}}" if argument else ""
        self.body.append(f"\n\\begin{{{name}}}{given}{self.hypertarget_to(node)}\n")

    def depart(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"\n\\end{{{name}}}\n")

    return visit, depart


def _command(name: str, after: str = "") -> tuple[Visit, Visit]:
    """Return visitors for a command whose argument is the content of the node."""

    def visit(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"\\{name}{{")

    def depart(self: LaTeXTranslator, _node: Element) -> None:
        self.body.append(f"}}{after}")

    return visit, depart


def _visit_line(self: LaTeXTranslator, node: Element) -> None:
    self.body.append(f"\n\\{node['command']}{{{self.hypertarget_to(node)}")


def _depart_line(self: LaTeXTranslator, _node: Element) -> None:
    self.body.append("}\n\n")


def _visit_initial(self: LaTeXTranslator, node: Element) -> None:
    """Write the mark before the first letter, the letter and the rest as arguments."""
    before, letter = self.encode(node["before"]), self.encode(node["letter"])
    self.body.append(f"\\essayinitial{{{before}}}{{{letter}}}{{")


def _depart_initial(self: LaTeXTranslator, _node: Element) -> None:
    self.body.append("}")


def _visit_pull_quote(self: LaTeXTranslator, node: Element) -> None:
    _QUOTES[node["kind"] == "repeat"][0](self, node)


def _depart_pull_quote(self: LaTeXTranslator, node: Element) -> None:
    _QUOTES[node["kind"] == "repeat"][1](self, node)


# A quotation keeps its place; a repeat of the essay's own text may float.
_QUOTES = (_environment("essaypullquote", "align"), _environment("essayrepeat", "align"))


def _visit_part(self: LaTeXTranslator, _node: Element) -> None:
    self.body.append("\n\n\\essaypart{")
    self.in_title = 1


def _depart_part(self: LaTeXTranslator, node: Element) -> None:
    self.in_title = 0
    self.body.append(f"}}\n{self.hypertarget_to(node)}")


def _visit_part_end(self: LaTeXTranslator, _node: Element) -> None:
    self.body.append("\n\\essaypartend\n")


def _visit_subtitle(self: LaTeXTranslator, _node: Element) -> None:
    self.pushbody([])


def _depart_subtitle(self: LaTeXTranslator, _node: Element) -> None:
    """Write the title page after the standfirst, which is part of it."""
    words = "".join(self.popbody())
    self.elements["maketitle"] = f"\\essaysubtitle{{{words}}}\n{self.elements['maketitle']}"


def _nothing(_self: LaTeXTranslator, _node: Element) -> None:
    """Write nothing around the content."""


VISITORS: dict[type[Element], tuple[Visit, Visit]] = {
    essay_pull_quote: (_visit_pull_quote, _depart_pull_quote),
    essay_update: _environment("essayupdate"),
    essay_former_text: _command("essayformertext", "\n\n"),
    essay_label: _command("essaylabel", "\n\n"),
    essay_time: (_nothing, _nothing),
    essay_overheard: _environment("essayoverheard"),
    essay_setting: _command("essaysetting", "\n\n"),
    essay_speaker: _command("essayspeaker"),
    essay_direction: _command("essaydirection"),
    essay_standfirst: _command("essaystandfirst", "\n\n"),
    essay_byline: _command("essaybyline", "\n\n"),
}

# Nodes that only LaTeX output has.
OWN_VISITORS: dict[type[Element], tuple[Visit, Visit]] = {
    dialogues.essay_line: (_visit_line, _depart_line),
    dialogues.essay_cast: _environment("essaycast"),
    tables.essay_wide_table: _environment("essaywidetable", "letters"),
    first_words.essay_opening: _command("essayopening"),
    first_words.essay_initial: (_visit_initial, _depart_initial),
    first_words.essay_epigraph: _environment("essayepigraph"),
    parts.essay_part: (_visit_part, _depart_part),
    parts.essay_part_end: (_visit_part_end, _nothing),
    parts.essay_subtitle: (_visit_subtitle, _depart_subtitle),
    parts.essay_cover: _environment("essaycover"),
}
