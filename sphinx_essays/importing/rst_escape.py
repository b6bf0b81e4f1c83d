"""Escape text as reStructuredText, with no more backslashes than needed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from docutils.utils import column_width

if TYPE_CHECKING:
    from collections.abc import Sequence

INLINE = re.compile(r"[\\*`|]|_+(?=$|[^\w])|(?<![^\W_])_(?=`)")
# What begins a list, a field, a directive, an option, a table or a doctest block.
BLOCK = re.compile(
    r"[-+*•‣⁃](?:\s|$)|(?:--?|/|\+)\w|:[^:\s]|(?:>>>|\.\.|__)(?:\s|$)|=+\s+=|\+[-=]"
    r"|\(?(?:\d+|[A-Za-z]|[IVXLCDMivxlcdm]+|#)[.)](?:\s|$)"
)
RULE = re.compile(r"([^\w\s])\1*\s*")


def escape(text: str) -> str:
    r"""Escape inline markup.

    >>> escape("2 * 3, a_b and c_")
    '2 \\* 3, a_b and c\\_'
    """
    return INLINE.sub(lambda match: "".join("\\" + character for character in match[0]), text)


def paragraph(lines: Sequence[str]) -> list[str]:
    """Escape the lines of a paragraph, so that docutils reads a paragraph."""
    kept = [line.strip() for line in lines if line.strip()]
    escaped = [escape(line) for line in kept]
    if not escaped:
        return []
    if BLOCK.match(kept[0]) and not escaped[0].startswith("\\"):
        escaped[0] = "\\" + escaped[0]
    for index, line in enumerate(kept):
        if RULE.fullmatch(line) and not escaped[index].startswith("\\"):
            escaped[index] = "\\" + escaped[index]
    if escaped[-1].endswith("::"):
        escaped[-1] = escaped[-1][:-1] + "\\:"
    return escaped


def title(text: str) -> str:
    """Return a title and its underline."""
    (line,) = paragraph([" ".join(text.split())])
    return f"{line}\n{'=' * max(4, column_width(line))}\n"


def listed(items: Sequence[str]) -> str:
    """Return a list for a field: with commas, or as JSON if an item contains a comma."""
    if any(re.search(r"[,;]", item) for item in items):
        return json.dumps(list(items), ensure_ascii=False)
    return escape(", ".join(items))
