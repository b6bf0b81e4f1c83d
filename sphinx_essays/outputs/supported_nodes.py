"""Which nodes an output has words for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def supported_nodes(app: Sphinx) -> set[str]:
    """The names of the nodes for which the builder's translator will have a handler.

    As in :meth:`sphinx.registry.SphinxComponentRegistry.create_translator`: one
    handler registered for a builder's name hides those for its format.
    """
    by_format = app.registry.translation_handlers
    return set(by_format.get(app.builder.name, by_format.get(app.builder.format, {})))
