"""Typst's markup: how words are written so that they stay words.

Pure: knows neither docutils nor Sphinx. The rules are those of the Typst reference,
"Syntax".
"""

from __future__ import annotations

import re

# A backslash before each is the character itself.
SPECIAL = re.compile(r"""[\\#$*_`<>@~=\-+/\[\]"'.]""")
# Whatever Typst takes for the end of a line (two are the end of a paragraph), and
# what no text holds.
BREAKS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
# A soft hyphen where no word goes on breaks nothing, but Typst's tagging of links.
LOOSE = re.compile(r"\u00ad+(?!\w)")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def escape(text: str) -> str:
    r"""Write words as markup.

    >>> escape("1. a_b #c")
    '1\\. a\\_b \\#c'
    """
    kept = CONTROLS.sub("", LOOSE.sub("", text))
    return SPECIAL.sub(r"\\\g<0>", BREAKS.sub(" ", kept))


def string(text: str) -> str:
    r"""Write words as a string of Typst's code.

    >>> string('say "no"')
    '"say \\"no\\""'
    """
    kept = CONTROLS.sub("", text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + BREAKS.sub(r"\\n", kept) + '"'


def call(name: str, *arguments: str, **named: str) -> str:
    """Begin a call; the content that follows in brackets is its last argument.

    The semicolon that ends it keeps Typst from taking ``(`` or ``[`` behind it along.
    """
    given = [*arguments, *(f"{key.replace('_', '-')}: {value}" for key, value in named.items())]
    return f"#{name}({', '.join(given)})" if given else f"#{name}"


def array(items: list[str]) -> str:
    """Write an array, which needs its comma where it has one item."""
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
