"""The fields above a title, read as the sentences they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import languages, states
from docutils.parsers.rst.states import Struct  # type: ignore[attr-defined]  # stubs lack it
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from docutils.nodes import Node

SENTENCES = frozenset(
    {"author", "authors", "category", "date", "image-alt", "location", "standfirst", "tags"}
)


class Sentences(SphinxTransform):
    """Reads ``:author: A. N. Author`` and ``:date: 3. März 2012`` as one line of text.

    docutils reads a field's body like any other, so a name that begins with an
    initial becomes a list, and the initial is lost. This runs before Sphinx's
    Locale transform (20), so that the sentence can be translated.
    """

    default_priority = 10

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Turn what was no paragraph into one."""
        for field in fields_of(self.document):
            name, body = field[0].astext().lower(), field[1]
            if name in SENTENCES and isinstance(body, nodes.field_body):
                self._replace(field, body)

    def _replace(self, field: nodes.field, body: nodes.field_body) -> None:
        text = body.rawsource.strip()
        if not text or _is_sentence(body):
            return
        paragraph = nodes.paragraph(text, "", *self._parse(text, field))
        paragraph.source, paragraph.line = field.source, field.line
        body.children = []
        body.append(paragraph)

    def _parse(self, text: str, field: nodes.field) -> list[Node]:
        """Parse inline markup, and only that."""
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
        found, complaints = inliner.parse(text, field.line or 1, memo, field)
        return [*found, *complaints]


def fields_of(document: nodes.document) -> list[nodes.field]:
    """The fields above the title, before docutils makes a docinfo of them."""
    for child in document.children:
        if isinstance(child, nodes.field_list):
            return list(child.findall(nodes.field))
        if not isinstance(child, nodes.PreBibliographic):
            break
    return []


def _is_sentence(body: nodes.field_body) -> bool:
    return len(body.children) == 1 and isinstance(body.children[0], nodes.paragraph)
