"""Updates and corrections: text that was added to an essay later."""

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
    """Text added later.

    ``kind`` is ``update`` or ``correction``; ``date`` is the date as typed, ``when`` the
    same as a :class:`~.dates.Date`, if it is readable.
    """


class essay_former_text(nodes.General, nodes.TextElement):
    """The text before a correction."""


class UpdateRecord(NamedTuple):
    """The record of an update in the domain."""

    docname: str
    anchor: str
    kind: str
    date: dates.Date | None

    @property
    def when(self) -> str:
        """Return the date in ISO form, or an empty string."""
        return self.date.iso if self.date else ""


class Update(EssayDirective):
    """Mark text that was added later, with its date.

    .. code-block:: rst

       .. update:: 20 April, 2014

          I've just re-read this.

    The date is optional, and may be a month or a year. ``.. correction::`` works the same;
    its option ``:was:`` shows the former text.
    """

    known_options: ClassVar[frozenset[str]] = frozenset({"by", "was"})

    def build(self) -> list[Node]:
        """Return the node, without a label: it is added when the page is written."""
        is_date = dates.is_meant_as_date(self.head.argument, self.config.language)
        if not is_date:
            self.take_wrapped_argument(lambda _line: True)
        date = self.head.argument if is_date else ""
        when = self.read_date(date, 0) if date else None
        node = self._make_node(when)
        self.finish(node)
        node["kind"] = "correction" if self.name == "correction" else "update"
        node.attributes.setdefault("date", date)
        if when:
            node["when"] = when
        node["ids"].append(self._anchor(node))
        complaints = self._add_words(node, has_words=bool(self.head.argument) and not is_date)
        return [node, *complaints]

    def _make_node(self, when: dates.Date | None) -> essay_update:
        """Return a node; with ABlog loaded, a dated one that ABlog lists in its feed."""
        if not (when and "post_date_format" in self.config):
            return essay_update()
        from sphinx_essays.elements import ablog  # noqa: PLC0415 (only where it is loaded)

        date = when.first_day.strftime(self.config.post_date_format)
        return ablog.essay_update("", date=date)

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
        """Return an id made from the date: a counter would change with each new update."""
        date: dates.Date | None = node.get("when")
        return make_id(self.env, self.state.document, node["kind"], date.iso if date else None)


def _apart(parsed: list[Node]) -> tuple[list[Node], list[Node]]:
    """Separate parsed nodes from the parser's system messages."""
    complaints: list[Node] = [node for node in parsed if isinstance(node, nodes.system_message)]
    return [node for node in parsed if node not in complaints], complaints


def add_labels(node: essay_update, language: str) -> None:
    """Add the label: "Update, 20 April 2014, by A. N. Author"."""
    for title in [child for child in node.children if isinstance(child, nodes.title)]:
        node.remove(title)  # ABlog's "Updated on"; the label replaces it
    label = essay_label("", messages.update_label(node["kind"]))
    if node["date"]:
        label += nodes.Text(messages.comma())
        label += time_node(node.get("when"), node["date"], language)
    if by := pop_child_text(node, essay_contributor):
        label += [nodes.Text(messages.comma()), *byline_nodes(by)]
    node.insert(0, label)
    for was in node.findall(essay_former_text):
        was.insert(0, nodes.Text(messages.former_text_label() + " "))


def to_docutils(node: essay_update) -> list[Node]:
    """Render an update as a block quote with its label."""
    quote = nodes.block_quote("", *node.children, ids=node["ids"], names=node["names"])
    quote["classes"] = [f"essay-{node['kind']}", *node["classes"]]
    quote.source, quote.line = node.source, node.line
    return [quote]


def former_text_to_docutils(node: essay_former_text) -> list[Node]:
    """Render the former text as a paragraph."""
    return [nodes.paragraph("", "", *node.children, classes=["essay-former-text"])]


def record(node: essay_update, docname: str) -> UpdateRecord:
    """Return the domain's record of an update."""
    return UpdateRecord(docname, node["ids"][-1], node["kind"], node.get("when"))
