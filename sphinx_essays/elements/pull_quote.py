"""The pull-quote: an extension of docutils' directive of that name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from sphinx_essays.elements.base import EssayDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from docutils.statemachine import StringList

ATTRIBUTION = re.compile(r"(?:---?(?!-)|—) *(?=\S)")
ATTRIBUTION_EN_DASH = re.compile(r"– *(?=\S)")
SIDES = {
    "left": "left",
    "right": "right",
    "center": "center",
    "centre": "center",
    "start": "start",
    "end": "end",
}


class essay_pull_quote(nodes.General, nodes.Element):
    """Text in large type beside the essay.

    ``kind`` is ``repeat`` if the text is also in the essay (it is then decoration), else
    ``content``. ``align`` is one of :data:`SIDES` or empty. ``from`` names another essay,
    relative to ``page``.
    """


class essay_inline_pull_quote(nodes.Inline, nodes.TextElement):
    """Text in a paragraph that is to be repeated beside it as a pull-quote."""


class PullQuoteRecord(NamedTuple):
    """The record of a pull-quote in the domain."""

    docname: str
    text: str
    kind: str


class PullQuote(EssayDirective):
    """Set text in large type, in the margin or across the page.

    .. code-block:: rst

       .. pull-quote::
          :align: right

          change on this scale needs to be based on sound evidence

    A last paragraph ``-- Name, *Work*, date`` is the attribution, as in a block quote. A
    body may contain several quotations, each with an attribution. As in docutils, text on
    the directive's own line is body.
    """

    known_options: ClassVar[frozenset[str]] = frozenset({"align", "side", "from", "check"})

    def build(self) -> list[Node]:
        """Return a node for each quotation, in the order written."""
        start = 0 if self.head.argument else self.head.body
        if not (self.head.argument or self.has_body()):
            return []
        children: list[Node] = []
        for first, stop in self._quotations(start):
            children += self._quotation(first, stop)
        for node in children:
            if isinstance(node, essay_pull_quote):
                self._dress(node)
        return children

    def _dress(self, node: essay_pull_quote) -> None:
        self.finish(node)
        node["kind"] = "content"
        node["align"] = self.converted("align", _side, self.converted("side", _side, ""))
        node["from"] = self.option("from")
        node["page"] = self.env.current_document.docname  # ``:from:`` is relative to it
        node["check"] = self.converted("check", _yes_or_no, "")
        self.head.options.pop("name", None)  # only the first quotation gets the name

    def _quotations(self, start: int) -> Iterator[tuple[int, int]]:
        """Split the body after each attribution; MyST does not do this itself."""
        lines = self.content.data
        words_seen = False
        index = start
        while index < len(lines):
            if index < self.head.argument_lines or index >= self.head.body:
                blank = index > start and not lines[index - 1].strip()
                if words_seen and blank and self._is_attribution(index):
                    stop = self._paragraph_stop(index)
                    yield start, stop
                    start = index = stop
                    words_seen = False
                    continue
                words_seen = words_seen or bool(lines[index].strip())
            index += 1
        if words_seen:
            yield start, len(lines)

    def _is_attribution(self, index: int) -> bool:
        line = self.content.data[index]
        stop = self._paragraph_stop(index)
        further = self.content.data[index + 1 : stop]
        if len({len(line) - len(line.lstrip()) for line in further}) > 1:
            return False  # docutils requires equal indentation
        if ATTRIBUTION.match(line):
            return True
        return stop >= len(self.content.data) and bool(ATTRIBUTION_EN_DASH.match(line))

    def _paragraph_stop(self, index: int) -> int:
        lines = self.content.data
        while index < len(lines) and lines[index].strip():
            index += 1
        return index

    def _quotation(self, first: int, stop: int) -> list[Node]:
        block, offset = self._block(first, stop)
        children: list[Node] = []
        state: Any = self.state  # docutils' Body or MyST's MockState; both have block_quote
        for node in state.block_quote(block, self.content_offset + offset):
            if isinstance(node, nodes.block_quote):
                _keep_headings(node)
                quote = essay_pull_quote(node.rawsource, *node.children)
                children.append(quote)
            else:
                children.append(node)
        return children

    def _block(self, first: int, stop: int) -> tuple[StringList, int]:
        """Return the lines of a quotation, its attribution joined into a line with ``--``."""
        lines = self.content[first:stop]
        lines.disconnect()
        if first < self.head.body and self.head.argument:
            lines = self._without_options(first, stop)
        while lines and not lines[0].strip():
            lines.trim_start()
            first += 1
        begin = len(lines)
        while begin and lines[begin - 1].strip():
            begin -= 1
        if 0 < begin < len(lines) and self._is_attribution(first + begin):
            words = " ".join(line.strip() for line in lines.data[begin:])
            if begin + 1 < len(lines):
                lines.trim_end(len(lines) - begin - 1)
            lines[begin] = re.sub(r"^(?:---?|—|–) *", "-- ", words)
        return lines, first

    def _without_options(self, first: int, stop: int) -> StringList:
        """Return the text on the directive's line, with blank lines in place of the options."""
        lines = self.content[first:stop]
        lines.disconnect()
        for option in self.head.options.values():
            for index in range(option.line, self.head.body):
                if first <= index < stop:
                    lines[index - first] = ""
        return lines


