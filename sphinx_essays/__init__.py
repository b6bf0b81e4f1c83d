"""Essays become a book: on the web, on paper, in the hand, and live beside the editor.

Add one line to ``conf.py``::

    extensions = ["sphinx_essays"]
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what a writer can say, what the book knows, and how outputs say it."""
    # The commands import the package too, and should print their help without Sphinx.
    from sphinx_essays import book, config, elements, messages, outputs  # noqa: PLC0415

    messages.setup(app)
    config.setup(app)
    elements.setup(app)
    book.setup(app)
    outputs.setup(app)
    app.add_html_theme("essays", str(Path(__file__).parent / "theme"))
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
