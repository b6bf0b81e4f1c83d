"""Write the page size, fonts and language of ``conf.py`` as Typst code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_essays.book import writing_systems
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.paper_sizes import inches, page_size
from sphinx_essays.outputs.typst_fonts import font_families

if TYPE_CHECKING:
    from sphinx.config import Config

WIDEST = 4.65  # inches: about 68 characters, on any page size


def margins(width: float, height: float) -> dict[str, float]:
    """Return the margins in inches; the text block is slightly high and near the binding.

    The line length is limited, for legibility, on all page sizes.
    """
    beside = width - min(width * 0.745, WIDEST)
    return {
        "inside": beside * 0.52,
        "outside": beside * 0.48,
        "top": height * 0.105,
        "bottom": height * 0.115,
    }


def _region(name: str) -> str:
    pieces = re.split("[-_]", name)
    match = next((piece for piece in pieces[1:] if re.fullmatch("[A-Za-z]{2}", piece)), "")
    return markup.string(match.upper()) if match else "none"


def write(config: Config) -> str:
    """Return the content of ``settings.typ``, which the template imports."""
    width, height = page_size(config.essays_pdf["paper"])
    sides = margins(width, height)
    sides |= {
        side: inches(essay) for side, essay in (config.essays_pdf["margins"] or {}).items()
    }
    chosen = font_families(config)
    lines = {
        "essay-language": markup.language(config.language),
        "essay-region": _region(config.language),
        "essay-rtl": str(writing_systems.is_right_to_left(config.language)).lower(),
        "essay-has-capitals": str(writing_systems.has_capitals(config.language)).lower(),
        "essay-page-size": f"(width: {width:g}in, height: {height:g}in)",
        "essay-margins": _dictionary(
            {side: f"{length:.3f}in" for side, length in sides.items()}
        ),
        "essay-fonts": _dictionary(
            {
                use: markup.array([markup.string(name) for name in names])
                for use, names in chosen.items()
            }
        ),
        "essay-opening-style": markup.string(config.essays_pdf["opening"]),
    }
    return "".join(f"#let {name} = {value}\n" for name, value in lines.items())


def _dictionary(items: dict[str, str]) -> str:
    return "(" + ", ".join(f"{key}: {value}" for key, value in items.items()) + ")"
