"""Base of the translator: text, link targets, and the origin of each piece.

Visitors of other extensions (``app.add_node(x, typst=(visit, depart))``) use it as well: they
append Typst markup to ``self.body``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator

from sphinx_essays.outputs import typst_markup as markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils.nodes import Element, Node
    from sphinx.builders import Builder

# Nodes that are not blocks: they are parts of a block, or contain many.
NO_BLOCKS = (nodes.document, nodes.section, nodes.Part, nodes.Invisible, nodes.title)

OURS = __name__.partition(".")[0] + "."


class NodeSpan(NamedTuple):
    """The pieces of the body that a block has written."""

    start: int
    stop: int
    node: Element


class BaseTranslator(SphinxTranslator):
    """The body, the link targets in it, and the range of each block."""

    def __init__(self, document: nodes.document, builder: Builder) -> None:
        super().__init__(document, builder)
        self.body: list[str] = []
        self.spans: list[NodeSpan] = []
        self.places: dict[str, int] = {}
        """The names of the targets in the body, and the piece that contains each."""
        self.links: set[str] = set()
        """The names of the targets that the body links to."""
        self.third_party: list[tuple[int, str]] = []
        """Markup of the author or another extension, and the piece that contains it."""
        self.docname = builder.env.path2doc(document["source"]) or ""
        self._pending: list[str] = []
        self._starts: dict[int, int] = {}
        self._strangers: dict[int, tuple[int, int]] = {}
        self._outer: int | None = None  # the piece that will contain a rendered one

    # -- text ------------------------------------------------------------------

    def open(self, name: str, *arguments: str, **named: str) -> None:
        """Begin a call whose content follows."""
        self.flush()
        self.body.append(markup.call(name, *arguments, **named) + "[")

    def close(self) -> None:
        """End a call; the semicolon keeps the next character out of it."""
        self.body.append("];")

    def open_block(self, name: str, *arguments: str, **named: str) -> None:
        """Begin a call on a line of its own."""
        self.body.append("\n\n" + markup.call(name, *arguments, **named) + "[")

    def close_block(self) -> None:
        """End a call on a line of its own."""
        self.flush()
        self.body.append("\n];\n\n")

    def say(self, text: str) -> None:
        """Write text."""
        self.body.append(markup.escape(text))

    def visit_Text(self, node: nodes.Text) -> None:
        self.flush()
        self.body.append(markup.escape(node.astext()))

    def depart_Text(self, node: nodes.Text) -> None:
        pass

    def remember(self, start: int, node: Element) -> None:
        """Record the range of a block that is written in another place."""
        self.spans.append(NodeSpan(start, len(self.body), node))

    def rendered(self, children: Iterable[Node]) -> str:
        """Return what some nodes write, as a single piece for another place."""
        body, self.body = self.body, []
        ranges, self.spans = self.spans, []
        outer, self._outer = self._outer, len(body) if self._outer is None else self._outer
        for child in children:
            child.walkabout(self)
        self.flush()
        piece = "".join(self.body)
        self.body, self.spans, self._outer = body, ranges, outer
        return piece

    # -- link targets ----------------------------------------------------------

    def name_of(self, identifier: str) -> str:
        """Return the name of a target, which is unique in the book."""
        return f"{self.docname}:{identifier}"

    def mark(self, node: Element) -> None:
        """Add the node's targets to the next text: alone they could be a page before it."""
        self._pending += [self.name_of(str(identifier)) for identifier in node["ids"]]

    def flush(self) -> None:
        """Write the pending targets."""
        if self._pending:
            waiting, self._pending = self._pending, []
            self.body += [self.anchor(name) for name in waiting]

    def anchor(self, name: str) -> str:
        """Return the markup of a target, unless it is in the body."""
        if not self.takes(name):
            return ""
        return f"#essay-anchor({markup.string(name)});"

    def takes(self, name: str) -> bool:
        """Record a target; return whether it was new."""
        is_new = name not in self.places
        self.places.setdefault(name, self.here())
        return is_new

    def here(self) -> int:
        """Return the index of the next piece, or of the piece that will contain it."""
        return len(self.body) if self._outer is None else self._outer

    def number_of(self, node: Element, kind: str) -> str:
        """Return the number that Sphinx gives to a figure if ``numfig`` is set."""
        env = self.builder.env
        numbers = env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        number = next(
            (numbers[identifier] for identifier in node["ids"] if identifier in numbers), None
        )
        form = self.config.numfig_format.get(kind, "")
        if not number or not self.config.numfig:
            return ""
        return markup.escape(form % ".".join(map(str, number))) + " "

    # -- the origin of each piece ------------------------------------------------

    def dispatch_visit(self, node: Node) -> None:
        """Visit a node, and record where a block begins."""
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
        """Depart from a node, and record where a block ends."""
        super().dispatch_departure(node)
        if stranger := self._strangers.pop(id(node), None):
            self.third_party.append((stranger[0], "".join(self.body[stranger[1] :])))
        start = self._starts.pop(id(node), None)
        if start is not None:
            self.spans.append(NodeSpan(start, len(self.body), node))  # type: ignore[arg-type]

    def _is_third_party(self, node: Node) -> bool:
        """Return whether another extension has registered a Typst visitor for a node."""
        visit = vars(self).get(f"visit_{type(node).__name__}")
        return visit is not None and not visit.__func__.__module__.startswith(OURS)

    def visit_Element(self, node: Element) -> None:
        """Write only the children of a node that has no markup of its own."""
        self.mark(node)

    def depart_Element(self, node: Element) -> None:
        pass

    def skip(self, node: Element) -> None:
        """Skip a node; its targets are added to the next text."""
        self.mark(node)
        raise nodes.SkipNode


def _is_block(node: Node) -> bool:
    return (
        isinstance(node, nodes.Element)
        and not isinstance(node, NO_BLOCKS)
        and not isinstance(node.parent, nodes.TextElement)
    )
