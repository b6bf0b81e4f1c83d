"""What a build keeps in memory, and what is gone through again and again for nothing.

The collector goes through all that is alive again and again, the whole environment of a big
book with it, and finds nothing there: some quarter of the time of a small edit. And where
one process does all, Sphinx keeps every tree from reading until writing, though each stands
on disk as well: a third of the memory.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# Sphinx's own shortcuts past the disk; both are there to be missed.
DOCTREE_CACHES = ("_write_doc_doctree_cache", "_pickled_doctree_cache")


def setup(app: Sphinx) -> None:
    """Set aside what is loaded before anything is read; keep one tree at a time."""
    app.connect("env-get-outdated", freeze_gc)
    app.connect("source-read", clear_doctree_caches)
    app.connect("doctree-resolved", clear_doctree_caches)
    includers = IncluderIndex()
    app.connect("env-purge-doc", includers.hide, priority=0)
    app.connect("env-purge-doc", includers.restore, priority=999)


def freeze_gc(*_event: object) -> list[str]:
    """Keep the collector from all that is alive now; that outdates no document."""
    gc.freeze()
    return []


def clear_doctree_caches(app: Sphinx, *_event: object) -> None:
    """Let go of the trees of other pages: who needs one reads it from the disk."""
    for name in DOCTREE_CACHES:
        vars(app.env).get(name, {}).clear()


class IncluderIndex:
    """The pages that name others in a toctree, out of sight while nothing is to be found.

    Before it reads a page Sphinx looks for it in the sets of all of them, which takes the
    square of the pages: a quarter of the time of ten thousand. A page that was never read
    is in none.
    """

    def __init__(self) -> None:
        self._hidden: Any = None

    def hide(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Take them away where a page is new."""
        if docname not in env.tocs:
            self._hidden, env.files_to_rebuild = env.files_to_rebuild, {}

    def restore(self, _app: Sphinx, env: BuildEnvironment, _docname: str) -> None:
        """Put them back."""
        if self._hidden is not None:
            self._hidden, env.files_to_rebuild = None, self._hidden
