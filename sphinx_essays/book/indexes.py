"""Indexes by date, tag and author: one page an index, an anchor an entry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays import config, messages
from sphinx_essays.book import lists, pages, selection
from sphinx_essays.book.drafts import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import Page

AT_LEAST = 2  # one essay with a tag makes no index


class Index(NamedTuple):
    """An index: its page, its title, and what stands under each entry."""

    name: str
    title: str
    entries: dict[str, list[Page]]


def make(app: Sphinx) -> list[Index]:
    """The indexes that ``essays_indices`` asks for and the book has matter for."""
    essays = selection.essays(pages.essay_domain(app.env))
    found = []
    for kind in app.config.essays_indices:
        carrying = [(keys, page) for page in essays if (keys := _keys(kind, page))]
        if len(carrying) >= AT_LEAST:
            entries = _group(carrying)
            order = sorted(entries, key=str.casefold, reverse=kind == "date")
            title = messages.index_title(kind)
            found.append(
                Index(page_name(app, kind), title, {one: entries[one] for one in order})
            )
    return found


def page_name(app: Sphinx, kind: str) -> str:
    """The name of an index's page; an author's own page of that name stays."""
    name = f"by-{kind}"
    return name if name not in app.env.found_docs else f"book-{name}"


def clear_away(app: Sphinx, env: BuildEnvironment) -> None:
    """Remove the page of an index that was made by an earlier build, and is no more."""
    made = {index.name for index in make(app)}
    for kind in config.INDICES:
        name = page_name(app, kind)
        path = pages.written_file(app, name)
        if path and name not in made | env.found_docs:
            pages.remove(path, Path(app.outdir))


def anchor(kind: str, entry: str) -> str:
    """An id that lasts: the entry itself, or where its script has no letters, its mark."""
    name = nodes.make_id(f"{kind} {entry}")
    return name if name != kind else nodes.make_id(f"{kind} {mark(entry)}")


def body(app: Sphinx, index: Index) -> nodes.section:
    """The page of an index."""
    page = nodes.section("", nodes.title("", index.title), ids=["index"])
    kind = index.name.rpartition("-")[2]
    for entry, essays in index.entries.items():
        section = nodes.section("", nodes.title("", entry), ids=[anchor(kind, entry)])
        section["classes"] = ["essay-part"]
        items = [lists.entry(app, index.name, one.docname) for one in essays]
        section += nodes.bullet_list("", *items, classes=["essay-contents"])
        page += section
    return page


def _keys(kind: str, page: Page) -> Iterable[str]:
    about = page.metadata
    if kind == "date":
        return [about.when[:4]] if about.when else []
    return about.tags if kind == "tag" else about.authors


def _group(carrying: Iterable[tuple[Iterable[str], Page]]) -> dict[str, list[Page]]:
    """Essays under each entry, the newest first; "Cuts" and "cuts" are one."""
    spelt: dict[str, str] = {}
    entries: dict[str, list[Page]] = {}
    for key, page in _pairs(carrying):
        entries.setdefault(spelt.setdefault(key.casefold(), key), []).append(page)
    for essays in entries.values():
        essays.sort(key=lambda page: selection.first_day(page.metadata.when), reverse=True)
    return entries


def _pairs(carrying: Iterable[tuple[Iterable[str], Page]]) -> Iterator[tuple[str, Page]]:
    for keys, page in carrying:
        for key in keys:
            yield key, page
