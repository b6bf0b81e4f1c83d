"""uvicorn and sphinx-autobuild, where they have no public interface.

This module must not import Sphinx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

    import uvicorn


def autobuild_api() -> tuple[Any, Any]:
    """Return sphinx-autobuild's parser of its command line, and its filter of paths.

    https://github.com/sphinx-doc/sphinx-autobuild/blob/main/sphinx_autobuild/__main__.py

    :raises ImportError: if this release does not have them; then sphinx-autobuild itself
        serves the book.
    """
    from sphinx_autobuild.__main__ import _parse_args  # noqa: PLC0415 (may be missing)
    from sphinx_autobuild.filter import IgnoreFilter  # noqa: PLC0415

    return _parse_args, IgnoreFilter


async def serve_without_signals(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve on a socket, and leave the handling of signals to the caller.

    ``Server.serve()`` takes over SIGINT and SIGTERM, and has no option to leave them alone:
    https://github.com/encode/uvicorn/blob/master/uvicorn/server.py
    """
    await server._serve([listener])
