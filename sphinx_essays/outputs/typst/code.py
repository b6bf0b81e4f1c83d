"""Write code; syntax is highlighted by weight and slope, because the print is black."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from docutils import nodes
from pygments.formatter import Formatter
from pygments.token import Comment, Keyword, Literal, Token
from sphinx.highlighting import PygmentsBridge

from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import BaseTranslator
from sphinx_essays.outputs.typst.inline import breakable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils.nodes import Element

LOOKS = (
    (Keyword, "essay-code-keyword"),
    (Comment, "essay-code-comment"),
    (Literal.String, "essay-code-string"),
    (Token.Generic.Heading, "essay-code-keyword"),
)


class SupportsWrite(Protocol):
    """The type that Pygments writes to."""

    def write(self, text: str, /) -> object:
        """Write text."""


class TypstFormatter(Formatter[str]):
    """A Pygments formatter that writes each line as content."""

    name = "Typst"
    aliases = ("typst",)

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: SupportsWrite) -> None:
        """Write the lines, each as an argument of a call."""
        line: list[str] = []
        for kind, text in tokensource:
            look = next((name for token, name in LOOKS if kind in token), "")
            for index, piece in enumerate(text.split("\n")):
                if index:
                    outfile.write(f"[{''.join(line)}],\n")
                    line = []
                if piece:
                    line.append(_piece(piece, look))
        if line:
            outfile.write(f"[{''.join(line)}],\n")


def _piece(text: str, look: str) -> str:
    """Return markup for a token. Spaces are in a string: markup collapses them."""
    words = f"#{markup.string(breakable(text.expandtabs()))};"
    return f"#{look}[{words}];" if look else words


class TypstBridge(PygmentsBridge):
    """Highlight code as Sphinx does in HTML, and leniently if the code has errors."""

    def get_formatter(self, **_options: Any) -> Formatter[str]:  # noqa: ANN401 (as in Sphinx)
        """Return this module's formatter."""
        return TypstFormatter()


class Code(BaseTranslator):
    """Literal blocks."""

    _keeps_lines = False

    def visit_literal_block(self, node: Element) -> None:
        """Write code, numbered and emphasized; a parsed literal keeps its markup."""
        self.mark(node)
        self.flush()
        options: dict[str, Any] = node.get("highlight_args", {})
        arguments = []
        if node.get("linenos"):
            arguments.append(f"first: {options.get('linenostart', 1)}")
        if marked := options.get("hl_lines"):
            arguments.append(f"marked: {markup.array([str(number) for number in marked])}")
        lines = self._lines(node)
        listed = "".join(f"{argument}, " for argument in arguments)
        self.body.append(f"\n\n#essay-code-block({listed}\n{lines});\n\n")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block

    def _lines(self, node: Element) -> str:
        if node.rawsource != node.astext():  # a parsed literal
            return f"[{self._verbatim(node)}]\n"
        options: dict[str, Any] = node.get("highlight_args", {})
        return TypstBridge("html", "sphinx").highlight_block(
            node.astext(),
            node.get("language", "none"),
            options.get("opts"),
            force=node.get("force", False),
            location=node,
        )

    def _verbatim(self, node: Element) -> str:
        """Write inline markup, and keep each space and line break."""
        self._keeps_lines = True
        words = self.rendered(node.children)
        self._keeps_lines = False
        return words

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text, without changes in code."""
        if not self._keeps_lines:
            super().visit_Text(node)
            return
        self.flush()
        lines = (
            f"#{markup.string(line)};" if line else "" for line in node.astext().split("\n")
        )
        self.body.append("#linebreak();".join(lines))
