"""File names made from a title or an old URL, which are valid on every system."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 80
LONGEST_IN_BYTES = 200
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
NAMELESS = "essay"


def slug(text: str) -> str:
    """Return a file name of letters, digits and hyphens, in any script.

    >>> slug("Big Society – what next?"), slug("../../etc/passwd"), slug("CON")
    ('big-society-what-next', 'etc-passwd', 'essay-con')
    """
    text = unicodedata.normalize("NFC", unquote(text)).lower()
    text = re.sub(r"(?<=\w)['’](?=\w)", "", text)
    kept = "".join(character if _is_kept(character) else "-" for character in text)
    name = shorten(re.sub(r"-{2,}", "-", kept).strip("-_"))
    if not name:
        return NAMELESS
    return f"{NAMELESS}-{name}" if DEVICES.fullmatch(name) else name


def _is_kept(character: str) -> bool:
    return character in "-_" or unicodedata.category(character)[0] in "LMN"


def shorten(name: str) -> str:
    """Return a name cut to the allowed length, after a whole word if possible."""
    cut = name[:LONGEST]
    while len(cut.encode()) > LONGEST_IN_BYTES:
        cut = cut[:-1]
    if cut != name and "-" in cut[LONGEST // 2 :]:
        cut = cut.rpartition("-")[0]
    return cut.strip("-_")


def file_name(text: str) -> str:
    """Return a file name in ASCII with its suffix: ``Zürich.JPG`` is ``zurich.jpg``.

    MyST encodes other letters in the address of an image, and Sphinx does not decode them.
    """
    ascii_text = unicodedata.normalize("NFKD", unquote(text)).encode("ascii", "ignore").decode()
    stem, dot, suffix = ascii_text.rpartition(".")
    if not dot or (not stem and text.startswith(".")):
        return slug(ascii_text)
    return f"{slug(stem)}.{slug(suffix)}"


class UniqueNames:
    """The names used so far; names that differ only in case count as equal."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def add(self, name: str) -> None:
        """Reserve a name."""
        self._names.add(_key(name))

    def free(self, name: str) -> str:
        """Reserve and return `name`, or ``name-2`` if it is taken; the suffix is kept."""
        head, slash, last = name.rpartition("/")
        stem, dot, suffix = last.rpartition(".")
        stem, suffix = (stem, dot + suffix) if dot else (last, "")
        count, candidate = 1, name
        while _key(candidate) in self._names:
            count += 1
            candidate = f"{head}{slash}{stem}-{count}{suffix}"
        self.add(candidate)
        return candidate


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
