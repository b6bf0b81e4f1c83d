"""The live server: each save appears at once, and the output equals a clean build's.

Every test runs with previews and without, as on machines that cannot fork.
``ESSAYS_SAVES=200`` sets the number of random saves; an ordinary run makes a few.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pypdf
import pytest
from support.heavy import heavy, heavy_except
from support.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.books import Book
    from support.live import Loop

    Differing = Callable[[Path, Path], list[str]]

pytestmark = pytest.mark.browser
COMMAND = [str(Path(sys.executable).parent / "sphinx-essays")]
SECONDS = 60  # more than a busy machine takes
ESSAY = "\n\n".join(
    f"Paragraph {number} of an essay that is long.\n" * 8 for number in range(30)
)
FILES = {
    "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n",
    "one.rst": f"One\n===\n\nFirst words.\n\n{ESSAY}\n",
    "two.rst": "Two\n===\n\nOther words. See :doc:`one`.\n",
}


class Live:
    """A book, its live server, and a browser that shows it."""

    def __init__(self, book: Book, loop: Loop, browser: Any, differing: Differing) -> None:
        self.differing = differing
        self.book = book
        self.loop = loop
        self.browser = browser
        self.address = loop.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)")[1]
        loop.wait_for("Waiting to detect changes")
        self.pages: list[Any] = []
        self.errors: list[str] = []

    def open(self, name: str) -> Any:
        page = self.browser.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.address}/{name}")
        page.locator("essay-live[data-settled=true]").wait_for(state="attached")
        self.pages.append(page)
        return page

    def save(self, name: str, text: str) -> None:
        """Save as many editors do: write a new file and rename it."""
        path = self.book.source / name
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)

    def shows(self, page: Any, words: str) -> None:
        """Wait until a page contains a text, without loading it again."""
        page.wait_for_function(
            "words => document.body.textContent.includes(words)",
            arg=words, timeout=SECONDS * 1000, polling=20,
        )  # fmt: skip

    def panel(self, page: Any, pattern: str) -> None:
        """Wait until the panel matches a pattern."""
        page.wait_for_function(
            """pattern => {
              const panel = document.querySelector("essay-live");
              return new RegExp(pattern).test(panel.shadowRoot.textContent);
            }""",
            arg=pattern, timeout=SECONDS * 1000, polling=20,
        )  # fmt: skip

    def settle(self) -> None:
        """Wait until no build is running or due: no output for two seconds."""
        end = time.monotonic() + SECONDS
        quiet_since, said = time.monotonic(), len(self.loop.lines)
        while time.monotonic() < end and time.monotonic() - quiet_since < 2:
            time.sleep(0.05)
            if len(self.loop.lines) != said:
                quiet_since, said = time.monotonic(), len(self.loop.lines)

    def is_clean(self) -> list[str]:
        """Return the files of the served folder that differ from a clean build."""
        with tempfile.TemporaryDirectory() as folder:
            # In a new process: Sphinx caches the checksums of style sheets.
            command = [sys.executable, "-P", "-m", "sphinx", "-q", "-D", "essays_drafts=1"]
            command += ["-d", f"{folder}/doctrees", str(self.book.source), f"{folder}/html"]
            subprocess.run(command, check=True, capture_output=True)
            return self.differing(self.book.source / "_build" / "live", Path(folder, "html"))


@pytest.fixture(params=heavy_except(["ahead", "settled"], "ahead"))
def live(
    request: pytest.FixtureRequest,
    book: Book,
    start_loop: Callable[[list[str]], Loop],
    chromium: Any,
    differing: Differing,
) -> Iterator[Live]:
    book.write(FILES)
    command = [*COMMAND, "live", str(book.source), "--port", str(free_port())]
    command += ["--pdf"] if request.node.get_closest_marker("prints") else []
    if request.param == "settled":
        command.append("--no-preview")
    context = chromium.new_context()
    writing = Live(book, start_loop(command), context, differing)
    yield writing
    context.close()
    assert writing.errors == []


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


# -- what a save does ----------------------------------------------------------------


def test_live_save_updates_the_page_in_place_and_keeps_the_position(
    live: Live,
) -> None:
    page = live.open("one.html")
    page.evaluate("window.isTheSame = true")
    page.click("[data-essay-open=search]")
    page.fill("#essay-dialog-search input[name=q]", "typed")
    page.evaluate("scrollTo(0, 900)")
    live.save("two.rst", FILES["two.rst"] + "\nElsewhere.\n")
    live.settle()
    assert page.evaluate("scrollY") == pytest.approx(900, abs=2)
    text = FILES["one.rst"].replace("First words.", "Second words, *set apart*.")
    live.save("one.rst", text)
    live.shows(page, "Second words, set apart.")
    live.settle()
    assert page.evaluate("window.isTheSame")
    assert page.input_value("#essay-dialog-search input[name=q]") == "typed"
    assert page.evaluate("document.querySelector('#essay-dialog-search').open")
    live.save("one.rst", text + "\nThe very last words.\n")
    live.shows(page, "The very last words.")
    last = page.get_by_text("The very last words.")
    page.wait_for_function("scrollY > 1500")
    assert last.bounding_box()["y"] < page.viewport_size["height"]
    live.settle()
    assert live.is_clean() == []


@heavy
def test_live_updates_every_tab_and_reconnects_to_a_restarted_server(
    live: Live, start_loop: Callable[[list[str]], Loop]
) -> None:
    pages = [live.open("two.html") for _tab in range(5)]
    live.save("two.rst", FILES["two.rst"].replace("Other", "Newer"))
    for page in pages:
        live.shows(page, "Newer words.")
    port = str(urlsplit(live.address).port)
    live.settle()
    live.loop.stop()
    pages[0].locator("essay-live[data-lost]").wait_for(state="attached")
    live.save("two.rst", FILES["two.rst"].replace("Other", "Newest"))
    live.loop = start_loop([*COMMAND, "live", str(live.book.source), "--port", port])
    for page in pages:
        live.shows(page, "Newest words.")


def test_live_shows_a_new_title_on_other_pages_and_a_new_essay_in_contents(live: Live) -> None:
    page, cover = live.open("two.html"), live.open("index.html")
    live.save("one.rst", FILES["one.rst"].replace("One\n===", "Once\n===="))
    live.shows(page, "Once")
    live.save("three.rst", "Three\n=====\n\nThird.\n")
    live.save("index.rst", FILES["index.rst"] + "   three\n")
    live.shows(cover, "Three")
    live.settle()
    assert live.is_clean() == []


def test_live_shows_the_badge_of_a_draft(live: Live) -> None:
    page = live.open("two.html")
    live.save("two.rst", f":status: draft\n\n{FILES['two.rst']}")
    live.shows(page, "Draft")


# -- warnings and errors -------------------------------------------------------------


def test_live_warning_appears_with_its_line_and_disappears_when_fixed(
    live: Live,
) -> None:
    page = live.open("two.html")
    live.save("two.rst", f"{FILES['two.rst']}\n.. update:: 03/04/2014\n\n   Later.\n")
    live.panel(page, r"1 warning.*|two\.rst:6")
    live.panel(page, r"two\.rst:\d+.*03/04/2014")
    live.shows(page, "Later.")
    live.save("two.rst", FILES["two.rst"])
    page.wait_for_function(
        "!/03.04.2014/.test(document.querySelector('essay-live').shadowRoot.textContent)",
        timeout=SECONDS * 1000,
    )


def test_live_error_in_conf_py_appears_and_the_last_good_page_stays(
    live: Live,
) -> None:
    page = live.open("two.html")
    conf = (live.book.source / "conf.py").read_text(encoding="utf-8")
    live.save("conf.py", f"{conf}\nfrobnicate(\n")
    live.panel(page, r"conf\.py:\d+.*SyntaxError")
    assert "Other words." in page.text_content("main")
    live.save("conf.py", conf.replace('"Test"', '"Best"'))
    live.shows(page, "Best")
    page.wait_for_function(
        "!/SyntaxError/.test(document.querySelector('essay-live').shadowRoot.textContent)",
        timeout=SECONDS * 1000,
    )
    live.settle()
    assert live.is_clean() == []


# -- PDF -----------------------------------------------------------------------------


def printed(live: Live, name: str, words: str) -> str:
    """Wait until a PDF contains some words; return its text."""
    path = live.book.source / "_build" / "live-pdf" / name
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = words_of(path) if path.exists() else ""
        if words in found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {words!r} in {name}:\n{''.join(live.loop.lines)}")


def words_of(path: Path) -> str:
    pages = (page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(" ".join(pages).split())


@pytest.mark.prints
def test_live_pdf_of_the_essay_is_built_after_a_save_and_then_the_book(live: Live) -> None:
    page = live.open("two.html")
    printed(live, "book.pdf", "Other words.")
    only = ".. only:: html\n\n   On screens.\n\n.. only:: typst\n\n   On paper.\n"
    live.save("two.rst", FILES["two.rst"].replace("Other", "Newer") + f"\n{only}")
    live.shows(page, "On screens.")
    essay = printed(live, "essays/two.pdf", "Newer words. See One.")
    assert "On screens." not in essay
    assert "On paper." in essay
    assert "First words." not in essay
    assert "First words." in printed(live, "book.pdf", "Newer words.")
    for name, file in (("Essay", "essays/two.pdf"), ("Book", "book.pdf")):
        link = page.locator("essay-live").get_by_role("link", name=f"{name} (PDF)")
        assert link.get_attribute("href") == f"/-live/pdf/{file}"
        assert http_status(live, f"/-live/pdf/{file}") == 200
    assert http_status(live, "/-live/pdf/../live/one.html") == 404
    live.settle()
    assert live.is_clean() == []


@pytest.mark.prints
def test_live_pdf_error_appears_in_the_panel_and_disappears_when_fixed(
    live: Live,
) -> None:
    page = live.open("two.html")
    raw = ".. raw:: typst\n\n   #no-such-thing()\n"
    live.save("two.rst", f"{FILES['two.rst']}\n{raw}")
    live.panel(page, r"two\.rst:6.*no-such-thing")
    live.save("two.rst", FILES["two.rst"].replace("Other", "Mended"))
    printed(live, "book.pdf", "Mended words.")
    page.wait_for_function(
        "!/no-such-thing/.test(document.querySelector('essay-live').shadowRoot.textContent)",
        timeout=SECONDS * 1000,
    )


# -- random saves --------------------------------------------------------------------


@pytest.mark.sized
def test_live_output_after_any_saves_equals_a_clean_build(  # noqa: C901 (a list of edits)
    live: Live,
) -> None:
    chance = random.Random(4)  # noqa: S311 (not for a secret)
    page = live.open("one.html")
    names = ["one", "two"]

    def order() -> None:
        entries = "".join(f"   {name}\n" for name in names)
        live.save("index.rst", f"Book\n====\n\n.. toctree::\n\n{entries}")

    def body() -> None:
        name = chance.choice(names)
        words = f"Words {chance.randrange(10**6)}."
        live.save(f"{name}.rst", f"{name} essay\n{'=' * 20}\n\n{words}\n")

    def title() -> None:
        name = chance.choice(names)
        live.save(f"{name}.rst", f"{name} {chance.randrange(99)}\n{'=' * 20}\n\nWords.\n")

    def broken() -> None:
        live.save(f"{chance.choice(names)}.rst", "A\n=\n\n*open ``and :nothing:`x\n\n====\n")

    def add() -> None:
        names.append(f"new{chance.randrange(10**6)}")
        body()
        live.save(f"{names[-1]}.rst", f"{names[-1]}\n{'=' * 20}\n\nNew.\n")
        order()

    def remove() -> None:
        if len(names) > 2:
            (live.book.source / f"{names.pop()}.rst").unlink()
            order()

    def rename() -> None:
        if len(names) > 2:
            old, names[-1] = names[-1], f"moved{chance.randrange(10**6)}"
            (live.book.source / f"{old}.rst").rename(live.book.source / f"{names[-1]}.rst")
            order()

    def picture() -> None:
        data = PIXEL[:6] + bytes([chance.randrange(1, 9)]) + PIXEL[7:]
        (live.book.source / "dot.gif").write_bytes(data)
        live.save("two.rst", "Two\n===\n\n.. image:: dot.gif\n   :alt: A dot\n")

    def sheet() -> None:
        (live.book.source / "_static").mkdir(exist_ok=True)
        live.save("_static/own.css", f"p {{ margin: {chance.randrange(9)}px }}\n")

    def conf() -> None:
        text = (
            f'project = "Test {chance.randrange(9)}"\nauthor = "A"\nlanguage = "en_GB"\n'
            'extensions = ["sphinx_essays"]\nhtml_static_path = ["_static"]\n'
            'html_css_files = ["own.css"]\nsuppress_warnings = ["config"]\n'
        )
        sheet()
        live.save("conf.py", text)

    edits = [body, body, body, title, broken, add, remove, rename, picture, sheet, conf]
    saves = size_of("SAVES")
    for number in range(saves):
        chance.choice(edits)()
        time.sleep(chance.choice([0, 0, 0.05, 0.4]))
        if number % 20 == 19 or number == saves - 1:
            live.save("one.rst", f"One\n===\n\nSave number {number}.\n")
            live.settle()
            live.shows(page, f"Save number {number}.")
            assert live.is_clean() == [], number


PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)


# -- access and clean-up -------------------------------------------------------------


def http_status(live: Live, path: str, **headers: str) -> int:
    host = urlsplit(live.address)
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=SECONDS)
    connection.putrequest("GET", path, skip_host="host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_live_serves_no_other_host_origin_or_path(live: Live) -> None:
    (live.book.source / "secret.txt").write_text("secret")
    assert http_status(live, "/one.html") == 200
    assert http_status(live, "/one.html", host="evil.example") == 403
    assert http_status(live, "/one.html", origin="https://evil.example") == 403
    assert (
        http_status(live, "/one.html", sec_fetch_site="cross-site", sec_fetch_mode="no-cors")
        == 403
    )
    upgrade = {
        "connection": "Upgrade", "upgrade": "websocket", "sec_websocket_version": "13",
        "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    assert http_status(live, "/-live/socket", origin="https://evil.example", **upgrade) == 403
    assert http_status(live, "/-live/socket", origin=live.address, **upgrade) == 101
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2f..%2fsecret.txt", "/no.html"):
        assert http_status(live, path) == 404, path


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_live_leaves_no_process_running_after_ctrl_c(live: Live) -> None:
    live.save("one.rst", FILES["one.rst"] + "\nMore.\n")
    assert live_processes(live)
    live.loop.stop()
    end = time.monotonic() + SECONDS
    while live_processes(live) and time.monotonic() < end:
        time.sleep(0.05)
    assert live_processes(live) == []
    assert live.loop.process.returncode == 130


def live_processes(live: Live) -> list[str]:
    """Return the commands of the live server's processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().decode().replace("\0", " ")
            environment = (path / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        is_worker = "sphinx_essays.live.worker" in command and str(os.getpid()) in environment
        if is_worker or str(live.book.source) in command:
            found.append(command)
    return found


def test_live_writes_nothing_among_the_sources(live: Live) -> None:
    live.save("one.rst", FILES["one.rst"] + "\nMore.\n")
    live.settle()
    written = {path.name for path in live.book.source.iterdir()}
    assert written == {"conf.py", "index.rst", "one.rst", "two.rst", "_build"}
    assert not re.search(r"-live", (live.book.source / "_build/live/one.html").read_text())
