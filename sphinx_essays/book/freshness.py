"""Which written pages show something that has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.book.pages import written_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def older_than_read(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find pages that were written before they were last read.

    Outputs share what was read. Sphinx compares a page with its source alone,
    and so leaves a page as it was when another output has read it again for the
    sake of a neighbour.
    """
    stale = []
    for name in env.all_docs:
        written = written_file(app, name)
        if written and written.exists():
            read = Path(env.doctreedir, f"{name}.doctree")
            if read.exists() and written.stat().st_mtime_ns < read.stat().st_mtime_ns:
                stale.append(name)
    return stale
