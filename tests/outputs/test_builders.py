"""Test that every builder writes every word of every element, without a warning."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.books import Book

BUILDERS = [
    "html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "texinfo", "xml",
    "pseudoxml", "gettext", "linkcheck", "dummy", "json", "pickle", "htmlhelp", "changes",
    "essaytypst",
]  # fmt: skip
WITHOUT_PAGES = {"linkcheck", "dummy", "changes"}
ELEMENTS = """.. pull-quote::

   Quoted words of nobody.

   -- Someone

.. update:: 2014
   :by: B. Later

   Updated words.

.. correction::
   :was: Former words.

   Corrected words.

.. overheard:: Setting words
   :cast: A = Casting words

   A (smiling): Spoken words. (Directing words.)

.. dialogue::

   Speaker: Other words.
"""
WORDS = [
    "Quoted words", "Someone", "Later", "Updated words", "Former words", "Corrected words",
    "Setting words", "Casting words", "smiling", "Spoken words", "Directing words",
    "Other words", "Standing words",
]  # fmt: skip


def indent_elements(by: int) -> str:
    lines = [" " * by + line if line else "" for line in ELEMENTS.splitlines()]
    return "\n".join(lines).strip()


@pytest.fixture
def book_with_elements(book: Book) -> Book:
    """Write each element into the body, a list item, a table cell and a footnote."""
    book.confoverrides = {"copyright": "A. N. Author", "version": "1", "nitpicky": True}
    toctree = ".. toctree::\n\n   body\n   list\n   table\n   note\n"
    heading = ":date: 2001\n:standfirst: Standing words.\n\nTitle\n=====\n\n"
    book.write(
        {
            "index.rst": f"Cover\n=====\n\n{toctree}\n.. essays::\n\n.. updates::\n",
            "body.rst": f"{heading}{ELEMENTS}",
            "list.rst": f"{heading}- {indent_elements(2)}\n",
            "table.rst": f"{heading}.. list-table::\n\n   * - {indent_elements(7)}\n",
            "note.rst": f"{heading}Note. [#]_\n\n.. [#] {indent_elements(3)}\n",
        }
    )
    return book


@pytest.mark.parametrize("jobs", [0, 2])
@pytest.mark.parametrize("builder", BUILDERS)
def test_builders_all_output_every_word(
    book_with_elements: Book, builder: str, jobs: int
) -> None:
    out = book_with_elements.clean(builder, parallel=jobs)
    if builder in WITHOUT_PAGES:
        return
    files = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".epub"]
    text = " ".join(
        b" ".join(path.read_bytes() for path in files).decode(errors="ignore").split()
    )
    at_least = 1 if builder == "gettext" else 4
    for words in WORDS:
        assert text.count(words) >= at_least, words


@pytest.fixture
def server() -> Iterator[str]:
    """Serve a URL outside the book from this machine; yield it."""

    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815 (the library's name)

        def log_message(self, *_arguments: object) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("jobs", [0, 2])
def test_linkcheck_checks_links_in_elements(
    book_with_elements: Book, server: str, jobs: int
) -> None:
    links = f"See :doc:`list`, `there <{server}/page>`_."
    more = f"\n.. update:: 2015\n\n   {links}\n\n.. overheard::\n\n   A: {links}\n"
    body = (book_with_elements.source / "body.rst").read_text(encoding="utf-8")
    book_with_elements.write({"body.rst": body + more.replace("`_", "`__")})
    out = book_with_elements.clean("linkcheck", parallel=jobs)
    assert f"{server}/page" in (out / "output.json").read_text(encoding="utf-8")
    assert (out / "output.txt").read_text(encoding="utf-8") == ""
