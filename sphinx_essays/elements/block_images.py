"""A picture in a paragraph of its own, as Markdown has it, stands as a block."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class BlockImages(SphinxTransform):
    """Takes a picture out of a paragraph that holds nothing else.

    ``![The ferry](ferry.png)`` is a part of a line to CommonMark, even where no line is
    around it; with docutils' ``image`` directive it is a block. Every output sets it as one.
    """

    default_priority = 200  # before targets are handed on to what they stand above

    def apply(self, **_arguments: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Put each such picture into the place of its paragraph."""
        for paragraph in list(self.document.findall(nodes.paragraph)):
            picture = paragraph.children[0] if len(paragraph.children) == 1 else None
            if isinstance(picture, nodes.image):
                picture.source, picture.line = paragraph.source, paragraph.line
                paragraph.replace_self(picture)
