"""Run the live server from the command line until Ctrl-C."""

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

# Signals from Ctrl-C, an editor or a closed terminal window.
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def serve(
    directory: Path, target: Path, extra: Sequence[str], *, preview: bool, prints: bool
) -> int:
    """Serve the book in a folder and rebuild it after each save, until interrupted.

    :param target: the folder for all output.
    :param extra: further options, for sphinx-autobuild and sphinx-build.
    :param preview: whether to show saved pages before the full build.
    :param prints: whether to make PDFs of the book and of saved essays.
    :return: the exit status: 128 + the number of the signal, or 2 if the port is taken.
    """
    messages.init_console_locale()
    forks = preview and process_pool.can_fork()
    try:
        settings = arguments.read(directory, target, extra, forks=forks, prints=prints)
    except ImportError as error:
        log(
            f"Unsupported version of sphinx-autobuild ({error}). "
            "Running plain sphinx-autobuild instead, without previews."
        )
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
    """Run until a signal, then shut down; a second signal exits at once."""
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
    """Exit by an exception, so that ``subprocess.run`` ends its process."""
    raise SystemExit(128 + number)
