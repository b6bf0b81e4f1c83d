"""Mark the first paragraph of each essay, which outputs style differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_essays.book import pages
from sphinx_essays.book.byline import essay_byline
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.elements.standfirst import essay_standfirst
from sphinx_essays.elements.update import essay_update

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIRST_PARAGRAPH = "essay-opening"
FORMATS = frozenset({"html", "latex", "typst"})
ORNAMENTS = (
    nodes.title, nodes.subtitle, nodes.Invisible, addnodes.index, essay_standfirst,
    essay_byline, essay_pull_quote, essay_update,
)  # fmt: skip


def mark_first_paragraphs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add a class to the first paragraph of each essay, if nothing but ornaments precede it."""
    if app.builder.format not in FORMATS:
        return
    domain = pages.essay_domain(app.env)
    for name, page in pages.pages_in(doctree, docname):
        section = next(
            (child for child in page.children if isinstance(child, nodes.section)), None
        )
        if section is not None and domain.kind(name) == "essay":
            first = next((child for child in section.children if not _is_ornament(child)), None)
            if isinstance(first, nodes.paragraph):
                first["classes"].append(FIRST_PARAGRAPH)


def _is_ornament(node: nodes.Node) -> bool:
    """Return whether a node may precede the first paragraph of an essay."""
    is_epigraph = isinstance(node, nodes.block_quote) and "epigraph" in node["classes"]
    return is_epigraph or isinstance(node, ORNAMENTS)
