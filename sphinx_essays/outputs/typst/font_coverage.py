"""Characters that no face of the book has: Typst would print boxes and say nothing."""

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
LAST_OF_ALL = 126  # of ASCII, which every face of a book has
MISSING = "\U0010fffd"  # private use, the last plane: in no face
# The letters of a formula are drawn from the face for formulas.
FORMULA = re.compile(r"\$ [^$]* \$\.body")
# Control, format and private characters, spaces and marks that no face draws alone.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"})
PAGE = (
    "#set page(width: 20cm, height: auto)\n"
    "#set text(font: {faces}, hyphenate: false, fallback: {fallback})\n"
)


def seen(text: str) -> set[str]:
    """The characters of markup that a face must draw; those every face has are left out."""
    return {
        character
        for character in set(FORMULA.sub("", text))
        if ord(character) > LAST_OF_ALL and unicodedata.category(character) not in UNSEEN
    }


class GlyphProbe:
    """Asks Typst which characters it can draw with the faces of a book."""

    def __init__(self, typst: ModuleType, faces: list[str], font_paths: list[str]) -> None:
        self.typst = typst
        self.faces = markup.array([markup.string(face) for face in faces])
        self.font_paths = font_paths

    def missing(self, characters: Iterable[str], *, falls_back: bool) -> set[str]:
        """Those that come out as the sign for what is missing.

        Each is drawn by itself and the drawings are compared; where Typst `falls_back`,
        any face it has may draw them.
        """
        asked = sorted(characters)
        if not asked:
            return set()
        drawn = self._draw([MISSING, *asked], falls_back=falls_back)
        if len(drawn) == len(asked) + 1:
            pairs = zip(asked, drawn[1:], strict=True)
            return {character for character, glyph in pairs if glyph == drawn[0]}
        if len(asked) == 1:  # drawn of several pieces, or as a picture
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
    """Warn once of the characters that cannot be read on paper, where the first stands.

    A sign may come from whatever face has it; letters of text that only a face for code
    has are no more to be read than boxes.
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
    """The block in which the first of some characters stands."""
    for text in document.findall(nodes.Text):
        if isinstance(text.parent, nodes.raw | nodes.Invisible):
            continue
        if lost & set(text.astext()):
            node = text.parent
            while node.line is None and node.parent is not None:
                node = node.parent
            return node
    return document
