"""Write block elements: quotations, lists, verse, admonitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import admonitionlabels

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.inline import Inline

if TYPE_CHECKING:
    from docutils.nodes import Element

NUMBERINGS = {
    "arabic": "1",
    "loweralpha": "a",
    "upperalpha": "A",
    "lowerroman": "i",
    "upperroman": "I",
}
QUOTATIONS = ("epigraph", "highlights", "pull-quote")


class Blocks(Inline):
    """Body elements of docutils and Sphinx."""

    def visit_paragraph(self, node: Element) -> None:
        """Write a paragraph, on the same page as an attribution that follows."""
        self.mark(node)
        if _is_attributed(node):
            self.open_block("essay-keep-with-next")
        else:
            self.body.append("\n\n")
        self.open_language(node)

    def depart_paragraph(self, node: Element) -> None:
        self.flush()
        self.close_language(node)
        if _is_attributed(node):
            self.close_block()
        else:
            self.body.append("\n\n")

    # -- quotations --------------------------------------------------------------

    def visit_block_quote(self, node: Element) -> None:
        """Write a quotation, or the element that its class names."""
        self.mark(node)
        kind = next((name for name in QUOTATIONS if name in node["classes"]), "quotation")
        self.open_block(f"essay-{kind}")

    def depart_block_quote(self, node: Element) -> None:
        self.close_block()

    def visit_attribution(self, node: Element) -> None:
        """Write an attribution after a dash, as docutils does in HTML."""
        self.mark(node)
        self.open_block("essay-attribution")
        self.body.append("— ")

    def depart_attribution(self, node: Element) -> None:
        self.close_block()

    def visit_line_block(self, node: Element) -> None:
        """Write verse; a nested line block is indented."""
        self.mark(node)
        if _is_attributed(node):
            self.open_block("essay-keep-with-next")
        if not isinstance(node.parent, nodes.line_block):
            self.open_block("essay-verse")

    def depart_line_block(self, node: Element) -> None:
        if not isinstance(node.parent, nodes.line_block):
            self.close_block()
        if _is_attributed(node):
            self.close_block()

    def visit_line(self, node: Element) -> None:
        """Write a line with its indent; an empty line separates stanzas."""
        if not node.astext().strip():
            self.body.append("\n#essay-stanza-break();\n")
            raise nodes.SkipNode
        depth, above = -1, node.parent
        while isinstance(above, nodes.line_block):
            depth, above = depth + 1, above.parent
        self.body.append("\n")
        self.open("essay-verse-line", str(depth), **({"stays": "true"} if _stays(node) else {}))

    def depart_line(self, node: Element) -> None:
        self.close()

    def visit_transition(self, node: Element) -> None:
        self.mark(node)
        self.body.append("\n\n#essay-asterism();\n\n")
        raise nodes.SkipNode

    def visit_rubric(self, node: Element) -> None:
        """Write a heading that is not in the table of contents."""
        self.mark(node)
        self.open_block("essay-rubric")

    def depart_rubric(self, node: Element) -> None:
        self.close_block()

    def visit_centered(self, node: Element) -> None:
        self.open_block("align", "center")

    depart_centered = depart_rubric

    # -- lists -------------------------------------------------------------------

    def visit_bullet_list(self, node: Element) -> None:
        """Write a list; its items are arguments."""
        self.mark(node)
        self.body.append(f"\n\n#list(tight: {_is_tight(node)},\n")

    def depart_bullet_list(self, node: Element) -> None:
        self.body.append(");\n\n")

    def visit_enumerated_list(self, node: Element) -> None:
        """Write a numbered list with the author's numbers."""
        self.mark(node)
        sign = NUMBERINGS.get(node.get("enumtype", ""), "1")
        numbering = f"{node.get('prefix', '')}{sign}{node.get('suffix', '.')}"
        self.body.append(
            f"\n\n#enum(tight: {_is_tight(node)}, start: {node.get('start', 1)}, "
            f"numbering: {markup.string(numbering)},\n"
        )

    depart_enumerated_list = depart_bullet_list

    def visit_list_item(self, node: Element) -> None:
        """Write an item as content."""
        self.mark(node)
        self.body.append("[")
        if _opens_with_list(node):
            # Otherwise Typst prints the bullet of the inner list in the place of the outer one.
            self.body.append("#sym.zws;")

    def depart_list_item(self, node: Element) -> None:
        self.flush()
        self.body.append("],\n")

    def visit_hlist(self, node: Element) -> None:
        """Write a list in columns."""
        self.mark(node)
        self.body.append(f"\n\n#essay-columns({max(len(node.children), 1)},\n")

    depart_hlist = depart_bullet_list
    visit_hlistcol = visit_list_item
    depart_hlistcol = depart_list_item

    def visit_definition_list(self, node: Element) -> None:
        """Write terms and definitions, or the cast of a dialogue."""
        self.mark(node)
        name = "essay-cast" if "essay-cast" in node["classes"] else "essay-definitions"
        self.body.append(f"\n\n#{name}(\n")

    depart_definition_list = depart_bullet_list

    def visit_definition_list_item(self, node: Element) -> None:
        """Write everything before the definition as the term."""
        self.mark(node)
        definitions = [child for child in node.children if isinstance(child, nodes.definition)]
        terms = [child for child in node.children if not isinstance(child, nodes.definition)]
        words = [child for definition in definitions for child in definition.children]
        self.body.append(f"([{self.rendered(terms)}], [")
        for word in words:
            word.walkabout(self)
        self.flush()
        self.body.append("]),\n")
        raise nodes.SkipNode

    def visit_term(self, node: Element) -> None:
        """Write a term; a second term begins a new line."""
        self.mark(node)
        if node.parent.index(node):
            self.body.append("#linebreak();")

    def visit_classifier(self, node: Element) -> None:
        self.body.append(" ")
        self.open("emph")

    def depart_classifier(self, node: Element) -> None:
        self.close()

    def visit_field_list(self, node: Element) -> None:
        self.mark(node)
        self.body.append("\n\n#essay-field-list(\n")

    depart_field_list = depart_bullet_list

    def visit_field(self, node: Element) -> None:
        self.mark(node)
        self.body.append("(")

    def depart_field(self, node: Element) -> None:
        self.body.append("),\n")

    def visit_field_name(self, node: Element) -> None:
        self.body.append("[")

    def depart_field_name(self, node: Element) -> None:
        self.flush()
        self.body.append("],")

    visit_field_body = visit_field_name
    depart_field_body = depart_field_name

    def visit_option_list(self, node: Element) -> None:
        """Write the options of a command and their descriptions."""
        self.mark(node)
        self.body.append("\n\n#essay-option-list(\n")

    depart_option_list = depart_bullet_list
    visit_option_list_item = visit_field
    depart_option_list_item = depart_field
    visit_option_group = visit_field_name
    depart_option_group = depart_field_name
    visit_description = visit_field_name
    depart_description = depart_field_name

    def visit_option(self, node: Element) -> None:
        """Write a form of an option."""
        if node.parent.index(node):
            self.body.append(", ")
        self.open("essay-code")

    def depart_option(self, node: Element) -> None:
        self.close()

    def visit_option_argument(self, node: Element) -> None:
        """Write the value of an option after its delimiter."""
        self.say(node.get("delimiter", " "))
        self.open("emph")

    def depart_option_argument(self, node: Element) -> None:
        self.close()

    # -- admonitions and topics ----------------------------------------------------

    def visit_Admonition(self, node: Element) -> None:
        """Write an admonition of any kind, with its title."""
        self.mark(node)
        title = _title_of(node)
        if title is not None:
            words = self.rendered(title.children)
        else:
            words = markup.escape(str(admonitionlabels.get(node.tagname, "")))
        self.open_block("essay-admonition", f"[{words}]" if words else "none")

    def depart_Admonition(self, node: Element) -> None:
        self.close_block()

    def visit_topic(self, node: Element) -> None:
        self.mark(node)
        title = _title_of(node)
        words = self.rendered(title.children) if title is not None else ""
        self.open_block("essay-sidebar", f"[{words}]" if words else "none")

    def depart_topic(self, node: Element) -> None:
        self.close_block()

    visit_sidebar = visit_topic
    depart_sidebar = depart_topic

    def visit_subtitle(self, node: Element) -> None:
        """Write the second title of a sidebar."""
        self.open_block("essay-rubric")

    def depart_subtitle(self, node: Element) -> None:
        self.close_block()

    def visit_versionmodified(self, node: Element) -> None:
        """Write only the children: the label is among them."""
        self.mark(node)

    def depart_versionmodified(self, node: Element) -> None:
        pass

    # -- nodes that are not printed --------------------------------------------------

    visit_comment: Any = Inline.skip
    visit_substitution_definition = visit_comment
    visit_pending = visit_comment
    visit_meta = visit_comment
    visit_index = visit_comment
    visit_highlightlang = visit_comment
    visit_tabular_col_spec = visit_comment
    visit_toctree = visit_comment
    visit_docinfo = visit_comment


