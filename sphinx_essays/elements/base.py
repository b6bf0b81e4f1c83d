"""What all elements share: option parsing, source lines, warnings and label nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from sphinx.util.docutils import SphinxDirective
from sphinx.util.parsing import nested_parse_to_nodes

from sphinx_essays import messages
from sphinx_essays.elements import dates, directive_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Node


class EssayDirective(SphinxDirective):
    """A directive that keeps its text whatever the author has mistyped.

    docutils and MyST discard the whole directive for a single unknown option. This class
    leaves ``option_spec`` empty, so that it gets the lines as typed, and parses the
    argument and the options itself.
    """

    has_content = True
    known_options: ClassVar[frozenset[str]] = frozenset()
    common_options: ClassVar[frozenset[str]] = frozenset({"class", "name"})

    head: directive_options.DirectiveHeader

    def run(self) -> list[Node]:
        """Parse argument and options, warn about mistakes, and build the element."""
        first = self.line_of(0) - self.lineno if self.content else 0
        self.head = directive_options.read(self.content.data, first)
        self._check_options()
        return self.build()

    def build(self) -> list[Node]:
        """Return the element's nodes, made from :attr:`head` and the body."""
        raise NotImplementedError

    # -- source lines ----------------------------------------------------------

    @property
    def is_rst(self) -> bool:
        """Return whether docutils parses the page; for MyST, `state` is a mock object."""
        state: object = self.state
        return isinstance(state, RSTState)

    def line_of(self, index: int) -> int:
        """Return the parser's line number, from 1, of the `index`-th line of the content."""
        # MyST counts content_offset from the directive, docutils from the top of the file.
        origin = 0 if self.is_rst else self.lineno
        return origin + self.content_offset + index + 1

    def place(self, node: nodes.Element, index: int) -> None:
        """Set the source file and line of `node` to those of the `index`-th content line."""
        node.source, node.line = self.state_machine.get_source_and_line(self.line_of(index))

    def warn(self, subtype: str, message: str, index: int | None = None) -> None:
        """Log a warning at the `index`-th content line, or at the directive itself."""
        wanted = self.lineno if index is None else self.line_of(index)
        source, line = self.state_machine.get_source_and_line(wanted)
        messages.warn(subtype, message, f"{source}:{line}")

    # -- options ---------------------------------------------------------------

    def _check_options(self) -> None:
        known = self.known_options | self.common_options
        for key, option in self.head.options.items():
            if key not in known:
                self.warn("option", messages.unknown_option(self.name, key, known), option.line)
        for key, line in self.head.repeated:
            self.warn("option", messages.repeated_option(self.name, key), line)
        if late := self._late_option(known):
            self.warn("option", messages.late_option(self.name, late), self.head.body)

    def _late_option(self, known: frozenset[str]) -> str:
        """Return the name of an option that follows a blank line and so became body text."""
        opening = self.content.data[self.head.body : self.head.body + 1]
        match = directive_options.OPTION.fullmatch(opening[0].rstrip()) if opening else None
        key = match["key"].lower() if match else ""
        return key if key in known else ""

    def take_wrapped_argument(self, goes_on: Callable[[str], bool]) -> None:
        """Join the lines directly below an argument to it while `goes_on` accepts them.

        This is what docutils does. In Markdown, a line below the fence is always body.
        """
        lines, head = self.content.data, self.head
        if not (self.is_rst and head.argument and head.body == head.argument_lines):
            return
        while head.body < len(lines) and lines[head.body].strip() and goes_on(lines[head.body]):
            head.argument += " " + lines[head.body].strip()
            head.body += 1

    def option(self, key: str) -> str:
        """Return the value of an option as a single line, or an empty string."""
        option = self.head.options.get(key)
        return " ".join(option.value.split()) if option else ""

    def converted(self, key: str, convert: Callable[[str], Any], default: Any) -> Any:  # noqa: ANN401
        """Return the value of an option, converted by one of docutils' converters.

        If the converter rejects the value, warn and return `default`.
        """
        option = self.head.options.get(key)
        if option is None:
            return default
        try:
            return convert(option.value)
        except ValueError as error:
            self.warn("option", messages.bad_option(self.name, key, str(error)), option.line)
            return default

    def date_option(self, key: str) -> tuple[str, dates.Date | None]:
        """Return a date option as typed and as a date, which is None if unreadable."""
        text = self.option(key)
        index = self.head.options[key].line if text else None
        return (text, self.read_date(text, index)) if text else ("", None)

    def read_date(self, text: str, index: int | None = None) -> dates.Date | None:
        """Return the date in a text; warn and return None if it is unreadable."""
        formats = [self.config.post_date_format] if "post_date_format" in self.config else []
        try:
            return dates.parse(text, self.config.language, formats)
        except dates.AmbiguousDateError:
            self.warn("date", messages.ambiguous_date(text), index)
        except ValueError:
            self.warn("date", messages.unreadable_date(text), index)
        return None

    def finish(self, node: nodes.Element) -> None:
        """Set source, classes and name of the node, from ``:class:`` and ``:name:``."""
        self.set_source_info(node)
        node["classes"] += self.converted("class", directives.class_option, [])
        if name := self.option("name"):
            self.options["name"] = name
            self.add_name(node)

    # -- parsing ---------------------------------------------------------------

    def has_body(self) -> bool:
        """Return whether the directive has a body; warn if it is empty."""
        if any(line.strip() for line in self.content.data[self.head.body :]):
            return True
        self.warn("empty", messages.empty(self.name))
        return False

    def parse_lines(self, start: int, stop: int, margin: int = 0) -> list[Node]:
        """Parse content lines with the document's own parser.

        In Markdown, a heading becomes a rubric. As a section it would take the text that
        follows the directive with it.
        """
        block = self.content[start:stop]
        block.disconnect()
        if margin:
            block.trim_left(margin)
        return nested_parse_to_nodes(
            self.state,
            block,
            offset=self.content_offset + start,
            allow_section_headings=self.is_rst,
        )

    def parse_option(self, key: str, node: type[nodes.TextElement]) -> list[Node]:
        """Parse the text of an option into a node of the given type; none if not given."""
        option = self.head.options.get(key)
        return self.parse_words(self.option(key), option.line, node) if option else []

    def parse_words(
        self, text: str, index: int, node: type[nodes.TextElement] = nodes.paragraph
    ) -> list[Node]:
        """Parse inline `text` from the `index`-th content line into a node.

        Return the node, followed by the parser's system messages.
        """
        line = self.line_of(index)
        line -= 0 if self.is_rst else 1  # MyST adds it again
        children, complaints = self.state.inline_text(text, line)
        element = node(text, "", *children)
        self.place(element, index)
        return [element, *complaints]


