"""Where the files of the checkout are."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
DOCS = ROOT / "docs"
ROOTS = TESTS / "roots"  # small complete books
GOLDEN = TESTS / "golden"  # outputs that people read
FONTS = TESTS / "fonts"  # subsets of fonts, with their licences
