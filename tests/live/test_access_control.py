"""Requests that name another host, or come from another site, get no page of the book."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from starlette.datastructures import Headers
from support.live import run_async

from sphinx_essays.live.access_control import AccessControl, is_loopback

OWN = "127.0.0.1:8000"


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def answers(kind: str, **headers: str) -> list[dict[str, Any]]:
    """What the application sends for a request."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "headers": raw, "method": "GET", "path": "/"}
    run_async(AccessControl(hello, "127.0.0.1")(scope, None, send))  # type: ignore[arg-type]
    return sent


def is_welcome(listening: str, /, kind: str = "http", **headers: str) -> bool:
    control = AccessControl(hello, listening)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return control.is_welcome(kind, Headers(names))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"host": OWN}, True),
        ({"host": "localhost:8000"}, True),
        ({"host": "[::1]:8000"}, True),
        ({}, False),
        ({"host": "evil.example"}, False),
        ({"host": "192.0.2.1:8000"}, False),
        ({"host": "[not-closed"}, False),
        ({"host": OWN, "origin": f"http://{OWN}"}, True),
        ({"host": OWN, "origin": "http://localhost:9000"}, False),
        ({"host": OWN, "origin": "null"}, False),
        ({"host": OWN, "sec_fetch_site": "same-origin"}, True),
        ({"host": OWN, "sec_fetch_site": "none"}, True),
        ({"host": OWN, "sec_fetch_site": "cross-site"}, False),
        ({"host": OWN, "sec_fetch_site": "same-site"}, False),
        ({"host": OWN, "sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, True),
    ],
)
def test_access_control_accepts_only_own_host_and_origin(
    headers: dict[str, str],
    expected: bool,  # noqa: FBT001 (pytest passes parameters by name)
) -> None:
    assert is_welcome("127.0.0.1", **headers) is expected


def test_access_control_of_an_open_server_accepts_addresses_and_its_own_name() -> None:
    name = socket.gethostname().lower()
    for host in ("192.0.2.1:8000", "[2001:db8::1]:8000", name, f"{name}.local:8000"):
        assert is_welcome("0.0.0.0", host=host)  # noqa: S104 (the option under test)
    assert not is_welcome("0.0.0.0", host="evil.example")  # noqa: S104


def test_access_control_checks_the_origin_of_a_websocket() -> None:
    assert is_welcome("127.0.0.1", kind="websocket", host=OWN, origin=f"http://{OWN}")
    assert not is_welcome("127.0.0.1", kind="websocket", host=OWN, origin="http://evil.example")


def test_access_control_refuses_with_403_or_closes_the_websocket() -> None:
    [start, body] = answers("http", host="evil.example")
    assert start["status"] == 403
    assert body["body"].startswith(b"Forbidden: ")
    [close] = answers("websocket", host="evil.example")
    assert (close["type"], close["code"]) == ("websocket.close", 1008)


def test_access_control_adds_security_headers_to_each_response() -> None:
    [start, body] = answers("http", host=OWN)
    assert body["body"] == b"hello"
    assert dict(start["headers"]) == {
        b"cross-origin-resource-policy": b"same-origin",
        b"x-content-type-options": b"nosniff",
        b"cache-control": b"no-cache",
    }


def test_access_control_passes_other_events_unchanged() -> None:
    [start, _body] = answers("lifespan")
    assert start["headers"] == []


def test_is_loopback_accepts_only_hosts_of_this_machine() -> None:
    assert all(map(is_loopback, ["localhost", "127.0.0.2", "::1"]))
    assert not any(map(is_loopback, ["192.0.2.1", "0.0.0.0", "essays.example"]))  # noqa: S104
