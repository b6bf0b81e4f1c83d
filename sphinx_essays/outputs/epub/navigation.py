"""The table of contents and the landmarks of the EPUB, in the order of the book."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book.order import Part
from sphinx_essays.book.pages import essay_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_essays.book.order import Essay
    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder


@dataclass
class Point:
    """An entry of the contents; a part without a page has no address."""

    words: str
    address: str
    inside: list[Point] = field(default_factory=list)
    id: str = ""

    @property
    def first(self) -> str:
        """The address of the first page in this entry: an NCX entry must have a link."""
        return self.address or self.inside[0].first


class Landmark(NamedTuple):
    """A place in the book that e-readers offer a link to."""

    kind: str
    words: str
    address: str


def make(builder: EssaysEpubBuilder, indexes: Iterable[tuple[str, str]]) -> list[Point]:
    """Return the contents in reading order: title page, parts and essays, indexes."""
    book = essay_domain(builder.env).book
    points = [_page(builder, book.cover), *_points(builder, book.members)]
    points += [Point(title, builder.get_target_uri(name)) for name, title in indexes]
    for number, point in enumerate(_walk(points), 1):
        point.id = f"point-{number}"
    return points


def landmarks(
    builder: EssaysEpubBuilder, cover: str, contents: str, indexes: Sequence[tuple[str, str]]
) -> list[Landmark]:
    """Return the landmarks that exist: cover, title page, contents, first page, index."""
    domain = essay_domain(builder.env)
    sequence = domain.book.sequence()
    body = [name for name in sequence[1:] if domain.kind(name) in {"part", "essay"}]
    words = messages.interface()
    marks = [Landmark("cover", words["cover"], cover)] if cover else []
    title = words_of(builder, domain.book.cover)
    marks.append(Landmark("titlepage", title, builder.get_target_uri(domain.book.cover)))
    marks.append(Landmark("toc", messages.contents(), contents))
    if body:
        first = builder.get_target_uri(body[0])
        marks.append(Landmark("bodymatter", messages.start_reading(), first))
    marks += [
        Landmark("index", title, builder.get_target_uri(index)) for index, title in indexes[:1]
    ]
    return marks


def words_of(builder: EssaysEpubBuilder, docname: str) -> str:
    """Return the title of a page as plain text, without footnote marks."""
    title = builder.env.titles.get(docname)
    if title is None:
        return docname
    parts = "".join(
        node.astext()
        for node in title.findall(nodes.Text)
        if not isinstance(node.parent, nodes.footnote_reference)
    )
    return " ".join(parts.split()) or docname


def _points(builder: EssaysEpubBuilder, members: Iterable[Part | Essay]) -> list[Point]:
    points = []
    for member in members:
        if not member.docname and isinstance(member, Part):
            point = Point(member.title, "")
        else:
            point = _page(builder, member.docname)
        if isinstance(member, Part):
            point.inside = _points(builder, member.members)
        points.append(point)
    return points


def _page(builder: EssaysEpubBuilder, docname: str) -> Point:
    return Point(words_of(builder, docname), builder.get_target_uri(docname))


def _walk(points: Iterable[Point]) -> Iterable[Point]:
    for point in points:
        yield point
        yield from _walk(point.inside)
