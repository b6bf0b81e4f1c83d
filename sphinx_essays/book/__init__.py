"""The book as a whole: what is known once all pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays.book import (
    byline,
    domain,
    drafts,
    indexes,
    lists,
    memory_usage,
    orphan_pages,
    outdated_pages,
    output_cleanup,
    quotations,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the domain and the event handlers of this package."""
    app.add_domain(domain.EssayDomain)
    drafts.setup(app)
    app.connect("env-updated", orphan_pages.add_orphan_pages, priority=100)
    app.connect("env-updated", indexes.remove_old_output)
    memory_usage.setup(app)
    outdated_pages.setup(app)
    output_cleanup.setup(app)
    app.connect("doctree-resolved", lists.add_start_reading_link)
    app.connect("doctree-resolved", lists.fill_toctrees)
    app.connect("doctree-resolved", lists.add_recent_updates)
    app.connect("doctree-resolved", lists.fill_lists)
    app.connect("doctree-resolved", quotations.resolve_from_option)
    app.connect("doctree-resolved", byline.add_bylines)
