"""Write sections, their titles, and the first paragraph of an essay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.first_paragraph import FIRST_PARAGRAPH
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element, Node

# An opening quotation mark belongs to the capital after it.
CAPITAL = re.compile(r"""[“"‘'«‹„¿¡(\[]{0,2}\w""")
WRAPPED: dict[type[nodes.Element], str] = {
    nodes.emphasis: "emph",
    nodes.strong: "strong",
    nodes.title_reference: "emph",
}
DROPCAP = "dropcap"
MANY = 60  # words, more than three lines contain


class FirstParagraph(NamedTuple):
    """The parts of an essay's first paragraph."""

    capital: str
    words: list[str]
    rest: str


class Structure(BaseTranslator):
    """Documents, sections and titles."""

    level = 1
    """The level of the document's title in the outline of the book."""
    title_call = "essay-chapter-title"

    title = ""
    """The document's title, for the contents and the running heads."""

    _depth = 0

    def visit_document(self, node: Element) -> None:
        """Read the numbers that ``:numbered:`` gives to the sections."""
        self._numbers = self.builder.env.toc_secnumbers.get(self.docname, {})

    def depart_document(self, node: Element) -> None:
        """Set the targets that are not in any text."""
        self.flush()

    def visit_section(self, node: Element) -> None:
        """Begin a section; its targets are set in its title."""
        self._depth += 1

    def depart_section(self, node: Element) -> None:
        self._depth -= 1

    def visit_title(self, node: Element) -> None:
        """Write the title of a document or section; an aside's title is written with it."""
        if not isinstance(node.parent, nodes.section):
            raise nodes.SkipNode
        section = node.parent
        first, *others = [self.name_of(identifier) for identifier in section["ids"]] or [""]
        if self._is_own(section):
            self.title = self._number_of(section) + self._again(without_notes(node))
            self.takes(f"{self.docname}:")
            name = f"{self.docname}:"
            others = [first, *others]
            call = f"{self.title_call}({self.level}, {markup.string(name)})"
        else:
            self.takes(first)
            depth = max(self._depth - 1, 1)
            call = f"essay-section-title({self.level + depth}, {depth}, {markup.string(first)})"
        places = "".join(self.anchor(name) for name in others if name)
        self.body.append(f"\n\n#{call}[{self._number_of(section)}")
        start = len(self.body)
        self.body.append(self.rendered(node.children))
        self.remember(start, node)
        self.body.append(f"];{places}\n\n")
        raise nodes.SkipNode

    def _again(self, title: Element) -> str:
        """Return text that is in the book already, for another place."""
        known = len(self.third_party)
        words = self.rendered(title.children)
        del self.third_party[known:]
        return words

    def _is_own(self, section: Element) -> bool:
        """Return whether a section is the document itself."""
        parent = section.parent
        if not isinstance(parent, nodes.document):
            return False
        return (
            next(child for child in parent.children if isinstance(child, nodes.section))
            is section
        )

    def _number_of(self, section: Element) -> str:
        anchor = "" if self._is_own(section) else f"#{section['ids'][0]}"
        numbers = self._numbers.get(anchor) or ()
        return markup.escape(".".join(map(str, numbers))) + " " if numbers else ""

    # -- the first paragraph ---------------------------------------------------

    def write_opening(self, node: Element) -> None:
        """Write the first paragraph of an essay, as words that the template can measure."""
        opening = self._take_apart(node)
        words = markup.array([f"[{word}]" for word in opening.words])
        capital = markup.string(opening.capital)
        self.body.append(f"\n\n#essay-first-paragraph({capital}, {words})[{opening.rest}];\n\n")

    def _take_apart(self, node: Element) -> FirstParagraph:
        pieces: list[tuple[str, str]] = []  # text and the call that contains it
        children = list(node.children)
        while children and (parts := _words_of(children[0])):
            pieces.append(parts)
            children.pop(0)
        self.flush()
        is_cut = self.config.essays_pdf["opening"] == DROPCAP and not pieces[0][1]
        capital = CAPITAL.match(pieces[0][0]) if is_cut else None
        if capital:
            pieces[0] = (pieces[0][0][capital.end() :], "")
        words = _split(pieces)
        if capital and pieces[0][0][:1].isspace():
            words.insert(0, "")  # the capital is a word by itself
        rest = self.rendered(children)
        words, beyond = words[:MANY], words[MANY:]
        ends_in_space = bool(pieces) and pieces[-1][0][-1:].isspace()
        joiner = " " if ends_in_space and rest else ""
        if beyond:
            rest = " " + " ".join(beyond) + joiner + rest
        elif rest and not ends_in_space and words:
            rest = (" " if len(words) > 1 else "") + words.pop() + rest
        else:
            rest = joiner + rest
        return FirstParagraph(capital[0] if capital else "", words, rest)


def without_notes(title: Element) -> Element:
    """Return a copy that can be printed again, without footnote marks and targets."""
    copy = title.deepcopy()
    for node in list(copy.findall(nodes.Element)):
        if isinstance(node, nodes.footnote_reference):
            node.parent.remove(node)
        elif node is not copy:
            node["ids"] = []
    return copy


def is_first_paragraph(node: Element) -> bool:
    """Return whether a paragraph opens an essay, in a script that has capitals."""
    if FIRST_PARAGRAPH not in node["classes"] or not node.children:
        return False
    letter = next((character for character in node.astext() if character.isalpha()), "")
    return letter.upper() != letter.lower() and _words_of(node.children[0]) is not None


def _words_of(node: Node) -> tuple[str, str] | None:
    """Return the text of a node that may be split, and the calls that contain it."""
    if isinstance(node, nodes.Text):
        return (node.astext().replace("\n", " "), "") if node.astext() else None
    if not isinstance(node, nodes.Element):
        return None
    wrapper = WRAPPED.get(type(node))
    if (
        wrapper
        and not node["ids"]
        and all(isinstance(child, nodes.Text) for child in node.children)
    ):
        return (node.astext().replace("\n", " "), wrapper)
    return None


def _split(pieces: list[tuple[str, str]]) -> list[str]:
    """Return words as markup; a word may have several pieces, as in ``*Big*ness``."""
    words: list[str] = []
    glued = False
    for text, wrapper in pieces:
        for index, word in enumerate(re.split(r"[ \t]+", text)):
            glued = glued and index == 0
            if word:
                written = markup.escape(word)
                written = f"#{wrapper}[{written}];" if wrapper else written
                if glued:
                    words[-1] += written
                else:
                    words.append(written)
            glued = bool(words) and bool(word)
    return words
