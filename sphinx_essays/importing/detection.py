"""What kind of source a file or a folder is, found by looking at it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_essays.importing.sources import SourceError, walk

if TYPE_CHECKING:
    from pathlib import Path

# Each kind, and the module that reads it.
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
    """Look at a source.

    :raises SourceError: where it is none that can be read.
    """
    if not source.exists():
        raise SourceError(f"{source} is not there.")
    kind = _of_folder(source) if source.is_dir() else _of_file(source)
    if not kind:
        raise SourceError(
            f"{source} is no source that can be told. Say what it is: "
            f"--from {'|'.join(READERS)}."
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
        raise SourceError(f"{path} is no file.")
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
