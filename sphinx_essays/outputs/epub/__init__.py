"""The e-book: EPUB 3.3 by Sphinx's builder, with pages, package and navigation of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.config import EPUB_THEME
from sphinx_essays.outputs.epub import defaults, pictures
from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BEHIND_ALL_ELSE = 950  # when every node is what it will be in the page


def setup(app: Sphinx) -> None:
    """Take the builder's place, and say what the author left open."""
    app.add_builder(EssaysEpubBuilder, override=True)
    app.add_html_theme(EPUB_THEME, str(Path(__file__).parent / "theme"))
    app.connect("config-inited", defaults.set_defaults, priority=600)
    app.connect("config-inited", defaults.leave_checks_to_us)
    app.connect("doctree-resolved", pictures.say_nothing_wrong, priority=BEHIND_ALL_ELSE)
