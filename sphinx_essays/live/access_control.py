"""Who may read: whoever sits at this machine, and no page of the web that they visit.

A page elsewhere could ask for a draft in three ways: by a name of its own that leads to
this machine (DNS rebinding), which ``Host`` shows; by a socket, of which ``Origin`` tells;
by a script, picture or frame, which ``Sec-Fetch-Site`` shows (W3C Fetch Metadata) and
``Cross-Origin-Resource-Policy`` forbids.
"""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ALLOWED_SITES = frozenset({"", "none", "same-origin"})
FORBIDDEN_TEXT = "This book is read on the machine of its author, at its own address.\n"


class AccessControl:
    """Refuses requests that come by another name, or from another page."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.is_open = not is_loopback(host)
        self.names = LOOPBACK | {host.lower()}
        if self.is_open:
            own = socket.gethostname().lower()
            self.names |= {own, f"{own}.local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
        elif not self.is_welcome(scope["type"], Headers(scope=scope)):
            refusal = PlainTextResponse(FORBIDDEN_TEXT, status_code=403)
            answer = WebSocketClose(1008) if scope["type"] == "websocket" else refusal
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, _with_security_headers(send))

    def is_welcome(self, kind: str, headers: Headers) -> bool:
        """Whether a request comes by a name of this machine, and from a page of this book."""
        host = headers.get("host", "")
        origin = headers.get("origin")
        if not self._is_known(host):
            return False
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return False
        if kind == "websocket":
            return True
        site = headers.get("sec-fetch-site", "")
        is_a_visit = headers.get("sec-fetch-mode") == "navigate"
        return site in ALLOWED_SITES or is_a_visit

    def _is_known(self, host: str) -> bool:
        name = _hostname(host)
        return name in self.names or (self.is_open and _is_address(name))


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach a server at this host."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """No page of the web has a number for a name that another could answer to."""
    with suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return False


def _with_security_headers(send: Send) -> Send:
    """Add what keeps an answer from other pages and from being kept unasked."""

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Cache-Control"] = "no-cache"
        await send(message)

    return sealed
