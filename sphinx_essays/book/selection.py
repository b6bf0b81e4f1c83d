"""Filter and sort essays and updates.

Lists and indexes use only these functions over records.
"""

from __future__ import annotations

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
            chosen.sort(key=lambda page: first_day(page.metadata.when), reverse=True)
        case "updated":
            chosen.sort(key=lambda page: first_day(latest(page)), reverse=True)
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
        and (record.when or not wanted.get("dated"))
    ]
    records.sort(key=lambda record: first_day(record.when), reverse=True)
    return records[: wanted["limit"] or None]


def first_day(iso: str) -> str:
    """Return the day a date sorts by; an empty string sorts first."""
    return Date.from_iso(iso).first_day.isoformat() if iso else ""


def latest(page: Page) -> str:
    """Return the date of the latest update, or the essay's own."""
    return max(page.metadata.when, page.updated, key=first_day)


def _fits(page: Page, wanted: Mapping[str, Any], author: str) -> bool:
    about = page.metadata
    authors = about.authors or (author,)
    return (
        (not wanted["tag"] or wanted["tag"].casefold() in map(str.casefold, about.tags))
        and (not wanted["author"] or wanted["author"].casefold() in map(str.casefold, authors))
        and (not wanted["year"] or about.when.startswith(wanted["year"]))
    )
