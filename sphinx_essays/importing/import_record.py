"""What was imported before, so that a second import adds and never overwrites.

It is a file beside the essays, :data:`NAME`. An essay that it knows is not written
again, whether the author has changed it, moved it or thrown it away.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sphinx_essays.importing.sources import SourceError

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".imported.json"
VERSION = 1


def digest(data: bytes) -> str:
    """SHA-256, of a file or of what a source says."""
    return hashlib.sha256(data).hexdigest()


@dataclass
class Entry:
    """An essay: its file, what its source said then, and its old addresses."""

    file: str
    digest: str
    addresses: list[str] = field(default_factory=list)
    is_listed: bool = False


@dataclass
class ImportRecord:
    """The essays by key; the digest of each file as written; pictures by their source.

    Each in the order in which they came, which the cover keeps.
    """

    essays: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def dumps(self) -> str:
        """The same for the same."""
        data: dict[str, Any] = {"version": VERSION, "files": self.files}
        data["essays"] = {key: vars(entry) for key, entry in self.essays.items()}
        data["pictures"] = self.pictures
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def is_untouched(self, directory: Path, name: str) -> bool:
        """Whether a file is as it was written."""
        try:
            data = (directory / name).read_bytes()
        except OSError:
            return False
        return self.files.get(name) == digest(data)


def load(directory: Path) -> ImportRecord | None:
    """Read it; nothing where there is none.

    :raises SourceError: where it cannot be read, for then nobody knows what is whose.
    """
    path = directory / NAME
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise SourceError(f"{path} was written by another version. Nothing was written.")
        essays = {key: Entry(**entry) for key, entry in data["essays"].items()}
        return ImportRecord(essays, dict(data["files"]), dict(data["pictures"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SourceError(f"{path} cannot be read ({error}). Nothing was written.") from error
