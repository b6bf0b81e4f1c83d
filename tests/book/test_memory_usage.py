"""A build uses little memory without side effects on other extensions or the process."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from support.books import CONF

from sphinx_essays.book import memory_usage

if TYPE_CHECKING:
    from support.books import Book

BOOK = {
    "index.rst": "Cover\n=====\n\n.. toctree::\n\n   p\n   q\n",
    "p.rst": "P\n=\n\nText.\n",
    "q.rst": "Q\n=\n\nText.\n",
}
# Another extension, which notes what each env-purge-doc handler of its own sees.
PURGE_HANDLERS = """
def setup(app):
    app.seen = {}
    for priority in (1, 499, 501, 998):
        def note(app, env, docname, priority=priority):
            included = {name: sorted(by) for name, by in env.files_to_rebuild.items()}
            app.seen[docname, priority] = included
        app.connect("env-purge-doc", note, priority=priority)
"""

# Another extension, which counts the doctrees in memory when all pages are read.
CACHE_SIZES = """
def setup(app):
    def count(app, env):
        caches = (env._write_doc_doctree_cache, env._pickled_doctree_cache)
        app.sizes = [len(cache) for cache in caches]
    app.connect("env-updated", count, priority=0)
"""


@pytest.mark.parametrize("priority", [1, 499, 501, 998])
def test_purge_handler_of_another_extension_sees_files_to_rebuild(
    book: Book, priority: int
) -> None:
    book.write({**BOOK, "conf.py": CONF + PURGE_HANDLERS})
    book.clean()
    complete = {"p": ["index"], "q": ["index"]}  # Sphinx has read the cover before p and q
    seen = book.app.seen  # type: ignore[union-attr]
    assert seen["p", priority] == seen["q", priority] == complete
    assert seen["index", priority] == {}


def test_garbage_collector_is_unchanged_by_a_build(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(memory_usage.TUNE_GC, raising=False)
    book.write(BOOK)
    before = gc.get_freeze_count(), gc.get_threshold(), gc.isenabled()
    book.clean()
    assert (gc.get_freeze_count(), gc.get_threshold(), gc.isenabled()) == before


@pytest.mark.parametrize(("value", "times"), [("1", 1), ("0", 0), ("", 0)])
def test_garbage_collector_is_frozen_only_on_request(
    book: Book, monkeypatch: pytest.MonkeyPatch, value: str, times: int
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    monkeypatch.setenv(memory_usage.TUNE_GC, value)
    book.write(BOOK)
    book.clean()
    assert len(calls) == times


def test_doctree_caches_hold_at_most_one_page_after_reading(book: Book) -> None:
    book.write({**BOOK, "conf.py": CONF + CACHE_SIZES})
    book.clean()
    assert max(book.app.sizes) <= 1  # type: ignore[union-attr]
