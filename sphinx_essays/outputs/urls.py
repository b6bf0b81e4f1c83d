"""Make absolute URLs of pages and files from ``html_baseurl``."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_essays.config import STANDALONE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CONTENTS = "contents"


def are_known(app: Sphinx) -> bool:
    """Return whether the output has a page for each document and ``html_baseurl`` is set."""
    return app.builder.name in STANDALONE and bool(app.config.html_baseurl)


def of_page(app: Sphinx, docname: str) -> str:
    """Return the canonical URL of a page, as Sphinx makes it; "" without a base URL."""
    base = app.config.html_baseurl
    return posixpath.join(base, app.builder.get_target_uri(docname)) if base else ""


def of_file(app: Sphinx, path: str) -> str:
    """Return the URL of a file, given its path in the output."""
    return posixpath.join(app.config.html_baseurl, quote(path))


def contents_name(app: Sphinx) -> str:
    """Return the name of the contents page, another if the book has a document so named."""
    return CONTENTS if CONTENTS not in app.env.found_docs else "book-contents"
