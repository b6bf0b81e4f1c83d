"""Where the book stands on the web, as ``html_baseurl`` says: its pages and its files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_essays.config import STANDALONE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CONTENTS = "contents"


def are_known(app: Sphinx) -> bool:
    """Whether the book stands on the web, a page a document, and knows where."""
    return app.builder.name in STANDALONE and bool(app.config.html_baseurl)


def of_page(app: Sphinx, docname: str) -> str:
    """The address of a page, the one that Sphinx calls canonical; nothing without a base."""
    base = app.config.html_baseurl
    return posixpath.join(base, app.builder.get_target_uri(docname)) if base else ""


def of_file(app: Sphinx, path: str) -> str:
    """The address of a file in the output."""
    return posixpath.join(app.config.html_baseurl, quote(path))


def contents_name(app: Sphinx) -> str:
    """The name of the contents page; an author's own page of that name stays."""
    return CONTENTS if CONTENTS not in app.env.found_docs else "book-contents"
