"""Access control: protect drafts from other websites open in the same browser.

A page on another site could read a draft in three ways. Each has its own check:

* a host name that resolves to this machine (DNS rebinding): the ``Host`` header;
* a WebSocket: the ``Origin`` header;
* a script, image or frame: ``Sec-Fetch-Site`` (W3C Fetch Metadata), and
  ``Cross-Origin-Resource-Policy`` in the response.
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
FORBIDDEN_TEXT = (
    "Forbidden: this request names another host or comes from another site. "
    "Open the address that the live server printed.\n"
)


class AccessControl:
    """ASGI middleware that refuses requests for another host or from another site.

    :param host: the host the server listens on. If it is a loopback address, only loopback
        names are accepted; otherwise also IP addresses and the name of this machine.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.is_open = not is_loopback(host)
        self.names = LOOPBACK | {host.lower()}
        if self.is_open:
            own = socket.gethostname().lower()
            self.names |= {own, f"{own}.local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
        elif not self.is_welcome(scope["type"], Headers(scope=scope)):
            refusal = PlainTextResponse(FORBIDDEN_TEXT, status_code=403)
            answer = WebSocketClose(1008) if scope["type"] == "websocket" else refusal
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, _with_security_headers(send))

    def is_welcome(self, kind: str, headers: Headers) -> bool:
        """Return whether the headers name this machine and come from a page of this book.

        :param kind: "http" or "websocket". Browsers send no Fetch Metadata with the latter.
        """
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
    """Return whether only this machine can reach a server at this host."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Return whether a host is an IP address, which DNS rebinding cannot fake."""
    with suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return False


def _with_security_headers(send: Send) -> Send:
    """Add headers against use by other sites, and against caching without revalidation."""

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Cache-Control"] = "no-cache"
        await send(message)

    return sealed
