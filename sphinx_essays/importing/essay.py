"""The data that every reader returns: a blog and its essays.

This module depends neither on the sources nor on the files that are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx_essays.importing.links import LinkRewriter

MARKDOWN = ".md"
RST = ".rst"
# Characters that only docutils or browsers treat as line breaks.
BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"))
# Control characters that do not belong in a text file; tabs do.
CONTROLS = str.maketrans(
    {
        **dict.fromkeys([*range(9), *range(14, 28), 0x7F, 0xFEFF]),
        **dict.fromkeys(range(28, 32), " "),
    }
)


class Remark(NamedTuple):
    """A line of the import report: a place, and what the author should check there."""

    place: str
    text: str


@dataclass
class Essay:
    """An essay as read from its source.

    `key` identifies it in the source, also in later imports. `body` is Markdown or
    reStructuredText, depending on `suffix`, without the title; its links still lead to
    the old site. `base` is the old URL, or the file, that relative links start from.
    `place` is its location in the source, for the report. `heading` is the title as
    Markdown. `plain` is the text of a body that was HTML: conversion is checked against
    it, and it is written instead if words would be lost.
    """

    key: str
    title: str
    body: str
    place: str
    suffix: str = MARKDOWN
    heading: str = ""
    date: str = ""
    slug: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    standfirst: str = ""
    image: str = ""
    language: str = ""
    page_type: str = ""
    is_draft: bool = False
    addresses: tuple[str, ...] = ()
    base: str = ""
    remarks: list[str] = field(default_factory=list)
    plain: str = ""


@dataclass
class Copy:
    """A file to copy from `source` to `target`; `data` replaces its content if given."""

    key: str
    source: Path
    target: str
    data: bytes | None = None
    is_essay: bool = False


@dataclass
class Blog:
    """Everything read from a source.

    `asset_dirs` are folders that may contain images, each with its path on the old site.
    `settings` are written to ``conf.py`` as they are. `has_cover` says that the source has
    an ``index`` document of its own. `normalize` turns a body into the text to write.
    """

    essays: list[Essay] = field(default_factory=list)
    title: str = ""
    author: str = ""
    language: str = "en"
    address: str = ""
    asset_dirs: list[tuple[str, Path]] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    has_cover: bool = False
    normalize: Callable[[Essay, str, LinkRewriter], str] | None = None
    remarks: list[Remark] = field(default_factory=list)

    def note(self, place: str, text: str) -> None:
        """Add a remark to the report."""
        self.remarks.append(Remark(place, text))


def clean(text: str) -> str:
    """Return text with line feeds as its only line ends and without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(BREAKS).translate(CONTROLS)
