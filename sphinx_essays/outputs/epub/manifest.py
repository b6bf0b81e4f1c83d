"""Files of the EPUB as its manifest lists them, and their names.

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

# In addition to Sphinx's: core media types, and video, which may have any type.
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
    """A file in the EPUB, or outside it; `name` is its path or its URL."""

    name: str
    media_type: str
    data: bytes = b""
    properties: tuple[str, ...] = ()
    is_linear: bool = True
    is_outside: bool = False
    id: str = ""

    @property
    def href(self) -> str:
        """The name as a URL."""
        return self.name if self.is_outside else quote(self.name)


def language(builder: EssaysEpubBuilder) -> str:
    """Return the language of the book as a BCP 47 tag."""
    return str(builder.config.epub_language or "en").replace("_", "-")


def plain_name(name: str) -> str:
    """Return a file name that every e-reader can open: EPUB 3.3, section 4.2.3.

    Other characters than ASCII letters, digits and ``._-`` are removed, and a digest of the
    whole name is added, so that different names remain different. epubcheck reports such names
    as PKG-012.

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
    """Return the path in the EPUB and the fragment to which a URL on a page refers.

    >>> resolve("town/clock.xhtml", "../street/lido.xhtml#cold")
    ('street/lido.xhtml', 'cold')
    """
    path, _, fragment = address.partition("#")
    path = unquote(path.partition("?")[0])
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    return joined, unquote(fragment)
