"""What a save means: which pages to look at ahead, and how much to build. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# More documents than these show an included file; they wait for the settled build.
MOST = 8
CODE = (".py", ".pyc")
STYLE_SHEETS = (".css",)


@dataclass
class Change:
    """What some saved files ask for."""

    documents: list[str] = field(default_factory=list)
    """To be looked at ahead."""
    sheets: list[tuple[Path, str]] = field(default_factory=list)
    """Style sheets, with the place where pages look for them."""
    matters: bool = False
    """Whether anything is to be built."""
    everything: bool = False
    """Whether every page is to be written."""
    afresh: bool = False
    """Whether every page is to be read."""


@dataclass(frozen=True)
class BookState:
    """What the last settled build has told of the book."""

    documents: dict[str, str] = field(default_factory=dict)
    """The source of each document, by its name."""
    files: dict[str, str] = field(default_factory=dict)
    """The page of each document."""
    dependencies: dict[str, list[str]] = field(default_factory=dict)
    """The documents that show a file."""
    static: list[str] = field(default_factory=list)
    """Folders with what is copied for every page, sheets among it."""
    whole: list[str] = field(default_factory=list)
    """Folders with what shows on every page."""
    root: str = ""

    @classmethod
    def of(cls, report: dict[str, Any]) -> BookState:
        """From the report of a build."""
        return cls(**{name: report[name] for name in cls.__dataclass_fields__})

    @property
    def owners(self) -> dict[str, str]:
        """The document to which each file belongs, or the first of several."""
        owners = {path: names[0] for path, names in self.dependencies.items()}
        return owners | {path: name for name, path in self.documents.items()}

    def is_of_every_page(self, path: Path) -> bool:
        """Whether a file shows on every page."""
        return any(path.is_relative_to(folder) for folder in self.whole)

    def sheet(self, path: Path) -> tuple[Path, str] | None:
        """A style sheet that is copied as it is, and where to."""
        for folder in self.static:
            if path.suffix in STYLE_SHEETS and path.is_relative_to(folder):
                return path, f"_static/{path.relative_to(folder).as_posix()}"
        return None


def classify_changes(paths: Iterable[Path], known: BookState) -> Change:
    """What these saves ask for.

    An editor may save by way of other files: what is not known, and no longer there, is
    one of them. Conversely, what is new may be a document, or what a page asks for.
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
