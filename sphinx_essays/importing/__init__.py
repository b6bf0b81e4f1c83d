"""Blogs become books: one module a kind of source, and one that writes the folder.

A reader gives a :class:`~sphinx_essays.importing.essay.Blog`, and
:mod:`~sphinx_essays.importing.collection` writes it. Nothing is ever asked of a network.
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
    """Import a source into a new folder, or what is new into an earlier import's.

    :raises SourceError: where the source or the folder is not what it must be.
    """
    open_folder(directory)
    kind = kind or detection.detect_reader(source)
    try:
        reader = importlib.import_module(f"sphinx_essays.importing.{detection.READERS[kind]}")
        blog = reader.read(source, directory)
        if not blog.essays and not blog.copies:
            raise SourceError(f"{source} has no essay in it. Nothing was written.")
        return Collection(blog, directory).fill()
    except ModuleNotFoundError as error:
        raise SourceError(
            f"{error.name} is missing: pip install 'sphinx-essays[import]'"
        ) from error
