"""The book as LaTeX has it: parts, and behind them essays, all on one level.

Sphinx writes each page where its toctree stands, so an essay of a part with a page
of its own would be a section of it, and a toctree's caption would be lost.
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
    """The name of a part, on a page of its own; ``ids`` are those of its document."""


class essay_part_end(nodes.General, nodes.Element):
    """Where a part ends and no other begins."""


class essay_subtitle(nodes.General, nodes.TextElement):
    """The standfirst of the cover, which stands on the title page."""


class essay_cover(nodes.General, nodes.Element):
    """The words of the cover, before the first part."""


def flatten_chapters(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Bring the pages of a book onto one level, and set the parts before theirs."""
    if app.builder.format != "latex" or not _are_chapters(app.config, docname):
        return
    cover = next(
        (child for child in doctree.children if isinstance(child, nodes.section)), None
    )
    if cover is None:  # the style has to take the title from somewhere
        cover = nodes.section("", nodes.title("", app.config.project), *doctree.children)
        doctree.children = []
        doctree += cover
    _lift_pages(cover)
    _set_parts(app, doctree)
    _set_cover(cover)
    if app.env.numbered_toctrees:
        doctree.insert(0, nodes.raw("", r"\essaynumbered", format="latex"))


def _are_chapters(config: Config, docname: str) -> bool:
    """Whether an essay is a chapter: neither the author nor the class says otherwise."""
    themes = {entry[4] for entry in config.latex_documents if entry[0] == docname}
    return themes == {"manual"} and config.latex_toplevel_sectioning in {None, "", "chapter"}


def _lift_pages(cover: nodes.Element) -> None:
    """Take every page out of the one that names it, and set it behind."""
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
    """Whether no word is left but a heading: "Contents", above a toctree."""
    words = (
        text for text in node.findall(nodes.Text) if not isinstance(text.parent, nodes.title)
    )
    return next(words, None) is None and next(node.findall(nodes.image), None) is None


def _set_parts(app: Sphinx, doctree: nodes.document) -> None:
    """Give each part its page, and say where one ends without another."""
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
    """Set a part's name: from a toctree's caption, or instead of its page's title."""
    if not part.docname:
        _set_before(first, essay_part("", part.title))
    elif first["docname"] == part.docname and (title := pages.title_of(first)):
        title.replace_self(essay_part("", "", *title.children, ids=title.parent["ids"]))


def _set_before(file: nodes.Element, node: nodes.Element) -> None:
    file.parent.insert(file.parent.index(file), node)


def _set_cover(cover: nodes.Element) -> None:
    """The standfirst goes to the title page; what else the cover says has its own."""
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