class PullQuoteRole(SphinxRole):
    """Repeat part of a sentence beside its paragraph, without typing it twice.

    .. code-block:: rst

       It was hard to be against it, and :pull-quote:`that is what made it hard`.
    """

    def run(self) -> tuple[list[Node], list[nodes.system_message]]:
        """Mark the text, and parse the inline markup in it."""
        memo: Any = getattr(self.inliner, "reporter", None) and _Memo(self.inliner)
        parsed, complaints = self.inliner.parse(
            self.text, self.lineno, memo, self.inliner.parent
        )
        return [essay_inline_pull_quote(self.rawtext, "", *parsed)], complaints


class InlinePullQuotes(SphinxTransform):
    """Add a pull-quote before each paragraph that has marked text, also if translated."""

    default_priority = 22  # after Sphinx's Locale transform (20)

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Copy the marked text out, and keep it in the sentence."""
        for lifted in list(self.document.findall(essay_inline_pull_quote)):
            block = lifted.parent
            while not isinstance(block, (nodes.paragraph, nodes.document)):
                block = block.parent
            if isinstance(block, nodes.paragraph):
                self._set_beside(block, lifted)
            lifted.replace_self(lifted.children)

    def _set_beside(self, block: nodes.paragraph, lifted: essay_inline_pull_quote) -> None:
        words = [child.deepcopy() for child in lifted.children]
        paragraph = nodes.paragraph(lifted.astext(), "", *words, translatable=False)
        attributes = {"align": "end", "from": "", "page": "", "check": "no", "kind": "repeat"}
        quote = essay_pull_quote("", paragraph, **attributes)
        quote.source, quote.line = block.source, block.line
        block.parent.insert(block.parent.index(block), quote)


class _Memo:
    """The attributes that docutils' inline parser reads from its memo."""

    def __init__(self, inliner: Any) -> None:  # noqa: ANN401 (docutils' or MyST's)
        self.document = inliner.document
        self.reporter = inliner.reporter
        self.language = inliner.language


def _keep_headings(quote: nodes.Element) -> None:
    """Add the text of a heading, which docutils rejects inside a quotation, as a rubric."""
    for complaint in list(quote.findall(nodes.system_message)):
        typed = complaint.next_node(nodes.literal_block)
        if typed is not None and complaint.astext().endswith(f"title.\n\n{typed.astext()}"):
            words = max(typed.astext().splitlines(), key=_letters)
            complaint.parent.insert(complaint.parent.index(complaint), nodes.rubric("", words))


def _letters(line: str) -> int:
    return sum(character.isalnum() for character in line)


def _side(value: str) -> str:
    side = directives.choice(value, tuple(SIDES))
    return SIDES[side]


def _yes_or_no(value: str) -> str:
    return str(directives.choice(value, ("yes", "no")))


def to_docutils(node: essay_pull_quote) -> list[Node]:
    """Render a pull-quote as a block quote with that class."""
    quote = nodes.block_quote("", *node.children, ids=node["ids"], names=node["names"])
    quote["classes"] = ["pull-quote", *node["classes"]]
    quote.source, quote.line = node.source, node.line
    return [quote]


def record(node: essay_pull_quote, docname: str) -> PullQuoteRecord:
    """Return the domain's record of a pull-quote."""
    return PullQuoteRecord(docname, node.astext(), node["kind"])
