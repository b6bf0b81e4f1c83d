"""Arrange the doctree for LaTeX: parts, and the essays after them, on a single level.

Sphinx inserts each page at its toctree. An essay in a part with a page would thus become a
section of it, and the caption of a toctree would be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_essays.book import pages
from sphinx_essays.book.order import Part
from sphinx_essays.elements.standfirst import essay_standfirst

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_essays.book.order import Essay


class essay_part(nodes.General, nodes.TextElement):
    """The title page of a part; ``ids`` are those of its document."""


class essay_part_end(nodes.General, nodes.Element):
    """The end of a part that is not followed by another."""


class essay_subtitle(nodes.General, nodes.TextElement):
    """The standfirst of the cover, for the title page."""


class essay_cover(nodes.General, nodes.Element):
    """The text of the cover, before the first part."""


def flatten_chapters(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Move the pages of a book to the same level, and put the parts before their essays."""
    if app.builder.format != "latex" or not _are_chapters(app.config, docname):
        return
    cover = next(
        (child for child in doctree.children if isinstance(child, nodes.section)), None
    )
    if cover is None:  # the style file takes the title from the cover
        cover = nodes.section("", nodes.title("", app.config.project), *doctree.children)
        doctree.children = []
        doctree += cover
    _lift_pages(cover)
    _set_parts(app, doctree)
    _set_cover(cover)
    if app.env.numbered_toctrees:
        doctree.insert(0, nodes.raw("", r"\essaynumbered", format="latex"))


def _are_chapters(config: Config, docname: str) -> bool:
    """Return whether essays are chapters: the author and the class may say otherwise."""
    themes = {entry[4] for entry in config.latex_documents if entry[0] == docname}
    return themes == {"manual"} and config.latex_toplevel_sectioning in {None, "", "chapter"}


def _lift_pages(cover: nodes.Element) -> None:
    """Move every page out of the page whose toctree lists it, to the place after it."""
    for child in list(cover.children):
        files = list(child.findall(addnodes.start_of_file))
        place = cover.index(child) + 1
        for file in files:
            file.parent.remove(file)
        place -= child in files
        cover.insert(place, files)
        if files and child not in files and _holds_nothing(child):
            cover.remove(child)


def _holds_nothing(node: nodes.Node) -> bool:
    """Return whether only a heading is left, such as "Contents" above a toctree."""
    words = (
        text for text in node.findall(nodes.Text) if not isinstance(text.parent, nodes.title)
    )
    return next(words, None) is None and next(node.findall(nodes.image), None) is None


def _set_parts(app: Sphinx, doctree: nodes.document) -> None:
    """Give each part a title page, and mark the end of a part without a successor."""
    book = pages.essay_domain(app.env).book
    files = {file["docname"]: file for file in doctree.findall(addnodes.start_of_file)}
    inside = False
    for member in book.members:
        present = [files[name] for name in _docnames(member) if name in files]
        if present and isinstance(member, Part):
            _open_part(member, present[0])
        elif present and inside:
            _set_before(present[0], essay_part_end())
        inside = isinstance(member, Part) if present else inside


def _docnames(member: Part | Essay) -> Iterator[str]:
    if member.docname:
        yield member.docname
    for inner in member.members if isinstance(member, Part) else ():
        yield from _docnames(inner)


def _open_part(part: Part, first: nodes.Element) -> None:
    """Write the title of a part, from a toctree's caption or its page's title."""
    if not part.docname:
        _set_before(first, essay_part("", part.title))
    elif first["docname"] == part.docname and (title := pages.title_of(first)):
        title.replace_self(essay_part("", "", *title.children, ids=title.parent["ids"]))


def _set_before(file: nodes.Element, node: nodes.Element) -> None:
    file.parent.insert(file.parent.index(file), node)


def _set_cover(cover: nodes.Element) -> None:
    """Move the standfirst to the title page, and the other text to a page of its own."""
    words: list[nodes.Node] = []
    for child in list(cover.children):
        if isinstance(child, (addnodes.start_of_file, essay_part, essay_part_end)):
            break
        if isinstance(child, essay_standfirst):
            child.replace_self(essay_subtitle("", "", *child.children))
        elif not isinstance(child, (nodes.title, nodes.section)):
            words.append(child)
    if any(not _holds_nothing(word) for word in words):
        place = cover.index(words[0])
        for word in words:
            cover.remove(word)
        cover.insert(place, essay_cover("", *words))
