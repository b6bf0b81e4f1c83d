"""The loop: a save is looked at ahead, told to the browser, and then settled."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import watchfiles

from sphinx_essays import messages
from sphinx_essays.live import BOOK, html_pages, printed_name
from sphinx_essays.live import web_server as serving
from sphinx_essays.live.arguments import PREVIEWED
from sphinx_essays.live.changes import BookState, classify_changes
from sphinx_essays.live.diagnostics import Diagnostic, Diagnostics
from sphinx_essays.live.process_pool import ProcessPool, WorkerConnection
from sphinx_essays.live.published_dir import PublishedDir
from sphinx_essays.live.word_count import WordCount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.live.arguments import Settings

STEP = 5  # milliseconds; a save is seen when nothing more has come for as long
LONGEST_STEP = 60
LONGEST_PRINT = 60  # seconds, of an essay; a worker that still prints one is let go then


class LiveServer:
    """One book being written."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = ProcessPool(forks=settings.forks)
        self.published = PublishedDir(settings.built, settings.shown)
        self.server = serving.WebServer(settings.shown, settings.printed, self.state)
        self.diagnostics = Diagnostics()
        self.word_count = WordCount(settings.target / "live-words.json")
        self.book = BookState()
        self.failure: dict[str, Any] | None = None
        self.warm: WorkerConnection | None = None
        """A worker that has built the book as it was last settled."""
        self._has_previewed = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._printed: set[str] = set()
        """What has been printed in this session."""
        self._unprinted: set[str] = set()
        """Essays that are other than their print."""
        self._saved: set[Path] = set()
        """What has been saved since the build under way, or the last one, began."""
        self._everything = self._afresh = False
        self._is_due = asyncio.Event()
        self._is_building = False
        self._folder = tempfile.TemporaryDirectory(prefix="essays-", ignore_cleanup_errors=True)

    # -- from the first build to the last ------------------------------------------------

    async def run(self) -> None:
        """Serve and build until cancelled."""
        settings = self.settings
        listener = serving.listen(settings.host, settings.port)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{listener.getsockname()[1]}"
        log(f"Serving on {address}")
        try:
            async with self._group as group:
                group.create_task(self.server.serve(settings.host, listener))
                group.create_task(self._watch())
                group.create_task(self._build_when_due(address))
        finally:
            self.end()

    def end(self) -> None:
        """Leave no process and no file behind."""
        self.pool.end()
        self._folder.cleanup()

    async def _watch(self) -> None:
        # Half a page may be on the disk when a save is first heard of; more of it is heard.
        changes = watchfiles.awatch(
            *self.settings.watched,
            watch_filter=lambda _kind, path: not self.settings.is_ignored(path),
            step=STEP,
            debounce=LONGEST_STEP,
            ignore_permission_denied=True,
        )
        async for batch in changes:
            await self._classify({Path(path) for _kind, path in batch})

    async def _classify(self, paths: set[Path]) -> None:
        change = classify_changes(paths, self.book)
        if not change.matters:
            return
        self._saved |= paths
        self._everything |= change.everything
        self._afresh |= change.afresh
        if self.settings.prints:
            self._unprinted |= self._printed - {BOOK} if change.everything else set()
            self._unprinted.update(change.documents)
        if change.sheets:
            self._show_sheets(change.sheets)
        if change.documents and self.warm is not None:
            await self._preview(change.documents)
        self._is_due.set()

    # -- a look ahead --------------------------------------------------------------------

    async def _preview(self, documents: list[str]) -> None:
        """Show what was saved before anything is built; what fails is left to the build."""
        line = self.warm
        if line is None:
            return
        documents = self._watched_first(documents)
        order = {
            "documents": documents,
            "folder": self._folder.name,
            "shown": str(self.settings.shown),
        }
        self._has_previewed.clear()
        line.prints.clear()  # a worker ends what it prints when it is asked for more
        try:
            await line.order(order)
            await self._has_previewed.wait()
            if self.settings.prints and self.warm is line:
                await self._print(line, documents[:1], documents)
        except (OSError, ConnectionError):
            self._drop_worker(line)

    async def _listen(self, line: WorkerConnection) -> None:
        """Take whatever a worker tells, until it goes."""
        with contextlib.suppress(OSError, ConnectionError):
            async for report in line.reports():
                self._take(report)
                if report["kind"] == "printed":
                    line.prints.discard(report["page"])
                elif report["kind"] == "failed":
                    line.prints.clear()
                if line is not self.warm and not line.prints:
                    line.close()
        self._drop_worker(line)

    def _drop_worker(self, line: WorkerConnection) -> None:
        if self.warm is line:
            self.warm = None
        self._has_previewed.set()

    def _watched_first(self, documents: list[str]) -> list[str]:
        seen = {client.page for client in self.server.clients}
        return sorted(documents, key=lambda name: self.book.files.get(name) not in seen)

    def _take(self, report: dict[str, Any]) -> None:
        if report["kind"] == "page":
            files = {report["page"]: report["path"], **report["images"]}
            new = [name for name, path in files.items() if self.published.put(name, Path(path))]
            self.server.send_changed(new)
            self.server.send_edited(report["page"])
        elif report["kind"] == "previewed":
            diagnostics = (Diagnostic(**complaint) for complaint in report["complaints"])
            self.diagnostics.preview(diagnostics, self.book.owners, report["read"])
            self.word_count.preview(report["words"])
            self._has_previewed.set()
            self.server.send_state()
        elif report["kind"] == "failed":
            self._has_previewed.set()
        elif report["kind"] == "printed":
            self._take_print(report["page"], report["complaints"])

    # -- on paper ------------------------------------------------------------------------

    async def _print(
        self, line: WorkerConnection, names: list[str], documents: list[str]
    ) -> None:
        """Have essays printed, or the book, with what documents hold that were just saved."""
        line.prints = set(names)
        order = {
            "pages": names,
            "documents": documents,
            "folder": self._folder.name,
            "printed": str(self.settings.printed),
        }
        await line.order(order)

    async def _print_book(self, line: WorkerConnection, printing_elsewhere: set[str]) -> None:
        """Have the book printed as it was built, and every essay that nobody prints yet."""
        for page in self._printed - {BOOK, *self.book.files}:
            (self.settings.printed / printed_name(page)).unlink(missing_ok=True)
        self._printed &= {BOOK, *self.book.files}
        self._unprinted &= set(self.book.files)
        await self._print(line, [*sorted(self._unprinted - printing_elsewhere), BOOK], [])

    def _take_print(self, page: str, complaints: list[dict[str, Any]]) -> None:
        self._printed.add(page)
        self._unprinted.discard(page)
        diagnostics = (Diagnostic(**complaint) for complaint in complaints)
        self.diagnostics.printed(diagnostics, self.book.owners, page)
        self.server.send_printed(printed_name(page))
        self.server.send_state()

    def _show_sheets(self, sheets: Iterable[tuple[Path, str]]) -> None:
        for source, name in sheets:
            with contextlib.suppress(OSError):
                copy = Path(self._folder.name, "sheet")
                copy.write_bytes(source.read_bytes())
                if self.published.put(name, copy):
                    self.server.send_changed([name])

    # -- the settled build ---------------------------------------------------------------

    async def _build_when_due(self, address: str) -> None:
        """Build whenever something is due; saves in the meantime wait for the next build."""
        if self.settings.builds_first:
            await self._full_build()
        if self.settings.open_browser:
            asyncio.get_running_loop().call_later(self.settings.delay, webbrowser.open, address)
        log("Waiting to detect changes...")
        while True:
            await self._is_due.wait()
            await self._full_build()

    async def _full_build(self) -> None:
        self._is_due.clear()
        self._is_building = True
        order = {
            "arguments": self.settings.arguments,
            "quiet": bool(self.book.root),
            "touched": sorted(map(str, self._saved)),
            "all": self._everything,
            "fresh": self._afresh,
        }
        self._saved, self._everything, self._afresh = set(), False, False
        self.published.begin_build()
        self.server.send_state()
        if await self._run_commands(self.settings.before):
            try:
                line = await self.pool.build(order)
                async for report in line.reports({"built"}):
                    await self._take_build(report, line)
            except (OSError, ConnectionError):
                self._fail("The build ended without a word. The next save begins another.")
        self._is_building = self._is_due.is_set()
        self.server.send_state()

    async def _take_build(self, report: dict[str, Any], line: WorkerConnection) -> None:
        if "failure" in report:
            line.close()
            self.failure = report["failure"]
            log(f"build failed: {report['failure']['text']}")
            return
        is_first = not self.book.root
        self.failure = None
        self.book = BookState.of(report)
        diagnostics = [Diagnostic(**complaint) for complaint in report["complaints"]]
        self.diagnostics.take_build(
            diagnostics,
            self.book.documents,
            self.book.owners,
            report["read"],
            report["written"],
        )
        self.word_count.count_book(report["words"])
        changed, gone = await asyncio.to_thread(self.published.publish)
        self.server.send_changed(changed, gone)
        if is_first:
            self.pool.preload(report["extensions"])
        await self._keep(line)
        await self._run_commands(self.settings.after)
        log(f"build succeeded{_number(len(diagnostics))} in {report['seconds']:.2f} s")

    async def _keep(self, line: WorkerConnection) -> None:
        """The process that has built the book takes the place of the one before.

        One that still prints an essay may end that.
        """
        before, self.warm = self.warm, None
        printing_elsewhere = before.prints - {BOOK} if before is not None else set()
        if before is not None:
            asyncio.get_running_loop().call_later(
                LONGEST_PRINT * bool(printing_elsewhere), before.close
            )
        builder = _builder(self.settings.arguments)
        if self.settings.forks and builder in PREVIEWED:
            self.warm = line
        elif not self.settings.prints:
            line.close()
            return
        self._group.create_task(self._listen(line))
        if self.settings.prints:
            await self._print_book(line, printing_elsewhere)

    async def _run_commands(self, commands: Iterable[list[str]]) -> bool:
        """Run what was asked for around builds; whether all of it went well."""
        for command in commands:
            process = await asyncio.create_subprocess_exec(*command)
            if await process.wait():
                shown = subprocess.list2cmdline(command)
                self._fail(f"{shown} ended with {process.returncode}.")
                return False
        return True

    def _fail(self, text: str) -> None:
        self.failure = {"level": "error", "file": "", "line": None, "text": text}
        log(text)

    # -- what the panel shows ------------------------------------------------------------

    def state(self, page: str) -> dict[str, Any]:
        """What is known, for a page."""
        documents = [name for name, file in self.book.files.items() if file == page]
        diagnostics = [self._displayed(diagnostic.as_dict()) for diagnostic in self.diagnostics]
        if self.failure:
            diagnostics.insert(0, self._displayed(self.failure))
        errors = sum(diagnostic["level"] == "error" for diagnostic in diagnostics)
        words, today = self.word_count.of(documents), self.word_count.today()
        return {
            "kind": "state",
            "complaints": diagnostics,
            "counts": messages.live_counts(errors, len(diagnostics) - errors, words, today),
            "labels": messages.live_labels(),
            "printed": {
                "essay": self._link(next(iter(documents), BOOK)) if documents else "",
                "book": self._link(BOOK),
            },
            "settled": not self._is_building,
            "built": bool(self.book.root),
        }

    def _link(self, page: str) -> str:
        """Where what has been printed is to be had."""
        return (
            quote(f"{html_pages.PRINTED}/{printed_name(page)}") if page in self._printed else ""
        )

    def _displayed(self, complaint: dict[str, Any]) -> dict[str, Any]:
        """A complaint with its place as an author knows it."""
        file = Path(complaint["file"])
        if complaint["file"] and file.is_relative_to(self.settings.source):
            file = file.relative_to(self.settings.source)
        return complaint | {"file": file.as_posix() if complaint["file"] else ""}


def _builder(arguments: list[str]) -> str:
    from sphinx.cmd.build import get_parser  # noqa: PLC0415

    return str(get_parser().parse_args(arguments).builder)


def _number(warnings: int) -> str:
    return f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""


def log(text: str) -> None:
    """A line in the terminal."""
    print(f"[sphinx-essays] {text}", flush=True)  # noqa: T201
