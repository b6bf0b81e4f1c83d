"""Add dated essays that are in no toctree to the book, in date order and by year.

Several outputs assemble the book from toctrees, and Sphinx warns about documents that
are in none. So a toctree for each year is added to the cover before Sphinx checks and
assembles.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.adapters.toctree import note_toctree

from sphinx_essays.book import selection
from sphinx_essays.book.domain import toctrees_in
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.compat.environment import cached_doctrees

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain, Page

ORPHAN_YEAR = "essay_orphan_year"


def add_orphan_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Add the toctrees to the cover; return the cover if they have changed."""
    root = app.config.root_doc
    domain = essay_domain(env)
    if root not in domain.pages:
        return []
    cover = env.get_doctree(root)
    wrappers = [node for node in cover.findall(nodes.compound) if ORPHAN_YEAR in node]
    before = [wrapper[ORPHAN_YEAR] for wrapper in wrappers]
    for wrapper in wrappers:
        wrapper.parent.remove(wrapper)
    _note_own_toctrees(env, root, cover)
    years = _by_year(_orphan_pages(domain, env))
    if years or before:
        _add(env, root, cover, years)
        domain.change_toctrees(root, toctrees_in(cover))
    if [list(pair) for pair in years] == [list(pair) for pair in before]:
        return []
    app.builder.write_doctree(root, cover)
    cached_doctrees(env).pop(root, None)  # it contains the old tree
    return [root]


def _orphan_pages(domain: EssayDomain, env: BuildEnvironment) -> list[Page]:
    """Return the dated essays that no toctree lists, oldest first."""
    named = {name for names in env.toctree_includes.values() for name in names}
    orphans = [
        page
        for page in domain.pages.values()
        if page.metadata.published
        and not page.metadata.orphan
        and page.docname not in named
        and domain.kind(page.docname) == "essay"
    ]
    return sorted(orphans, key=_sort_key)


def _sort_key(page: Page) -> tuple[dt.date, str]:
    return selection.sort_day(page.metadata.published), page.docname


def _by_year(orphans: Iterable[Page]) -> list[tuple[str, list[str]]]:
    groups = groupby(orphans, key=lambda page: page.metadata.year)
    return [(year, [page.docname for page in group]) for year, group in groups]


def _note_own_toctrees(env: BuildEnvironment, root: str, cover: nodes.document) -> None:
    """Remove the toctrees added in an earlier build; keep the author's."""
    env.toctree_includes.pop(root, None)
    for toctree in cover.findall(addnodes.toctree):
        note_toctree(env, root, toctree)
    toc = env.tocs.get(root)
    for entry in list(toc.findall(addnodes.toctree)) if toc else ():
        if entry.get(ORPHAN_YEAR):
            entry.parent.remove(entry)


def _add(
    env: BuildEnvironment, root: str, cover: nodes.document, years: list[tuple[str, list[str]]]
) -> None:
    section = next(
        (child for child in cover.children if isinstance(child, nodes.section)), cover
    )
    for year, names in years:
        toctree = _toctree(root, year, names)
        wrapper = nodes.compound("", toctree, classes=["toctree-wrapper"])
        wrapper[ORPHAN_YEAR] = (year, names)
        section.append(wrapper)
        note_toctree(env, root, toctree)
        if (toc := env.tocs.get(root)) is not None and len(toc):
            toc[0].append(toctree.copy())  # type: ignore[attr-defined]


def _toctree(root: str, year: str, names: list[str]) -> addnodes.toctree:
    return addnodes.toctree(
        "",
        parent=root,
        entries=[(None, name) for name in names],
        includefiles=list(names),
        maxdepth=1,
        caption=year,
        rawcaption=year,
        glob=False,
        hidden=False,
        includehidden=False,
        numbered=0,
        titlesonly=True,
        essay_orphan_year=True,
    )
