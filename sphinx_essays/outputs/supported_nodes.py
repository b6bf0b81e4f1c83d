"""Find out which nodes an output supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def supported_nodes(app: Sphinx) -> set[str]:
    """Return the class names of the nodes that the builder's translator has visitors for.

    As in :meth:`sphinx.registry.SphinxComponentRegistry.create_translator`, a visitor
    registered for the name of a builder hides all visitors for its format.
    """
    by_format = app.registry.translation_handlers
    return set(by_format.get(app.builder.name, by_format.get(app.builder.format, {})))
