"""ABlog's ``post``, read as the fields it stands for where ABlog is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sphinx_essays.elements.base import EssayDirective

if TYPE_CHECKING:
    from docutils.nodes import Node


class Post(EssayDirective):
    """Takes date, tags and authors from a file written for ABlog.

    .. code-block:: rst

       .. post:: 4 February, 2011
          :tags: big society, cuts
          :author: A. N. Author

    Fields above the title win. What is written below it is printed where it
    stands, as ABlog does.
    """

    known_options: ClassVar[frozenset[str]] = frozenset(
        {
            "author", "category", "canonical_link", "excerpt", "exclude", "external_link",
            "image", "language", "location", "nocomments", "redirect", "tags", "title",
        }
    )  # fmt: skip

    def build(self) -> list[Node]:
        """Keep the options for the reader of metadata; give the body."""
        post = {key: self.option(key) for key in self.head.options}
        if "author" in post:
            post["authors"] = post.pop("author")
        if self.head.argument:
            post["date"] = self.head.argument
        self.state.document["essay_post"] = post
        return self.parse_lines(self.head.body, len(self.content))
