"""Indexes by date, tag and author, and the list of updates: a page each.

Each entry of an index has a stable anchor.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays import config, messages
from sphinx_essays.book import lists, pages, selection
from sphinx_essays.book.drafts import digest
from sphinx_essays.elements.update import UpdateRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain, Page

AT_LEAST = 2  # essays with a tag, for an index of tags


class Index(NamedTuple):
    """An index: its kind, page name, title, and the essays under each entry."""

    kind: str
    name: str
    title: str
    entries: dict[str, list[Page]]


def make(app: Sphinx) -> list[Index]:
    """Return the indexes in ``essays_indices`` that have enough essays."""
    return [_index(app, kind) for kind in app.config.essays_indices if is_made(app.env, kind)]


def is_made(env: BuildEnvironment, kind: str) -> bool:
    """Return whether an index is made; the answer is cached, because each page asks."""
    domain = pages.essay_domain(env)
    known = domain.cache
    if kind not in known:
        carrying = islice(_pages_with(domain, kind), AT_LEAST)
        known[kind] = len(list(carrying)) == AT_LEAST
    return kind in env.config.essays_indices and known[kind]


def _index(app: Sphinx, kind: str) -> Index:
    entries = _group(_pages_with(pages.essay_domain(app.env), kind))
    order = sorted(entries, key=str.casefold, reverse=kind == "date")
    title = messages.index_title(kind)
    return Index(kind, page_name(app, kind), title, {key: entries[key] for key in order})


def _pages_with(domain: EssayDomain, kind: str) -> Iterator[tuple[Iterable[str], Page]]:
    """Yield the essays that an index of a kind lists, with their entries."""
    for page in selection.essays(domain):
        if keys := tuple(_keys(kind, page)):
            yield keys, page


def page_name(app: Sphinx, kind: str) -> str:
    """Return the page name of an index, prefixed if an author's page has that name."""
    name = "updates" if kind == "update" else f"by-{kind}"
    return name if name not in app.env.found_docs else f"book-{name}"


def remove_old_output(app: Sphinx, env: BuildEnvironment) -> None:
    """Delete the pages of indexes that an earlier build made and this one does not."""
    for kind in config.INDICES:
        name = page_name(app, kind)
        path = pages.written_file(app, name)
        if path and name not in env.found_docs and not is_made(env, kind):
            pages.remove(path, Path(app.outdir))


def anchor(kind: str, entry: str) -> str:
    """Return a stable id: from the entry or, if it has no Latin letters, from its digest."""
    folded = entry.casefold()
    name = nodes.make_id(f"{kind} {folded}")
    return name if name != kind else nodes.make_id(f"{kind} {digest(folded)}")


def body(app: Sphinx, index: Index) -> nodes.section:
    """Return the page of an index."""
    page = nodes.section("", nodes.title("", index.title), ids=["index"])
    if index.kind == "update":
        page += lists.update_list(app, index.name, {"kind": "", "limit": 0})
        return page
    for entry, essays in index.entries.items():
        section = nodes.section("", nodes.title("", entry), ids=[anchor(index.kind, entry)])
        section["classes"] = ["essay-index"]
        items = [
            lists.entry(app, index.name, essay.docname, standfirst=False) for essay in essays
        ]
        section += nodes.bullet_list("", *items, classes=["essay-contents"])
        page += section
    return page


def _keys(kind: str, page: Page) -> Iterable[str]:
    about = page.metadata
    if kind == "date":
        return [about.year] if about.year else []
    if kind == "update":
        return [record.kind for record in page.elements if isinstance(record, UpdateRecord)][:1]
    return about.tags if kind == "tag" else about.authors


def _group(carrying: Iterable[tuple[Iterable[str], Page]]) -> dict[str, list[Page]]:
    """Group essays by entry, ignoring case, and sort each group newest first."""
    spelt: dict[str, str] = {}
    entries: dict[str, list[Page]] = {}
    for key, page in _pairs(carrying):
        entries.setdefault(spelt.setdefault(key.casefold(), key), []).append(page)
    for essays in entries.values():
        essays.sort(key=lambda page: selection.sort_day(page.metadata.published), reverse=True)
    return entries


def _pairs(carrying: Iterable[tuple[Iterable[str], Page]]) -> Iterator[tuple[str, Page]]:
    for keys, page in carrying:
        for key in keys:
            yield key, page
