"""Locales and lists of names, from the CLDR. Pure: imports neither docutils nor Sphinx."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

if TYPE_CHECKING:
    from collections.abc import Sequence


@lru_cache
def find_locale(language: str) -> Locale:
    """Return the CLDR locale for Sphinx's `language`, or the English locale."""
    try:
        return Locale.parse(language.replace("-", "_") or "en")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def list_names(names: Sequence[str], language: str = "en") -> str:
    """Join several names into a phrase.

    >>> list_names(["Ann", "Ben", "Cleo"], "en_GB")
    'Ann, Ben and Cleo'
    """
    return format_list(names, locale=find_locale(language))
