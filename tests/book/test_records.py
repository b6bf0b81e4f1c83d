"""The records of pages and updates contain dates, and one rule for the last update."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from sphinx_essays.book.domain import Page
from sphinx_essays.book.metadata import Metadata
from sphinx_essays.elements.dates import Date
from sphinx_essays.elements.overheard import essay_overheard
from sphinx_essays.elements.update import UpdateRecord, essay_update

if TYPE_CHECKING:
    from support.books import Book

ESSAY = """:date: 3 March 2010

An essay
========

.. update:: April 2014

   Later.

.. update::

   Undated.

.. overheard:: on a bus
   :date: 2009

   A: Yes.
"""


def date(iso: str) -> Date | None:
    return Date.from_iso(iso) if iso else None


def page(published: str, *updates: str) -> Page:
    records = tuple(UpdateRecord("essay", "update", "update", date(iso)) for iso in updates)
    about = Metadata(date=published, published=date(published))
    return Page("essay", "An essay", about, (), 0, (), has_lists=False, elements=records)


@pytest.mark.parametrize(
    ("published", "updates", "expected"),
    [
        ("2010-03-03", [], ""),
        ("2010-03-03", [""], ""),
        ("2010-03-03", ["2014-04", "2012", ""], "2014-04"),
        ("2010-03-03", ["2010-03-03"], ""),
        ("2010-03-03", ["2010"], ""),
        ("2010", ["2010-03-03"], "2010-03-03"),
        ("2010", ["2009"], ""),
        ("", ["2009", "2008-12"], "2009"),
        ("", [], ""),
    ],
)
def test_page_was_last_updated_by_the_latest_update_after_publication(
    published: str, updates: list[str], expected: str
) -> None:
    record = page(published, *updates)
    assert record.last_updated == date(expected)
    assert record.updated == expected


def test_page_record_is_unchanged_by_pickling() -> None:
    record = page("2010-03-03", "2014-04", "")
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 (made on the same line)


def test_records_and_stored_nodes_contain_dates(book: Book) -> None:
    book.write({"index.rst": "Cover\n=====\n\n.. toctree::\n\n   essay\n", "essay.rst": ESSAY})
    book.clean("dummy")
    assert book.app is not None
    record: Page = book.app.env.domaindata["essays"]["pages"]["essay"]
    assert (record.metadata.published, record.metadata.when) == (
        Date(2010, 3, 3),
        "2010-03-03",
    )
    updates = [element for element in record.elements if isinstance(element, UpdateRecord)]
    assert [update.date for update in updates] == [Date(2014, 4), None]
    assert [update.when for update in updates] == ["2014-04", ""]
    tree = book.app.env.get_doctree("essay")
    stored = [node.get("when") for node in tree.findall(essay_update)]
    assert stored == [Date(2014, 4), None]
    assert [node["when"] for node in tree.findall(essay_overheard)] == [Date(2009)]
