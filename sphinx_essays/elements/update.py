"""The update: words of a later date, and the correction, its stricter sister."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from docutils import nodes
from sphinx.util.nodes import make_id

from sphinx_essays import messages
from sphinx_essays.elements import dates
from sphinx_essays.elements.base import (
    EssayDirective,
    byline_nodes,
    essay_contributor,
    essay_label,
    pop_child_text,
    time_node,
)

if TYPE_CHECKING:
    from docutils.nodes import Node


class essay_update(nodes.General, nodes.Element):
    """Words added later.

    ``kind`` is ``update`` or ``correction``; ``date`` is the date as typed,
    ``when`` the same in ISO form where it could be read.
    """


class essay_former_text(nodes.General, nodes.TextElement):
    """The wording that a correction corrects."""


class UpdateRecord(NamedTuple):
    """What the book knows of an update."""

    docname: str
    anchor: str
    kind: str
    when: str


class Update(EssayDirective):
    """Sets off what was written later, with its date.

    .. code-block:: rst

       .. update:: 20 April, 2014

          I've just re-read this.

    The date may be left out, or be a month or a year. ``.. correction::`` is
    the same under another name; its ``:was:`` keeps the wording corrected.
    """

    known_options: ClassVar[frozenset[str]] = frozenset({"by", "was"})

    def build(self) -> list[Node]:
        """One node; its label is added when the page is written."""
        is_date = dates.is_meant_as_date(self.head.argument, self.config.language)
        if not is_date:
            self.take_wrapped_argument(lambda _line: True)
        date = self.head.argument if is_date else ""
        when = self.read_date(date, 0) if date else ""
        node = self._make_node(when)
        self.finish(node)
        node["kind"] = "correction" if self.name == "correction" else "update"
        node.attributes.setdefault("date", date)
        node["when"] = when
        node["ids"].append(self._anchor(node))
        complaints = self._add_words(node, has_words=bool(self.head.argument) and not is_date)
        return [node, *complaints]

    def _make_node(self, when: str) -> essay_update:
        """A dated update is ABlog's too, where it is loaded, with the date as it wants it."""
        if not (when and "post_date_format" in self.config):
            return essay_update()
        from sphinx_essays.elements import ablog  # noqa: PLC0415 (only where it is loaded)

        day = dates.Date.from_iso(when).first_day
        return ablog.essay_update("", date=day.strftime(self.config.post_date_format))

    def _add_words(self, node: essay_update, *, has_words: bool) -> list[Node]:
        by, complaints = _apart(self.parse_option("by", essay_contributor))
        node += by
        if was := self.head.options.get("was"):
            corrected, *system_messages = self.parse_words(
                was.value, was.line, essay_former_text
            )
            node += corrected
            complaints += system_messages
        if has_words:
            opening, *system_messages = self.parse_words(self.head.argument, 0)
            node += opening
            complaints += system_messages
        elif not self.has_body():
            return complaints
        node += self.parse_lines(self.head.body, len(self.content))
        return complaints

    def _anchor(self, node: essay_update) -> str:
        """An id that stays while others come: by the date, not by counting."""
        return make_id(self.env, self.state.document, node["kind"], node["when"] or None)


def _apart(parsed: list[Node]) -> tuple[list[Node], list[Node]]:
    """What was parsed, and the parser's complaints about it."""
    complaints: list[Node] = [node for node in parsed if isinstance(node, nodes.system_message)]
    return [node for node in parsed if node not in complaints], complaints


def add_labels(node: essay_update, language: str) -> None:
    """Add the words we say: "Update, 20 April 2014, by A. N. Author"."""
    for title in [child for child in node.children if isinstance(child, nodes.title)]:
        node.remove(title)  # ABlog's "Updated on", which we say ourselves
    label = essay_label("", messages.update_label(node["kind"]))
    if node["date"]:
        label += nodes.Text(messages.comma())
        label += time_node(node["when"], node["date"], language)
    if by := pop_child_text(node, essay_contributor):
        label += [nodes.Text(messages.comma()), *byline_nodes(by)]
    node.insert(0, label)
    for was in node.findall(essay_former_text):
        was.insert(0, nodes.Text(messages.former_text_label() + " "))


def to_docutils(node: essay_update) -> list[Node]:
    """An update in docutils' own words: a block quote under its label."""
    quote = nodes.block_quote("", *node.children, ids=node["ids"], names=node["names"])
    quote["classes"] = [f"essay-{node['kind']}", *node["classes"]]
    quote.source, quote.line = node.source, node.line
    return [quote]


def former_text_to_docutils(node: essay_former_text) -> list[Node]:
    """The former wording as a paragraph."""
    return [nodes.paragraph("", "", *node.children, classes=["essay-former-text"])]


def record(node: essay_update, docname: str) -> UpdateRecord:
    """What the book keeps of an update."""
    return UpdateRecord(docname, node["ids"][-1], node["kind"], node["when"])
