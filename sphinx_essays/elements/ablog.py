"""An update node that ABlog recognises.

Import this module only where ABlog is loaded. ABlog finds updates by their class,
reads their date for its feed, and adds a title to them.
"""

from __future__ import annotations

from ablog.post import UpdateNode

from sphinx_essays.elements import update


class essay_update(update.essay_update, UpdateNode):  # type: ignore[misc]  # ABlog has no types
    """An :class:`~.update.essay_update`: visitors are found by the name of the class."""
