"""The commands new, build and live: output files, messages and exit status."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.books import Book
from support.heavy import heavy_except

from sphinx_essays import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.live import Loop

COMMAND = [str(Path(sys.executable).parent / "sphinx-essays")]
LOCALE_VARIABLES = frozenset({"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"})


def run(
    *arguments: object, status: int = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def snapshot(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_cli_new_creates_a_book_with_each_element_that_builds_cleanly(tmp_path: Path) -> None:
    book = tmp_path / "my-small-book"
    run("new", book)
    done = run("build", book, "html", "text", "-n", "-W")
    html = "".join(path.read_text() for path in (book / "_build/html").rglob("*.html"))
    for words in ["My small book", "essay-pull-quote", "essay-update", "essay-correction",
                  "essay-overheard", "epigraph"]:  # fmt: skip
        assert words in html
    assert str(book / "_build/html/index.html") in done.stdout
    assert str(book / "_build/text") in done.stdout
    written = {name for name in snapshot(book) if not name.startswith("_build")}
    assert written == {
        "conf.py", "index.rst", "part-one", "part-one/index.rst",
        "part-one/the-first-essay.rst", "part-one/said-on-the-stairs.rst",
        "part-two", "part-two/index.rst", "part-two/the-last-essay.rst",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["l'été", 'Quote "this"', "日記", "a", "--", "+ x"])
def test_cli_new_accepts_any_folder_name(tmp_path: Path, name: str) -> None:
    assert cli.main(["new", str(tmp_path / name)]) == 0
    assert Book(tmp_path / name, tmp_path / "build").clean("html")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de_DE"),
        ({"LANG": "de_DE@euro"}, "de_DE"),
        ({"LANG": "en_US.UTF-8"}, "en_US"),
        ({"LANG": "nonsense"}, "en"),
        ({"LANG": ""}, "en"),
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "nl"}, "nl_NL"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "nl", "LC_ALL": "C"}, "en"),
    ],
)
def test_cli_new_sets_the_language_of_the_machine_or_english(
    tmp_path: Path, environment: dict[str, str], language: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in LOCALE_VARIABLES}
    run("new", tmp_path / "book", environment=kept | environment)
    assert f'language = "{language}"\n' in (tmp_path / "book/conf.py").read_text()


def test_cli_new_never_overwrites_files(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    done = run("new", tmp_path, status=2)
    assert "is not empty. Choose a new or empty folder." in done.stderr
    assert snapshot(tmp_path) == {"kept"}
    assert "is a file" in run("new", tmp_path / "kept", status=2).stderr


def test_cli_new_reports_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    assert "cannot write to" in run("new", tmp_path / "kept/inside", status=2).stderr


def test_cli_new_prints_the_next_command_ready_to_paste(tmp_path: Path) -> None:
    done = run("new", tmp_path / "My essays")
    assert f"sphinx-essays live '{tmp_path / 'My essays'}'" in done.stdout


def test_cli_build_accepts_output_names_after_options(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\nWords.\n"})
    run("build", book.source, "-W", "text", "-t", "html", "xml")
    assert {path.name for path in (book.source / "_build").iterdir()} == {
        "doctrees", "text", "xml",
    }  # fmt: skip


def test_cli_error_for_a_folder_without_a_book_suggests_the_fix(tmp_path: Path) -> None:
    assert f"'sphinx-essays new {tmp_path}'" in run("build", tmp_path, status=2).stderr
    assert f"'sphinx-essays new {tmp_path}'" in run("live", tmp_path, status=2).stderr


def test_cli_error_for_an_unknown_output_lists_the_known_ones(book: Book) -> None:
    done = run("build", book.source, "word", status=2)
    assert "unknown output 'word'. Choose from html, pdf, epub, dirhtml," in done.stderr
    assert not (book.source / "_build").exists()


def test_cli_build_exits_with_an_error_if_an_output_fails(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\n:ref:`nowhere`\n"})
    assert "html: failed" in run("build", book.source, "html", "-W", status=1).stderr
    book.write({"conf.py": "1 / 0\n"})
    done = run("build", book.source, status=2)
    assert "html: failed" in done.stderr


def test_cli_build_accepts_gettext_together_with_other_outputs(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\nWords.\n"})
    run("build", book.source, "html", "gettext", "text", "-W")


def test_cli_build_writes_only_to_the_output_folder_given(book: Book, tmp_path: Path) -> None:
    book.write({"index.rst": "Title\n=====\n"})
    before = snapshot(book.source)
    run("build", book.source, "-o", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere/html/index.html").is_file()
    assert snapshot(book.source) == before


def test_cli_help_exists_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ["new", "import", "build", "live"]:
        with pytest.raises(SystemExit) as stopped:
            cli.main([command, "--help"])
        assert stopped.value.code == 0
        assert f"sphinx-essays {command}" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        cli.main(["new", "somewhere", "--strange"])
    assert stopped.value.code == 2


@pytest.fixture(
    params=heavy_except(["sphinx-essays live", "sphinx-autobuild"], "sphinx-essays live")
)
def loop(
    request: pytest.FixtureRequest, book: Book, start_loop: Callable[[list[str]], Loop]
) -> Loop:
    book.write({"index.rst": "Title\n=====\n\nFirst words.\n"})
    if request.param == "sphinx-autobuild":
        out = book.source / "_build/live"
        command = [sys.executable, "-m", "sphinx_autobuild", "--port", "0"]
        command += [str(book.source), str(out)]
    else:
        command = [*COMMAND, "live", str(book.source), "--port", "0"]
    return start_loop(command)


def test_live_rebuilds_once_after_a_save_and_serves_the_change(loop: Loop, book: Book) -> None:
    address = loop.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)")[1]
    loop.wait_for(r"Waiting to detect changes")

    def served() -> str:
        with urllib.request.urlopen(f"{address}/index.html") as page:  # noqa: S310 (a local server)
            try:
                return str(page.read().decode())
            except http.client.IncompleteRead:  # the page is just being written
                return ""

    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if "First words." in served():
                break
        except OSError:
            time.sleep(0.1)
    assert "First words." in served()
    time.sleep(1.5)  # let the first build finish
    builds = "".join(loop.lines).count("build succeeded")
    book.write({"index.rst": "Title\n=====\n\nSecond words.\n"})
    end = time.monotonic() + 30
    while "Second words." not in served() and time.monotonic() < end:
        time.sleep(0.1)
    assert "Second words." in served()
    time.sleep(2.5)  # long enough for an endless loop of builds to show
    assert "".join(loop.lines).count("build succeeded") == builds + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_live_serves_no_more_after_it_is_terminated(
    book: Book, name: str, start_loop: Callable[[list[str]], Loop]
) -> None:
    number = getattr(signal, name)
    book.write({"index.rst": "Title\n=====\n"})
    running = start_loop([*COMMAND, "live", str(book.source), "--port", "0"])
    address = running.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)")[1]
    running.process.send_signal(number)
    assert running.process.wait(20) == 128 + number
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/index.html")  # noqa: S310 (a local server)
