"""Import a blog into a book.

Each kind of source has a reader module, which returns a
:class:`~sphinx_essays.importing.essay.Blog`;
:mod:`~sphinx_essays.importing.collection` writes it into a folder. Nothing is fetched
from the network.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from sphinx_essays.importing import detection
from sphinx_essays.importing.collection import Collection, ImportResult, open_folder
from sphinx_essays.importing.sources import SourceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ImportResult", "SourceError", "run"]


def run(source: Path, directory: Path, kind: str = "") -> ImportResult:
    """Import `source` into `directory`: everything into a new folder, else what is new.

    An empty `kind` means that the kind of source is detected.

    :raises SourceError: if the source cannot be read or the folder cannot be used.
    """
    open_folder(directory)
    kind = kind or detection.detect_reader(source)
    try:
        reader = importlib.import_module(f"sphinx_essays.importing.{detection.READERS[kind]}")
        blog = reader.read(source, directory)
        if not blog.essays and not blog.copies:
            raise SourceError(f"No essays found in {source}. Nothing was written.")
        return Collection(blog, directory).fill()
    except ModuleNotFoundError as error:
        raise SourceError(
            f"{error.name} is not installed. Run: pip install 'sphinx-essays[import]'"
        ) from error
