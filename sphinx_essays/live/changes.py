"""Decide what saved files require: which pages to preview, and how much to build.

Uses neither Sphinx nor docutils.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# If more documents than this need a preview, they wait for the full build instead.
MOST = 8
CODE = (".py", ".pyc")
STYLE_SHEETS = (".css",)


@dataclass
class Change:
    """What some saved files require."""

    documents: list[str] = field(default_factory=list)
    """The documents to preview."""
    sheets: list[tuple[Path, str]] = field(default_factory=list)
    """Style sheets that can be copied without a build: source and path in the output."""
    matters: bool = False
    """Whether a build is needed."""
    everything: bool = False
    """Whether all pages must be written."""
    afresh: bool = False
    """Whether all documents must be read."""


@dataclass(frozen=True)
class BookState:
    """The book as the last full build has reported it."""

    documents: dict[str, str] = field(default_factory=dict)
    """The source file of each document, by its name."""
    files: dict[str, str] = field(default_factory=dict)
    """The page of each document, relative to the output folder."""
    dependencies: dict[str, list[str]] = field(default_factory=dict)
    """The documents that include or show a file, by its path."""
    static: list[str] = field(default_factory=list)
    """The folders of ``html_static_path``, which contain style sheets."""
    whole: list[str] = field(default_factory=list)
    """Folders with files that affect every page."""
    root: str = ""

    @classmethod
    def of(cls, report: dict[str, Any]) -> BookState:
        """Return the state that a build's report describes."""
        return cls(**{name: report[name] for name in cls.__dataclass_fields__})

    @property
    def owners(self) -> dict[str, str]:
        """The document that each file belongs to; the first if there are several."""
        owners = {path: names[0] for path, names in self.dependencies.items()}
        return owners | {path: name for name, path in self.documents.items()}

    def is_of_every_page(self, path: Path) -> bool:
        """Return whether a file affects every page."""
        return any(path.is_relative_to(folder) for folder in self.whole)

    def sheet(self, path: Path) -> tuple[Path, str] | None:
        """Return a style sheet and its path in the output, or None for other files."""
        for folder in self.static:
            if path.suffix in STYLE_SHEETS and path.is_relative_to(folder):
                return path, f"_static/{path.relative_to(folder).as_posix()}"
        return None


def classify_changes(paths: Iterable[Path], known: BookState) -> Change:
    """Return what saved files require.

    A file that is unknown and does not exist is ignored: it is a temporary file of an
    editor. A new file may be a new document, or a file that a page refers to.
    """
    change = Change()
    sources = {path: name for name, path in known.documents.items()}
    names: list[str] = []
    skip = False
    for path in sorted(paths):
        shown = known.dependencies.get(str(path), [])
        own = [sources[str(path)]] if str(path) in sources else []
        if not (own or shown or path.exists() or known.is_of_every_page(path)):
            continue
        change.matters = True
        if path.suffix in CODE:
            skip = change.everything = True
            change.afresh |= path.name != "conf.py" and not shown
        elif own or shown:
            names += [*own, *shown]
            skip |= not path.exists()
        elif known.is_of_every_page(path):
            change.everything = True
            if (sheet := known.sheet(path)) and path.exists():
                change.sheets.append(sheet)
        else:
            skip |= path.is_file() and bool(known.root) and _is_source(path, known)
    if not skip and len(set(names)) <= MOST:
        change.documents = [name for name in dict.fromkeys(names) if name in known.files]
    return change


def _is_source(path: Path, known: BookState) -> bool:
    return path.suffix in {Path(document).suffix for document in known.documents.values()}
