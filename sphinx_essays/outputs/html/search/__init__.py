"""Index the book for its search.

The essays theme loads the index in small files, called shards; other themes use Sphinx's
index.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from sphinx_essays import messages
from sphinx_essays.book import pages
from sphinx_essays.book.output_cleanup import path_of
from sphinx_essays.outputs.html.active_theme import uses_essays_theme
from sphinx_essays.outputs.html.search import index_writer, search_index, sphinx_search_compat
from sphinx_essays.outputs.html.search.index_directory import IndexDirectory
from sphinx_essays.outputs.html.search.indexer import SearchIndexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

INDEX_FILE = ".search"
# The files of Sphinx's search. Sphinx copies those in _static in each build.
SPHINX_FILES = ("searchindex.js", "_static/searchtools.js")


def setup(app: Sphinx) -> None:
    sphinx_search_compat.setup(app)
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("env-updated", find_unknown)
    app.connect("build-finished", cleanup)


def is_sharded(app: Sphinx) -> bool:
    """Return whether the index is cut into shards.

    It is if the builder has a search and a page for each document, and uses the essays
    theme.
    """
    if isinstance(app.builder, SingleFileHTMLBuilder):
        return False
    return bool(getattr(app.builder, "search", False)) and uses_essays_theme(app)


def replace_sphinx_search(app: Sphinx) -> None:
    """Replace the two methods of Sphinx's builder that load and write its index.

    Sphinx has no option for another index. The new index begins empty and is fed the
    pages that are written; all other pages are in the :class:`SearchIndex` of the last
    build.
    """
    if not is_sharded(app):
        return
    builder: Any = app.builder
    builder.load_indexer = lambda _docnames: begin(app)
    builder.dump_search_index = lambda: publish(app)


def begin(app: Sphinx) -> None:
    """Give the builder an empty index."""
    builder: Any = app.builder
    config = app.config
    builder.indexer = SearchIndexer(
        app.env,
        config.html_search_language or config.language,
        config.html_search_options,
        config.html_search_scorer,
        IndexDirectory(Path(app.outdir)) if config.html_show_search_summary else None,
    )


def find_unknown(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents if there is no complete index of an earlier build."""
    if not is_sharded(app):
        return []
    before = search_index.names(path_of(app, INDEX_FILE))
    is_known = before is not None and IndexDirectory(Path(app.outdir)).is_there()
    return [] if is_known else sorted(env.all_docs)


def publish(app: Sphinx) -> None:
    """Write the files of the index that have changed."""
    builder: Any = app.builder
    search_indexer: SearchIndexer = builder.indexer
    path, shown = path_of(app, INDEX_FILE), sorted(app.env.all_docs)
    if not search_indexer.written() and search_index.names(path) == shown:
        return
    documents = search_indexer.documents()
    now = search_index.load(path).renewed(
        shown, documents, *search_indexer.words(), search_indexer.written()
    )
    places = {name: _location(app, name) for name in now.documents}
    index_writer.write_index(IndexDirectory(Path(app.outdir)), now, places, messages.search())
    search_index.save(path, shown, now)


def _location(app: Sphinx, docname: str) -> tuple[str, str]:
    """Return the title of a page's part, and the page's path from the root of the book."""
    domain = pages.essay_domain(app.env)
    above = [part for part in domain.book.parts_of(docname) if part.docname != docname]
    part = above[-1] if above else None
    title = (part.title or domain.pages[part.docname].title) if part else ""
    return title, app.builder.get_target_uri(docname)


def cleanup(app: Sphinx, exception: Exception | None) -> None:
    """Delete the files of the search that this output does not use."""
    if exception is not None or app.builder.format != "html":
        return
    path = path_of(app, INDEX_FILE)
    if is_sharded(app):
        for name in SPHINX_FILES:
            Path(app.outdir, name).unlink(missing_ok=True)
    elif path.exists():
        path.unlink()
        IndexDirectory(Path(app.outdir)).remove()
