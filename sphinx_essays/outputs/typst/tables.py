"""Write tables: columns, headers that are repeated on each page, spanning cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.builders import Builder

ONCE = re.compile(r"#essay-(?:anchor|note)\(")
PER_CENT = re.compile(r"([\d.]+)\s*%")


class Tables(BaseTranslator):
    """Convert docutils' tables to Typst's."""

    def __init__(self, document: nodes.document, builder: Builder) -> None:
        super().__init__(document, builder)
        self._heads: list[tuple[int, list[str]]] = []

    def visit_table(self, node: Element) -> None:
        """Begin a table; its caption is written with its columns."""
        self.mark(node)

    def depart_table(self, node: Element) -> None:
        pass

    def visit_tgroup(self, node: Element) -> None:
        """Write the columns; a column without a width is as wide as its content."""
        columns = [child for child in node.children if isinstance(child, nodes.colspec)]
        share = per_cent(node.parent.get("width", ""))
        is_given = "colwidths-given" in node.parent["classes"] or share
        widths = [
            f"{column.get('colwidth', 1)}fr" if is_given else "auto" for column in columns
        ]
        is_wide = len(columns) > 1 and is_given
        width = share or ("100%" if is_wide else "auto")
        for cell in _stubs(node, columns):
            cell["stub"] = True
        caption = self._caption(node.parent)
        self.body.append(
            f"\n\n#essay-table(columns: {markup.array(widths)}, width: {width}, {caption}\n"
        )

    def _caption(self, table: Element) -> str:
        title = next(
            (child for child in table.children if isinstance(child, nodes.title)), None
        )
        if title is None:
            return ""
        words = self.number_of(table, "table") + self.rendered(title.children)
        return f"caption: [{words}],"

    def depart_tgroup(self, node: Element) -> None:
        self.body.append(");\n\n")

    def visit_colspec(self, node: Element) -> None:
        """Skip a column, which is written with its group."""
        raise nodes.SkipNode

    def visit_thead(self, node: Element) -> None:
        """Write header rows. The targets of the table are set in its first row."""
        self._heads.append((len(self.body), self._pending))
        self._pending = []
        self.body.append("..essay-table-header(\n")

    def depart_thead(self, node: Element) -> None:
        """End header rows. If they contain a target or a footnote, they are not repeated."""
        start, waiting = self._heads.pop()
        self._pending = [*waiting, *self._pending]
        if ONCE.search("".join(self.body[start:])):
            self.body[start] = "..essay-table-header(repeat: false,\n"
        self.body.append("),\n")

    def visit_entry(self, node: Element) -> None:
        """Write a cell, with the targets that are set at the end of others."""
        self.mark(node)
        spans = []
        if node.get("morecols"):
            spans.append(f"colspan: {node['morecols'] + 1}")
        if node.get("morerows"):
            spans.append(f"rowspan: {node['morerows'] + 1}")
        self.body.append(f"table.cell({', '.join(spans)})[")
        if _is_head(node):
            self.body.append("#essay-table-header-cell[")

    def depart_entry(self, node: Element) -> None:
        self.flush()
        if _is_head(node):
            self.close()
        self.body.append("],\n")


class CellPosition(NamedTuple):
    """The position of a cell."""

    column: int
    cell: nodes.entry


def _is_head(cell: Element) -> bool:
    return isinstance(cell.parent.parent, nodes.thead) or bool(cell.get("stub"))


def _stubs(group: Element, columns: list[nodes.colspec]) -> list[nodes.entry]:
    """Return the cells of stub columns."""
    heads = {index for index, column in enumerate(columns) if column.get("stub")}
    if not heads:
        return []
    return [
        place.cell
        for part in group.children
        if isinstance(part, nodes.tbody)
        for place in _cell_positions(part)
        if place.column in heads
    ]


def _cell_positions(body: Element) -> list[CellPosition]:
    """Yield each cell with its column, which depends on spanning cells above."""
    places = []
    reach: dict[int, int] = {}  # by column, the rows that a cell above still covers
    for row in body.findall(nodes.row):
        if row.parent is not body:  # a row of a nested table
            continue
        column = 0
        covered = {column for column, rows in reach.items() if rows}
        reach = {column: rows - 1 for column, rows in reach.items() if rows > 1}
        for cell in row.findall(nodes.entry):
            if cell.parent is not row:
                continue
            while column in covered:
                column += 1
            places.append(CellPosition(column, cell))
            across = range(column, column + cell.get("morecols", 0) + 1)
            reach |= dict.fromkeys(across, cell.get("morerows", 0))
            column = across.stop
    return places


def per_cent(width: str) -> str:
    """Return a percentage as Typst code.

    >>> per_cent("50 %")
    '50.0%'
    """
    match = PER_CENT.fullmatch(str(width).strip())
    return f"{min(float(match[1]), 100.0)}%" if match else ""
