"""Properties of a language's script, from the CLDR: direction and capitals.

Pure: imports neither docutils nor Sphinx.
"""

from __future__ import annotations

from sphinx_essays.elements.locales import find_locale


def is_right_to_left(language: str) -> bool:
    """Return whether a language is written from right to left."""
    return bool(find_locale(language).text_direction == "rtl")


def has_capitals(language: str) -> bool:
    """Return whether a language has capital letters, judged by its own name."""
    own_name = str(find_locale(language).display_name)
    return own_name.upper() != own_name.lower()
