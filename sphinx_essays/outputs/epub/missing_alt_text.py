"""Report images without alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.outputs.epub.xhtml_inspector import NO_ALT

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def mark_missing_alt_text(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Warn about images without alternative text, and give them an empty text.

    Without it, docutils writes the path of the image. An empty ``:alt:`` set by the author
    marks a decorative image and is not reported (WCAG 2.2, 1.1.1).
    """
    if app.builder.name != "epub":
        return
    for image in doctree.findall(nodes.image):
        if "alt" not in image:
            messages.warn("epub", messages.missing_alt_text_for(image["uri"]), image)
            image["alt"] = ""
            image["classes"].append(NO_ALT)
