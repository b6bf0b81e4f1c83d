"""Lines for what docutils leaves without one, so that each message has its place."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class ClassifierLineFix(SphinxTransform):
    """Gives the classifier of a term the term's line: ``term : classifier |typo|``.

    It runs before docutils' Substitutions (220), which would tell of the typo
    without saying where.
    """

    default_priority = 210

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Look at the term before each."""
        for node in self.document.findall(nodes.classifier):
            term = node.parent[0]
            if node.line is None and isinstance(term, nodes.term):
                node.source, node.line = term.source, term.line
