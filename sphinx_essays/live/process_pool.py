"""Start, talk to and end the processes that run Sphinx."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from sphinx_essays.live import BUILD, PRELOAD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

LONGEST = 2**28  # bytes of a report; a large book's report lists all documents
PYTHON = [sys.executable, "-m", "sphinx_essays.live.worker"]


def can_fork() -> bool:
    """Return whether forking is safe; macOS system libraries do not allow it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class WorkerConnection:
    """A connection to a worker process: sends orders and receives reports."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.prints: set[str] = set()
        """The pages ordered as PDFs and not reported yet."""

    async def order(self, order: dict[str, Any]) -> None:
        self.writer.write(json.dumps(order).encode() + b"\n")
        await self.writer.drain()

    async def reports(self, last: Iterable[str] = ()) -> AsyncIterator[dict[str, Any]]:
        """Iterate over the reports, up to the first whose kind is in `last`.

        :raises ConnectionError: if the process exits before that.
        """
        while line := await self.reader.readline():
            report: dict[str, Any] = json.loads(line)
            yield report
            if report["kind"] in last:
                return
        raise ConnectionError

    def close(self) -> None:
        """Close the connection; the process then exits."""
        self.writer.close()


class ProcessPool:
    """All processes that run Sphinx, in process groups, so that no child outlives the server.

    :param forks: whether to fork workers from a fork server, or start each anew.
    """

    def __init__(self, *, forks: bool) -> None:
        self.forks = forks
        self._forkserver: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._builders: set[asyncio.subprocess.Process] = set()

    async def build(self, order: dict[str, Any]) -> WorkerConnection:
        """Start a build in a new process.

        :raises ConnectionError: if no process can be started.
        """
        line = await (self._fork() if self.forks else self._spawn())
        await line.order(order)
        return line

    async def _spawn(self) -> WorkerConnection:
        self._end_builders()  # they may still be printing an outdated PDF
        process = await asyncio.create_subprocess_exec(
            *PYTHON,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=LONGEST,
            **_apart(),
        )
        self._builders.add(process)
        if process.stdin is None or process.stdout is None:
            raise ConnectionError
        return WorkerConnection(process.stdout, process.stdin)

    async def _fork(self) -> WorkerConnection:
        own_end, worker_end = socket.socketpair()
        try:
            with worker_end:
                self._call(BUILD, worker_end)
        except ConnectionError:
            own_end.close()
            raise
        return WorkerConnection(*await asyncio.open_connection(sock=own_end, limit=LONGEST))

    def preload(self, modules: list[str]) -> None:
        """Import modules in the fork server, so that later builds start faster."""
        if not self.forks:
            return
        own_end, worker_end = socket.socketpair()
        with own_end, worker_end:
            self._call(PRELOAD, worker_end)
            own_end.sendall(json.dumps(modules).encode())

    def _call(self, word: bytes, handle: socket.socket) -> None:
        """Send a command and a socket to the fork server; restart the server if it has died.

        :raises ConnectionError: if the restarted server cannot be reached either.
        """
        for _try in range(2):
            if self._forkserver is None or self._forkserver.poll() is not None:
                self._start()
            with contextlib.suppress(OSError):
                if self._orders is not None:
                    socket.send_fds(self._orders, [word], [handle.fileno()])
                    return
        raise ConnectionError

    def _start(self) -> None:
        if self._orders is not None:
            self._orders.close()
        self._orders, worker_end = socket.socketpair()
        with worker_end:
            self._forkserver = subprocess.Popen(
                [*PYTHON, "--forkserver", str(worker_end.fileno())],
                pass_fds=[worker_end.fileno()],
                stdin=subprocess.DEVNULL,
                **_apart(),
            )

    def end(self) -> None:
        self._end_builders()
        if self._forkserver is not None:
            with contextlib.suppress(OSError):
                _end(self._forkserver.pid)
            self._forkserver.wait()
        if self._orders is not None:
            self._orders.close()

    def _end_builders(self) -> None:
        for process in self._builders:
            if process.returncode is None:
                with contextlib.suppress(OSError):
                    _end(process.pid)
        self._builders.clear()


def _apart() -> dict[str, Any]:
    """Return options for a new process group: Ctrl-C reaches only the server, which ends it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _end(number: int) -> None:
    if sys.platform == "win32":
        command = ["taskkill", "/f", "/t", "/pid", str(number)]
        subprocess.run(command, check=False, capture_output=True)
    else:
        os.killpg(number, signal.SIGKILL)
