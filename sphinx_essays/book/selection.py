"""Filter and sort essays and updates.

Lists and indexes use only these functions over records.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sphinx_essays.elements.dates import Date
from sphinx_essays.elements.update import UpdateRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_essays.book.domain import EssayDomain, Page


def essays(domain: EssayDomain) -> Iterator[Page]:
    """Yield the essays in reading order, without cover, parts, front and back matter."""
    for name in domain.book.sequence():
        if domain.kind(name) == "essay":
            yield domain.pages[name]


def choose(pages: Iterable[Page], wanted: Mapping[str, Any], author: str) -> list[Page]:
    """Filter and sort by the options of ``essays``; `author` is the book's."""
    chosen = [page for page in pages if _fits(page, wanted, author)]
    match wanted["sort"]:
        case "date":
            chosen.sort(key=lambda page: sort_day(page.metadata.published), reverse=True)
        case "updated":
            chosen.sort(key=lambda page: sort_day(_latest(page)), reverse=True)
        case "title":
            chosen.sort(key=lambda page: page.title.casefold())
    return chosen[: wanted["limit"] or None]


def updates(domain: EssayDomain, wanted: Mapping[str, Any]) -> list[UpdateRecord]:
    """Return updates and corrections, newest first, undated ones last."""
    names = [name for name in domain.book.sequence() if name in domain.pages]
    records = [
        record
        for name in names
        for record in domain.pages[name].elements
        if isinstance(record, UpdateRecord)
        and wanted["kind"] in {"", record.kind}
        and (record.date or not wanted.get("dated"))
    ]
    records.sort(key=lambda record: sort_day(record.date), reverse=True)
    return records[: wanted["limit"] or None]


def sort_day(date: Date | None) -> dt.date:
    """Return the first day of a date, to sort by; no date sorts before all others."""
    return date.first_day if date else dt.date.min


def first_day(iso: str) -> str:
    """Return the first day of an ISO date, in ISO form; for outputs that write ISO dates."""
    return Date.from_iso(iso).first_day.isoformat() if iso else ""


def latest(page: Page) -> str:
    """Return the ISO date of the latest update or of publication, or an empty string."""
    date = _latest(page)
    return date.iso if date else ""


def _latest(page: Page) -> Date | None:
    return page.last_updated or page.metadata.published


def _fits(page: Page, wanted: Mapping[str, Any], author: str) -> bool:
    about = page.metadata
    authors = about.authors or (author,)
    return (
        (not wanted["tag"] or wanted["tag"].casefold() in map(str.casefold, about.tags))
        and (not wanted["author"] or wanted["author"].casefold() in map(str.casefold, authors))
        and (not wanted["year"] or about.when.startswith(wanted["year"]))
    )
