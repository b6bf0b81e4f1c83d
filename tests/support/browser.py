"""A real Chromium, readers with a page open, and a careful web server."""

from __future__ import annotations

import gzip
import http.server
import mimetypes
import os
import shutil
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from support.paths import FONTS
from support.tools import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the system's Chromium is. Without it the test skips, in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium", "`apt-get install chromium` brings it")
    return str(path)


FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>monospace</family><prefer><family>Noto Sans Mono</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Serif</family></prefer></alias>
</fontconfig>
"""


@pytest.fixture(scope="session")
def browser_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | float]:
    """An environment in which a browser on Linux finds the fonts of tests/fonts, and no other.

    So pages have the same widths on every machine. fontconfig's own variable is the only
    way to choose the fonts of a headless Chromium.
    """
    folder = tmp_path_factory.mktemp("fontconfig")
    config = folder / "fonts.conf"
    text = FONTCONFIG.format(fonts=escape(str(FONTS)), cache=escape(str(folder / "cache")))
    config.write_text(text, encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


@pytest.fixture(scope="session")
def chromium(
    chromium_path: str, browser_environment: dict[str, str | float]
) -> Iterator[object]:
    """A real Chromium: the system's, with the fonts of tests/fonts."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where a browser is)

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=arguments, env=browser_environment
        )
        yield browser
        browser.close()


class Server(http.server.BaseHTTPRequestHandler):
    """One folder as a careful web server would serve it: gzipped, with the strict policy.

    Whatever is not there is answered with the book's own page 404.html.
    """

    protocol_version = "HTTP/1.1"
    root: Path

    def do_GET(self) -> None:
        """Answer with the file, or with 404.html."""
        path = self.root / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        if not found:
            path = self.root / "404.html"
        body = path.read_bytes() if path.is_file() else b"Not found"
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Security-Policy", "default-src 'self'")
        if text and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class FolderServer(http.server.ThreadingHTTPServer):
    """A server that does not report browsers which close a connection early."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print other errors as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on the loopback, and give its address, with a slash at the end."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(root: Path) -> str:
        handler = type("Served", (Server,), {"root": root})
        server = FolderServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def served_docs(built_docs: Path, serve: Callable[[Path], str]) -> str:
    """The address of the docs, served under the strict policy."""
    return serve(built_docs)


@dataclass
class Reader:
    """A reader with a page open, and what has gone wrong since."""

    page: Any
    complaints: list[str] = field(default_factory=list)  # errors, breaches of the policy
    requests: list[str] = field(default_factory=list)  # every address asked for

    def goes_to(self, address: str) -> None:
        """Open a page, and wait until it is loaded and set."""
        self.page.goto(address, wait_until="load")
        self.settles()

    def settles(self) -> None:
        """Wait for the fonts, and for two frames."""
        self.page.evaluate(
            "() => document.fonts.ready.then(() => new Promise(done =>"
            " requestAnimationFrame(() => requestAnimationFrame(() => done()))))"
        )


# The browser tells of a breach in an event; the console is where we listen.
TELL_OF_BREACHES = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy:", event.violatedDirective, event.blockedURI, event.sample));"""


@pytest.fixture
def reader(chromium: Any) -> Iterator[Callable[..., Reader]]:
    """A new reader: ``reader(width, theme="sepia", script=True)``.

    ``theme`` is kept in the browser, as a reader's choice is. What else is said goes
    to Playwright's ``new_context``.
    """
    contexts: list[Any] = []

    def new(width: int = 1280, *, theme: str = "", script: bool = True, **more: Any) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 740},
            java_script_enabled=script,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        made = Reader(context.new_page())
        made.page.add_init_script(TELL_OF_BREACHES)
        if theme:
            choice = f'try {{ localStorage.setItem("essay-theme", "{theme}") }} catch {{}}'
            made.page.add_init_script(choice)
        made.page.on(
            "console",
            lambda one: made.complaints.append(one.text) if one.type == "error" else None,
        )
        made.page.on("pageerror", lambda one: made.complaints.append(str(one)))
        made.page.on("request", lambda one: made.requests.append(one.url))
        return made

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Every violation that axe-core finds on a page, one a line, contrast of 7 : 1 included."""
    from axe_playwright_python.base import AXE_FILE_PATH  # noqa: PLC0415 (browsers only)

    library = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    options = {
        "resultTypes": ["violations"],
        "rules": {"color-contrast-enhanced": {"enabled": True}},
    }

    def run(page: Any) -> list[str]:
        page.evaluate(library)
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {node['target']} {' '.join(node['failureSummary'].split()[2:])}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return run
