"""Give classifiers a line number, so that messages about them have a location."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class ClassifierLineFix(SphinxTransform):
    """Copy the line of a term to its classifier: ``term : classifier |typo|``.

    docutils sets none. This runs before its Substitutions transform (220), which reports
    an undefined substitution.
    """

    default_priority = 210

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        for node in self.document.findall(nodes.classifier):
            term = node.parent[0]
            if node.line is None and isinstance(term, nodes.term):
                node.source, node.line = term.source, term.line
