"""Count the words of each essay, and the words written today."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class WordCount:
    """The word counts of the essays, and the book's count at the start of the day.

    :param path: a JSON file that keeps the count at the start of the day between sessions.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: dict[str, int] = {}
        self._day = ""
        self._then = 0
        """The words of the book when they were first counted on that day."""

    def count_book(self, words: dict[str, int]) -> None:
        """Replace the counts of all essays."""
        before = sum(self._of.values())
        self._of = dict(words)
        self._turn_page(before)

    def preview(self, words: dict[str, int]) -> None:
        """Update the counts of some essays."""
        before = sum(self._of.values())
        self._of |= words
        self._turn_page(before)

    def of(self, documents: Iterable[str]) -> int | None:
        """Return the count of the first of these documents that has a count."""
        return next((self._of[name] for name in documents if name in self._of), None)

    def today(self) -> int | None:
        """Return the words added minus the words deleted today; None before any count."""
        return sum(self._of.values()) - self._then if self._day else None

    def _turn_page(self, before: int) -> None:
        today = dt.datetime.now().astimezone().date().isoformat()
        if self._day == today or not self._of:
            return
        kept = {} if self._day else self._load()
        self._then = before if self._day else sum(self._of.values())
        self._day = today
        if kept.get("day") == today:
            self._then = int(kept["words"])
        else:
            text = json.dumps({"day": today, "words": self._then})
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(text, encoding="utf-8")

    def _load(self) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
