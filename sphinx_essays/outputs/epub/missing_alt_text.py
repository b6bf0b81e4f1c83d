"""Pictures and the words that stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.outputs.epub.xhtml_inspector import NO_ALT

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def mark_missing_alt_text(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Tell of pictures without alternative text, and write none rather than their path.

    An empty ``:alt:`` is the author's word that a picture is an ornament (WCAG 2.2, 1.1.1).
    """
    if app.builder.name != "epub":
        return
    for image in doctree.findall(nodes.image):
        if "alt" not in image:
            messages.warn("epub", messages.missing_alt_text_for(image["uri"]), image)
            image["alt"] = ""
            image["classes"].append(NO_ALT)
