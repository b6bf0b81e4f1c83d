"""What every element shares: options, source lines, warnings. Nothing about any output."""

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
    """A directive that loses no word, whatever is typed in it.

    It asks docutils for its lines as they are (``option_spec`` stays empty) and
    reads its head itself: docutils, and MyST with it, drop the whole element
    for one option they do not know.
    """

    has_content = True
    known_options: ClassVar[frozenset[str]] = frozenset()
    common_options: ClassVar[frozenset[str]] = frozenset({"class", "name"})

    head: directive_options.DirectiveHeader

    def run(self) -> list[Node]:
        """Read the head, tell what is wrong with it, and build the element."""
        first = self.line_of(0) - self.lineno if self.content else 0
        self.head = directive_options.read(self.content.data, first)
        self._check_options()
        return self.build()

    def build(self) -> list[Node]:
        """Make the element's nodes from :attr:`head` and the body."""
        raise NotImplementedError

    # -- where things stand ----------------------------------------------------

    @property
    def is_rst(self) -> bool:
        """Whether docutils' own parser reads the page; MyST's stand-in is another."""
        state: object = self.state
        return isinstance(state, RSTState)

    def line_of(self, index: int) -> int:
        """The parser's line, from 1, of the `index`-th line of the content."""
        # MyST counts content_offset from the directive, docutils from the top.
        origin = 0 if self.is_rst else self.lineno
        return origin + self.content_offset + index + 1

    def place(self, node: nodes.Element, index: int) -> None:
        """Give `node` the file and line of the `index`-th line of the content."""
        node.source, node.line = self.state_machine.get_source_and_line(self.line_of(index))

    def warn(self, subtype: str, message: str, index: int | None = None) -> None:
        """Tell the author, with file and line; `index` is a line of the content."""
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
        """The name of an option behind a blank line, where it is body."""
        opening = self.content.data[self.head.body : self.head.body + 1]
        match = directive_options.OPTION.fullmatch(opening[0].rstrip()) if opening else None
        key = match["key"].lower() if match else ""
        return key if key in known else ""

    def take_wrapped_argument(self, goes_on: Callable[[str], bool]) -> None:
        """Take the lines straight below an argument that go on with it, as docutils does.

        In Markdown a line below the fence is always body.
        """
        lines, head = self.content.data, self.head
        if not (self.is_rst and head.argument and head.body == head.argument_lines):
            return
        while head.body < len(lines) and lines[head.body].strip() and goes_on(lines[head.body]):
            head.argument += " " + lines[head.body].strip()
            head.body += 1

    def option(self, key: str) -> str:
        """The value of an option as one line, or nothing."""
        option = self.head.options.get(key)
        return " ".join(option.value.split()) if option else ""

    def converted(self, key: str, convert: Callable[[str], Any], default: Any) -> Any:  # noqa: ANN401
        """The value of an option through one of docutils' converters.

        What it refuses is told and left aside.
        """
        option = self.head.options.get(key)
        if option is None:
            return default
        try:
            return convert(option.value)
        except ValueError as error:
            self.warn("option", messages.bad_option(self.name, key, str(error)), option.line)
            return default

    def date_option(self, key: str) -> tuple[str, str]:
        """A date option as typed and as ISO; what cannot be read has no ISO form."""
        text = self.option(key)
        index = self.head.options[key].line if text else None
        return (text, self.read_date(text, index)) if text else ("", "")

    def read_date(self, text: str, index: int | None = None) -> str:
        """Read a date into its ISO form; tell what is wrong and give nothing."""
        formats = [self.config.post_date_format] if "post_date_format" in self.config else []
        try:
            return dates.parse(text, self.config.language, formats).iso
        except dates.AmbiguousDateError:
            self.warn("date", messages.ambiguous_date(text), index)
        except ValueError:
            self.warn("date", messages.unreadable_date(text), index)
        return ""

    def finish(self, node: nodes.Element) -> None:
        """Set source, classes and name, as ``:class:`` and ``:name:`` say."""
        self.set_source_info(node)
        node["classes"] += self.converted("class", directives.class_option, [])
        if name := self.option("name"):
            self.options["name"] = name
            self.add_name(node)

    # -- parsing ---------------------------------------------------------------

    def has_body(self) -> bool:
        """Whether anything but the head was written; says so if not."""
        if any(line.strip() for line in self.content.data[self.head.body :]):
            return True
        self.warn("empty", messages.empty(self.name))
        return False

    def parse_lines(self, start: int, stop: int, margin: int = 0) -> list[Node]:
        """Parse lines of the content with the document's own parser.

        A heading stays where it is written: Markdown's would begin a section of the
        page and take the words behind it along; without sections it is a rubric.
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
        """Parse the words of an option into one node, where it is given."""
        option = self.head.options.get(key)
        return self.parse_words(self.option(key), option.line, node) if option else []

    def parse_words(
        self, text: str, index: int, node: type[nodes.TextElement] = nodes.paragraph
    ) -> list[Node]:
        """Parse inline `text` that stands on the `index`-th line into one node.

        The parser's complaints follow the node.
        """
        line = self.line_of(index)
        line -= 0 if self.is_rst else 1  # MyST adds it again
        children, complaints = self.state.inline_text(text, line)
        element = node(text, "", *children)
        self.place(element, index)
        return [element, *complaints]


class essay_label(nodes.Part, nodes.TextElement):
    """The words an element is announced with: "Update, 20 April 2014"."""


class essay_time(nodes.Inline, nodes.TextElement):
    """A date in words; ``datetime`` holds it in ISO form."""


class essay_contributor(nodes.General, nodes.TextElement):
    """Who wrote or heard it; said in a label, and translated like any words."""


class essay_place(nodes.General, nodes.TextElement):
    """Where it was heard."""


def pop_child_text(node: nodes.Element, kind: type[nodes.TextElement]) -> list[Node]:
    """Take the words of a child of one kind out of an element, to be said elsewhere."""
    words: list[Node] = []
    for child in [child for child in node.children if isinstance(child, kind)]:
        node.remove(child)
        words += child.children
    return words


def byline_nodes(names: list[Node]) -> list[Node]:
    """The names in the sentence that the book's language has for them."""
    before, _, after = messages.by("\x00").partition("\x00")
    return [nodes.Text(before), *names, *([nodes.Text(after)] if after else [])]


def time_node(iso: str, as_typed: str, language: str) -> nodes.TextElement:
    """A date for the reader, in the language's long form or else as typed."""
    if not iso:
        return nodes.inline(as_typed, as_typed)
    words = dates.long_form(dates.Date.from_iso(iso), language)
    return essay_time(words, words, datetime=iso, translatable=False)


def label_to_docutils(node: nodes.Element) -> list[Node]:
    """A label as a paragraph in strong type."""
    strong = nodes.strong("", "", *node.children)
    return [nodes.paragraph("", "", strong, classes=["essay-label"])]


def time_to_docutils(node: nodes.Element) -> list[Node]:
    """A date as plain words."""
    return [nodes.inline("", "", *node.children)]
