"""Tables that are wider than a page of a book."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GAP = 2  # letters, between two columns
PAGE = 62  # letters that stand beside one another on a page of a book


class essay_wide_table(nodes.General, nodes.Element):
    """A table that lies on its side; ``letters`` are those of its narrowest lines."""


def rotate_wide_tables(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Lay a table on its side where its longest words have no room beside one another."""
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
    """For each column the letters of its longest word."""
    rows = [[_longest_word(entry) for entry in row] for row in table.findall(nodes.row)]
    return [max(column) for column in zip_longest(*rows, fillvalue=1)]


def _longest_word(entry: nodes.Node) -> int:
    if "morecols" in getattr(entry, "attributes", {}):
        return 1
    return max(map(len, entry.astext().split()), default=1)


def _share_out(table: nodes.table, columns: list[int]) -> None:
    """Give each column the width that its longest word needs, unless the author gave one."""
    if "colwidths-given" in table["classes"]:
        return
    for spec, letters in zip(table.findall(nodes.colspec), columns, strict=False):
        spec["colwidth"] = letters + GAP
    table["classes"] = [name for name in table["classes"] if name != "colwidths-auto"]
    table["classes"].append("colwidths-given")
