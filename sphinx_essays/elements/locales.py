"""How a language lists names and quotes words, by Unicode CLDR and docutils' smart quotes.

Pure: knows neither docutils' nodes nor Sphinx.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from docutils.utils.smartquotes import smartchars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@lru_cache
def find_locale(language: str) -> Locale:
    """Find CLDR's locale for Sphinx's `language`, else for English."""
    try:
        return Locale.parse(language.replace("-", "_") or "en")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def list_names(names: Sequence[str], language: str = "en") -> str:
    """Say several names.

    >>> list_names(["Ann", "Ben", "Cleo"], "en_GB")
    'Ann, Ben and Cleo'
    """
    return format_list(names, locale=find_locale(language))


def quotation_marks(language: str = "en") -> tuple[str, str]:
    """The marks before and behind what is quoted; English ones where none are known.

    >>> quotation_marks("de")
    ('„', '“')
    """
    known: Mapping[str, Sequence[str]] = smartchars.quotes
    tag = language.lower().replace("_", "-")
    marks = known.get(tag) or known.get(tag.partition("-")[0]) or known["en"]
    return marks[0], marks[1]
