"""The files as a browser gets them: as they are, and pages with one script added."""

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
    """The book; the script of the loop stands first in the head of each page.

    Nothing of it is written to the disk. It stands before all others, so that it sees the
    page as it was sent.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, a page with the script, or the page that says "not here"."""
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and response.media_type == "text/html":
            text = await to_thread.run_sync(Path(response.path).read_bytes)
            return HTMLResponse(with_script(text), status_code=response.status_code)
        return response


def with_script(page: bytes) -> bytes:
    """A page with the script of the loop, and the digest of what it was before."""
    script = SCRIPT.format(digest=digest(page)).encode()
    match = HEAD.search(page)
    place = match.end() if match else 0
    return page[:place] + script + page[place:]


def digest(page: bytes) -> str:
    """What tells one state of a page from another."""
    return blake2b(page, digest_size=8).hexdigest()


def name_of(path: str) -> str:
    """The file that an address asks for, from the root of the book."""
    name = path.lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def holding_page() -> Response:
    """What stands in the place of a book that has not been built yet."""
    return HTMLResponse(with_script(BUILDING.encode()), status_code=503)
