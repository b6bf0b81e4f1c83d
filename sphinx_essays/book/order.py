"""The book as plain data: parts, essays, and the order in which one reads them.

Pure functions over records; knows neither docutils nor Sphinx.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Toctree(NamedTuple):
    """One toctree as written: its caption, and its documents, globs spelt out."""

    caption: str
    docnames: tuple[str, ...]


@dataclass(frozen=True)
class Essay:
    """A page to read."""

    docname: str


@dataclass(frozen=True)
class Part:
    """Several essays under one name.

    A part named by a toctree's caption has no page of its own: `docname` is
    empty. One that is a page with a toctree has, and `title` is empty.
    """

    title: str
    docname: str
    members: tuple[Part | Essay, ...]


@dataclass(frozen=True)
class Book:
    """The cover's document, and what stands behind it."""

    cover: str
    members: tuple[Part | Essay, ...]

    def sequence(self) -> tuple[str, ...]:
        """Every page in reading order, the cover first."""
        return self._sequence

    @cached_property
    def _sequence(self) -> tuple[str, ...]:
        """The same, worked out once: many pages ask for it."""
        return (self.cover, *_docnames(self.members))

    def parts_of(self, docname: str) -> tuple[Part, ...]:
        """The parts a page stands in, the widest first; a part's page is in it."""
        return self._paths.get(docname, ())

    @cached_property
    def _paths(self) -> dict[str, tuple[Part, ...]]:
        """For every page the parts above it, worked out once."""
        return dict(_paths(self.members, ()))

    def part(self, docname: str) -> Part | None:
        """The part that has this page as its own."""
        parts = self.parts_of(docname)
        return parts[-1] if parts and parts[-1].docname == docname else None


def make_book(cover: str, toctrees: Mapping[str, tuple[Toctree, ...]]) -> Book:
    """Follow the toctrees from the cover; a page counts where it comes first."""
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
