"""Escape text for Typst.

Pure: does not import docutils or Sphinx. Source: the Typst reference, "Syntax".
"""

from __future__ import annotations

import re

# Characters that need a backslash.
SPECIAL = re.compile(r"""[\\#$*_`<>@~=\-+/\[\]"'.]""")
# Everything that Typst treats as a line break (two are a new paragraph), and characters that a
# text must not contain.
BREAKS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
# A soft hyphen that is not inside a word breaks nothing except Typst's tagging of links.
LOOSE = re.compile(r"\u00ad+(?!\w)")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def escape(text: str) -> str:
    r"""Return text as markup.

    >>> escape("1. a_b #c")
    '1\\. a\\_b \\#c'
    """
    kept = CONTROLS.sub("", LOOSE.sub("", text))
    return SPECIAL.sub(r"\\\g<0>", BREAKS.sub(" ", kept))


def string(text: str) -> str:
    r"""Return text as a string of Typst code.

    >>> string('say "no"')
    '"say \\"no\\""'
    """
    kept = CONTROLS.sub("", text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + BREAKS.sub(r"\\n", kept) + '"'


def call(name: str, *arguments: str, **named: str) -> str:
    """Begin a call whose last argument is the content in brackets that follows.

    The semicolon at its end keeps Typst from reading ``(`` or ``[`` as more arguments.
    """
    given = [*arguments, *(f"{key.replace('_', '-')}: {value}" for key, value in named.items())]
    return f"#{name}({', '.join(given)})" if given else f"#{name}"


def array(items: list[str]) -> str:
    """Return an array, which needs a comma if it has a single item."""
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def language(name: str) -> str:
    """Return a language code (ISO 639) as a Typst string.

    >>> language("pt_BR")
    '"pt"'
    """
    return string(re.split("[-_]", name)[0].lower() or "en")
