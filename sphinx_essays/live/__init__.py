"""The writing loop: drives Sphinx from outside."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def serve(directory: Path, target: Path, more: list[str]) -> int:
    """Run sphinx-autobuild with a place for its output and a free port.

    An author's own ``--port`` comes later on the line and wins.
    """
    command = [
        sys.executable, "-m", "sphinx_autobuild", "-d", str(target / "live-doctrees"),
        "--port", "0", *more, str(directory), str(target / "live"),
    ]  # fmt: skip
    return subprocess.run(command, check=False).returncode
