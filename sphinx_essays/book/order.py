"""The reading order of the book as plain data: parts and essays.

Pure: imports neither docutils nor Sphinx.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Toctree(NamedTuple):
    """A toctree: its caption and its documents, with globs expanded."""

    caption: str
    docnames: tuple[str, ...]


@dataclass(frozen=True)
class Essay:
    """A page in the reading order that has no toctree."""

    docname: str


@dataclass(frozen=True)
class Part:
    """A group of essays with a title.

    A part made from a toctree's caption has a `title` and no `docname`. A part that is a
    page with a toctree has a `docname` and no `title`.
    """

    title: str
    docname: str
    members: tuple[Part | Essay, ...]


@dataclass(frozen=True)
class Book:
    """The cover's document, and the parts and essays after it."""

    cover: str
    members: tuple[Part | Essay, ...]

    def sequence(self) -> tuple[str, ...]:
        """Return all pages in reading order, the cover first."""
        return self._sequence

    @cached_property
    def _sequence(self) -> tuple[str, ...]:
        """Cache :meth:`sequence`: every page needs it."""
        return (self.cover, *_docnames(self.members))

    def parts_of(self, docname: str) -> tuple[Part, ...]:
        """Return the parts that contain a page, outermost first, with a part's own page."""
        return self._paths.get(docname, ())

    @cached_property
    def _paths(self) -> dict[str, tuple[Part, ...]]:
        """Map each page to the parts that contain it."""
        return dict(_paths(self.members, ()))

    def part(self, docname: str) -> Part | None:
        """Return the part whose page this is, if any."""
        parts = self.parts_of(docname)
        return parts[-1] if parts and parts[-1].docname == docname else None


def make_book(cover: str, toctrees: Mapping[str, tuple[Toctree, ...]]) -> Book:
    """Follow the toctrees from the cover; a page listed twice keeps its first place."""
    seen = {cover}
    return Book(cover, _members(cover, toctrees, seen))


def _members(
    docname: str, toctrees: Mapping[str, tuple[Toctree, ...]], seen: set[str]
) -> tuple[Part | Essay, ...]:
    members: list[Part | Essay] = []
    for toctree in toctrees.get(docname, ()):
        entries = tuple(
            _member(entry, toctrees, seen)
            for entry in toctree.docnames
            if entry in toctrees and not (entry in seen or seen.add(entry))  # type: ignore[func-returns-value]
        )
        if toctree.caption and entries:
            members.append(Part(toctree.caption, "", entries))
        else:
            members += entries
    return tuple(members)


def _member(
    docname: str, toctrees: Mapping[str, tuple[Toctree, ...]], seen: set[str]
) -> Part | Essay:
    if toctrees[docname]:
        return Part("", docname, _members(docname, toctrees, seen))
    return Essay(docname)


def _docnames(members: tuple[Part | Essay, ...]) -> Iterator[str]:
    for member in members:
        if member.docname:
            yield member.docname
        if isinstance(member, Part):
            yield from _docnames(member.members)


def _paths(
    members: tuple[Part | Essay, ...], above: tuple[Part, ...]
) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for member in members:
        path = (*above, member) if isinstance(member, Part) else above
        if member.docname:
            yield member.docname, path
        if isinstance(member, Part):
            yield from _paths(member.members, path)
