"""Compare the words of a text before and after its conversion."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")
SETTINGS = {
    "report_level": Reporter.SEVERE_LEVEL + 1,
    "halt_level": Reporter.SEVERE_LEVEL + 1,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "_disable_config": True,
}


def words(text: str) -> list[str]:
    """Return the words of a text, without punctuation."""
    return WORD.findall(unicodedata.normalize("NFC", text))


def words_of_rst(text: str) -> list[str] | None:
    """Return the words that docutils reads, or ``None`` if it warns."""
    document = publish_doctree(text, settings_overrides=SETTINGS)
    if any(message["level"] >= Reporter.WARNING_LEVEL for message in document.parse_messages):
        return None
    for message in list(document.findall(nodes.system_message)):
        message.parent.remove(message)  # an information, not a word of the essay
    return words(document.astext())


def lost_words(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return the words of `before` that are missing in `after`, as often as they are."""
    return sorted((Counter(before) - Counter(after)).elements())
