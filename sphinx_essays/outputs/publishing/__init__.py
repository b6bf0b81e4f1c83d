"""Publish the book on the web: feed, sitemap, social metadata and redirects.

Absolute URLs are made from ``html_baseurl``. Without it there is neither a feed nor a
sitemap, and the build prints a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays import messages
from sphinx_essays.config import STANDALONE
from sphinx_essays.outputs.publishing import feed, redirects, sitemap, social_metadata

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", warn_missing_base_url)
    redirects.setup(app)
    social_metadata.setup(app)
    feed.setup(app)
    sitemap.setup(app)


def warn_missing_base_url(app: Sphinx) -> None:
    """Print a message if ``html_baseurl`` is missing."""
    if app.builder.name in STANDALONE and not app.config.html_baseurl:
        messages.log_info(messages.no_base_url())
