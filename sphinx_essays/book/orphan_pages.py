"""Dated essays outside every toctree: they follow in date order, parted by year.

Several outputs put the book together from toctrees, and Sphinx warns of what is
in none. So the order is made a real toctree of the cover, one a year, before
Sphinx checks and assembles.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.adapters.toctree import note_toctree

from sphinx_essays.book.domain import toctrees_in
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.compat.environment import cached_doctrees
from sphinx_essays.elements.dates import Date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain, Page

ORPHAN_YEAR = "essay_orphan_year"


def add_orphan_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Set the toctrees on the cover; returns the cover where they have changed."""
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
    cached_doctrees(env).pop(root, None)  # the old tree
    return [root]


def _orphan_pages(domain: EssayDomain, env: BuildEnvironment) -> list[Page]:
    """Dated essays that no toctree names, the oldest first."""
    named = {name for names in env.toctree_includes.values() for name in names}
    orphans = [
        page
        for page in domain.pages.values()
        if page.metadata.when
        and not page.metadata.orphan
        and page.docname not in named
        and domain.kind(page.docname) == "essay"
    ]
    return sorted(orphans, key=lambda page: (_first_day(page), page.docname))


def _first_day(page: Page) -> str:
    return Date.from_iso(page.metadata.when).first_day.isoformat()


def _by_year(orphans: Iterable[Page]) -> list[tuple[str, list[str]]]:
    groups = groupby(orphans, key=lambda page: page.metadata.when[:4])
    return [(year, [page.docname for page in group]) for year, group in groups]


def _note_own_toctrees(env: BuildEnvironment, root: str, cover: nodes.document) -> None:
    """Forget what was adopted before; keep what the author wrote."""
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
