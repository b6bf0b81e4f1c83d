"""Load what the tests share, and the options that make a run longer."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Warnings are in the language of the terminal, and dates of builds may be set from outside:
# the tests, and the commands they start, see neither.
for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_TIME", "LANG", "SOURCE_DATE_EPOCH"):
    os.environ.pop(name, None)
os.environ["LC_ALL"] = "C.UTF-8"

# What another imports comes first, so that pytest can explain its failing assertions.
pytest_plugins = [
    "support.tools",
    "support.books",
    "support.browser",
    "support.corpus",
    "support.folders",
    "support.live",
    "support.texts",
]


def pytest_collection_finish() -> None:
    """Exclude the tests themselves from garbage collection: each build causes several."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What rewrites the golden files, and what makes a test longer or shorter."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite tests/golden")
    parser.addoption("--essays", type=int, default=2000, help="essays that are timed (2000)")
    parser.addoption("--plot", type=Path, help="draw the times as an SVG, with matplotlib")
