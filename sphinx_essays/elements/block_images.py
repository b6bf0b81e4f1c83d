"""Treat an image alone in a paragraph as a block, as Markdown writes it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class BlockImages(SphinxTransform):
    """Replace a paragraph that contains only an image with the image.

    CommonMark parses ``![The ferry](ferry.png)`` as inline even where it is alone in its
    paragraph; docutils' ``image`` directive makes a block. Outputs expect the block.
    """

    default_priority = 200  # before PropagateTargets (260)

    def apply(self, **_arguments: Any) -> None:  # noqa: ANN401 (docutils' signature)
        for paragraph in list(self.document.findall(nodes.paragraph)):
            picture = paragraph.children[0] if len(paragraph.children) == 1 else None
            if isinstance(picture, nodes.image):
                picture.source, picture.line = paragraph.source, paragraph.line
                paragraph.replace_self(picture)
