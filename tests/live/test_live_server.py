"""Parts of the live server without a browser: errors, ports, pages, words of the day."""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.live import run_async

from sphinx_essays.live import arguments, html_pages, live_server, web_server
from sphinx_essays.live.live_server import LiveServer
from sphinx_essays.live.published_dir import PublishedDir
from sphinx_essays.live.word_count import WordCount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    (tmp_path / "conf.py").touch()
    settings = arguments.read(tmp_path, tmp_path / "_build", [], forks=False, prints=False)
    made = LiveServer(settings)
    yield made
    made.end()


# -- errors --------------------------------------------------------------------------


def test_live_server_shows_a_command_that_fails(
    server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = [sys.executable, "-c", "raise SystemExit(3)"]
    never = [sys.executable, "-c", "print('never')"]
    assert not run_async(server._run_commands([fails, never]))
    [failure] = server.state("index.html")["complaints"]
    assert failure["level"] == "error"
    assert failure["text"].startswith("The command '")
    assert failure["text"].endswith("' failed with exit code 3.")
    assert failure["text"] in capsys.readouterr().out


def test_live_server_shows_a_build_process_that_exits(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def build(_order: dict[str, Any]) -> None:
        raise ConnectionError

    monkeypatch.setattr(server.pool, "build", build)
    run_async(server._full_build())
    [failure] = server.state("index.html")["complaints"]
    assert failure["text"].startswith("The build process exited unexpectedly.")


def test_live_server_shows_paths_relative_to_the_sources(
    server: LiveServer, tmp_path: Path
) -> None:
    def shown(file: str) -> str:
        return str(server._displayed({"file": file})["file"])

    assert shown(str(tmp_path / "part/one.rst")) == "part/one.rst"
    assert shown("") == ""
    elsewhere = tmp_path.parent / "theme.py"
    assert shown(str(elsewhere)) == elsewhere.as_posix()


# -- ports and pages -----------------------------------------------------------------


def test_listen_uses_a_free_port_if_the_default_port_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with web_server.listen("127.0.0.1", 0) as other:
        taken = other.getsockname()[1]
        monkeypatch.setattr(web_server, "PORT", taken)
        with web_server.listen("127.0.0.1", None) as listener:
            assert listener.getsockname()[1] not in {0, taken}
        with pytest.raises(OSError, match=r"(?i)in use|only one usage"):
            web_server.listen("127.0.0.1", taken)


def test_listen_uses_ipv6_for_an_ipv6_address() -> None:
    try:
        listener = web_server.listen("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert listener.family == socket.AF_INET6


@pytest.fixture
def pages(tmp_path: Path) -> web_server.WebServer:
    shown = tmp_path / "shown"
    shown.mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (shown / "one.html").write_text("<html><head><title>One</title></head></html>")
    return web_server.WebServer(shown, tmp_path / "printed", lambda _page: {"kind": "state"})


def test_web_server_sends_each_client_only_what_concerns_it(
    pages: web_server.WebServer,
) -> None:
    one, two = web_server.Client("one.html"), web_server.Client("two.html")
    pages.clients = {one, two}
    pages.send_changed(["one.html", "own.css"], ["two.html"])
    pages.send_edited("one.html")
    pages.send_printed("book.pdf")
    pages.send_state()

    def kinds(client: web_server.Client) -> list[str]:
        return [client.news.get_nowait()["kind"] for _ in range(client.news.qsize())]

    assert kinds(one) == ["changed", "assets", "edited", "printed", "state"]
    assert kinds(two) == ["gone", "assets", "edited", "printed", "state"]


def test_web_server_sends_no_text_of_missing_or_large_pages(
    pages: web_server.WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "<title>One</title>" in pages._text("one.html")
    assert pages._text("two.html") == ""
    monkeypatch.setattr(web_server, "LONGEST", 3)
    assert pages._text("one.html") == ""


def test_web_server_gives_no_digest_of_files_outside_the_book(
    pages: web_server.WebServer,
) -> None:
    assert pages._digest("one.html") == html_pages.digest(
        (pages.shown / "one.html").read_bytes()
    )
    assert pages._digest("../secret.html") == ""
    assert pages._digest("two.html") == ""


def test_page_without_a_head_gets_the_script_at_its_start() -> None:
    assert html_pages.with_script(b"<p>Words.").startswith(b'<script src="/-live/live.js"')
    script = html_pages.with_script(b'<html><head lang="en"><title>T')
    assert script.startswith(b'<html><head lang="en"><script ')


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "index.html"), ("/part/", "part/index.html"), ("/a.html", "a.html")],
)
def test_name_of_a_folder_is_its_index(path: str, name: str) -> None:
    assert html_pages.name_of(path) == name


# -- the served folder ---------------------------------------------------------------


@pytest.fixture
def published(tmp_path: Path) -> Callable[[dict[str, str]], PublishedDir]:
    """A function that writes the files of a build and returns the served folder."""
    built, shown = tmp_path / "built", tmp_path / "shown"
    folder = PublishedDir(built, shown)

    def build(files: dict[str, str]) -> PublishedDir:
        for path in list(built.rglob("*.html")):
            path.unlink()
        for name, text in files.items():
            (built / name).parent.mkdir(parents=True, exist_ok=True)
            (built / name).write_text(text)
        return folder

    return build


def test_published_dir_has_only_the_files_of_the_last_build(
    published: Callable[[dict[str, str]], PublishedDir], tmp_path: Path
) -> None:
    first = published({"one.html": "1", "part/two.html": "2", ".buildinfo": "x"}).publish()
    assert (sorted(first[0]), first[1]) == (["one.html", "part/two.html"], [])
    changed, gone = published({"one.html": "changed"}).publish()
    assert (changed, gone) == (["one.html"], ["part/two.html"])
    assert [path.name for path in (tmp_path / "shown").iterdir()] == ["one.html"]


def test_published_dir_keeps_a_preview_that_is_newer_than_the_build(
    published: Callable[[dict[str, str]], PublishedDir], tmp_path: Path
) -> None:
    folder = published({"one.html": "old"})
    folder.publish()
    shown = tmp_path / "shown/one.html"
    for text, is_changed in (("new", True), ("new", False)):
        (tmp_path / "preview").write_text(text)
        assert folder.put("one.html", tmp_path / "preview") is is_changed
    assert folder.publish() == ([], [])
    assert shown.read_text() == "new"
    folder.begin_build()
    assert folder.publish() == (["one.html"], [])
    assert shown.read_text() == "old"


# -- words of the day ----------------------------------------------------------------


def today() -> str:
    return dt.datetime.now().astimezone().date().isoformat()


def test_word_count_of_today_continues_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "out/words.json"
    count = WordCount(path)
    assert count.today() is None
    count.count_book({"one": 100, "two": 50})
    count.preview({"one": 130})
    assert (count.of(["no", "one"]), count.of([]), count.today()) == (130, None, 30)
    again = WordCount(path)
    again.count_book({"one": 120, "two": 50})
    assert again.today() == 20


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[1]", json.dumps({"day": "2001-01-01", "words": 5})]
)
def test_word_count_starts_anew_if_its_file_is_old_or_unreadable(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "words.json"
    path.write_text(text)
    count = WordCount(path)
    count.count_book({"one": 100})
    assert count.today() == 0
    assert json.loads(path.read_text()) == {"day": today(), "words": 100}


def test_word_count_starts_anew_at_midnight(tmp_path: Path) -> None:
    count = WordCount(tmp_path / "words.json")
    count.count_book({"one": 100})
    count._day = "2001-01-01"
    count.preview({"one": 110})
    assert count.today() == 10


def test_log_lines_count_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    live_server.log(f"build succeeded{live_server._number(2)}")
    assert capsys.readouterr().out == "[sphinx-essays] build succeeded, 2 warnings\n"
    assert live_server._number(0) == ""
    assert live_server._number(1) == ", 1 warning"
