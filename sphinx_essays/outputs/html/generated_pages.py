"""Generate the pages that have no source: contents, indexes, updates and 404."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book import byline, indexes, lists, pages
from sphinx_essays.config import INDICES, STANDALONE
from sphinx_essays.outputs import urls
from sphinx_essays.outputs.html.active_theme import uses_essays_theme
from sphinx_essays.outputs.html.page_context import NOT_FOUND
from sphinx_essays.outputs.html.search.indexer import SearchIndexer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    Collected = tuple[str, dict[str, Any], str]

OTHERS_NOT_FOUND = "notfound.extension"  # sphinx-notfound-page makes the same page


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", generate_pages)


def generate_pages(app: Sphinx) -> Iterator[Collected]:
    """Yield the contents page and the indexes, and write the 404 page.

    Nothing is generated if no page has been written: what these pages show is unchanged.
    """
    if app.builder.name not in STANDALONE or _is_idle(app):
        return
    yield from _contents(app)
    for index in indexes.make(app):
        yield _page(app, index.name, index.title, indexes.body(app, index))
    taken = NOT_FOUND in app.env.found_docs or OTHERS_NOT_FOUND in app.extensions
    if uses_essays_theme(app) and not taken:
        builder: Any = app.builder
        path = Path(app.outdir, f"{NOT_FOUND}.html")  # where servers look, dirhtml's too
        builder.handle_page(NOT_FOUND, {}, "404.html", outfilename=path)


def _is_idle(app: Sphinx) -> bool:
    """Return whether this build has written no page, and all generated pages exist."""
    indexer = getattr(app.builder, "indexer", None)
    if not isinstance(indexer, SearchIndexer) or indexer.written():
        return False
    names = [urls.contents_name(app)]
    names += [
        indexes.page_name(app, kind) for kind in INDICES if indexes.is_made(app.env, kind)
    ]
    files = [pages.written_file(app, name) for name in names]
    return all(path is not None and path.exists() for path in files)


def _contents(app: Sphinx) -> Iterator[Collected]:
    name, title = urls.contents_name(app), messages.contents()
    members = pages.essay_domain(app.env).book.members
    heading = nodes.section("", nodes.title("", title), ids=["contents"])
    if index_links := _index_links(app, name):
        heading += index_links
    heading += lists.contents(app, name, members)
    yield _page(app, name, title, heading)
    inside = nodes.section("", *lists.contents(app, app.config.root_doc, members))
    _write_script(app, name, _render(app, nodes.section("", inside)))  # its parts are <h3>


def _index_links(app: Sphinx, name: str) -> nodes.paragraph | None:
    """Return a line of links to the indexes, for the top of the contents page."""
    links: list[nodes.Node] = []
    for index in indexes.make(app):
        address = app.builder.get_relative_uri(name, index.name)
        links.append(nodes.reference("", index.title, internal=True, refuri=address))
    if not links:
        return None
    return nodes.paragraph("", "", *byline.join(links), classes=["essay-indexes"])


def _write_script(app: Sphinx, name: str, fragment: str) -> None:
    """Write the contents for the overlay: a page of ``file://`` can load only scripts."""
    text = json.dumps(fragment, ensure_ascii=False).replace("</", "<\\/")
    pages.write_atomic(Path(app.outdir, f"{name}.js"), f"essayContents({text});\n")


def _page(app: Sphinx, name: str, title: str, body: nodes.Element) -> Collected:
    return name, {"title": title, "body": _render(app, body)}, "page.html"


def _render(app: Sphinx, node: nodes.Element) -> str:
    """Return a node as HTML, without the section numbers of the last document written."""
    builder: Any = app.builder
    builder.secnumbers = builder.fignumbers = {}
    return str(builder.render_partial(node)["fragment"])
