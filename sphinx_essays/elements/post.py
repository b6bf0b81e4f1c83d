"""ABlog's ``post`` directive, read as metadata where ABlog is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sphinx_essays.elements.base import EssayDirective

if TYPE_CHECKING:
    from docutils.nodes import Node


class Post(EssayDirective):
    """Read date, tags and authors from a page written for ABlog.

    .. code-block:: rst

       .. post:: 4 February, 2011
          :tags: big society, cuts
          :author: A. N. Author

    Fields above the title take precedence. As in ABlog, the body is rendered in place.
    """

    known_options: ClassVar[frozenset[str]] = frozenset(
        {
            "author", "category", "canonical_link", "excerpt", "exclude", "external_link",
            "image", "language", "location", "nocomments", "redirect", "tags", "title",
        }
    )  # fmt: skip

    def build(self) -> list[Node]:
        """Store the options in the document for :mod:`sphinx_essays.book.metadata`."""
        post = {key: self.option(key) for key in self.head.options}
        if "author" in post:
            post["authors"] = post.pop("author")
        if self.head.argument:
            post["date"] = self.head.argument
        self.state.document["essay_post"] = post
        return self.parse_lines(self.head.body, len(self.content))
