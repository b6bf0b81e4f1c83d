"""Lists of essays and of updates: asked for while writing, filled when all is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_essays.elements.base import EssayDirective

if TYPE_CHECKING:
    from docutils.nodes import Node

SORTS = ("order", "date", "updated", "title")
UPDATE_KINDS = ("update", "correction")


class essay_list(nodes.General, nodes.Element):
    """The place of a list: ``of`` is ``essays`` or ``updates``, the rest are its options."""


class ListDirective(EssayDirective):
    """A list without a body."""

    def build(self) -> list[Node]:
        """One placeholder; words written below it are kept as they are."""
        node = essay_list("", of=self.name, limit=self.converted("limit", _limit, 0))
        node.attributes.update(self.choices())
        self.finish(node)
        argument = self.head.argument
        words = self.parse_words(argument, 0) if argument else []
        return [node, *words, *self.parse_lines(self.head.body, len(self.content))]

    def choices(self) -> dict[str, Any]:
        """What this list can be asked for."""
        raise NotImplementedError


class EssayList(ListDirective):
    """Lists essays, with a link to each.

    .. code-block:: rst

       .. essays::
          :sort: date
          :tag: libraries
          :limit: 5

    ``:sort:`` is ``order`` (the book's, the default), ``date`` or ``updated``
    (newest first), or ``title``; ``:tag:``, ``:author:`` and ``:year:`` choose;
    ``:standfirst:`` shows the standfirsts too.
    """

    known_options: ClassVar[frozenset[str]] = frozenset(
        {"sort", "tag", "author", "year", "limit", "standfirst"}
    )

    def choices(self) -> dict[str, Any]:
        """Order and filters."""
        return {
            "sort": self.converted("sort", _sort, SORTS[0]),
            "tag": self.option("tag"),
            "author": self.option("author"),
            "year": self.option("year"),
            "standfirst": "standfirst" in self.head.options,
        }


class UpdateList(ListDirective):
    """Lists the updates and corrections of the book, newest first, undated last.

    .. code-block:: rst

       .. updates::
          :limit: 10
          :kind: correction
    """

    known_options: ClassVar[frozenset[str]] = frozenset({"limit", "kind"})

    def choices(self) -> dict[str, Any]:
        """One kind, or both."""
        return {"kind": self.converted("kind", _kind, "")}


def _limit(value: str) -> int:
    return int(directives.nonnegative_int(value))


def _sort(value: str) -> str:
    return str(directives.choice(value, SORTS))


def _kind(value: str) -> str:
    return str(directives.choice(value, UPDATE_KINDS))


DIRECTIVES = {"essays": EssayList, "updates": UpdateList}
