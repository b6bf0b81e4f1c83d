"""Write the files of the search index."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sphinx_essays.book.pages import write_atomic
from sphinx_essays.outputs.html.search import index_shards

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "_search"
DIRECTORY = "index"


class IndexDirectory:
    """The folder of the index: files named by their contents, and a list of them.

    The list, ``index.js``, is called the directory.
    """

    def __init__(self, outdir: Path) -> None:
        self.folder = outdir / FOLDER
        self._kept: set[str] = set()

    def put(self, text: str) -> str:
        """Write a text, unless a file with it exists; return its name without the suffix."""
        name = index_shards.name_of(text)
        self.keep(name)
        path = self._path(name)
        if not path.exists():
            write_atomic(path, text)
        return name

    def keep(self, name: str) -> None:
        """Do not delete this file in :meth:`close`."""
        self._kept.add(f"{name}.js")

    def close(self, directory: str) -> None:
        """Write the directory, and delete the files that are no longer needed."""
        path = self._path(DIRECTORY)
        if not path.exists() or path.read_text(encoding="utf-8") != directory:
            write_atomic(path, directory)
        self.keep(DIRECTORY)
        for path in self.folder.iterdir():
            if path.name not in self._kept:
                path.unlink()

    def is_there(self) -> bool:
        """Return whether an earlier build has written the index completely."""
        return self._path(DIRECTORY).exists()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.js"
