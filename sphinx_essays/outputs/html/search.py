"""The search index, kept free of what is no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Clean the index just before Sphinx writes it."""
    app.connect("html-collect-pages", forget_words)


def forget_words(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Drop words that stand on no page: Sphinx keeps them with an empty list.

    A word that stood only in an essay which is now a draft would give it away.
    """
    indexer = getattr(app.builder, "indexer", None)
    shown = app.env.all_docs.keys()
    for mapping in (indexer._mapping, indexer._title_mapping) if indexer else ():  # noqa: SLF001
        for word in [word for word, names in mapping.items() if shown.isdisjoint(names)]:
            del mapping[word]
    return []
