"""What is shown: a copy of what is built, in which a page is never half written.

Sphinx writes its pages in place, over some seconds. So it builds in a folder of its own,
and what has changed there is moved in here, a whole file at a time. A page that was looked
at ahead stands here only, until a settled one comes.
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
    """The folder that is served, beside the one that is built."""

    def __init__(self, built: Path, shown: Path) -> None:
        self.built = built
        self.shown = shown
        self._stamps: dict[str, tuple[int, int]] = {}
        self._ahead: set[str] = set()
        """Files that a look ahead has put here."""
        self._later: set[str] = set()
        """Those of them that the build under way may not know."""
        self._lock = threading.Lock()

    def begin_build(self) -> None:
        """A build begins: what is shown ahead from now on may be newer than it."""
        with self._lock:
            self._later.clear()

    def put(self, name: str, path: Path) -> bool:
        """Show a file ahead; whether it is another than before."""
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
        """Show what has been built: the files that changed, and those that are gone."""
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
    """Every file that is published, with its time and size."""
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
