"""Warnings and errors, kept until the document they belong to is read or written again.

Uses neither Sphinx nor docutils.
"""

from __future__ import annotations

import logging
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")

# The phase of the build. A warning from reading a document is kept until it is read again.
WHOLE, READ, CHECKED, WRITTEN = "whole", "read", "checked", "written"
PRINTED = "printed"


@dataclass(frozen=True)
class Diagnostic:
    """A warning or an error: its level, place and text, and the phase that issued it."""

    level: str
    file: str
    line: int | None
    text: str
    phase: str

    def as_dict(self) -> dict[str, Any]:
        """Return the diagnostic as JSON data, for sending it to another process."""
        return asdict(self)


def from_record(record: logging.LogRecord, phase: str) -> Diagnostic:
    """Convert a log record that has passed the filters of Sphinx's handler of warnings.

    The filters have turned its location into a string, and have added its type to the text
    if ``show_warning_types`` is set.
    """
    level = "error" if record.levelno >= logging.ERROR else "warning"
    file, line = _place(getattr(record, "location", None) or "")
    text = logging.LogRecord.getMessage(record)  # Sphinx's method adds location and level
    if record.exc_info:
        text += "\n" + logging.Formatter().formatException(record.exc_info)
    return Diagnostic(level, file, line, ESCAPES.sub("", text).strip(), phase)


def _place(location: str) -> tuple[str, int | None]:
    """Split a location of Sphinx: "path", "path:", "path:line", "path:docstring of x:line"."""
    path, _colon, number = location.rpartition(":")
    if number and not number.isdecimal():  # "path", which may be "C:\\path"
        path, number = location, ""
    return path.partition(":docstring of ")[0], int(number) if number else None


class Diagnostics:
    """The current warnings and errors of the book."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], list[Diagnostic]] = {}
        """By document and phase; warnings of no document have the name ""."""

    def __iter__(self) -> Iterator[Diagnostic]:
        """Iterate in order of file and line, without duplicates."""
        everything = (
            diagnostic for diagnostics in self._of.values() for diagnostic in diagnostics
        )
        once = {
            (diagnostic.level, diagnostic.file, diagnostic.line, diagnostic.text): diagnostic
            for diagnostic in everything
        }
        return iter(
            sorted(
                once.values(),
                key=lambda diagnostic: (diagnostic.file, diagnostic.line or 0, diagnostic.text),
            )
        )

    def take_build(
        self,
        diagnostics: Iterable[Diagnostic],
        documents: Mapping[str, str],
        owners: Mapping[str, str],
        read: Iterable[str],
        written: Iterable[str],
    ) -> None:
        """Add the diagnostics of a full build and drop those that it has replaced.

        :param documents: the documents of the book.
        :param owners: the document that each file belongs to.
        :param read: the documents that the build has read.
        :param written: the documents that the build has written.
        """
        has_read = set(read)
        stale = {(name, READ) for name in has_read} | {(name, WRITTEN) for name in written}
        for name, phase in list(self._of):
            is_gone = name not in documents or phase == WHOLE
            is_checked_again = phase == CHECKED and bool(has_read)
            if is_gone or is_checked_again or (name, phase) in stale:
                del self._of[name, phase]
        self._take(diagnostics, owners)

    def preview(
        self, diagnostics: Iterable[Diagnostic], owners: Mapping[str, str], read: Iterable[str]
    ) -> None:
        """Replace the diagnostics of the documents that a preview has read and written."""
        for name in read:
            self._of.pop((name, READ), None)
            self._of.pop((name, WRITTEN), None)
        self._take(diagnostics, owners)

    def printed(
        self, diagnostics: Iterable[Diagnostic], owners: Mapping[str, str], page: str
    ) -> None:
        """Replace the diagnostics from printing an essay, or the whole book ("")."""
        for name, phase in list(self._of):
            if phase == PRINTED and page in {"", name}:
                del self._of[name, phase]
        self._take(diagnostics, owners)

    def _take(self, diagnostics: Iterable[Diagnostic], owners: Mapping[str, str]) -> None:
        for diagnostic in diagnostics:
            name = owners.get(diagnostic.file, "")
            phase = diagnostic.phase if name or diagnostic.phase == PRINTED else WHOLE
            self._of.setdefault((name, phase), []).append(diagnostic)
