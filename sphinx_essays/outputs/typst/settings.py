"""Write the page size, fonts and language of ``conf.py`` as Typst code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_essays.book import writing_systems
from sphinx_essays.config import LENGTH, PAGE_SIZES
from sphinx_essays.outputs.typst import markup

if TYPE_CHECKING:
    from sphinx.config import Config

INCHES = {"in": 1.0, "mm": 1 / 25.4, "cm": 1 / 2.54, "pt": 1 / 72}
FONT_FAMILIES = {
    "text": ["Libertinus Serif"],
    "display": ["Libertinus Serif"],
    "mono": ["DejaVu Sans Mono"],
    "maths": ["New Computer Modern Math"],
}
WIDEST = 4.65  # inches: about 68 characters, on any page size


def inches(length: str) -> float:
    """Return a length in inches.

    >>> inches("254mm")
    10.0

    :raises ValueError: if it is not a length.
    """
    match = re.fullmatch(LENGTH, length.strip())
    if not match:
        raise ValueError(length)
    return round(float(match[1]) * INCHES[match[2]], 4)


def page_size(name: str) -> tuple[float, float]:
    """Return width and height of a page in inches, from a name or two lengths.

    :raises ValueError: if it is neither.
    """
    width, height = PAGE_SIZES.get(name.lower(), name).split()
    return inches(width), inches(height)


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


def font_families(config: Config) -> dict[str, list[str]]:
    """Return the fonts for each use: the author's, followed by the built-in fonts."""
    given: dict[str, Any] = config.essays_pdf["fonts"]
    chosen = {}
    for use, defaults in FONT_FAMILIES.items():
        wanted = given.get(use) or (given.get("text") if use == "display" else None) or []
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        chosen[use] = [*names, *(name for name in defaults if name not in names)]
    return chosen


def language(name: str) -> str:
    """Return a language code (ISO 639) as a Typst string.

    >>> language("pt_BR")
    '"pt"'
    """
    return markup.string(re.split("[-_]", name)[0].lower() or "en")


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
        "essay-language": language(config.language),
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
