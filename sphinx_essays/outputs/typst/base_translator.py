"""What every part of the translator writes with: words, places, and who wrote what.

Visitors of other extensions (``app.add_node(x, typst=(visit, depart))``) use the same:
they append Typst's markup to ``self.body``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator

from sphinx_essays.outputs.typst import markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils.nodes import Element, Node
    from sphinx.builders import Builder

# What is no block of its own: it stands in one, or holds many.
NO_BLOCKS = (nodes.document, nodes.section, nodes.Part, nodes.Invisible, nodes.title)

OURS = __name__.partition(".")[0] + "."


class NodeSpan(NamedTuple):
    """The pieces of the body that a block has written."""

    start: int
    stop: int
    node: Element


class BaseTranslator(SphinxTranslator):
    """The body, the places in it that links lead to, and the range of each block."""

    def __init__(self, document: nodes.document, builder: Builder) -> None:
        super().__init__(document, builder)
        self.body: list[str] = []
        self.spans: list[NodeSpan] = []
        self.places: dict[str, int] = {}
        """The names of the places in the body, and the piece each is in."""
        self.links: set[str] = set()
        """The names of the places that the body links to."""
        self.third_party: list[tuple[int, str]] = []
        """Markup that is not of our making, and the piece it is in."""
        self.docname = builder.env.path2doc(document["source"]) or ""
        self._pending: list[str] = []
        self._starts: dict[int, int] = {}
        self._strangers: dict[int, tuple[int, int]] = {}
        self._outer: int | None = None  # where a piece for elsewhere will be put

    # -- words -----------------------------------------------------------------

    def open(self, name: str, *arguments: str, **named: str) -> None:
        """Begin a call whose content follows."""
        self.flush()
        self.body.append(markup.call(name, *arguments, **named) + "[")

    def close(self) -> None:
        """End what was opened; the semicolon keeps what follows out of it."""
        self.body.append("];")

    def open_block(self, name: str, *arguments: str, **named: str) -> None:
        """Begin a call on a line of its own."""
        self.body.append("\n\n" + markup.call(name, *arguments, **named) + "[")

    def close_block(self) -> None:
        """End it, and the line."""
        self.flush()
        self.body.append("\n];\n\n")

    def say(self, text: str) -> None:
        """Write words."""
        self.body.append(markup.escape(text))

    def visit_Text(self, node: nodes.Text) -> None:
        """The author's words."""
        self.flush()
        self.body.append(markup.escape(node.astext()))

    def depart_Text(self, node: nodes.Text) -> None:
        """Nothing behind them."""

    def remember(self, start: int, node: Element) -> None:
        """Keep the range of a block that is written elsewhere than it stands."""
        self.spans.append(NodeSpan(start, len(self.body), node))

    def rendered(self, children: Iterable[Node]) -> str:
        """What some nodes would write, as one piece, for a place elsewhere."""
        body, self.body = self.body, []
        ranges, self.spans = self.spans, []
        outer, self._outer = self._outer, len(body) if self._outer is None else self._outer
        for child in children:
            child.walkabout(self)
        self.flush()
        piece = "".join(self.body)
        self.body, self.spans, self._outer = body, ranges, outer
        return piece

    # -- places ----------------------------------------------------------------

    def name_of(self, identifier: str) -> str:
        """The name of a place, which is the book's and not a page's."""
        return f"{self.docname}:{identifier}"

    def mark(self, node: Element) -> None:
        """Set a node's places at the next words: alone they could stay a page behind."""
        self._pending += [self.name_of(str(identifier)) for identifier in node["ids"]]

    def flush(self) -> None:
        """Write the places that wait."""
        if self._pending:
            waiting, self._pending = self._pending, []
            self.body += [self.anchor(name) for name in waiting]

    def anchor(self, name: str) -> str:
        """A place, once."""
        if not self.takes(name):
            return ""
        return f"#essay-anchor({markup.string(name)});"

    def takes(self, name: str) -> bool:
        """Whether a place has not been set before; from now on it has."""
        is_new = name not in self.places
        self.places.setdefault(name, self.here())
        return is_new

    def here(self) -> int:
        """The piece that is written next, or in which it will be put."""
        return len(self.body) if self._outer is None else self._outer

    def number_of(self, node: Element, kind: str) -> str:
        """The number of a figure where ``numfig`` is set, as Sphinx counts it."""
        env = self.builder.env
        numbers = env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        number = next(
            (numbers[identifier] for identifier in node["ids"] if identifier in numbers), None
        )
        form = self.config.numfig_format.get(kind, "")
        if not number or not self.config.numfig:
            return ""
        return markup.escape(form % ".".join(map(str, number))) + " "

    # -- who wrote what ----------------------------------------------------------

    def dispatch_visit(self, node: Node) -> None:
        """Remember where a block begins."""
        if self._is_third_party(node):
            self._strangers[id(node)] = (self.here(), len(self.body))
        if not _is_block(node):
            super().dispatch_visit(node)
            return
        start = len(self.body)
        try:
            super().dispatch_visit(node)
        except nodes.SkipNode:
            self.spans.append(NodeSpan(start, len(self.body), node))  # type: ignore[arg-type]
            raise
        self._starts[id(node)] = start

    def dispatch_departure(self, node: Node) -> None:
        """Remember where it ends."""
        super().dispatch_departure(node)
        if stranger := self._strangers.pop(id(node), None):
            self.third_party.append((stranger[0], "".join(self.body[stranger[1] :])))
        start = self._starts.pop(id(node), None)
        if start is not None:
            self.spans.append(NodeSpan(start, len(self.body), node))  # type: ignore[arg-type]

    def _is_third_party(self, node: Node) -> bool:
        """Whether another extension has said how a node is written."""
        visit = vars(self).get(f"visit_{type(node).__name__}")
        return visit is not None and not visit.__func__.__module__.startswith(OURS)

    def visit_Element(self, node: Element) -> None:
        """What has no words of its own in Typst is its children."""
        self.mark(node)

    def depart_Element(self, node: Element) -> None:
        """Nothing behind them."""

    def skip(self, node: Element) -> None:
        """Nothing is printed; a place that was moved to it goes on to the next words."""
        self.mark(node)
        raise nodes.SkipNode


def _is_block(node: Node) -> bool:
    return (
        isinstance(node, nodes.Element)
        and not isinstance(node, NO_BLOCKS)
        and not isinstance(node.parent, nodes.TextElement)
    )
