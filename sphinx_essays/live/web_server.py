"""The web server: the pages, the live server's script and its WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocketDisconnect

from sphinx_essays.compat.servers import serve_without_signals
from sphinx_essays.live import html_pages
from sphinx_essays.live.access_control import AccessControl
from sphinx_essays.live.arguments import PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    State = Callable[[str], dict[str, Any]]

LONGEST = 2**20  # bytes; a smaller page is sent together with the change event
BROWSER = Path(__file__).parent / "browser"


class Client:
    """A page open in a browser, and the messages not sent to it yet."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.news: asyncio.Queue[dict[str, Any]] = asyncio.Queue()


class WebServer:
    """Serves the book and its PDFs, and notifies open pages of changes.

    :param shown: the folder of the pages.
    :param printed: the folder of the PDFs.
    :param state: returns what the panel on a page shows.
    """

    def __init__(self, shown: Path, printed: Path, state: State) -> None:
        self.shown = shown
        self.printed = printed
        self.state = state
        self.clients: set[Client] = set()
        self._server: uvicorn.Server | None = None

    # -- messages to pages ---------------------------------------------------------------

    def send_changed(self, changed: Iterable[str], gone: Iterable[str] = ()) -> None:
        """Notify pages of changes to themselves, and of changed images and style sheets."""
        files, lost = set(changed), set(gone)
        assets = sorted(name for name in files if not name.endswith(".html"))
        for client in self.clients:
            if client.page in files:
                client.news.put_nowait({"kind": "changed", "text": self._text(client.page)})
            elif client.page in lost:
                client.news.put_nowait({"kind": "gone"})
            if assets:
                client.news.put_nowait({"kind": "assets", "files": assets})

    def send_edited(self, page: str) -> None:
        """Send the page just edited, to browser tabs that follow the edits."""
        for client in self.clients:
            client.news.put_nowait({"kind": "edited", "page": page})

    def send_printed(self, name: str) -> None:
        """Send the name of a new PDF, for windows that show it."""
        for client in self.clients:
            client.news.put_nowait({"kind": "printed", "file": name})

    def send_state(self) -> None:
        for client in self.clients:
            client.news.put_nowait(self.state(client.page))

    # -- the socket ----------------------------------------------------------------------

    async def _listen(self, websocket: WebSocket) -> None:
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            hello = await websocket.receive_json()
            client = Client(html_pages.name_of(str(hello["page"])))
            client.news.put_nowait(self.state(client.page))
            if self._digest(client.page) not in {hello["digest"], ""}:
                client.news.put_nowait({"kind": "changed"})
            self.clients.add(client)
            sender = asyncio.create_task(_send(client, websocket))
            try:
                async for _word in websocket.iter_text():
                    pass
            finally:
                self.clients.discard(client)
                sender.cancel()

    def _text(self, name: str) -> str:
        """Return a page as it is served, or "" if it is missing or too large to send."""
        try:
            page = (self.shown / name).read_bytes()
        except OSError:
            return ""
        return (
            html_pages.with_script(page).decode("utf-8", "replace")
            if len(page) < LONGEST
            else ""
        )

    def _digest(self, name: str) -> str:
        """Return the digest of a page, or "" for a path outside the book."""
        path = (self.shown / name).resolve()
        if path.is_relative_to(self.shown.resolve()) and path.is_file():
            return html_pages.digest(path.read_bytes())
        return ""

    # -- the pages -----------------------------------------------------------------------

    async def _missing(self, request: Request, error: Exception) -> Response:
        if not (self.shown / "index.html").exists() and request.url.path.endswith("/"):
            return html_pages.holding_page()
        status = error.status_code if isinstance(error, HTTPException) else 500
        return PlainTextResponse("Not found.\n", status_code=status)

    def app(self, host: str) -> Starlette:
        """Return the ASGI application, with access control."""
        self.shown.mkdir(parents=True, exist_ok=True)
        routes = [
            WebSocketRoute(f"{html_pages.URL_PREFIX}/socket", self._listen),
            Mount(html_pages.PRINTED, StaticFiles(directory=self.printed, check_dir=False)),
            Mount(html_pages.URL_PREFIX, StaticFiles(directory=BROWSER)),
            Mount("/", html_pages.PageFiles(directory=self.shown, html=True)),
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(AccessControl, host=host)],
            exception_handlers={404: self._missing, 405: self._missing},
        )

    async def serve(self, host: str, listener: socket.socket) -> None:
        """Serve until :meth:`stop`."""
        config = uvicorn.Config(
            self.app(host),
            log_level="warning",
            lifespan="off",
            ws_ping_interval=None,
            ws_per_message_deflate=False,  # it takes time and saves none on this machine
        )
        self._server = uvicorn.Server(config)
        with contextlib.suppress(asyncio.CancelledError):
            await serve_without_signals(self._server, listener)


async def _send(client: Client, websocket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await websocket.send_json(await client.news.get())


def listen(host: str, port: int | None) -> socket.socket:
    """Open a listening socket at `port`, or at the default port or else any free port.

    The default port comes first because a browser keeps its settings, and open tabs
    reconnect, only if the port stays the same.

    :raises OSError: if the port is taken, or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [PORT, 0] if port is None else [port]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # on Windows the option would share the port of a running server
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen()
        except OSError:
            listener.close()
            if port is not None or not candidate:
                raise
        else:
            return listener
    raise OSError(host)
