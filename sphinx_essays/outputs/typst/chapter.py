"""The markup of a document, and which node wrote each piece of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from docutils import nodes

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import NodeSpan

if TYPE_CHECKING:
    from sphinx_essays.outputs.typst.builder import TypstBuilder
    from sphinx_essays.outputs.typst.translator import TypstTranslator

# A footnote as the translator writes it: mark, name, identifier.
NOTE = re.compile(r'#essay-note\(\[(.*?)\], name: ("note:(?:[^"\\]|\\.)*?([^":]+)")\)')


@dataclass
class Chapter:
    """The markup of a document, in pieces, so that a block can be replaced."""

    docname: str
    title: str
    pieces: list[str]
    spans: list[NodeSpan]
    places: dict[str, int]
    links: set[str]
    document: nodes.document
    third_party: list[tuple[int, str]]
    rejected: list[NodeSpan] = field(default_factory=list)

    def block_of(self, piece: int) -> NodeSpan | None:
        """Return the smallest block that wrote a piece and has not been rejected yet."""
        around = [
            span
            for span in self.spans
            if span.start <= piece < span.stop and span not in self.rejected
        ]
        return min(around, key=lambda item: item.stop - item.start, default=None)

    def fall_back_to_text(self, block: NodeSpan) -> None:
        """Replace a block by its text; its link targets are kept."""
        places = [name for name, at in self.places.items() if block.start <= at < block.stop]
        anchors = "".join(f"#essay-anchor({markup.string(name)});" for name in places)
        plain = "\n\n".join(markup.escape(text) for text in words_of(block.node))
        notes = self._notes_in(block)
        gap = "" if isinstance(block.node, nodes.title) else "\n\n"
        self.pieces[block.start : block.stop] = [
            f"{gap}{anchors}{plain}{notes}{gap}",
            *[""] * (block.stop - block.start - 1),
        ]
        self.rejected += [
            span for span in self.spans if block.start <= span.start and span.stop <= block.stop
        ]

    def _notes_in(self, block: NodeSpan) -> str:
        """Return the footnotes in a block, which a mark in another block may refer to."""
        written = "".join(self.pieces[block.start : block.stop])
        notes = []
        for mark, name, identifier in NOTE.findall(written):
            note = self.document.ids[identifier]
            body = [child for child in note.children if not isinstance(child, nodes.label)]
            plain = "\n\n".join(markup.escape(child.astext()) for child in body)
            notes.append(f"#essay-note([{mark}], name: {name})[{plain}];")
        return "".join(notes)


def write(
    builder: TypstBuilder, doctree: nodes.document, *, level: int, title_call: str
) -> Chapter:
    """Write a document whose references have been resolved."""
    translator = cast("TypstTranslator", builder.create_translator(doctree, builder))
    translator.level, translator.title_call = level, title_call
    doctree.walkabout(translator)
    return Chapter(
        translator.docname,
        translator.title,
        translator.body,
        translator.spans,
        translator.places,
        translator.links,
        doctree,
        translator.third_party,
    )


def words(builder: TypstBuilder, doctree: nodes.document, node: nodes.Element) -> Chapter:
    """Return the markup of a node for another place than its chapter."""
    translator = cast("TypstTranslator", builder.create_translator(doctree, builder))
    written = translator.rendered(node.children)
    block = NodeSpan(0, 1, node)
    foreign = [(0, text) for _piece, text in translator.third_party]
    return Chapter(translator.docname, written, [written], [block], {}, set(), doctree, foreign)


def words_of(node: nodes.Element) -> list[str]:
    """Return the text of a block by paragraphs."""
    words = [character for character in node.astext().split("\n\n") if character.strip()]
    if isinstance(node, nodes.image):
        words.append(node.get("alt", ""))
    return words
