"""The writing loop: drives Sphinx from outside."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

# An editor or a closed window ends us with these, and knows nothing of our child.
ENDINGS = ("SIGTERM", "SIGHUP")


def serve(directory: Path, target: Path, more: list[str]) -> int:
    """Run sphinx-autobuild with a place for its output and a free port.

    An author's own ``--port`` comes later on the line and wins.
    """
    command = [
        sys.executable, "-m", "sphinx_autobuild", "-d", str(target / "live-doctrees"),
        "--port", "0", *more, str(directory), str(target / "live"),
    ]  # fmt: skip
    for name in ENDINGS:
        if number := getattr(signal, name, None):
            signal.signal(number, _end)
    return subprocess.run(command, check=False).returncode


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, on which ``subprocess.run`` ends the server too."""
    raise SystemExit(128 + number)
