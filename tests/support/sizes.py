"""How long the tests with random input run: small numbers here, large ones by environment.

``ESSAYS_FUZZ=10000 pytest tests/elements/test_fuzz.py`` tries 10,000 examples an element.
"""

from __future__ import annotations

import os
from types import MappingProxyType

DEFAULTS = MappingProxyType({
    "FUZZ": 25,  # examples of each element
    "PAPER": 40,  # documents that are printed
    "POSTS": 40,  # posts of a blog that is imported
    "TEXTS": 12,  # posts that are pasted into a text file
    "SEQUENCES": 4,  # sequences of edits, each followed by a clean build
    "KILLS": 1,  # builds that are killed
    "QUERIES": 60,  # queries to the search of each book
    "SAVES": 6,  # saves while the live server runs
})  # fmt: skip


def size_of(name: str) -> int:
    """The number that ``ESSAYS_<name>`` gives, or the default."""
    return int(os.environ.get(f"ESSAYS_{name}", DEFAULTS[name]))
