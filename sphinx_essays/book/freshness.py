"""Which written pages show something that has changed.

A page shows more than its source: the titles of its neighbours and its part, the
essays it lists, the titles it refers to. What each page showed is kept beside the
doctrees, one record an output, and written only once all pages stand on disk; so
a build that was killed is made good by the next.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_essays.book import drafts, indexes, selection
from sphinx_essays.book.order import Part
from sphinx_essays.book.pages import essay_domain, write_whole, written_file
from sphinx_essays.book.remains import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain
    from sphinx_essays.book.order import Essay


def setup(app: Sphinx) -> None:
    """Find stale pages before anything is written; record behind the last page."""
    app.connect("env-updated", find_stale)
    app.connect("build-finished", record)


def find_stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages to write again, besides those that Sphinx knows of."""
    if written_file(app, app.config.root_doc) is None:
        return []
    before, now = _load(app), shown(env)
    stale = {name for name in now if name in before and before[name] != now[name]}
    return sorted(stale.union(_older_than_read(app, env)))


def record(app: Sphinx, exception: Exception | None) -> None:
    """Keep what each page shows, now that it does."""
    if exception is None and written_file(app, app.config.root_doc):
        write_whole(path_of(app, ".json"), json.dumps(shown(app.env)))


def shown(env: BuildEnvironment) -> dict[str, str]:
    """A digest, for each page, of all it shows of others."""
    domain = essay_domain(env)
    sequence = domain.book.sequence()
    names = {drafts.mark(name): name for name in domain.pages}
    labels: dict[str, Any] = env.domains.standard_domain.labels
    marked = {drafts.mark(f"#{label}"): found for label, found in labels.items()}
    has_tags = indexes.is_made(env, "tag")
    everything = [_entry(domain, name) + domain.pages[name].elements for name in sequence]
    around = dict(zip(sequence, _neighbours(domain, sequence), strict=True))
    return {
        name: _digest(
            (
                around.get(name),
                [_part_title(domain, part) for part in domain.book.parts_of(name)],
                list(_listed(domain, name)),
                [domain.pages[names[one]].title for one in page.mentions if one in names],
                [marked[one] for one in page.mentions if one in marked],
                everything if page.has_lists else None,
                has_tags and page.metadata.tags,
            )
        )
        for name, page in domain.pages.items()
    }


def _neighbours(domain: EssayDomain, sequence: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for index, _name in enumerate(sequence):
        before = sequence[index - 1] if index else None
        after = sequence[index + 1] if index + 1 < len(sequence) else None
        yield tuple(_entry(domain, name) for name in (before, after) if name)


def _listed(domain: EssayDomain, docname: str) -> Iterator[tuple[Any, ...]]:
    """All that the contents on a cover or a part page tell."""
    book = domain.book
    part = book.part(docname)
    if docname == book.cover:
        yield from _entries(domain, book.members)
        yield from selection.updates(domain, {"kind": "", "limit": 0})
    elif part:
        yield from _entries(domain, part.members)


def _entries(domain: EssayDomain, members: Iterable[Part | Essay]) -> Iterator[tuple[Any, ...]]:
    for member in members:
        if member.docname:
            yield _entry(domain, member.docname)
        if isinstance(member, Part):
            yield (member.title,)
            yield from _entries(domain, member.members)


def _entry(domain: EssayDomain, docname: str) -> tuple[Any, ...]:
    page = domain.pages[docname]
    return (docname, page.title, page.metadata, page.words, domain.kind(docname))


def _part_title(domain: EssayDomain, part: Part) -> str:
    return part.title or domain.pages[part.docname].title


def _digest(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=12).hexdigest()


def _older_than_read(app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
    """Pages that were written before they were last read.

    Outputs share what was read. Sphinx compares a page with its source alone,
    and so leaves a page as it was when another output has read it again.
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
