"""A worker builds, previews and prints in processes of its own, and survives their errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from support.books import CONF
from support.live import run_async

from sphinx_essays.live.process_pool import ProcessPool, can_fork

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from support.books import Book

    from sphinx_essays.live.process_pool import WorkerConnection

    Talk = Callable[[WorkerConnection], Awaitable[None]]

needs_fork = pytest.mark.skipif(not can_fork(), reason="processes are not forked here")
KILLS = """
import os, signal


def read(app, name, text):
    if "Kill this." in text[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    if "Fail." in text[0]:
        raise ValueError("No such essay.")


def setup(app):
    app.connect("source-read", read)
"""
SECONDS = 60


def talk_to_worker(book: Book, talk: Talk, *, forks: bool) -> dict[str, Any]:
    """Build a book, talk to the process that has built it, and return the report."""

    async def run() -> dict[str, Any]:
        pool = ProcessPool(forks=forks)
        arguments = ["-d", f"{book.target}/doctrees", str(book.source), f"{book.target}/html"]
        order = {
            "arguments": arguments,
            "quiet": True,
            "touched": [],
            "all": False,
            "fresh": False,
        }
        try:
            line = await pool.build(order)
            processes = list(pool._builders)
            [report] = [report async for report in line.reports({"built"})]
            await talk(line)
            line.close()
        finally:
            pool.end()
        for process in processes:
            await process.wait()
        await asyncio.sleep(0)  # the pipes are closed in the next turn
        return report

    return run_async(asyncio.wait_for(run(), SECONDS))


async def preview(line: WorkerConnection, book: Book, folder: Path) -> dict[str, Any]:
    """Order a preview of the first page; return the last report."""
    shown = f"{book.target}/html"
    await line.order({"documents": ["index"], "folder": str(folder), "shown": shown})
    reports = [report async for report in line.reports({"previewed", "failed"})]
    return reports[-1]


def index(text: str) -> dict[str, str]:
    return {"index.rst": f"Book\n====\n\n{text}\n"}


@needs_fork
def test_worker_survives_a_preview_that_fails_or_is_killed(book: Book, tmp_path: Path) -> None:
    book.write({"conf.py": CONF + KILLS, **index("Words.")})

    async def talk(line: WorkerConnection) -> None:
        book.write(index("Fail."))
        report = await preview(line, book, tmp_path)
        assert report["kind"] == "failed"
        assert "No such essay." in report["text"]
        book.write(index("Kill this."))
        report = await preview(line, book, tmp_path)
        assert report == {"kind": "failed", "text": "The preview process exited with -9."}
        book.write(index("Other words."))
        report = await preview(line, book, tmp_path)
        assert (report["kind"], report["read"]) == ("previewed", ["index"])

    assert "failure" not in talk_to_worker(book, talk, forks=True)


@pytest.mark.parametrize("forks", [pytest.param(True, marks=needs_fork), False])
def test_worker_prints_after_the_build(
    book: Book,
    tmp_path: Path,
    forks: bool,  # noqa: FBT001 (pytest passes parameters by name)
) -> None:
    book.write(index("Words."))

    async def talk(line: WorkerConnection) -> None:
        order = {"pages": ["index"], "documents": [], "folder": str(tmp_path)}
        await line.order(order | {"printed": str(tmp_path / "pdf")})
        [report] = [report async for report in line.reports({"printed"})]
        assert (report["page"], report["complaints"]) == ("index", [])
        assert (tmp_path / "pdf/essays/index.pdf").is_file()

    report = talk_to_worker(book, talk, forks=forks)
    assert (report["read"], report["root"]) == (["index"], "index")
    assert report["files"] == {"index": "index.html"}


@needs_fork
def test_worker_stops_printing_if_it_gets_another_order(book: Book, tmp_path: Path) -> None:
    book.write(index("Words."))

    async def talk(line: WorkerConnection) -> None:
        order = {"pages": ["index"] * 100, "documents": [], "folder": str(tmp_path)}
        await line.order(order | {"printed": str(tmp_path / "pdf")})
        await anext(aiter(line.reports()))
        report = await preview(line, book, tmp_path)
        assert report["kind"] == "previewed"

    talk_to_worker(book, talk, forks=True)


@pytest.mark.parametrize("forks", [pytest.param(True, marks=needs_fork), False])
def test_worker_exits_if_its_build_fails(
    book: Book,
    forks: bool,  # noqa: FBT001 (pytest passes parameters by name)
) -> None:
    book.write({"conf.py": "1 / 0\n", **index("Words.")})

    async def talk(line: WorkerConnection) -> None:
        with pytest.raises(ConnectionError):
            assert [report async for report in line.reports({"any"})] == []

    report = talk_to_worker(book, talk, forks=forks)
    assert report["failure"]["text"] == "ZeroDivisionError: division by zero"
