"""The processes that run Sphinx: the fork server, its workers, and their children.

``python -m sphinx_essays.live.worker`` reads an order from standard input and builds. With
``--forkserver FD`` it is a fork server: for each build it receives a socket and forks a
worker. The worker builds, reports, and makes previews until the socket is closed. Each
preview runs in a child of the worker, which exits afterwards.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import sysconfig
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sphinx_essays.live import BUILD, PRELOAD, building, printing

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    Do = Callable[[building.Building, dict[str, Any], building.Tell], None]

INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))


def main(arguments: list[str]) -> None:
    """Build, or run the fork server."""
    if arguments[:1] == ["--forkserver"]:
        _wait(socket.socket(fileno=int(arguments[1])))
    else:
        out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # only reports go to the pipe; other output goes to the terminal
        _full_build(building.send_line(out))


def _full_build(tell: building.Tell) -> None:
    """Build, and print PDFs if that is ordered."""
    with building.opened(json.loads(sys.stdin.readline())) as book:
        if not book.make(tell):
            return
        if line := sys.stdin.readline():
            printing.print_pages(book, json.loads(line), tell)


def _wait(orders: socket.socket) -> None:
    """Fork a worker for each build, until the other end of the socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that ended workers leave no zombies
    _preload(["sphinx.builders.html"])
    while True:
        word, handles, _flags, _address = socket.recv_fds(orders, 1, 1)
        if not word:
            return
        with socket.socket(fileno=handles[0]) as channel:
            if word == PRELOAD:
                with channel.makefile(encoding="utf-8") as stream:
                    _preload(json.loads(stream.read()))
                continue
            gc.freeze()
            if word == BUILD and os.fork() == 0:
                orders.close()
                _work(channel)


def _preload(names: list[str]) -> None:
    """Import installed modules; not the author's own modules, because they may change."""
    for name in names:
        with suppress(Exception):
            spec = importlib.util.find_spec(name)
            if spec and spec.origin and spec.origin.startswith(INSTALLED):
                importlib.import_module(name)


def _work(channel: socket.socket) -> None:
    """Build and serve orders in a forked worker; then exit the process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        with channel.makefile("rw", encoding="utf-8") as stream:
            _serve(stream)
        status = 0
    except BrokenPipeError:
        pass  # the server has ended
    except BaseException:  # noqa: BLE001 (the fork server's code must not run here)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _serve(stream: io.TextIOBase) -> None:
    tell = building.send_line(stream)
    order = json.loads(stream.readline())
    with building.opened(order) as book:
        if not book.make(tell):
            return
        gc.freeze()
        printer = 0
        while line := stream.readline():
            order = json.loads(line)
            _end(printer)  # its PDF would be outdated
            printer = 0
            if "pages" in order:
                printer = _in_a_child(book, order, tell, printing.print_pages)
            else:
                child = _in_a_child(book, order, tell, building.preview)
                _pid, status = os.waitpid(child, 0)
                if status:
                    code = os.waitstatus_to_exitcode(status)
                    tell({"kind": "failed", "text": f"The preview process exited with {code}."})
        _end(printer)


def _in_a_child(
    book: building.Building, order: dict[str, Any], tell: building.Tell, do: Do
) -> int:
    """Run a function in a child process, where it cannot harm this one; return its id."""
    if child := os.fork():
        return child
    try:
        gc.disable()
        do(book, order, tell)
    except BaseException as error:  # noqa: BLE001 (the full build will report it)
        text = "".join(traceback.format_exception_only(error)).strip()
        with suppress(OSError):
            tell({"kind": "failed", "text": text})
    finally:
        os._exit(0)


def _end(child: int) -> None:
    """Kill a child process, if it still runs, and wait for it; do nothing for 0."""
    if child:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
