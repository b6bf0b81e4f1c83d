"""Make the cover: the author's image, or a label with title, author and standfirst.

The label is on patterned paper, whose colour and pattern are derived from the title. Typst
draws the cover if the book's fonts have all characters; otherwise it is an SVG image with the
e-reader's font.
"""

from __future__ import annotations

from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays import messages
from sphinx_essays.book import writing_systems
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.elements.locales import find_locale
from sphinx_essays.outputs import typst_fonts
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.epub.manifest import DRAWING, Item, language
from sphinx_essays.outputs.typst_compiler import find_typst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder

TEMPLATE = Path(__file__).with_suffix(".typ")
PIXELS = 288.0  # per inch: 1600 by 2400 pixels, the size that shops ask for
COVER_NAME = "cover"
# Colours of the background and of the pattern, dark enough for the label to be visible.
COLOURS = (
    ("#1f3b4d", "#48708a"), ("#5a2230", "#93505c"), ("#2d4a3b", "#5f826d"),
    ("#7b4a1f", "#b07d45"), ("#3a3560", "#6b659b"), ("#425150", "#76868a"),
    ("#84372a", "#b76c57"), ("#1d4549", "#4c8084"),
)  # fmt: skip
# Pattern tiles of 40 by 40 units (SVG 2, section 13.3), each a single path.
SCALES = (
    "M0 20a20 20 0 0 0 40 0M-20 40a20 20 0 0 0 40 0M20 40a20 20 0 0 0 40 0M-20 0a20 20 0 0 0 "
    "40 0M20 0a20 20 0 0 0 40 0M8 20a12 12 0 0 0 24 0M-12 40a12 12 0 0 0 24 0M28 40a12 12 0 0 "
    "0 24 0M-12 0a12 12 0 0 0 24 0M28 0a12 12 0 0 0 24 0"
)
LEAVES = (
    "M20 2C28 8 28 14 20 20C12 14 12 8 20 2ZM20 20V38M0 22C8 28 8 34 0 40C-8 34 -8 28 0 22ZM40 "
    "22C48 28 48 34 40 40C32 34 32 28 40 22ZM0 0V18M40 0V18"
)
STARS = "M10 2V18M3 6L17 14M3 14L17 6M30 22V38M23 26L37 34M23 34L37 26"
LOZENGES = (
    "M20 2L38 20L20 38L2 20ZM20 11L29 20L20 29L11 20ZM0 -7L7 0L0 7L-7 0ZM40 -7L47 0L40 7L33 "
    "0ZM0 33L7 40L0 47L-7 40ZM40 33L47 40L40 47L33 40Z"
)
WAVES = (
    "M0 10Q10 0 20 10T40 10M0 20Q10 10 20 20T40 20M0 30Q10 20 20 30T40 30M0 40Q10 30 20 40T40 "
    "40M0 0Q10 -10 20 0T40 0"
)
TILES = (SCALES, LEAVES, STARS, LOZENGES, WAVES)
PAPER, INK = "#f7f2e6", "#26221c"


class CoverText(NamedTuple):
    title: str
    author: str
    standfirst: str


def cover_text(builder: EssaysEpubBuilder) -> str:
    """Return the alternative text of the cover."""
    label = read(builder)
    return messages.cover_of(label.title, label.author)


def read(builder: EssaysEpubBuilder) -> CoverText:
    """Return the text of the label."""
    page = essay_domain(builder.env).pages.get(builder.config.root_doc)
    standfirst = page.metadata.standfirst if page else ""
    return CoverText(
        str(builder.config.epub_title), str(builder.config.epub_author), standfirst
    )


def make(builder: EssaysEpubBuilder, find: Callable[[str], Item | None]) -> Item:
    """Return the image that ``epub_cover`` names, if it exists, or a generated cover."""
    if builder.config.epub_cover:
        name = str(builder.config.epub_cover[0]).replace("\\", "/")
        if picture := find(name):
            return picture
        messages.warn("epub", messages.missing_file(name), str(builder.confdir / "conf.py"))
    label = read(builder)
    typst = find_typst()
    if typst and _is_covered(builder, typst, "".join(label)):
        return Item(f"{COVER_NAME}.png", "image/png", _draw(builder, typst, label))
    return Item(f"{COVER_NAME}.svg", DRAWING, _write(builder, label).encode())


