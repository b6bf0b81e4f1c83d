"""Directives for lists of essays and updates, filled in when all pages are read."""

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
    """A placeholder for a list: ``of`` is ``essays`` or ``updates``, the rest are options."""


class ListDirective(EssayDirective):
    """A directive that makes a list and has no body."""

    def build(self) -> list[Node]:
        """Return a placeholder, and any text written below it."""
        node = essay_list("", of=self.name, limit=self.converted("limit", _limit, 0))
        node.attributes.update(self.choices())
        self.finish(node)
        words = self.parse_lines(0, self.head.argument_lines)
        return [node, *words, *self.parse_lines(self.head.body, len(self.content))]

    def choices(self) -> dict[str, Any]:
        """Return the order and the filters of the list, from the options."""
        raise NotImplementedError


class EssayList(ListDirective):
    """List essays, with a link to each.

    .. code-block:: rst

       .. essays::
          :sort: date
          :tag: libraries
          :limit: 5

    ``:sort:`` is ``order`` (reading order, the default), ``date`` or ``updated`` (newest
    first), or ``title``. ``:tag:``, ``:author:`` and ``:year:`` filter the list.
    ``:standfirst:`` also shows the standfirsts.
    """

    known_options: ClassVar[frozenset[str]] = frozenset(
        {"sort", "tag", "author", "year", "limit", "standfirst"}
    )

    def choices(self) -> dict[str, Any]:
        return {
            "sort": self.converted("sort", _sort, SORTS[0]),
            "tag": self.option("tag"),
            "author": self.option("author"),
            "year": self.option("year"),
            "standfirst": "standfirst" in self.head.options,
        }


class UpdateList(ListDirective):
    """List the updates and corrections of the book, newest first, undated ones last.

    .. code-block:: rst

       .. updates::
          :limit: 10
          :kind: correction
    """

    known_options: ClassVar[frozenset[str]] = frozenset({"limit", "kind"})

    def choices(self) -> dict[str, Any]:
        return {"kind": self.converted("kind", _kind, "")}


def _limit(value: str) -> int:
    return int(directives.nonnegative_int(value))


def _sort(value: str) -> str:
    return str(directives.choice(value, SORTS))


def _kind(value: str) -> str:
    return str(directives.choice(value, UPDATE_KINDS))


DIRECTIVES = {"essays": EssayList, "updates": UpdateList}
