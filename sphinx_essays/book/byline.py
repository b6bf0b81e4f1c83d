"""The byline of an essay: author, dates and reading time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book import pages, plain_text
from sphinx_essays.elements.base import time_node
from sphinx_essays.elements.locales import list_names
from sphinx_essays.elements.standfirst import essay_standfirst

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page

DOT = "· "
SEPARATOR = f" {DOT}"
NO_AUTHOR = "Author name not set"  # Sphinx's default


class essay_byline(nodes.General, nodes.TextElement):
    """A line below title and standfirst; added when a page is written."""


def add_bylines(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add a byline below the title of each essay in the tree."""
    domain = pages.essay_domain(app.env)
    for name, page in pages.pages_in(doctree, docname):
        title = pages.title_of(page)
        if title is None or domain.kind(name) in {"part", "other"}:
            continue
        if domain.kind(name) == "cover":
            items = _cover_items(app)
        else:
            items = make_items(app, domain.pages[name])
        if items:
            line = _spans(items) if is_screen(app) else join(items)
            _set_below(title, essay_byline("", "", *line))


def make_items(app: Sphinx, page: Page) -> list[Node]:
    """Return the author if not the book's, the dates and, on screen, the reading time."""
    items: list[Node] = []
    authors = [name for name in page.metadata.authors if name != app.config.author]
    if authors:
        items.append(nodes.Text(messages.by(list_names(authors, app.config.language))))
    items += make_dates(app, page)
    if is_screen(app) and pages.essay_domain(app.env).kind(page.docname) == "essay":
        items.append(nodes.Text(messages.minutes(plain_text.minutes(page.words))))
    return items


def make_dates(app: Sphinx, page: Page) -> list[Node]:
    """Return the date of an essay, and that of its last update if that is later."""
    language = app.config.language
    about = page.metadata
    items: list[Node] = []
    if about.date:
        items.append(time_node(about.published, about.date, language))
    if page.last_updated:
        before, _, after = messages.updated("\x00").partition("\x00")
        updated = nodes.inline("", before)
        updated += [time_node(page.last_updated, "", language), nodes.Text(after)]
        items.append(updated)
    return items


def join(items: list[Node]) -> list[Node]:
    """Put the separator between the items."""
    joined: list[Node] = []
    for item in items:
        joined += [nodes.Text(SEPARATOR), item] if joined else [item]
    return joined


def _spans(items: list[Node]) -> list[Node]:
    """Make a span of each item and its separator, so that CSS can hide it at a line break."""
    spans: list[Node] = []
    for item in items:
        span = nodes.inline()
        if spans:  # the style sheet sets its width, independent of the font
            span += nodes.inline("", DOT, classes=["essay-dot"])
        span += item
        spans += [nodes.Text(" "), span] if spans else [span]
    return spans


def is_screen(app: Sphinx) -> bool:
    """Return whether the output is read on screen, with reading times and navigation."""
    return app.builder.format == "html"


def is_web(app: Sphinx) -> bool:
    """Return whether the output is a website; an e-book reader keeps your place itself."""
    return is_screen(app) and app.builder.name != "epub"


def _cover_items(app: Sphinx) -> list[Node]:
    """Return the author, unless the output has a title page of its own."""
    if not is_screen(app) or app.config.author == NO_AUTHOR:
        return []
    return [nodes.Text(app.config.author)]


def _set_below(title: nodes.title, byline: essay_byline) -> None:
    section = title.parent
    position = section.index(title) + 1
    while position < len(section) and isinstance(section[position], essay_standfirst):
        position += 1
    section.insert(position, byline)


def to_docutils(node: essay_byline) -> list[Node]:
    """Render a byline as a paragraph."""
    return [nodes.paragraph("", "", *node.children, classes=["essay-byline"])]
