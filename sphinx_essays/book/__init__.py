"""What the book knows once all pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays.book import byline, domain, drafts, freshness, lists

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the domain, and what it adds to a page."""
    app.add_domain(domain.EssayDomain)
    drafts.setup(app)
    freshness.setup(app)
    app.connect("doctree-resolved", lists.add_way_in)
    app.connect("doctree-resolved", lists.fill_toctrees)
    app.connect("doctree-resolved", byline.add_bylines)
