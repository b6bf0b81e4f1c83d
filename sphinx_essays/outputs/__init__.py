"""How each output says the book: words of its own, or docutils' by ``plain()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.gettext import MessageCatalogBuilder

from sphinx_essays.book import byline
from sphinx_essays.book.pages import ours
from sphinx_essays.elements import ELEMENTS, MOVED, SHARED_PLAIN
from sphinx_essays.elements.lists import essay_list
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.outputs import epub, html, latex, openings, publishing, typst
from sphinx_essays.outputs.handlers import handled
from sphinx_essays.outputs.html.search.excerpts import UNSEARCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docutils.nodes import Element, Node
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

# By format, never by the name of a builder: one such entry would hide all others.
VISITORS: dict[str, Mapping[type[Element], Any]] = {
    "html": html.VISITORS,
    "latex": latex.VISITORS,
    "typst": typst.VISITORS,
}
PLAIN: dict[type[Element], Callable[[Any], list[Node]]] = {
    **SHARED_PLAIN,
    byline.essay_byline: byline.plain,
    **{node: plain for kind in ELEMENTS for node, plain in kind.plain.items()},
}
# Handlers go by the name of a class, and so do these: a neighbour may subclass ours.
SAY_PLAINLY = {node.__name__: plain for node, plain in PLAIN.items()}
COMPLETE = {kind.node.__name__: kind.complete for kind in ELEMENTS if kind.complete}
BEHIND_ALL_OTHERS = 900  # other extensions may still put our nodes into a page
BEHIND_ALL_ELSE = 950  # when every node is what it will be in the page
PRINTED = frozenset({"latex", "typst"})


def setup(app: Sphinx) -> None:
    """Register every node with the words of each output."""
    removed = [one for kind in ELEMENTS for one in kind.removed_before_writing]
    for node in (*PLAIN, *removed, *MOVED, essay_list):
        words = {name: visit[node] for name, visit in VISITORS.items() if node in visit}
        app.add_node(node, **words)
    app.connect("doctree-resolved", say, priority=BEHIND_ALL_OTHERS)
    app.connect("doctree-resolved", openings.mark_openings, priority=BEHIND_ALL_ELSE)
    html.setup(app)
    epub.setup(app)
    latex.setup(app)
    typst.setup(app)
    publishing.setup(app)


def say(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Make a page ready to be written by any builder.

    The one for translators writes no page: it takes the author's words out of the
    tree, and must find them where they were read.
    """
    if isinstance(app.builder, MessageCatalogBuilder):
        return
    _drop_repeats(app, doctree)
    for node in ours(doctree):
        if complete := COMPLETE.get(node.__class__.__name__):
            complete(node, app.config.language)
    known = handled(app)
    for node in ours(doctree):
        name = node.__class__.__name__
        if name in SAY_PLAINLY and name not in known:
            node.parent.replace(node, SAY_PLAINLY[name](node))


def _drop_repeats(app: Sphinx, doctree: nodes.document) -> None:
    """A repeat is decoration: never searched, and gone where the output does not show it."""
    are_shown = _family(app.builder) in app.config.essays_pull_quotes
    for quote in list(doctree.findall(essay_pull_quote)):
        if quote["kind"] == "repeat" and are_shown:
            quote["classes"].append(UNSEARCHED)
        elif quote["kind"] == "repeat":
            _keep_targets(quote)


def _keep_targets(quote: Element) -> None:
    """Remove a quote; what links to it still arrives."""
    if quote["ids"]:
        target = nodes.target("", "", ids=quote["ids"], names=quote["names"])
        quote.replace_self(target)
    else:
        quote.parent.remove(quote)


def _family(builder: Builder) -> str:
    """The name under which ``essays_pull_quotes`` knows an output."""
    if builder.name == "epub":
        return "epub"
    return "pdf" if builder.format in PRINTED else builder.format
