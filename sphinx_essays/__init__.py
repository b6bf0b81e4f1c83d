"""A Sphinx extension and theme that publish essays as a website, a PDF and an e-book.

Add this line to ``conf.py``::

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
    """Register the options, directives, book metadata, outputs and theme."""
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
