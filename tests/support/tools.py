"""Programs and fonts that a machine may not have: a test skips without, in CI it fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def missing(what: str, remedy: str) -> None:
    """Skip a test because a tool is missing; with ``CI`` set, fail instead."""
    if os.environ.get("CI"):
        pytest.fail(f"no {what} on this machine, and CI skips nothing")
    pytest.skip(f"no {what} on this machine; {remedy}")


def require(program: str, package: str) -> str:
    """Return the path of a program, or skip the test and name the package to install."""
    path = shutil.which(program)
    if path is None:
        missing(program, f"`apt-get install {package}` installs it")
    return str(path)


@pytest.fixture(scope="session")
def tool() -> Callable[[str, bool, str], None]:
    """Skip a test, or fail it in CI, unless a tool is there: ``tool(what, found, remedy)``."""

    def check(what: str, found: bool, remedy: str) -> None:  # noqa: FBT001
        if not found:
            missing(what, remedy)

    return check


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with vnu-jar and lighthouse, which ``ESSAYS_NODE_MODULES`` names."""
    path = Path(os.environ.get("ESSAYS_NODE_MODULES", "nowhere"))
    if not (path / "vnu-jar").is_dir() or not (path / "lighthouse").is_dir():
        missing(
            "vnu-jar and lighthouse",
            "`npm install --no-save vnu-jar lighthouse@12` installs them;"
            " ESSAYS_NODE_MODULES names their folder",
        )
    require("java", "default-jre-headless")
    require("node", "nodejs")
    return path


@pytest.fixture(scope="session")
def ace() -> Path:
    """DAISY's checker of e-books, in the folder that ``ESSAYS_NODE_MODULES`` names."""
    modules = Path(os.environ.get("ESSAYS_NODE_MODULES", "nowhere"))
    path = modules / "@daisy" / "ace-cli" / "bin" / "ace.js"
    if not path.is_file() or shutil.which("node") is None:
        missing("Ace by DAISY", "`npm install --no-save @daisy/ace-cli` installs it")
    return path
