"""Detect the kind of a source from its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_essays.importing.sources import SourceError, walk

if TYPE_CHECKING:
    from pathlib import Path

# The kinds of source, and the module that reads each.
READERS = {
    "wordpress": "wordpress",
    "markdown": "markdown",
    "ablog": "ablog",
    "text": "plaintext",
}
MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
HEAD = 65536
XML = re.compile(rb"^\s*<(?:\?xml|!DOCTYPE|!ENTITY|rss\b)")
GHOST = re.compile(rb'^\s*\{\s*"(?:db|meta|data)"')


def detect_reader(source: Path) -> str:
    """Return the kind of a source, a key of :data:`READERS`.

    :raises SourceError: if it does not exist or its kind cannot be detected.
    """
    if not source.exists():
        raise SourceError(f"{source} does not exist.")
    kind = _of_folder(source) if source.is_dir() else _of_file(source)
    if not kind:
        raise SourceError(
            f"Cannot detect what kind of source {source} is. "
            f"Name it: --from {'|'.join(READERS)}."
        )
    return kind


def _of_folder(folder: Path) -> str:
    for conf in (
        folder / "conf.py",
        folder / "source" / "conf.py",
        folder / "docs" / "conf.py",
    ):
        if conf.is_file() and b"ablog" in _head(conf):
            return "ablog"
    return "markdown" if any(path.suffix.lower() in MARKDOWN for path in walk(folder)) else ""


def _of_file(path: Path) -> str:
    if not path.is_file():
        raise SourceError(f"{path} is not a regular file.")
    head = _head(path)
    bare = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe")
    if XML.match(bare):
        return "wordpress"
    if GHOST.match(bare):
        return "markdown"
    if path.suffix.lower() in MARKDOWN:
        return "markdown"
    if path.suffix.lower() in {
        ".json",
        ".zip",
        ".docx",
        ".doc",
        ".odt",
        ".pdf",
        ".html",
        ".htm",
    }:
        return ""
    return "text"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
