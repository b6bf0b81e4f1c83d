"""What the book knows once all pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays.book import (
    byline,
    domain,
    drafts,
    freshness,
    indexes,
    lists,
    memory,
    outsiders,
    quotations,
    remains,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the domain, and what it adds to a page."""
    app.add_domain(domain.EssayDomain)
    drafts.setup(app)
    app.connect("env-updated", outsiders.adopt, priority=100)
    app.connect("env-updated", indexes.clear_away)
    memory.setup(app)
    freshness.setup(app)
    remains.setup(app)
    app.connect("doctree-resolved", lists.add_way_in)
    app.connect("doctree-resolved", lists.fill_toctrees)
    app.connect("doctree-resolved", lists.add_recent_updates)
    app.connect("doctree-resolved", lists.fill_lists)
    app.connect("doctree-resolved", quotations.lift)
    app.connect("doctree-resolved", byline.add_bylines)
