"""The plain records that every reader of a source fills: a blog, and its essays.

Pure: knows neither the sources nor the files that are written.
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
# Text that stands for a line break to docutils or to a browser, and to nobody else.
BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"))
# Signs that no file of words should hold; a tabulator is one that may.
CONTROLS = str.maketrans(
    {
        **dict.fromkeys([*range(9), *range(14, 28), 0x7F, 0xFEFF]),
        **dict.fromkeys(range(28, 32), " "),
    }
)


class Remark(NamedTuple):
    """Something that a person should look at: where, and what."""

    place: str
    text: str


@dataclass
class Essay:
    """One essay, as its source has it.

    `key` is what the source knows it by and goes on knowing it by. `body` is in our
    language, without the title; its links are still those of the old site, and `base`
    is the old address, or the file, that relative ones start from. `place` says where
    it stands in the source. `heading` is the title as Markdown, where it has markup.
    `plain` has the words of a body that was HTML, to compare them and to fall back on.
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
    """A file that is taken over as it is; `data` is there where it had to be changed."""

    key: str
    source: Path
    target: str
    data: bytes | None = None
    is_essay: bool = False


@dataclass
class Blog:
    """All that a source holds.

    `asset_dirs` are the folders in which pictures may lie, with the address each has on
    the old site. `settings` go into ``conf.py`` as they are. With a `cover` of its own
    the source brings its ``index``. `normalize` makes of a body what is written.
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
        """Keep a remark for the report."""
        self.remarks.append(Remark(place, text))


def clean(text: str) -> str:
    """Text with one kind of line end, and without signs that no file should hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(BREAKS).translate(CONTROLS)
