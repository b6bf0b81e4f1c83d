"""The processes that hold Sphinx: a zygote, the warm workers it forks, their children.

``python -m sphinx_essays.live.worker`` reads one order and builds. With ``--zygote FD`` it
waits at a socket instead: for each build it is given one end of a pair of sockets and
forks a worker, which builds, tells, and stays for previews until the other end is closed.
Each preview runs in a child of the worker that is thrown away.
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
    """Build once, or be a zygote."""
    if arguments[:1] == ["--forkserver"]:
        _wait(socket.socket(fileno=int(arguments[1])))
    else:
        out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # reports alone leave by the pipe; what else is said is for people
        _full_build(building.send_line(out))


def _full_build(tell: building.Tell) -> None:
    """Build once, and print once if that is ordered."""
    with building.opened(json.loads(sys.stdin.readline())) as book:
        if not book.make(tell):
            return
        if line := sys.stdin.readline():
            printing.print_pages(book, json.loads(line), tell)


def _wait(orders: socket.socket) -> None:
    """Fork a worker for each build, until nobody is there to order one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker
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
    """Import what is installed; never an author's own modules, which change."""
    for name in names:
        with suppress(Exception):
            spec = importlib.util.find_spec(name)
            if spec and spec.origin and spec.origin.startswith(INSTALLED):
                importlib.import_module(name)


def _work(channel: socket.socket) -> None:
    """Build, and stand by."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        with channel.makefile("rw", encoding="utf-8") as stream:
            _serve(stream)
        status = 0
    except BrokenPipeError:
        pass  # the loop has ended
    except BaseException:  # noqa: BLE001 (nothing may run what belongs to the zygote)
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
            _end(printer)  # what it prints is out of date
            printer = 0
            if "pages" in order:
                printer = _in_a_child(book, order, tell, printing.print_pages)
            else:
                child = _in_a_child(book, order, tell, building.preview)
                _pid, status = os.waitpid(child, 0)
                if status:
                    code = os.waitstatus_to_exitcode(status)
                    tell({"kind": "failed", "text": f"ended by signal {code}"})
        _end(printer)


def _in_a_child(
    book: building.Building, order: dict[str, Any], tell: building.Tell, do: Do
) -> int:
    """Do something where nothing that goes wrong can matter; the number of its process."""
    if child := os.fork():
        return child
    try:
        gc.disable()
        do(book, order, tell)
    except BaseException as error:  # noqa: BLE001 (the settled build will tell of it)
        text = "".join(traceback.format_exception_only(error)).strip()
        with suppress(OSError):
            tell({"kind": "failed", "text": text})
    finally:
        os._exit(0)


def _end(child: int) -> None:
    """End a process that may have ended, and be done with it."""
    if child:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
