"""Write the import report: a remark per line, in the format of compiler messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.importing.essay import Remark

NAME = "import-report.txt"


def lines(remarks: Iterable[Remark]) -> list[str]:
    """Return the remarks as ``file:line: text``, in the order of files and lines."""
    return [f"{place}: {_in_one_line(text)}" for place, text in sorted(set(remarks), key=_key)]


def _key(remark: Remark) -> tuple[str, int, str]:
    match = re.fullmatch(r"(.*):(\d+)", remark.place)
    name, line = (match[1], int(match[2])) if match else (remark.place, 0)
    return name, line, remark.text


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


class LineFinder:
    """Find the lines of a file to which remarks refer; they are usually in order."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\\", "").split("\n")
        self._last = 0

    def find(self, remark: str) -> int:
        """Return the number of the line that contains a remark's quotation or URL, or 1."""
        quoted = remark.partition("“")[2].rpartition("”")[0]
        excerpt = quoted or remark.rpartition(": ")[2]
        count = len(self._lines)
        for step in range(count if excerpt else 0):
            index = (self._last + step) % count
            if excerpt in self._lines[index]:
                self._last = index
                return index + 1
        return 1
