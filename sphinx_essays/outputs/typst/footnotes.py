"""Write footnotes on the page of their mark, and citations where they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element


class Notes(BaseTranslator):
    """Footnotes, with the same marks as in all other outputs, and citations."""

    _noted: set[str]
    _loose: set[str]
    _open: list[str]

    def collect_notes(self, document: nodes.document) -> None:
        """Collect the footnotes of a document before the first mark is visited."""
        self._footnotes = {
            identifier: note
            for note in document.findall(nodes.footnote)
            for identifier in note["ids"]
        }
        self._noted, self._loose, self._open = set(), set(), []

    def visit_footnote_reference(self, node: Element) -> None:
        """Write the footnote at its first mark."""
        self.mark(node)
        self.flush()
        mark = _mark(node.astext())
        note = self._footnotes.get(node.get("refid", ""))
        if note is None or note["ids"][0] in self._open:
            self.body.append(f"#essay-note-mark({mark});")
            raise nodes.SkipNode
        if note["ids"][0] in self._loose:
            place = markup.string(self.name_of(note["ids"][0]))
            self.body.append(f"#link(label({place}))[#essay-note-mark({mark});];")
            raise nodes.SkipNode
        name = markup.string(f"note:{self.name_of(note['ids'][0])}")
        if note["ids"][0] in self._noted:
            self.body.append(f"#essay-note-again({mark}, {name});")
        else:
            self.body.append(f"#essay-note({mark}, name: {name})[{self._words(note)}];")
        raise nodes.SkipNode

    def _words(self, note: Element) -> str:
        """Return the content of a footnote; a mark that refers to itself is only a mark."""
        identifier = note["ids"][0]
        self._noted.add(identifier)
        self._open.append(identifier)
        places = "".join(self.anchor(self.name_of(identifier)) for identifier in note["ids"])
        words = self.rendered(child for child in note.children if not _is_label(child))
        self._open.pop()
        return places + words.strip("\n")

    def visit_footnote(self, node: Element) -> None:
        """Skip a footnote, because it is written at its mark."""
        raise nodes.SkipNode

    def write_loose_notes(self) -> None:
        """Write the footnotes without a mark, so that no text is lost."""
        for note in list(self._footnotes.values()):
            if note["ids"][0] in self._noted:
                continue
            start = len(self.body)
            self._loose.add(note["ids"][0])
            mark = _mark(note[0].astext()) if _is_label(note[0]) else "[]"
            self.body.append(f"\n\n#essay-unreferenced-note({mark})[{self._words(note)}];\n\n")
            self.remember(start, note)

    def visit_citation(self, node: Element) -> None:
        """Write a citation after its label."""
        self.mark(node)
        label = node[0] if len(node) and _is_label(node[0]) else None
        words = f"\\[{markup.escape(label.astext())}\\]" if label is not None else ""
        self.open_block("essay-citation", f"[{words}]")

    def depart_citation(self, node: Element) -> None:
        self.close_block()

    def visit_label(self, node: Element) -> None:
        """Skip a label, which is written with its footnote."""
        raise nodes.SkipNode


def _mark(text: str) -> str:
    """Return a mark as content; a symbol is raised already."""
    written = markup.escape(text)
    return f"[{written}]" if text.isalnum() else f"[#essay-symbol[{written}];]"


def _is_label(node: nodes.Node) -> bool:
    return isinstance(node, nodes.label)
