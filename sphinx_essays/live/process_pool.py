"""The loop's side of the processes that hold Sphinx: orders out, reports in, none left."""

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

LONGEST = 2**28  # bytes of a report: that of a large book names each document
PYTHON = [sys.executable, "-m", "sphinx_essays.live.worker"]


def can_fork() -> bool:
    """Whether a process may be forked here without harm: on macOS system libraries forbid."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class WorkerConnection:
    """What connects the loop with one process: orders one way, reports the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.prints: set[str] = set()
        """What was ordered to be printed and has not been told of yet."""

    async def order(self, order: dict[str, Any]) -> None:
        """Send an order."""
        self.writer.write(json.dumps(order).encode() + b"\n")
        await self.writer.drain()

    async def reports(self, last: Iterable[str] = ()) -> AsyncIterator[dict[str, Any]]:
        """What is reported, up to one of the `last` kinds.

        :raises ConnectionError: where the process ends before.
        """
        while line := await self.reader.readline():
            report: dict[str, Any] = json.loads(line)
            yield report
            if report["kind"] in last:
                return
        raise ConnectionError

    def close(self) -> None:
        """Let the process go."""
        self.writer.close()


class ProcessPool:
    """Every process of the loop, in one group, so that one signal ends them all."""

    def __init__(self, *, forks: bool) -> None:
        self.forks = forks
        self._forkserver: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._builders: set[asyncio.subprocess.Process] = set()

    async def build(self, order: dict[str, Any]) -> WorkerConnection:
        """Begin a build."""
        line = await (self._fork() if self.forks else self._spawn())
        await line.order(order)
        return line

    async def _spawn(self) -> WorkerConnection:
        self._end_builders()  # one of them may still print what is out of date
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
        with worker_end:
            self._call(BUILD, worker_end)
        return WorkerConnection(*await asyncio.open_connection(sock=own_end, limit=LONGEST))

    def preload(self, modules: list[str]) -> None:
        """Have later builds find the extensions of this book imported."""
        if not self.forks:
            return
        own_end, worker_end = socket.socketpair()
        with own_end, worker_end:
            self._call(PRELOAD, worker_end)
            own_end.sendall(json.dumps(modules).encode())

    def _call(self, word: bytes, handle: socket.socket) -> None:
        """Give the zygote a word and a handle; a dead one is followed by another."""
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
        """End every process, whatever it is at."""
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
    """A group of its own: Ctrl-C reaches the loop, and the loop ends the group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _end(number: int) -> None:
    if sys.platform == "win32":
        command = ["taskkill", "/f", "/t", "/pid", str(number)]
        subprocess.run(command, check=False, capture_output=True)
    else:
        os.killpg(number, signal.SIGKILL)
