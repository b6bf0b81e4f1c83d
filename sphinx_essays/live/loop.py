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
from sphinx_essays.live import BOOK, pages, printed_name
from sphinx_essays.live import server as serving
from sphinx_essays.live.changes import Knowledge, understand
from sphinx_essays.live.complaints import Complaint, Record
from sphinx_essays.live.crew import Crew, Line
from sphinx_essays.live.options import PREVIEWED
from sphinx_essays.live.window import Window
from sphinx_essays.live.words import Count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.live.options import Settings

STEP = 5  # milliseconds; a save is seen when nothing more has come for as long
LONGEST_STEP = 60
LONGEST_PRINT = 60  # seconds, of an essay; a worker that still prints one is let go then


class Loop:
    """One book being written."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.crew = Crew(forks=settings.forks)
        self.window = Window(settings.built, settings.shown)
        self.server = serving.Server(settings.shown, settings.printed, self.state)
        self.record = Record()
        self.count = Count(settings.target / "live-words.json")
        self.known = Knowledge()
        self.failure: dict[str, Any] | None = None
        self.warm: Line | None = None
        """A worker that has built the book as it was last settled."""
        self._has_looked = asyncio.Event()
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
        say(f"Serving on {address}")
        try:
            async with self._group as group:
                group.create_task(self.server.serve(settings.host, listener))
                group.create_task(self._watch())
                group.create_task(self._settle_always(address))
        finally:
            self.end()

    def end(self) -> None:
        """Leave no process and no file behind."""
        self.crew.end()
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
            await self._notice({Path(path) for _kind, path in batch})

    async def _notice(self, paths: set[Path]) -> None:
        change = understand(paths, self.known)
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
            await self._look_ahead(change.documents)
        self._is_due.set()

    # -- a look ahead --------------------------------------------------------------------

    async def _look_ahead(self, documents: list[str]) -> None:
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
        self._has_looked.clear()
        line.prints.clear()  # a worker ends what it prints when it is asked for more
        try:
            await line.order(order)
            await self._has_looked.wait()
            if self.settings.prints and self.warm is line:
                await self._print(line, documents[:1], documents)
        except (OSError, ConnectionError):
            self._lose(line)

    async def _listen(self, line: Line) -> None:
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
        self._lose(line)

    def _lose(self, line: Line) -> None:
        if self.warm is line:
            self.warm = None
        self._has_looked.set()

    def _watched_first(self, documents: list[str]) -> list[str]:
        seen = {tab.page for tab in self.server.tabs}
        return sorted(documents, key=lambda name: self.known.files.get(name) not in seen)

    def _take(self, report: dict[str, Any]) -> None:
        if report["kind"] == "page":
            files = {report["page"]: report["path"], **report["images"]}
            new = [name for name, path in files.items() if self.window.put(name, Path(path))]
            self.server.tell_changed(new)
            self.server.tell_edited(report["page"])
        elif report["kind"] == "previewed":
            said = (Complaint(**one) for one in report["complaints"])
            self.record.preview(said, self.known.owners, report["read"])
            self.count.preview(report["words"])
            self._has_looked.set()
            self.server.tell_state()
        elif report["kind"] == "failed":
            self._has_looked.set()
        elif report["kind"] == "printed":
            self._take_print(report["page"], report["complaints"])

    # -- on paper ------------------------------------------------------------------------

    async def _print(self, line: Line, names: list[str], documents: list[str]) -> None:
        """Have essays printed, or the book, with what documents hold that were just saved."""
        line.prints = set(names)
        order = {
            "pages": names,
            "documents": documents,
            "folder": self._folder.name,
            "printed": str(self.settings.printed),
        }
        await line.order(order)

    async def _print_book(self, line: Line, elsewhere: set[str]) -> None:
        """Have the book printed as it was built, and every essay that nobody prints yet."""
        for page in self._printed - {BOOK, *self.known.files}:
            (self.settings.printed / printed_name(page)).unlink(missing_ok=True)
        self._printed &= {BOOK, *self.known.files}
        self._unprinted &= set(self.known.files)
        await self._print(line, [*sorted(self._unprinted - elsewhere), BOOK], [])

    def _take_print(self, page: str, complaints: list[dict[str, Any]]) -> None:
        self._printed.add(page)
        self._unprinted.discard(page)
        said = (Complaint(**one) for one in complaints)
        self.record.printed(said, self.known.owners, page)
        self.server.tell_printed(printed_name(page))
        self.server.tell_state()

    def _show_sheets(self, sheets: Iterable[tuple[Path, str]]) -> None:
        for source, name in sheets:
            with contextlib.suppress(OSError):
                copy = Path(self._folder.name, "sheet")
                copy.write_bytes(source.read_bytes())
                if self.window.put(name, copy):
                    self.server.tell_changed([name])

    # -- the settled build ---------------------------------------------------------------

    async def _settle_always(self, address: str) -> None:
        """Build whenever something is due; saves in the meantime wait for the next build."""
        if self.settings.builds_first:
            await self._settle()
        if self.settings.open_browser:
            asyncio.get_running_loop().call_later(self.settings.delay, webbrowser.open, address)
        say("Waiting to detect changes...")
        while True:
            await self._is_due.wait()
            await self._settle()

    async def _settle(self) -> None:
        self._is_due.clear()
        self._is_building = True
        order = {
            "arguments": self.settings.arguments,
            "quiet": bool(self.known.root),
            "touched": sorted(map(str, self._saved)),
            "all": self._everything,
            "fresh": self._afresh,
        }
        self._saved, self._everything, self._afresh = set(), False, False
        self.window.begin()
        self.server.tell_state()
        if await self._run_commands(self.settings.before):
            try:
                line = await self.crew.build(order)
                async for report in line.reports({"built"}):
                    await self._settled(report, line)
            except (OSError, ConnectionError):
                self._fail("The build ended without a word. The next save begins another.")
        self._is_building = self._is_due.is_set()
        self.server.tell_state()

    async def _settled(self, report: dict[str, Any], line: Line) -> None:
        if "failure" in report:
            line.close()
            self.failure = report["failure"]
            say(f"build failed: {report['failure']['text']}")
            return
        is_first = not self.known.root
        self.failure = None
        self.known = Knowledge.of(report)
        said = [Complaint(**one) for one in report["complaints"]]
        self.record.settle(
            said, self.known.documents, self.known.owners, report["read"], report["written"]
        )
        self.count.settle(report["words"])
        changed, gone = await asyncio.to_thread(self.window.settle)
        self.server.tell_changed(changed, gone)
        if is_first:
            self.crew.learn(report["extensions"])
        await self._keep(line)
        await self._run_commands(self.settings.after)
        say(f"build succeeded{_number(len(said))} in {report['seconds']:.2f} s")

    async def _keep(self, line: Line) -> None:
        """The process that has built the book takes the place of the one before.

        One that still prints an essay may end that.
        """
        before, self.warm = self.warm, None
        elsewhere = before.prints - {BOOK} if before is not None else set()
        if before is not None:
            asyncio.get_running_loop().call_later(LONGEST_PRINT * bool(elsewhere), before.close)
        builder = _builder(self.settings.arguments)
        if self.settings.forks and builder in PREVIEWED:
            self.warm = line
        elif not self.settings.prints:
            line.close()
            return
        self._group.create_task(self._listen(line))
        if self.settings.prints:
            await self._print_book(line, elsewhere)

    async def _run_commands(self, commands: Iterable[list[str]]) -> bool:
        """Run what was asked for around builds; whether all of it went well."""
        for command in commands:
            process = await asyncio.create_subprocess_exec(*command)
            if await process.wait():
                said = subprocess.list2cmdline(command)
                self._fail(f"{said} ended with {process.returncode}.")
                return False
        return True

    def _fail(self, text: str) -> None:
        self.failure = {"level": "error", "file": "", "line": None, "text": text}
        say(text)

    # -- what the panel shows ------------------------------------------------------------

    def state(self, page: str) -> dict[str, Any]:
        """What is known, for a page."""
        documents = [name for name, file in self.known.files.items() if file == page]
        said = [self._told(one.as_dict()) for one in self.record]
        if self.failure:
            said.insert(0, self._told(self.failure))
        errors = sum(one["level"] == "error" for one in said)
        words, today = self.count.of(documents), self.count.today()
        return {
            "kind": "state",
            "complaints": said,
            "counts": messages.live_counts(errors, len(said) - errors, words, today),
            "labels": messages.live_labels(),
            "printed": {
                "essay": self._link(next(iter(documents), BOOK)) if documents else "",
                "book": self._link(BOOK),
            },
            "settled": not self._is_building,
            "built": bool(self.known.root),
        }

    def _link(self, page: str) -> str:
        """Where what has been printed is to be had."""
        return quote(f"{pages.PRINTED}/{printed_name(page)}") if page in self._printed else ""

    def _told(self, complaint: dict[str, Any]) -> dict[str, Any]:
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


def say(text: str) -> None:
    """A line in the terminal."""
    print(f"[sphinx-essays] {text}", flush=True)  # noqa: T201
