"""Reduce the memory use and the garbage collection time of large builds.

In a serial build, Sphinx keeps every doctree in memory from reading to writing, although
each is stored on disk too: a third of the memory. Clearing these caches changes nothing
for other extensions: Sphinx then reads the doctree from disk, as in a parallel build.

Garbage collection traverses the whole environment again and again and finds nothing there,
which takes about a quarter of the time of a small edit in a large book. But the collector
belongs to the process, and an extension must not tune it: see :func:`freeze_gc`.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from sphinx_essays.compat import environment

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TUNE_GC = "SPHINX_ESSAYS_TUNE_GC"


def setup(app: Sphinx) -> None:
    """Clear the caches page by page; freeze the collector only if the process asks for it."""
    if os.environ.get(TUNE_GC) == "1":
        app.connect("env-get-outdated", freeze_gc)
    app.connect("source-read", clear_doctree_caches)
    app.connect("doctree-resolved", clear_doctree_caches)


def freeze_gc(*_event: object) -> list[str]:
    """Exclude all objects that exist now from garbage collection (:func:`gc.freeze`).

    This affects the whole process. It runs only if the environment variable
    ``SPHINX_ESSAYS_TUNE_GC`` is ``1``. Set it only for a process that you have started and
    that ends after the build. As a handler of ``env-get-outdated`` it adds no documents.
    """
    gc.freeze()
    return []


def clear_doctree_caches(app: Sphinx, *_event: object) -> None:
    """Discard the doctrees in memory; Sphinx reads those it needs from disk."""
    environment.clear_doctree_caches(app.env)
