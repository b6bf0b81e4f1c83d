"""Record what was imported, so that a later import adds essays and overwrites none.

The record is a file in the book's folder, :data:`NAME`. An essay in it is never written
again, even if the author has edited, moved or deleted it.
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
    """Return the SHA-256 digest of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass
class Entry:
    """An imported essay: its file, the digest of its source, and its old URLs."""

    file: str
    digest: str
    addresses: list[str] = field(default_factory=list)
    is_listed: bool = False


@dataclass
class ImportRecord:
    """Essays by key, digests of the files as written, and images by their source path.

    All are in the order in which they were imported, which the cover keeps.
    """

    essays: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def dumps(self) -> str:
        """Return the record as JSON, always in the same order."""
        data: dict[str, Any] = {"version": VERSION, "files": self.files}
        data["essays"] = {key: vars(entry) for key, entry in self.essays.items()}
        data["pictures"] = self.pictures
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def is_untouched(self, directory: Path, name: str) -> bool:
        """Whether a file is unchanged since it was written."""
        try:
            data = (directory / name).read_bytes()
        except OSError:
            return False
        return self.files.get(name) == digest(data)


def load(directory: Path) -> ImportRecord | None:
    """Return the record of a folder, or ``None`` if it has none.

    :raises SourceError: if the record cannot be read.
    """
    path = directory / NAME
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise SourceError(
                f"{path} is from another version of sphinx-essays. Nothing was written."
            )
        essays = {key: Entry(**entry) for key, entry in data["essays"].items()}
        return ImportRecord(essays, dict(data["files"]), dict(data["pictures"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SourceError(f"{path} cannot be read ({error}). Nothing was written.") from error
