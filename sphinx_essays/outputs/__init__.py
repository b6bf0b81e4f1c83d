"""Register the outputs.

An output either has visitors for a node of the extension, or the node is replaced by
docutils nodes, which its ``to_docutils()`` returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.gettext import MessageCatalogBuilder

from sphinx_essays.book import byline
from sphinx_essays.book.pages import essay_nodes
from sphinx_essays.elements import ELEMENTS, MERGED_NODES, SHARED_TO_DOCUTILS
from sphinx_essays.elements.lists import essay_list
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.outputs import epub, first_paragraph, html, latex, publishing, typst
from sphinx_essays.outputs.html.search.excerpts import UNSEARCHED
from sphinx_essays.outputs.supported_nodes import supported_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docutils.nodes import Element, Node
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

# By format, never by the name of a builder: Sphinx ignores all visitors for a format if
# there is a single visitor for the builder.
VISITORS: dict[str, Mapping[type[Element], Any]] = {
    "html": html.VISITORS,
    "latex": latex.VISITORS,
    "typst": typst.VISITORS,
}
TO_DOCUTILS: dict[type[Element], Callable[[Any], list[Node]]] = {
    **SHARED_TO_DOCUTILS,
    byline.essay_byline: byline.to_docutils,
    **{
        node: to_docutils for kind in ELEMENTS for node, to_docutils in kind.to_docutils.items()
    },
}
# By the name of a class, as in docutils' visitors: another extension may subclass a node.
FALLBACKS = {node.__name__: to_docutils for node, to_docutils in TO_DOCUTILS.items()}
LABEL_FUNCTIONS = {kind.node.__name__: kind.add_labels for kind in ELEMENTS if kind.add_labels}
LATE_PRIORITY = 900  # after other extensions, which may insert nodes of this one
LAST_PRIORITY = 950  # after the handlers that replace nodes
PRINTED = frozenset({"latex", "typst"})


def setup(app: Sphinx) -> None:
    """Register every node with its visitors, and set up each output."""
    removed = [node for kind in ELEMENTS for node in kind.removed_before_writing]
    for node in (*TO_DOCUTILS, *removed, *MERGED_NODES, essay_list):
        visitors = {name: visit[node] for name, visit in VISITORS.items() if node in visit}
        app.add_node(node, **visitors)
    app.connect("doctree-resolved", render_fallbacks, priority=LATE_PRIORITY)
    app.connect(
        "doctree-resolved", first_paragraph.mark_first_paragraphs, priority=LAST_PRIORITY
    )
    html.setup(app)
    epub.setup(app)
    latex.setup(app)
    typst.setup(app)
    publishing.setup(app)


def render_fallbacks(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Replace the nodes that the builder has no visitors for.

    The gettext builder is an exception: it extracts the author's text, and must find it
    in the nodes that were read.
    """
    if isinstance(app.builder, MessageCatalogBuilder):
        return
    _drop_repeats(app, doctree)
    for node in essay_nodes(doctree):
        if add_labels := LABEL_FUNCTIONS.get(node.__class__.__name__):
            add_labels(node, app.config.language)
    known = supported_nodes(app)
    for node in essay_nodes(doctree):
        name = node.__class__.__name__
        if name in FALLBACKS and name not in known:
            node.parent.replace(node, FALLBACKS[name](node))


def _drop_repeats(app: Sphinx, doctree: nodes.document) -> None:
    """Remove pull-quotes that repeat the text, or exclude them from the search index.

    ``essays_pull_quotes`` names the outputs that show them.
    """
    are_shown = _family(app.builder) in app.config.essays_pull_quotes
    for quote in list(doctree.findall(essay_pull_quote)):
        if quote["kind"] == "repeat" and are_shown:
            quote["classes"].append(UNSEARCHED)
        elif quote["kind"] == "repeat":
            _keep_targets(quote)


def _keep_targets(quote: Element) -> None:
    """Remove a quote; keep its ids, so that links to it still work."""
    if quote["ids"]:
        target = nodes.target("", "", ids=quote["ids"], names=quote["names"])
        quote.replace_self(target)
    else:
        quote.parent.remove(quote)


def _family(builder: Builder) -> str:
    """Return the name that ``essays_pull_quotes`` has for an output."""
    if builder.name == "epub":
        return "epub"
    return "pdf" if builder.format in PRINTED else builder.format
