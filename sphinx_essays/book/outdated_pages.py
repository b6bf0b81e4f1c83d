"""Find written pages that show something that has changed.

A page depends on more than its source: on the titles of the pages before and after it
and of its part, on the essays it lists, and on the titles it refers to. A record of
these is stored beside the doctrees for each output. It is replaced only after all pages
are written, so that the next build repairs the output of a killed build.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_essays.book import drafts, indexes, selection
from sphinx_essays.book.order import Part
from sphinx_essays.book.output_cleanup import path_of
from sphinx_essays.book.pages import essay_domain, write_atomic, written_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain
    from sphinx_essays.book.order import Essay

PENDING = ".coming"  # the record for the pages that are being written


def setup(app: Sphinx) -> None:
    """Register the handlers: find outdated pages before writing, store the record after."""
    app.connect("env-updated", find_outdated)
    app.connect("build-finished", record)


def find_outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again, in addition to those Sphinx knows of."""
    if written_file(app, app.config.root_doc) is None:
        return []
    before, now = _load(app), displayed_content(env)
    if now != before:
        write_atomic(path_of(app, PENDING), json.dumps(now))
    stale = {name for name in now if name in before and before[name] != now[name]}
    return sorted(stale.union(_older_than_read(app, env)))


def record(app: Sphinx, exception: Exception | None) -> None:
    """Store what each page shows, after a successful build."""
    coming = path_of(app, PENDING)
    if exception is None and coming.exists():
        coming.replace(path_of(app, ".json"))


def displayed_content(env: BuildEnvironment) -> dict[str, str]:
    """Return, for each page, a digest of everything it shows of other pages."""
    domain = essay_domain(env)
    sequence = domain.book.sequence()
    names = {drafts.digest(name): name for name in domain.pages}
    labels: dict[str, Any] = env.domains.standard_domain.labels
    marked = {drafts.digest(f"#{label}"): target for label, target in labels.items()}
    has_tags = indexes.is_made(env, "tag")
    has_feed = any(page.metadata.published for page in domain.pages.values())
    entries = {name: _digest(_entry(domain, name)) for name in domain.pages}
    everything = _digest([(entries[name], domain.pages[name].elements) for name in sequence])
    around = dict(zip(sequence, _neighbours([entries[name] for name in sequence]), strict=True))
    return {
        name: _digest(
            (
                around.get(name),
                [_part_title(domain, part) for part in domain.book.parts_of(name)],
                list(_listed(domain, entries, name)),
                [
                    domain.pages[names[reference]].title
                    for reference in page.references
                    if reference in names
                ],
                [marked[reference] for reference in page.references if reference in marked],
                everything if page.has_lists else None,
                has_tags and page.metadata.tags,
                has_feed,
            )
        )
        for name, page in domain.pages.items()
    }


def _neighbours(sequence: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(["", *sequence[:-1]], [*sequence[1:], ""], strict=True)


def _listed(domain: EssayDomain, entries: Mapping[str, str], docname: str) -> Iterator[Any]:
    """Yield everything that the contents on a cover or a part page show."""
    book = domain.book
    part = book.part(docname)
    if docname == book.cover:
        yield from _entries(entries, book.members)
        yield from selection.updates(domain, {"kind": "", "limit": 0})
    elif part:
        yield from _entries(entries, part.members)


def _entries(entries: Mapping[str, str], members: Iterable[Part | Essay]) -> Iterator[str]:
    for member in members:
        if member.docname:
            yield entries[member.docname]
        if isinstance(member, Part):
            yield f"{member.title}\n"
            yield from _entries(entries, member.members)


def _entry(domain: EssayDomain, docname: str) -> tuple[Any, ...]:
    page = domain.pages[docname]
    return (docname, page.title, page.metadata, page.words, domain.kind(docname))


def _part_title(domain: EssayDomain, part: Part) -> str:
    return part.title or domain.pages[part.docname].title


def _digest(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=12).hexdigest()


def _older_than_read(app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
    """Yield pages that were written before they were last read.

    Outputs share doctrees. Sphinx compares a page with its source only, so it does not
    write a page again after another output has read it.
    """
    for name in env.all_docs:
        written = written_file(app, name)
        if written and written.exists():
            read = Path(env.doctreedir, f"{name}.doctree")
            if read.exists() and written.stat().st_mtime_ns < read.stat().st_mtime_ns:
                yield name


def _load(app: Sphinx) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(path_of(app, ".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept
