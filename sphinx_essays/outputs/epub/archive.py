"""Write the EPUB file: EPUB 3.3, section 4.2.

The same book always gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_essays.outputs.epub.package import Package

MEDIA_TYPE = b"application/epub+zip"
CONTAINER = b"""\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest date that ZIP can store
UNIX = 3
MODE = 0o100644 << 16
# These formats are already compressed.
PACKED = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "font/woff")


def write(path: Path, book: Package) -> None:
    """Write the book to a temporary file and rename it, so that `path` is always complete."""
    beside = path.with_suffix(".new")
    with ZipFile(beside, "w") as archive:
        _add(archive, "mimetype", MEDIA_TYPE, "application/")
        _add(archive, "META-INF/container.xml", CONTAINER)
        _add(archive, "content.opf", book.document())
        for item in book.items:
            if not item.is_outside:
                _add(archive, item.name, item.data, item.media_type)
    beside.replace(path)


def _add(archive: ZipFile, name: str, data: bytes, media_type: str = "") -> None:
    entry = ZipInfo(name, FIRST_DAY)
    entry.create_system, entry.external_attr = UNIX, MODE
    is_packed = media_type.startswith(PACKED) or name == "mimetype"
    archive.writestr(entry, data, ZIP_STORED if is_packed else ZIP_DEFLATED, 9)
