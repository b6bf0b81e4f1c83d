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
TREES = ("_write_doc_doctree_cache", "_pickled_doctree_cache")


def setup(app: Sphinx) -> None:
    """Set aside what is loaded before anything is read; keep one tree at a time."""
    app.connect("env-get-outdated", set_aside)
    app.connect("source-read", let_go)
    app.connect("doctree-resolved", let_go)
    includers = Includers()
    app.connect("env-purge-doc", includers.lift, priority=0)
    app.connect("env-purge-doc", includers.put_back, priority=999)


def set_aside(*_event: object) -> list[str]:
    """Keep the collector from all that is alive now; that outdates no document."""
    gc.freeze()
    return []


def let_go(app: Sphinx, *_event: object) -> None:
    """Let go of the trees of other pages: who needs one reads it from the disk."""
    for name in TREES:
        vars(app.env).get(name, {}).clear()


class Includers:
    """The pages that name others in a toctree, out of sight while nothing is to be found.

    Before it reads a page Sphinx looks for it in the sets of all of them, which takes the
    square of the pages: a quarter of the time of ten thousand. A page that was never read
    is in none.
    """

    def __init__(self) -> None:
        self._lifted: Any = None

    def lift(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Take them away where a page is new."""
        if docname not in env.tocs:
            self._lifted, env.files_to_rebuild = env.files_to_rebuild, {}

    def put_back(self, _app: Sphinx, env: BuildEnvironment, _docname: str) -> None:
        """Put them back."""
        if self._lifted is not None:
            self._lifted, env.files_to_rebuild = None, self._lifted
