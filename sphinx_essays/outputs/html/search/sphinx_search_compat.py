"""Make Sphinx's search index the same whether all pages are written or only some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.index_entries import split_index_msg

from sphinx_essays.compat import search
from sphinx_essays.outputs.html.active_theme import uses_essays_theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    Entries = list[tuple[str, str, str]]


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", forget_words)
    app.connect("html-collect-pages", restore_entries)


def forget_words(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Delete words that are on no page: Sphinx keeps them with an empty list.

    Otherwise the index would reveal the words of an essay that is now a draft.
    """
    indexer = None if uses_essays_theme(app) else getattr(app.builder, "indexer", None)
    shown = app.env.all_docs.keys()
    for mapping in search.word_maps(indexer) if indexer else ():
        for word in [word for word, names in mapping.items() if shown.isdisjoint(names)]:
            del mapping[word]
    return []


def restore_entries(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Restore the index entries of pages that are not written again: Sphinx drops them."""
    indexer: Any = None if uses_essays_theme(app) else getattr(app.builder, "indexer", None)
    if indexer is None:
        return []
    written = search.index_entries(indexer)
    gathered = app.env.domains.index_domain.entries
    entries = {
        name: written[name] if name in written else _entries(gathered.get(name, ()))
        for name, title in sorted(search.titles(indexer).items())
        if title
    }
    written.clear()
    written.update(entries)
    return []


def _entries(gathered: Iterable[tuple[str, str, str, str, str | None]]) -> Entries:
    """Return the entries of a page as :meth:`sphinx.search.IndexBuilder.feed` has them."""
    return sorted(set(_split(gathered)))


def _split(
    gathered: Iterable[tuple[str, str, str, str, str | None]],
) -> Iterator[tuple[str, str, str]]:
    for kind, value, target, main, _key in gathered:
        try:
            words = split_index_msg(kind, value)
        except ValueError:
            continue
        yield from ((word, target or "", main) for word in words)
