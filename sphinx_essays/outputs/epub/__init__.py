"""The e-book: EPUB 3.3 by Sphinx's builder, with pages, package and navigation of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.config import EPUB_THEME
from sphinx_essays.outputs.epub import defaults, missing_alt_text
from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LAST_PRIORITY = 950  # when every node is what it will be in the page


def setup(app: Sphinx) -> None:
    """Take the builder's place, and say what the author left open."""
    app.add_builder(EssaysEpubBuilder, override=True)
    app.add_html_theme(EPUB_THEME, str(Path(__file__).parent / "theme"))
    app.connect("config-inited", defaults.set_defaults, priority=600)
    app.connect("config-inited", defaults.disable_sphinx_checks)
    app.connect(
        "doctree-resolved", missing_alt_text.mark_missing_alt_text, priority=LAST_PRIORITY
    )
