"""The live server: builds the book after each save and updates open pages in place.

The processes that run Sphinx (``worker``, ``building``, ``printing``) are separate from the
process that serves (``session``, ``live_server``). Both import this module, so it imports
neither side.
"""

from __future__ import annotations

# Commands to the fork server: fork a worker for a build; import modules for later builds.
BUILD, PRELOAD = b"b", b"l"
BOOK = ""  # used instead of a document name where the whole book is printed


def printed_name(page: str) -> str:
    """Return the path of an essay's PDF, or of the book's, in the folder of PDFs."""
    return f"essays/{page}.pdf" if page != BOOK else "book.pdf"
