"""A file of the book as the package lists it, and where it lies.

EPUB 3.3, sections 3.2 and 5.6.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder

# Beside those of Sphinx: core types of EPUB, and film, which may be of any type.
MEDIA_TYPES = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".opus": "audio/ogg; codecs=opus",
    ".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".vtt": "text/vtt",
    ".woff2": "font/woff2", ".js": "text/javascript",
}  # fmt: skip
PAGE, SHEET, DRAWING = "application/xhtml+xml", "text/css", "image/svg+xml"
NCX = "application/x-dtbncx+xml"
PLAIN = re.compile(r"[\w./-]+", re.ASCII)


@dataclass
class Item:
    """A file of the book, or outside it; `name` is its path, or its address."""

    name: str
    media_type: str
    data: bytes = b""
    properties: tuple[str, ...] = ()
    is_linear: bool = True
    is_outside: bool = False
    id: str = ""

    @property
    def href(self) -> str:
        """The name as an address."""
        return self.name if self.is_outside else quote(self.name)


def language(builder: EssaysEpubBuilder) -> str:
    """The book's language as BCP 47 has it."""
    return str(builder.config.epub_language or "en").replace("_", "-")


def plain_name(name: str) -> str:
    """A name that every e-reader can open (EPUB 3.3, section 4.2.3; PKG-012 of epubcheck).

    Letters of other alphabets, blanks and colons give way to a digest of the whole, so that
    two names stay two.

    >>> plain_name("town/möwe.png")
    'town/mowe-14fc2938.png'
    """
    if PLAIN.fullmatch(name):
        return name
    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    path, suffix = posixpath.splitext(name)
    pieces = [_latin(piece) for piece in path.split("/")]
    pieces[-1] = "-".join(piece for piece in (pieces[-1], mark) if piece)
    return "/".join(piece or "-" for piece in pieces) + _latin(suffix)


def _latin(piece: str) -> str:
    kept = unicodedata.normalize("NFKD", piece).encode("ascii", "ignore").decode()
    return re.sub(r"[^\w.-]+", "-", kept, flags=re.ASCII).strip("-")


def resolve(page: str, address: str) -> tuple[str, str]:
    """The path in the book to which an address on a page leads, and the place there.

    >>> resolve("town/clock.xhtml", "../street/lido.xhtml#cold")
    ('street/lido.xhtml', 'cold')
    """
    path, _, fragment = address.partition("#")
    path = unquote(path.partition("?")[0])
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    return joined, unquote(fragment)
