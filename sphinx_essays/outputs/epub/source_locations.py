"""Find the source line of a fault in an EPUB page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder
    from sphinx_essays.outputs.epub.xhtml_repair import Fault

PAGE_LINE = re.compile(r"line (\d+)")
ADDRESS = re.compile(r'(?:href|src)="([^"#]*)#?([^"]*)"')


class SourceLocator:
    """Find text of a page in the sources of its document."""

    def __init__(self, builder: EssaysEpubBuilder, docname: str) -> None:
        self.docname = docname
        self.is_source = docname in builder.env.all_docs
        self.path = builder.env.doc2path(docname) if self.is_source else Path(docname)
        doctree = builder.env.get_doctree(docname) if self.is_source else None
        self.raw = list(doctree.findall(nodes.raw)) if doctree is not None else []

    def of(self, typed: str) -> str:
        """Return ``file:line`` of the typed text, or the document's first line."""
        for node in self.raw:
            if typed in node.astext():
                path = Path(node.source or self.path)
                return f"{path}:{_line(path, typed, node.line or 1)}"
        return f"{self.path}:{self._line_of_address(typed)}"

    def _line_of_address(self, typed: str) -> int:
        """Return the line with the reference that has become a link to this address."""
        match = ADDRESS.search(typed)
        if not (match and self.is_source):
            return 1
        name = match[2] or Path(match[1]).stem
        return _line(self.path, name, 1)


def warn_faults(places: SourceLocator, error: str, faults: Iterable[Fault]) -> None:
    """Warn once about each fault; warn about an XML error only if no fault explains it."""
    warnings = {(places.of(fault.typed), fault.message) for fault in faults}
    if error and not warnings:
        warnings.add((f"{places.path}:1", messages.not_well_formed(error)))
    for place, message in sorted(warnings):
        messages.warn("epub", message, place)


def _line(path: Path, words: str, first: int) -> int:
    """Return the first line, from a given line on, that contains the text, or that line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        return first
    lines = text.splitlines(keepends=True)
    before = "".join(lines[: first - 1])
    at = text.find(words, len(before))
    return text.count("\n", 0, at) + 1 if at >= 0 else first
