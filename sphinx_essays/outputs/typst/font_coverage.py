"""Find characters that no font of the book has: Typst prints boxes without a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.outputs.typst_fonts import GlyphProbe, font_families, seen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sphinx_essays.outputs.typst.builder import TypstBuilder
    from sphinx_essays.outputs.typst.chapter import Chapter


def check(builder: TypstBuilder, typst: ModuleType, chapters: Iterable[Chapter]) -> None:
    """Warn once about characters that are not legible in print, at the first of them.

    A symbol may come from any font, but text in a fallback font for code is not legible.
    """
    paths = [str(builder.confdir / essay) for essay in builder.config.essays_pdf["font_paths"]]
    probe = GlyphProbe(typst, font_families(builder.config)["text"], paths)
    texts = [(chapter.document, seen("".join(chapter.pieces))) for chapter in chapters]
    characters = set().union(*(shown for _one, shown in texts))
    letters = {character for character in characters if character.isalpha()}
    missing = probe.missing(characters - letters, falls_back=True)
    missing |= probe.missing(letters, falls_back=False)
    pages = [document for document, shown in texts if shown & missing]
    if pages:
        message = messages.missing_glyphs(sorted(missing), len(pages))
        messages.warn("print", message, _first(pages[0], missing))


def _first(document: nodes.document, lost: set[str]) -> nodes.Element:
    """Return the block with the first of some characters."""
    for text in document.findall(nodes.Text):
        if isinstance(text.parent, nodes.raw | nodes.Invisible):
            continue
        if lost & set(text.astext()):
            node = text.parent
            while node.line is None and node.parent is not None:
                node = node.parent
            return node
    return document
