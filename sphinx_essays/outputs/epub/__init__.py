"""Write the book as EPUB 3.3, with Sphinx's builder and this package's own pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.config import EPUB_THEME
from sphinx_essays.outputs.epub import defaults, missing_alt_text
from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LAST_PRIORITY = 950  # when all nodes have their final form


def setup(app: Sphinx) -> None:
    """Replace Sphinx's EPUB builder and set the defaults of its options."""
    app.add_builder(EssaysEpubBuilder, override=True)
    app.add_html_theme(EPUB_THEME, str(Path(__file__).parent / "theme"))
    app.connect("config-inited", defaults.set_defaults, priority=600)
    app.connect("config-inited", defaults.disable_sphinx_checks)
    app.connect(
        "doctree-resolved", missing_alt_text.mark_missing_alt_text, priority=LAST_PRIORITY
    )
