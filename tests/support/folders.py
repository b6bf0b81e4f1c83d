"""What two outputs differ in, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What no reader is shown: Sphinx's own notes of what it has built.
UNPUBLISHED = {".buildinfo", ".buildinfo.bak", ".doctrees"}


def published(folder: Path) -> dict[str, bytes]:
    """Every file that is published from a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not UNPUBLISHED & set(path.relative_to(folder).parts)
    }


@pytest.fixture(scope="session")
def differing() -> Callable[[Path, Path], list[str]]:
    """The names of the published files in which two folders differ."""

    def compare(one: Path, other: Path) -> list[str]:
        mine, theirs = published(one), published(other)
        names = mine.keys() | theirs.keys()
        return sorted(name for name in names if mine.get(name) != theirs.get(name))

    return compare
