"""The writing loop: drives Sphinx from outside, and shows each save at once.

What holds Sphinx (``worker``, ``building``) and what serves (``session``, ``live_server``) are
different processes, so this file imports neither.
"""

from __future__ import annotations

# The words that a zygote knows: fork a worker for a build; import what builds will need.
BUILD, PRELOAD = b"b", b"l"
BOOK = ""  # what the whole is called among the names of documents, where it is printed


def printed_name(page: str) -> str:
    """The file of an essay, or of the whole book, among what is printed."""
    return f"essays/{page}.pdf" if page != BOOK else "book.pdf"
