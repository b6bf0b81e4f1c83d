"""Serve the files of the book, and add the live server's script to each page."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.types import Scope

URL_PREFIX = "/-live"
PRINTED = f"{URL_PREFIX}/pdf"
SCRIPT = f'<script src="{URL_PREFIX}/live.js" data-page="{{digest}}" defer></script>'
HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
BUILDING = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>…</title></head>'
    "<body></body></html>"
)


class PageFiles(StaticFiles):
    """The files of the book, with the live server's script first in each page's head.

    The script is not written to disk. It comes before all other scripts, so it sees the
    page as it was sent.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and response.media_type == "text/html":
            text = await to_thread.run_sync(Path(response.path).read_bytes)
            return HTMLResponse(with_script(text), status_code=response.status_code)
        return response


def with_script(page: bytes) -> bytes:
    """Return a page with the live server's script and the digest of the page without it."""
    script = SCRIPT.format(digest=digest(page)).encode()
    match = HEAD.search(page)
    place = match.end() if match else 0
    return page[:place] + script + page[place:]


def digest(page: bytes) -> str:
    """Return a checksum of a page, by which a browser knows whether its page is current."""
    return blake2b(page, digest_size=8).hexdigest()


def name_of(path: str) -> str:
    """Return the file that a URL path requests, relative to the root of the book."""
    name = path.lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def holding_page() -> Response:
    """Return an empty page to show until the first build has finished."""
    return HTMLResponse(with_script(BUILDING.encode()), status_code=503)
