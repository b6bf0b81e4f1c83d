"""Write inline elements: emphasis, literals, links, targets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_essays import messages
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element

LANGUAGE = "language-"  # docutils' class for text in another language
INTERNAL = "%"  # prefix of the name of a document in an internal address
# A word this long, in a font that is not hyphenated, may break after punctuation.
UNBROKEN = re.compile(r"\S{18,}")
BREAKABLE = re.compile(r"(?<=[/_.,=&?#:)\]}-])(?=\w)")
SHORT = 16  # characters that stay on a line
APART = "#[];"  # not a space, but the end of a word or a call
ZERO_WIDTH_SPACE = "\u200b"


def breakable(text: str) -> str:
    """Return long words of code with optional line breaks."""
    return UNBROKEN.sub(lambda word: BREAKABLE.sub(ZERO_WIDTH_SPACE, word[0]), text)


class Inline(BaseTranslator):
    """Inline elements of docutils and Sphinx."""

    def visit_emphasis(self, node: Element) -> None:
        self.mark(node)
        self.open("emph")

    def depart_emphasis(self, node: Element) -> None:
        self.close()

    visit_title_reference = visit_emphasis
    depart_title_reference = depart_emphasis
    visit_literal_emphasis = visit_emphasis
    depart_literal_emphasis = depart_emphasis
    visit_manpage = visit_emphasis
    depart_manpage = depart_emphasis

    def visit_strong(self, node: Element) -> None:
        self.mark(node)
        self.open("strong")

    depart_strong = depart_emphasis
    visit_literal_strong = visit_strong
    depart_literal_strong = depart_emphasis

    def visit_literal(self, node: Element) -> None:
        """Write monospaced text; a long word may break after punctuation."""
        self.mark(node)
        text = node.astext()
        is_whole = len(text) <= SHORT and not re.search(r"\s", text)
        self.open("essay-code", **({"whole": "true"} if is_whole else {}))
        self.say(breakable(text))
        self.close()
        raise nodes.SkipNode

    def visit_subscript(self, node: Element) -> None:
        self.open("sub")

    depart_subscript = depart_emphasis

    def visit_superscript(self, node: Element) -> None:
        self.open("super")

    depart_superscript = depart_emphasis

    def visit_abbreviation(self, node: Element) -> None:
        self.mark(node)

    def depart_abbreviation(self, node: Element) -> None:
        """Write the explanation after the abbreviation, because paper has no tooltips."""
        if node.get("explanation") and not isinstance(node.parent, addnodes.desc_sig_operator):
            self.say(f" ({node['explanation']})")

    visit_acronym = visit_abbreviation
    depart_acronym = depart_abbreviation

    # -- languages -------------------------------------------------------------

    def visit_inline(self, node: Element) -> None:
        """Write text whose class may name its language."""
        self.mark(node)
        self.open_language(node)

    def depart_inline(self, node: Element) -> None:
        self.close_language(node)

    def open_language(self, node: Element) -> None:
        """Begin text in another language, which decides hyphenation and glyphs."""
        if language := _language(node):
            self.open("text", lang=markup.string(language))

    def close_language(self, node: Element) -> None:
        if _language(node):
            self.close()

    # -- links -----------------------------------------------------------------

    def visit_target(self, node: Element) -> None:
        self.mark(node)

    def depart_target(self, node: Element) -> None:
        pass

    def visit_reference(self, node: Element) -> None:
        """Write a link to a place in the book or on the web."""
        self.mark(node)
        destination = self.destination(node)
        if destination:
            self.open("link", destination)

    def depart_reference(self, node: Element) -> None:
        destination = self.destination(node)
        if destination:
            self.flush()
            self.close()
            self._tell_place(node, destination)

    def _tell_place(self, node: Element, destination: str) -> None:
        """Write the page or the URL after a link, as LaTeX's options ask."""
        is_place = destination.startswith("label(")
        if is_place and self.config.latex_show_pagerefs:
            before, _, after = messages.page("\x00").partition("\x00")
            number = f"#essay-page-of({destination[6:-1]});"
            words = f"{markup.escape(before)}{number}{markup.escape(after)}"
            self.body.append(f" ({words})")
        elif not is_place and self.config.latex_show_urls == "inline":
            address = node["refuri"]
            self.say(f" ({breakable(address)})" if node.astext() != address else "")

    visit_number_reference = visit_reference
    depart_number_reference = depart_reference

    def destination(self, node: Element) -> str:
        """Return the target of a link as Typst code, or nothing if it is not in the book."""
        if "refid" in node:
            return self._place(self.docname, node["refid"])
        address: str = node.get("refuri", "")
        if not address.startswith(INTERNAL):
            return markup.string(address) if address else ""
        docname, _, identifier = address[len(INTERNAL) :].partition("#")
        return self._place(docname, identifier)

    def _place(self, docname: str, identifier: str) -> str:
        if docname not in getattr(self.builder, "printed", ()):
            return ""
        name = f"{docname}:{identifier}"
        self.links.add(name)
        return f"label({markup.string(name)})"

    def visit_raw(self, node: Element) -> None:
        """Write Typst markup of the author's; skip that of other outputs."""
        self.mark(node)
        if "typst" in node.get("format", "").split():
            self.flush()
            self.third_party.append((self.here(), node.astext()))
            apart = APART if isinstance(node.parent, nodes.TextElement) else "\n\n"
            self.body.append(f"{apart}{node.astext()}{apart}")
        raise nodes.SkipNode


def _language(node: Element) -> str:
    names = (name for name in node["classes"] if name.startswith(LANGUAGE))
    return next(names, "").removeprefix(LANGUAGE).split("-")[0].lower()
