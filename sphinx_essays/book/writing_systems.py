"""How a language is written: from which side, and with capitals or without."""

from __future__ import annotations

from sphinx_essays.elements.locales import find_locale


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from the right, as the CLDR has it."""
    return bool(find_locale(language).text_direction == "rtl")


def has_capitals(language: str) -> bool:
    """Whether a language has capitals, as its own name in the CLDR shows."""
    own_name = str(find_locale(language).display_name)
    return own_name.upper() != own_name.lower()