def _colours(label: CoverText) -> tuple[str, str, str]:
    """Return background, stroke and tile; the same title always has the same."""
    number = int.from_bytes(blake2b(label.title.encode(), digest_size=4).digest())
    return (*COLOURS[number % len(COLOURS)], TILES[number // len(COLOURS) % len(TILES)])


def _ground(label: CoverText, inside: str = "") -> str:
    """Return the patterned background as an SVG image of 400 by 600 units."""
    cloth, print_, tile = _colours(label)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 600" width="1600" '
        'height="2400"><defs><pattern id="paper" width="40" height="40" '
        f'patternUnits="userSpaceOnUse" patternTransform="scale(0.8)"><path d="{tile}" '
        f'fill="none" stroke="{print_}" stroke-width="1.6"/></pattern></defs>'
        f'<rect width="400" height="600" fill="{cloth}"/>'
        f'<rect width="400" height="600" fill="url(#paper)"/>{inside}</svg>'
    )


# -- with Typst -------------------------------------------------------------------------


def _faces(builder: EssaysEpubBuilder) -> list[str]:
    return typst_fonts.font_families(builder.config)["display"]


def _font_paths(builder: EssaysEpubBuilder) -> list[str]:
    return [str(builder.confdir / essay) for essay in builder.config.essays_pdf["font_paths"]]


def _is_covered(builder: EssaysEpubBuilder, typst: ModuleType, text: str) -> bool:
    """Return whether the book's fonts have every character of the text."""
    probe = typst_fonts.GlyphProbe(typst, _faces(builder), _font_paths(builder))
    return not probe.missing(typst_fonts.seen(text), falls_back=False)


def _draw(builder: EssaysEpubBuilder, typst: ModuleType, label: CoverText) -> bytes:
    config = builder.config
    arguments = "".join(
        f"{name}: {markup.string(value)}, " for name, value in label._asdict().items()
    )
    faces = markup.array([markup.string(face) for face in _faces(builder)])
    is_rtl = writing_systems.is_right_to_left(config.language)
    source = (
        f"{TEMPLATE.read_text(encoding='utf-8')}\n#cover({arguments}"
        f"ground: bytes({markup.string(_ground(label))}), faces: {faces}, "
        f"lang: {markup.language(config.language)}, direction: {'rtl' if is_rtl else 'ltr'}, "
        f"accent: rgb({markup.string(_colours(label)[0])}))"
    )
    picture = typst.compile(
        source.encode(),
        font_paths=_font_paths(builder),
        ignore_system_fonts=True,
        format="png",
        ppi=PIXELS,
    )
    return bytes(picture)


# -- as SVG -----------------------------------------------------------------------------


def _write(builder: EssaysEpubBuilder, label: CoverText) -> str:
    """Return the cover as SVG, in the font of the e-reader, whose widths are not known."""
    direction = find_locale(builder.config.language).text_direction
    tongue = language(builder)
    lines = list(_lines(label))
    height = sum(size * 1.5 for _words, size in lines) + 60
    inside = (
        f'<rect x="56" y="90" width="288" height="{height:.0f}" fill="{PAPER}"/>'
        f'<rect x="63" y="97" width="274" height="{height - 14:.0f}" fill="none" '
        f'stroke="{_colours(label)[0]}"/><g font-family="serif" fill="{INK}" '
        f'text-anchor="middle" direction="{direction}" xml:lang="{tongue}">'
    )
    at = 120.0
    for words_, size in lines:
        at += size * 1.5
        inside += f'<text x="200" y="{at - size * 0.4:.0f}" font-size="{size}">{words_}</text>'
    return _ground(label, f"{inside}</g>")


def _lines(label: CoverText) -> Iterator[tuple[str, int]]:
    """Yield the lines of the label with their sizes. Widths are estimates: see `_width`."""
    for text, sizes in (
        (label.author, (16,)),
        (label.title, (40, 32, 26)),
        (label.standfirst, (14,)),
    ):
        layouts = [(size, _break(text, 232 / size)) for size in sizes]
        size, broken = next((layout for layout in layouts if len(layout[1]) <= 3), layouts[-1])  # noqa: PLR2004
        yield from ((escape(line), size) for line in broken)


def _break(text: str, ems: float) -> list[str]:
    """Break text into lines of at most `ems`; Chinese and Japanese break at any character."""
    pieces = (
        [*text]
        if any("\u3040" <= character <= "\u9fff" for character in text)
        else text.split()
    )
    joint = "" if len(pieces) == len(text) else " "
    lines: list[str] = []
    for piece in pieces:
        joined = f"{lines[-1]}{joint}{piece}" if lines else piece
        if lines and _width(joined) <= ems:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def _width(text: str) -> float:
    return sum(1.0 if character >= "\u2e80" else 0.55 for character in text)