def _is_attributed(node: Element) -> bool:
    """Return whether an attribution follows, which must be on the same page."""
    following = node.next_node(siblings=True, descend=False)
    return isinstance(following, nodes.attribution)


def _stays(line: Element) -> bool:
    """Return whether a line, the first or last but one of a stanza, must not end a page."""
    before, after = _line_at(line, -1), _line_at(line, 1)
    return not before or (bool(after) and not _line_at(line, 2))


def _line_at(line: Element, distance: int) -> bool:
    """Return whether the line that many lines later has text."""
    place = line.parent.index(line) + distance
    if not 0 <= place < len(line.parent):
        return False
    return bool(line.parent[place].astext().strip())


def _title_of(node: Element) -> nodes.title | None:
    first = node[0] if len(node) else None
    return first if isinstance(first, nodes.title) else None


def _is_tight(node: Element) -> str:
    """Return whether all items are short, so that the list needs no space between them."""
    words = [
        sum(
            not isinstance(child, nodes.Sequential | nodes.Invisible) for child in item.children
        )
        for item in node.children
        if isinstance(item, nodes.Element)
    ]
    return "true" if max(words, default=0) <= 1 else "false"


def _opens_with_list(node: Element) -> bool:
    first = node[0] if len(node) else None
    return isinstance(first, nodes.bullet_list | nodes.enumerated_list)
