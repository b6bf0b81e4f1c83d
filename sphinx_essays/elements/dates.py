"""Dates as a writer types them and as a reader sees them.

Pure: imports neither docutils nor Sphinx. Month names are read in English and in the
language of the book. Names and long forms are those of the Unicode CLDR, from Babel.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton, tokenize_pattern

from sphinx_essays.elements.locales import find_locale

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMERIC = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?")
NUMERIC_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
IDEOGRAPHIC = re.compile(r"(\d{4})[年년](?:(\d{1,2})月(?:(\d{1,2})日)?)?")
YEAR = re.compile(r"(\d{4})\.?(?: ?[гg]\.)?")  # Bulgarian, Latvian, Hungarian
TIME = re.compile(
    r"(?:\s*T|[\s,]+(?:at\s+)?)\d{1,2}"
    r"(?:[:.]\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?|\s*[ap]\.?m\.?)"
    r"\s*(?:Z|(?-i:[A-Z]{3,4})|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?")
FILLERS = frozenset({"of", "the", "de", "del", "d", "den", "der", "le", "la", "el", "am"})
MONTHS_A_YEAR = 12
WORDS_OF_A_BARE_MONTH = 3


class AmbiguousDateError(ValueError):
    """A numeric date that can be read in two ways (``03/04/2014``)."""


@dataclass(frozen=True)
class Date:
    """A date at the precision it was written in: a day, a month or a year.

    Dates sort by their first day. Of two with the same first day, the less precise is
    first.

    >>> parse("April 2014").iso
    '2014-04'
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def from_iso(cls, iso: str) -> Date:
        """Read a date in the form that :attr:`iso` returns."""
        return cls(*(int(part) for part in iso.split("-")))

    @property
    def iso(self) -> str:
        """Return ``2014-04-20``, ``2014-04`` or ``2014``, valid in HTML's ``datetime``."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __str__(self) -> str:
        return self.iso

    def __lt__(self, other: Date) -> bool:
        return self._sort_key < other._sort_key

    @property
    def _sort_key(self) -> tuple[int, int, int]:
        return (self.year, self.month or 0, self.day or 0)

    @property
    def first_day(self) -> dt.date:
        """Return the first day of the date's year or month, or the date itself."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    def is_before(self, other: Date) -> bool:
        """Return whether this date is before `other`, at the coarser precision of both."""
        own, others = self.iso.split("-"), other.iso.split("-")
        shared = min(len(own), len(others))
        return own[:shared] < others[:shared]


def parse(text: str, language: str = "en", formats: Iterable[str] = ()) -> Date:
    """Read a date, with or without a time of day.

    `language` adds its month names to the English ones. `formats` are further patterns
    in the notation of :meth:`datetime.datetime.strptime`.

    :raises AmbiguousDateError: for ``03/04/2014``.
    :raises ValueError: if the text is not a date.
    """
    stripped = " ".join(text.split())
    date = _by_formats(stripped, formats)
    if date is None:
        date = _read(TIME.sub("", stripped), language)
    if date is None:
        raise ValueError(f"not a date: {text!r}")
    date.first_day  # noqa: B018 (raises for 31 February)
    return date


