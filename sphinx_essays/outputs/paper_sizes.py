"""Page sizes and lengths of ``essays_pdf``, in inches."""

from __future__ import annotations

import re

from sphinx_essays.config import LENGTH, PAGE_SIZES

INCHES = {"in": 1.0, "mm": 1 / 25.4, "cm": 1 / 2.54, "pt": 1 / 72}


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
