"""One session of the loop, from the command to Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from sphinx_essays import messages
from sphinx_essays.live import arguments, process_pool
from sphinx_essays.live.live_server import LiveServer, log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import FrameType

# Ctrl-C, and how an editor or a closed window ends us.
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def serve(
    directory: Path, target: Path, extra: Sequence[str], *, preview: bool, prints: bool
) -> int:
    """Serve the book in a folder, and build and show it after each save, until interrupted.

    :param target: where everything is written.
    :param more: further options, as sphinx-autobuild has them.
    :param preview: whether pages may be shown before the book is built.
    :param prints: whether the book is printed too, and the essay that was saved.
    """
    messages.init_console_locale()
    forks = preview and process_pool.can_fork()
    try:
        settings = arguments.read(directory, target, extra, forks=forks, prints=prints)
    except ImportError as error:
        log(f"This sphinx-autobuild is another than we know ({error}); it serves by itself.")
        return _autobuild(directory, target, extra)
    loop = LiveServer(settings)
    try:
        return asyncio.run(_until_ended(loop))
    except OSError as error:
        log(f"{settings.host}:{settings.port or arguments.PORT}: {error.strerror or error}")
        return 2
    finally:
        loop.end()


async def _until_ended(loop: LiveServer) -> int:
    """Run, and come to an orderly end; whoever asks twice does not wait for that."""
    running, main = asyncio.get_running_loop(), asyncio.current_task()
    heard: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if heard:
            loop.end()
            os._exit(128 + number)
        heard.append(number)
        if main is not None:
            running.call_soon_threadsafe(main.cancel)

    for name in ENDINGS:
        if number := getattr(signal, name, None):
            signal.signal(number, end)
    try:
        await loop.run()
    except asyncio.CancelledError:
        if not heard:
            raise
    return 128 + heard[0] if heard else 0


def _autobuild(directory: Path, target: Path, extra: Sequence[str]) -> int:
    command = [sys.executable, "-m", "sphinx_autobuild"]
    command += arguments.as_autobuild(directory, target, extra)
    for name in ENDINGS:
        if number := getattr(signal, name, None):
            signal.signal(number, _end)
    return subprocess.run(command, check=False).returncode


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, on whose way everything that was started is ended."""
    raise SystemExit(128 + number)