def is_date(text: str) -> bool:
    """Return whether :func:`parse` can read the text, with month names in English."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def is_meant_as_date(text: str, language: str = "en") -> bool:
    """Return whether text in the place of a date is meant as a date, if a misspelt one.

    A digit is enough. So is the name of a month among at most three words ("late April"),
    but not in a longer text: "I may be wrong" is a sentence.
    """
    if any(character.isdigit() for character in text):
        return True
    words = _words(text)
    return len(words) <= WORDS_OF_A_BARE_MONTH and any(
        word in _month_names(language) for word in words
    )


@lru_cache(maxsize=4096)
def long_form(date: Date, language: str = "en") -> str:
    """Print a date in the long form of `language`, at its own precision.

    >>> long_form(parse("20 April, 2014"), "en_GB")
    '20 April 2014'
    """
    locale = find_locale(language)
    if date.month is None:
        return str(format_skeleton("y", date.first_day, locale=locale))
    if date.day is None:
        return str(format_skeleton("yMMMM", date.first_day, locale=locale))
    return str(format_date(date.first_day, "long", locale=locale))


def _by_formats(text: str, formats: Iterable[str]) -> Date | None:
    for pattern in formats:
        try:
            moment = dt.datetime.strptime(text, pattern)  # noqa: DTZ007 (only the day is used)
        except ValueError:
            continue
        return Date(moment.year, moment.month, moment.day)
    return None


def _read(text: str, language: str) -> Date | None:
    for pattern in (NUMERIC, IDEOGRAPHIC, YEAR):
        if match := pattern.fullmatch(text):
            digits = [int(part) for part in match.groups() if part and part.isdigit()]
            return Date(*digits)
    if match := NUMERIC_DAY_FIRST.fullmatch(text):
        return _day_first(match)
    return _named(text, language) or _printed(text, language)


def _day_first(match: re.Match[str]) -> Date:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] != "." and first != second and max(first, second) <= MONTHS_A_YEAR:
        raise AmbiguousDateError(match[0])
    if second > MONTHS_A_YEAR:
        first, second = second, first
    return Date(year, second, first)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,.’']+", text.casefold()) if word]


def _named(text: str, language: str) -> Date | None:
    """Read a date with the name of a month, a year, and at most a day."""
    months = _month_names(language)
    year = month = day = None
    for word in _words(text):
        if word in months and month is None:
            month = months[word]
        elif re.fullmatch(r"\d{4}", word) and year is None:
            year = int(word)
        elif (match := ORDINAL.fullmatch(word)) and day is None:
            day = int(match[1])
        elif word not in FILLERS and word not in _weekday_names(language):
            return None
    if year is None or month is None:
        return None
    return Date(year, month, day)


def _printed(text: str, language: str) -> Date | None:
    """Read a date as :func:`long_form` prints it (``20 апреля 2014 г.``)."""
    months = _whole_month_names(language)
    for form in _printed_forms(language):
        if match := form.fullmatch(text.casefold()):
            day = match.groupdict().get("day")
            return Date(int(match["year"]), months[match["month"]], int(day) if day else None)
    return None


@lru_cache
def _printed_forms(language: str) -> list[re.Pattern[str]]:
    """Return the CLDR's patterns, with and without a day, as regular expressions."""
    locale = find_locale(language)
    patterns = (locale.date_formats["long"], locale.datetime_skeletons["yMMMM"])
    months = "|".join(map(re.escape, _whole_month_names(language)))
    fields = {
        "y": r"(?P<year>\d{4})",
        "d": r"(?P<day>\d{1,2})",
        **dict.fromkeys("ML", f"(?P<month>{months})"),
    }
    return [
        re.compile(
            "".join(
                fields.get(value[0], "") if kind == "field" else _loosely(str(value))
                for kind, value in tokenize_pattern(pattern.pattern)
            )
        )
        for pattern in patterns
    ]


def _loosely(text: str) -> str:
    """Return a pattern for the text between fields that accepts any white space in it."""
    return r"\s*".join(re.escape(word) for word in re.split(r"\s+", text.casefold()))


@lru_cache
def _whole_month_names(language: str) -> dict[str, int]:
    months = find_locale(language).months
    return {
        " ".join(name.casefold().split()): number
        for context in months.values()
        for width in ("abbreviated", "wide")
        for number, name in context[width].items()
    }


@lru_cache
def _month_names(language: str) -> dict[str, int]:
    return _names("months", language)


@lru_cache
def _weekday_names(language: str) -> dict[str, int]:
    return _names("days", language)


def _names(kind: str, language: str) -> dict[str, int]:
    names: dict[str, int] = {}
    for locale in (Locale("en"), find_locale(language)):
        for context in getattr(locale, kind).values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    word = _words(name)[-1]  # "abril" of "d’abril"
                    if not word.isdigit():  # the month has no name in "tháng 4"
                        names.setdefault(word, number)
    names.setdefault("sept", 9) if kind == "months" else None
    return names
