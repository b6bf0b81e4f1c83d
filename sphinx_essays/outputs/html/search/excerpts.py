"""Cut the text of a page into blocks, from which a browser makes excerpts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    Block = tuple[str, str] | tuple[str, str, int]

LEFT_OUT = (nodes.Invisible, nodes.raw, nodes.footnote_reference, nodes.label, nodes.image)
HEADING = 1
UNSEARCHED = "no-search"  # the class of nodes that Sphinx's index skips


def blocks(doctree: nodes.document) -> list[Block]:
    """Return the nearest id and the text of each block, and ``HEADING`` for a heading."""
    text_blocks = list(_blocks(doctree, ""))
    first = next((index for index, block in enumerate(text_blocks) if block[2:]), None)
    if first is not None:
        del text_blocks[first]  # the title of the page
    return text_blocks


def _blocks(element: nodes.Element, above: str) -> Iterator[Block]:
    for child in element.children:
        if not isinstance(child, nodes.Element) or _is_left_out(child):
            continue
        here = child["ids"][0] if child["ids"] else above
        if isinstance(child, (nodes.TextElement, nodes.line_block)):
            if words := " ".join(_words(child).split()):
                is_heading = isinstance(child, nodes.title)
                yield (here, words, HEADING) if is_heading else (here, words)
        else:
            yield from _blocks(child, here)


def _words(element: nodes.Element) -> str:
    """Return the text of a block without footnote marks; a line ends with a space."""
    words = "".join(
        _words(child) if isinstance(child, nodes.Element) else child.astext()
        for child in element.children
        if not (isinstance(child, nodes.Element) and _is_left_out(child))
    )
    return f"{words} " if isinstance(element, nodes.line) else words


def _is_left_out(element: nodes.Element) -> bool:
    return isinstance(element, LEFT_OUT) or UNSEARCHED in element["classes"]
