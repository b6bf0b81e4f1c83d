"""An update that ABlog takes for one of its own.

Imported only where ABlog is loaded: it looks for updates by their class, reads
their date for its feed, and puts a title of its own into them.
"""

from __future__ import annotations

from ablog.post import UpdateNode

from sphinx_essays.elements import update


class essay_update(update.essay_update, UpdateNode):  # type: ignore[misc]  # no types there
    """The same node to us and to every output, which go by the name of the class."""
