"""Tables that are wider than a page."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GAP = 2  # letters between two columns
PAGE = 62  # letters in a line of a page


class essay_wide_table(nodes.General, nodes.Element):
    """A rotated table; ``letters`` is the length of its lines at their narrowest."""


def rotate_wide_tables(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Rotate a table whose longest words do not fit beside one another."""
    if app.builder.format != "latex":
        return
    for table in list(doctree.findall(nodes.table)):
        columns = _longest_words(table)
        letters = sum(columns) + GAP * len(columns)
        if letters > PAGE and not isinstance(table.parent, nodes.entry):
            _share_out(table, columns)
            table.replace_self(wide := essay_wide_table("", letters=letters))
            wide += table


def _longest_words(table: nodes.table) -> list[int]:
    """Return the length of the longest word of each column, in letters."""
    rows = [[_longest_word(entry) for entry in row] for row in table.findall(nodes.row)]
    return [max(column) for column in zip_longest(*rows, fillvalue=1)]


def _longest_word(entry: nodes.Node) -> int:
    if "morecols" in getattr(entry, "attributes", {}):
        return 1
    return max(map(len, entry.astext().split()), default=1)


def _share_out(table: nodes.table, columns: list[int]) -> None:
    """Set column widths by the longest words, unless the author has set widths."""
    if "colwidths-given" in table["classes"]:
        return
    for spec, letters in zip(table.findall(nodes.colspec), columns, strict=False):
        spec["colwidth"] = letters + GAP
    table["classes"] = [name for name in table["classes"] if name != "colwidths-auto"]
    table["classes"].append("colwidths-given")
