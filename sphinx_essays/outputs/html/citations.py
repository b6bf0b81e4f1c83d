"""Write citations as a list of list items.

docutils gives each citation the role ``doc-biblioentry``, which DPUB-ARIA 1.1 has
deprecated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_essays.outputs.supported_nodes import supported_nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class essay_citation(nodes.citation):  # noqa: N801 (as docutils names its nodes)
    """An item in a list of citations; only HTML output contains it."""


def setup(app: Sphinx) -> None:
    app.add_node(essay_citation, html=(visit_citation, depart_citation))


def list_works(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Replace docutils' citations, if the translator has visitors for ``essay_citation``."""
    if app.builder.format != "html" or "essay_citation" not in supported_nodes(app):
        return
    for citation in list(doctree.findall(nodes.citation)):
        if not isinstance(citation, essay_citation):
            citations = essay_citation("", *citation.children, **citation.attributes)
            citations.source, citations.line = citation.source, citation.line
            citation.replace_self(citations)


def visit_citation(self: HTML5Translator, node: essay_citation) -> None:
    """Open the item, and before the first item the list."""
    if not isinstance(node.previous_sibling(), essay_citation):
        self.body.append('<div role="list" class="citation-list">\n')
    role: Any = {"role": "listitem"}
    self.body.append(self.starttag(node, "div", classes=["citation"], **role))


def depart_citation(self: HTML5Translator, node: essay_citation) -> None:
    """Close the item, and after the last item the list."""
    self.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), essay_citation):
        self.body.append("</div>\n")
