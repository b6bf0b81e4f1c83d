"""Detect whether the current output uses the essays theme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

THEME = Path(__file__).parents[2] / "theme"


def uses_essays_theme(app: Sphinx) -> bool:
    """Return whether the theme is "essays" or inherits from it.

    EPUB has another theme, and the serializing builders (json, pickle) use no templates.
    """
    theme = getattr(app.builder, "theme", None)
    if theme is None or issubclass(type(app.builder), SerializingHTMLBuilder):
        return False
    return THEME in map(Path, theme.get_theme_dirs())
