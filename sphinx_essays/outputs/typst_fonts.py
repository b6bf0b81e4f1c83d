"""The fonts that Typst uses, and the characters that they have."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sphinx_essays.outputs import typst_markup as markup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sphinx.config import Config

FONT_FAMILIES = {
    "text": ["Libertinus Serif"],
    "display": ["Libertinus Serif"],
    "mono": ["DejaVu Sans Mono"],
    "maths": ["New Computer Modern Math"],
}
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


def font_families(config: Config) -> dict[str, list[str]]:
    """Return the fonts for each use: the author's, followed by the built-in fonts."""
    given: dict[str, Any] = config.essays_pdf["fonts"]
    chosen = {}
    for use, defaults in FONT_FAMILIES.items():
        wanted = given.get(use) or (given.get("text") if use == "display" else None) or []
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        chosen[use] = [*names, *(name for name in defaults if name not in names)]
    return chosen


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
