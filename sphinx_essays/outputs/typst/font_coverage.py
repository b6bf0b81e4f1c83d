"""Find characters that no font of the book has: Typst prints boxes without a warning."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.outputs.typst import markup, settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sphinx_essays.outputs.typst.builder import TypstBuilder
    from sphinx_essays.outputs.typst.chapter import Chapter

GLYPH = re.compile(r'<use[^>]*href="#(\w+)"')
LAST_OF_ALL = 126  # the last printable ASCII character; all fonts have these
MISSING = "\U0010fffd"  # private use, the last plane: in no font
# The letters of a formula are from the math font.
FORMULA = re.compile(r"\$ [^$]* \$\.body")
# Control, format and private characters, spaces and marks that are never printed alone.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"})
PAGE = (
    "#set page(width: 20cm, height: auto)\n"
    "#set text(font: {faces}, hyphenate: false, fallback: {fallback})\n"
)


def seen(text: str) -> set[str]:
    """Return the characters of markup that a font must have, without ASCII."""
    return {
        character
        for character in set(FORMULA.sub("", text))
        if ord(character) > LAST_OF_ALL and unicodedata.category(character) not in UNSEEN
    }


class GlyphProbe:
    """Ask Typst which characters it can print with the fonts of a book."""

    def __init__(self, typst: ModuleType, faces: list[str], font_paths: list[str]) -> None:
        self.typst = typst
        self.faces = markup.array([markup.string(face) for face in faces])
        self.font_paths = font_paths

    def missing(self, characters: Iterable[str], *, falls_back: bool) -> set[str]:
        """Return the characters that are printed as the sign for a missing glyph.

        Each character is rendered and the images are compared. If `falls_back` is true, any
        font that Typst has may provide the glyph.
        """
        asked = sorted(characters)
        if not asked:
            return set()
        drawn = self._draw([MISSING, *asked], falls_back=falls_back)
        if len(drawn) == len(asked) + 1:
            pairs = zip(asked, drawn[1:], strict=True)
            return {character for character, glyph in pairs if glyph == drawn[0]}
        if len(asked) == 1:  # a sequence of several glyphs, or an image
            return set()
        half = len(asked) // 2
        halves = (asked[:half], asked[half:])
        return set().union(*(self.missing(half, falls_back=falls_back) for half in halves))

    def _draw(self, characters: list[str], *, falls_back: bool) -> list[str]:
        source = PAGE.format(faces=self.faces, fallback=str(falls_back).lower())
        source += "\n\n".join(f'#"\\u{{{ord(character):x}}}"' for character in characters)
        picture = self.typst.compile(
            source.encode(), font_paths=self.font_paths, ignore_system_fonts=True, format="svg"
        )
        return GLYPH.findall(picture.decode())


def check(builder: TypstBuilder, typst: ModuleType, chapters: Iterable[Chapter]) -> None:
    """Warn once about characters that are not legible in print, at the first of them.

    A symbol may come from any font, but text in a fallback font for code is not legible.
    """
    paths = [str(builder.confdir / essay) for essay in builder.config.essays_pdf["font_paths"]]
    probe = GlyphProbe(typst, settings.font_families(builder.config)["text"], paths)
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
