"""The served folder: a copy of the build folder without half-written files.

Sphinx writes its pages in place, over some seconds. It therefore builds in a separate folder,
and each changed file is moved into the served folder as a whole. A previewed page exists only
in the served folder, until the page of a full build replaces it.
"""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = frozenset({".buildinfo", ".buildinfo.bak", ".doctrees"})


class PublishedDir:
    """The served folder `shown` and the build folder `built` that it is copied from."""

    def __init__(self, built: Path, shown: Path) -> None:
        self.built = built
        self.shown = shown
        self._stamps: dict[str, tuple[int, int]] = {}
        self._ahead: set[str] = set()
        """The files shown by a preview."""
        self._later: set[str] = set()
        """Those of them that may be newer than the current build."""
        self._lock = threading.Lock()

    def begin_build(self) -> None:
        """Note that a build begins: later previews may be newer than its pages."""
        with self._lock:
            self._later.clear()

    def put(self, name: str, path: Path) -> bool:
        """Move a previewed file into the folder; return whether its contents changed."""
        target = self.shown / name
        with self._lock:
            self._ahead.add(name)
            self._later.add(name)
            if _is_same(path, target):
                path.unlink()
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        return True

    def publish(self) -> tuple[list[str], list[str]]:
        """Copy the finished build; return the changed files and the removed files."""
        now = dict(_stamps(self.built))
        changed = [name for name in now if self._is_stale(name, now[name]) and self._copy(name)]
        gone = [name for name, _stamp in _stamps(self.shown) if name not in now]
        for name in gone:
            self._remove(name)
        with self._lock:
            self._ahead &= self._later
        self._stamps = now
        return changed, gone

    def _is_stale(self, name: str, stamp: tuple[int, int]) -> bool:
        return self._stamps.get(name) != stamp or name in self._ahead

    def _copy(self, name: str) -> bool:
        source, target = self.built / name, self.shown / name
        if _is_same(source, target):
            return False
        beside = self.shown / f"{name}.new"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, beside)
        with self._lock:
            if name in self._later:
                beside.unlink()
                return False
            beside.replace(target)
        return True

    def _remove(self, name: str) -> None:
        path = self.shown / name
        with self._lock:
            if name not in self._later:
                path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.shown or any(folder.iterdir()):
                break
            folder.rmdir()


def _stamps(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Iterate over the files to publish, with their modification time (ns) and size."""
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in files:
            if name not in LEFT_OUT:
                whole = Path(path, name)
                about = whole.stat()
                stamp = (about.st_mtime_ns, about.st_size)
                yield whole.relative_to(folder).as_posix(), stamp


def _is_same(path: Path, other: Path) -> bool:
    try:
        if path.stat().st_size != other.stat().st_size:
            return False
        return path.read_bytes() == other.read_bytes()
    except OSError:
        return False
