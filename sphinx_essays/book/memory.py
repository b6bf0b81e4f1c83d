"""What a build keeps in memory, and what the collector of garbage goes through.

The collector goes through all that is alive again and again, the whole environment of a big
book with it, and finds nothing there: some quarter of the time of a small edit. And where
one process does all, Sphinx keeps every tree from reading until writing, though each stands
on disk as well: a third of the memory.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Sphinx's own shortcuts past the disk; both are there to be missed.
TREES = ("_write_doc_doctree_cache", "_pickled_doctree_cache")


def setup(app: Sphinx) -> None:
    """Set aside what is loaded before anything is read; keep one tree at a time."""
    app.connect("env-get-outdated", set_aside)
    app.connect("source-read", let_go)
    app.connect("doctree-resolved", let_go)


def set_aside(*_event: object) -> list[str]:
    """Keep the collector from all that is alive now; that outdates no document."""
    gc.freeze()
    return []


def let_go(app: Sphinx, *_event: object) -> None:
    """Let go of the trees of other pages: who needs one reads it from the disk."""
    for name in TREES:
        vars(app.env).get(name, {}).clear()
