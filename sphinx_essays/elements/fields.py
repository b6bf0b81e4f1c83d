"""Parse the fields above a title as single lines of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.languages import get_language
from docutils.parsers.rst import languages, states
from docutils.parsers.rst.states import Struct  # type: ignore[attr-defined]  # stubs lack it
from docutils.utils import new_document
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from docutils.nodes import Node

NOTHING = frozenset({"", "null"})  # MyST writes "null"
LISTS = frozenset({"author", "authors", "category", "tags"})
BULLET = re.compile(r"(?m)^\s*[-*+•]\s+")
SINGLE_LINE_FIELDS = frozenset(
    {"author", "authors", "category", "date", "image-alt", "location", "standfirst", "tags"}
)

OTHERS = frozenset({"aliases", "image", "kind", "language", "redirect", "status"})


class SingleLineFields(SphinxTransform):
    """Parse ``:author: A. N. Author`` and ``:date: 3. März 2012`` as a line of text.

    docutils parses a field like any other body, so a name that begins with an initial
    becomes an enumerated list and loses the initial. This runs before Sphinx's Locale
    transform (20), so that the text can be translated.
    """

    default_priority = 10

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        self._drop_empty()
        for field in fields_of(self.document):
            name, body = field[0].astext().lower(), field[1]
            if name in SINGLE_LINE_FIELDS and isinstance(body, nodes.field_body):
                self._replace(field, body)
            if name == "standfirst" and (value := _literal_value(body)):
                self._parse_markdown(field, body, value)

    def _drop_empty(self) -> None:
        """Remove empty fields, for which docutils would print a system message."""
        known = get_language(self.document.settings.language_code).bibliographic_fields
        for field in fields_of(self.document):
            is_known = field[0].astext().lower() in {*SINGLE_LINE_FIELDS, *OTHERS, *known}
            if is_known and field[1].astext().strip() in NOTHING:
                fields = field.parent
                fields.remove(field)
                if not fields.children:
                    fields.parent.remove(fields)

    def _replace(self, field: nodes.field, body: nodes.field_body) -> None:
        text = body.rawsource.strip()
        if field[0].astext().lower() in LISTS and isinstance(
            body.next_node(), nodes.bullet_list
        ):
            text = "; ".join(item.strip() for item in BULLET.split(text) if item.strip())
        if not text or _is_single_line(body):
            return
        paragraph = nodes.paragraph(text, "", *self._parse(text, field))
        paragraph.source, paragraph.line = field.source, field.line
        body.children = []
        body.append(paragraph)

    def _parse_markdown(self, field: nodes.field, body: Node, value: str) -> None:
        """Parse the value of a front matter field, which MyST passes as a literal."""
        from myst_parser.parsers.sphinx_ import MystParser  # noqa: PLC0415 (MyST is loaded)

        parsed = new_document(str(self.document["source"]), self.document.settings)
        MystParser().parse(value, parsed)
        content = parsed.next_node(nodes.paragraph)
        if content is not None:
            paragraph = nodes.paragraph(value, "", *content.children)
            paragraph.source, paragraph.line = self.document["source"], field.line or 1
            body.parent.replace(body, nodes.field_body(value, paragraph))

    def _parse(self, text: str, field: nodes.field) -> list[Node]:
        """Parse inline markup only."""
        settings = self.document.settings
        inliner = states.Inliner()
        inliner.init_customizations(settings)
        memo = Struct(
            document=self.document,
            reporter=self.document.reporter,
            language=languages.get_language(settings.language_code, self.document.reporter),
            title_styles=[],
            section_level=0,
            section_bubble_up_kludge=False,
            inliner=inliner,
        )
        parsed, complaints = inliner.parse(text, field.line or 1, memo, field)
        return [*parsed, *complaints]


def fields_of(document: nodes.document) -> list[nodes.field]:
    """Return the fields above the title, before docutils turns them into a docinfo."""
    for child in document.children:
        if isinstance(child, nodes.field_list):
            return list(child.findall(nodes.field))
        if not isinstance(child, nodes.PreBibliographic):
            break
    return []


def _literal_value(body: Node) -> str:
    """Return the text of a field that is a single literal, as MyST makes them, or ``""``."""
    child = body.children[0] if len(body.children) == 1 else None
    while isinstance(child, nodes.paragraph) and len(child) == 1:
        child = child[0]
    return child.astext() if isinstance(child, nodes.literal) else ""


def _is_single_line(body: nodes.field_body) -> bool:
    return len(body.children) == 1 and isinstance(body.children[0], nodes.paragraph)
