"""What a book tells the web of itself: feed, sitemap, cards, and its old addresses.

All absolute addresses come from ``html_baseurl``. Without it a book has neither feed nor
sitemap, and says so in one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays import messages
from sphinx_essays.config import STANDALONE
from sphinx_essays.outputs.publishing import feed, redirects, sitemap, social_metadata

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Publish what is written."""
    app.connect("builder-inited", warn_missing_base_url)
    redirects.setup(app)
    social_metadata.setup(app)
    feed.setup(app)
    sitemap.setup(app)


def warn_missing_base_url(app: Sphinx) -> None:
    """Say what is not written, where the book does not know its address."""
    if app.builder.name in STANDALONE and not app.config.html_baseurl:
        messages.log_info(messages.no_base_url())