class essay_label(nodes.Part, nodes.TextElement):
    """The label of an element: "Update, 20 April 2014"."""


class essay_time(nodes.Inline, nodes.TextElement):
    """A printed date; ``datetime`` contains it in ISO form."""


class essay_contributor(nodes.General, nodes.TextElement):
    """The person who wrote or heard it; shown in a label and translatable."""


class essay_place(nodes.General, nodes.TextElement):
    """The place where it was heard."""


def pop_child_text(node: nodes.Element, kind: type[nodes.TextElement]) -> list[Node]:
    """Remove the children of one type from a node and return the nodes inside them."""
    words: list[Node] = []
    for child in [child for child in node.children if isinstance(child, kind)]:
        node.remove(child)
        words += child.children
    return words


def byline_nodes(names: list[Node]) -> list[Node]:
    """Return the phrase "by NAMES" in the language of the book."""
    before, _, after = messages.by("\x00").partition("\x00")
    return [nodes.Text(before), *names, *([nodes.Text(after)] if after else [])]


def time_node(date: dates.Date | None, as_typed: str, language: str) -> nodes.TextElement:
    """Return a date in the long form of the language, or as typed if it is unreadable."""
    if date is None:
        return nodes.inline(as_typed, as_typed)
    words = dates.long_form(date, language)
    return essay_time(words, words, datetime=date.iso, translatable=False)


def label_to_docutils(node: nodes.Element) -> list[Node]:
    """Render a label as a paragraph in bold."""
    strong = nodes.strong("", "", *node.children)
    return [nodes.paragraph("", "", strong, classes=["essay-label"])]


def time_to_docutils(node: nodes.Element) -> list[Node]:
    """Render a date as inline text."""
    return [nodes.inline("", "", *node.children)]
