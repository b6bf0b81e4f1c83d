"""The live server: preview a save, notify the browser, then run a full build."""

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

STEP = 5  # milliseconds without a further change before changes are reported
LONGEST_STEP = 60  # milliseconds after which changes are reported in any case
LONGEST_PRINT = 60  # seconds that a replaced worker may take to finish printing an essay


class LiveServer:
    """Watches, builds and serves a book."""

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
        """The worker of the last full build, which makes the previews."""
        self._has_previewed = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._printed: set[str] = set()
        """The essays, and BOOK, that have been printed in this session."""
        self._unprinted: set[str] = set()
        """The essays that have changed since they were printed."""
        self._saved: set[Path] = set()
        """The files saved since the current or last build began."""
        self._everything = self._afresh = False
        self._is_due = asyncio.Event()
        self._is_building = False
        self._folder = tempfile.TemporaryDirectory(prefix="essays-", ignore_cleanup_errors=True)

    # -- running and watching ------------------------------------------------------------

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
        """End all processes and delete the temporary files."""
        self.pool.end()
        self._folder.cleanup()

    async def _watch(self) -> None:
        # The first event may come when a file is only half written; a later event follows.
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

    # -- previews ------------------------------------------------------------------------

    async def _preview(self, documents: list[str]) -> None:
        """Show the pages of saved documents; errors are left to the full build."""
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
        line.prints.clear()  # a worker stops printing when it gets a new order
        try:
            await line.order(order)
            await self._has_previewed.wait()
            if self.settings.prints and self.warm is line:
                await self._print(line, documents[:1], documents)
        except (OSError, ConnectionError):
            self._drop_worker(line)

    async def _listen(self, line: WorkerConnection) -> None:
        """Process the reports of a worker until it exits."""
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

    # -- PDF -----------------------------------------------------------------------------

    async def _print(
        self, line: WorkerConnection, names: list[str], documents: list[str]
    ) -> None:
        """Order PDFs of essays or the book.

        :param names: the essays to print, or BOOK.
        :param documents: the documents saved since the worker's build.
        """
        line.prints = set(names)
        order = {
            "pages": names,
            "documents": documents,
            "folder": self._folder.name,
            "printed": str(self.settings.printed),
        }
        await line.order(order)

    async def _print_book(self, line: WorkerConnection, printing_elsewhere: set[str]) -> None:
        """Order the PDF of the book, and of changed essays that no other worker prints."""
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

    # -- full builds ---------------------------------------------------------------------

    async def _build_when_due(self, address: str) -> None:
        """Build after saves. A save during a build starts another build afterwards."""
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
                self._fail("The build process exited unexpectedly. Save a file to try again.")
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
        """Keep the process that has built the book, for previews, and close the previous one.

        A process that is still printing an essay gets time to finish.
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
        """Run commands around a build, up to a failure; return whether all succeeded."""
        for command in commands:
            process = await asyncio.create_subprocess_exec(*command)
            if await process.wait():
                shown = subprocess.list2cmdline(command)
                self._fail(f"The command '{shown}' failed with exit code {process.returncode}.")
                return False
        return True

    def _fail(self, text: str) -> None:
        self.failure = {"level": "error", "file": "", "line": None, "text": text}
        log(text)

    # -- the panel -----------------------------------------------------------------------

    def state(self, page: str) -> dict[str, Any]:
        """Return what the panel on a page shows, as JSON data."""
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
        """Return the URL of a PDF, or "" if it has not been printed yet."""
        return (
            quote(f"{html_pages.PRINTED}/{printed_name(page)}") if page in self._printed else ""
        )

    def _displayed(self, complaint: dict[str, Any]) -> dict[str, Any]:
        """Return a diagnostic with its path relative to the source folder."""
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
    """Print a line in the terminal."""
    print(f"[sphinx-essays] {text}", flush=True)  # noqa: T201
