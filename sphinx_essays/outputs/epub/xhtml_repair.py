"""Convert HTML as people type it to XHTML.

Python's HTML parser, which accepts anything, reads the page; it is written by the rules of XML.
An element that a book cannot contain is replaced by its text.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays import messages
from sphinx_essays.outputs.epub.xhtml_inspector import (
    ELEMENTS,
    FILES,
    FOREIGN,
    LINKS,
    MEDIA,
    NO_ALT,
    OBSOLETE,
    SECURE,
    is_outside,
    obsolete_attributes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Void elements: HTML, section 13.1.2.
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
})  # fmt: skip
# Elements with an optional end tag, which end where these begin: HTML, section 13.1.2.4.
ENDS = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"},
    "td": {"td", "th"}, "th": {"td", "th"}, "option": {"option"},
}  # fmt: skip
BLOCKS = (
    "address", "article", "aside", "blockquote", "center", "details", "div", "dl", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main",
    "nav", "ol", "p", "pre", "section", "table", "ul",
)  # fmt: skip
ENDS |= {name: {"p"} for name in BLOCKS}
# Attributes that every element may have: HTML, section 3.2.6.
GLOBAL = frozenset({"class", "dir", "id", "lang", "title"})
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
NAME = re.compile(r"[A-Za-z_][\w:.-]*")
TAG = re.compile(r"<\s*([^\s/>]+)(.*?)/?>\Z", re.DOTALL)
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Fault(NamedTuple):
    """The text as typed, and the message about it."""

    typed: str
    message: str


class Repairer(HTMLParser):
    """Write a page again.

    `is_missing` returns whether a file does not exist, `is_dead` whether a link has no target.
    """

    def __init__(
        self, is_missing: Callable[[str], bool], is_dead: Callable[[str], bool]
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.is_missing, self.is_dead = is_missing, is_dead
        self.written: list[str] = []
        self.faults: list[Fault] = []
        self.lines: list[str] = []
        self._open: list[tuple[str, str]] = []
        """The open elements: name as typed and as written (empty if not written)."""

    # -- tags ---------------------------------------------------------------------

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that may have content."""
        self._start(tag, closed=False)

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Write an element without content."""
        self._start(tag, closed=True)

    def _start(self, tag: str, *, closed: bool) -> None:
        typed = self.get_starttag_text() or f"<{tag}>"
        self._end_open(tag)
        name, attributes = self._read(typed)
        if tag in VOID and not closed:
            self._tell(typed, messages.unclosed_element(tag, is_void=True))
        if not self._is_foreign(tag):
            self._drop_obsolete(tag, typed, attributes)
        replaced = self._replace(tag, typed, attributes)
        if replaced is None:
            name = self._current(tag, name, typed)
            written = "".join(
                f' {attribute}="{value}"' for attribute, value in attributes.items()
            )
            is_empty = closed or tag in VOID
            self.written.append(f"<{name}{written} />" if is_empty else f"<{name}{written}>")
            if not is_empty:
                self._open.append((tag, name))
        else:
            self.written.append(replaced)
            if not (closed or tag in VOID):
                self._open.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Close an element and the elements that are still open in it."""
        typed = f"</{tag}>"
        if tag not in (open_tag for open_tag, _written in self._open):
            if tag not in VOID:
                self._tell(typed, messages.stray_end_tag(tag))
            return
        while self._open:
            name, written = self._open.pop()
            if written:
                self.written.append(f"</{written}>")
            if name == tag:
                return
            if not ({name} & {"p", *ENDS}):
                self._tell(f"<{name}", messages.unclosed_element(name))

    def _end_open(self, tag: str) -> None:
        while self._open and self._open[-1][0] in ENDS.get(tag, ()):
            _name, written = self._open.pop()
            self.written.append(f"</{written}>")

    def _is_foreign(self, tag: str) -> bool:
        return tag in FOREIGN or any(open_tag in FOREIGN for open_tag, _written in self._open)

    def _current(self, tag: str, name: str, typed: str) -> str:
        """Return the name to write: lower case in HTML, as typed in SVG."""
        if self._is_foreign(tag):
            return name
        if tag in ELEMENTS:
            return tag
        instead = OBSOLETE.get(tag, "span")
        self._tell(typed, messages.obsolete_element(tag, instead))
        return instead

    def _read(self, typed: str) -> tuple[str, dict[str, str]]:
        """Return the name of a tag and its attributes, with escaped values."""
        match = TAG.match(typed)
        name, rest = (match[1], match[2]) if match else (typed.strip("</> "), "")
        keeps_case = self._is_foreign(name.lower())
        attributes: dict[str, str] = {}
        for node, value in ATTRIBUTE.findall(rest):
            is_quoted = value.startswith(('"', "'"))
            if not is_quoted and all(fault.typed != typed for fault in self.faults):
                self._tell(typed, messages.unquoted_attribute(node))
            key = node if keeps_case else node.lower()
            if not NAME.fullmatch(key):
                continue
            attributes.setdefault(key, html.escape(html.unescape(value.strip("\"'"))))
        return name, attributes

    def _drop_obsolete(self, tag: str, typed: str, attributes: dict[str, str]) -> None:
        if tag not in ELEMENTS:
            for attribute in attributes.keys() - GLOBAL:
                del attributes[attribute]
        for attribute in sorted(obsolete_attributes(tag, attributes)):
            del attributes[attribute]
            if tag in ELEMENTS:
                self._tell(typed, messages.obsolete_attribute(tag, attribute))

    # -- missing files and dead links -----------------------------------------------

    def _replace(self, tag: str, typed: str, attributes: dict[str, str]) -> str | None:
        """Return the text for an element that cannot be in the book; remove its dead links."""
        for attribute in LINKS.get(tag, ()):
            if attributes.get(attribute) and self.is_dead(html.unescape(attributes[attribute])):
                self._tell(typed, messages.dead_link(attributes.pop(attribute)))
        if tag == "img" and "alt" not in attributes:
            attributes["alt"] = ""
            attributes["class"] = f"{attributes.get('class', '')} {NO_ALT}".strip()
            self._tell(typed, messages.missing_alt_text_for(attributes.get("src", "")))
        for attribute in FILES.get(tag, ()):
            address = html.unescape(attributes.get(attribute, ""))
            if not address or address.startswith("data:"):
                continue
            if not is_outside(address) and self.is_missing(address):
                self._tell(typed, messages.missing_file(address))
                return self._words(attributes, "")
            if is_outside(address) and not (tag in MEDIA and address.startswith(SECURE)):
                self._tell(typed, messages.external_file(address))
                return self._words(attributes, attributes[attribute])
        return None

    def _words(self, attributes: dict[str, str], address: str) -> str:
        """Return the alternative text of an image or frame, as a link to its address."""
        words = attributes.get("alt") or attributes.get("title") or address
        is_linked = any(open_tag == "a" for open_tag, _written in self._open)
        return f'<a href="{address}">{words}</a>' if address and not is_linked else words

    # -- text, references, declarations -----------------------------------------------

    def handle_data(self, data: str) -> None:
        """Write text, with markup characters escaped."""
        if self.cdata_elem:  # in a script or style element, HTML has no markup characters
            data = html.unescape(data)
        self.written.append(html.escape(CONTROLS.sub("", data), quote=False))

    def handle_entityref(self, name: str) -> None:
        """Write a named character, because XML does not know the names."""
        if name in XML_NAMES:
            self.written.append(f"&{name};")
            return
        character = html.unescape(f"&{name};")
        if character == f"&{name};":
            character = f"&amp;{name}{';' * self._stands(name)}"
        self.written.append(character)
        self._tell(f"&{name}", messages.unknown_entity(name))

    def _stands(self, name: str) -> bool:
        """Return whether a semicolon follows a name: Python's parser does not report it."""
        line, column = self.getpos()
        return self.lines[line - 1].startswith(f"&{name};", column)

    def handle_charref(self, name: str) -> None:
        """Write a character that is given by its number."""
        self.written.append(html.escape(html.unescape(f"&#{name};")))

    def handle_comment(self, data: str) -> None:
        """Drop a comment."""

    def handle_decl(self, decl: str) -> None:
        """Write the document type."""
        self.written.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """Write the XML declaration."""
        self.written.append(f"<?{data}>")

    def _tell(self, typed: str, message: str) -> None:
        self.faults.append(Fault(typed, message))


def repair(
    page: str, *, is_missing: Callable[[str], bool], is_dead: Callable[[str], bool]
) -> tuple[str, list[Fault]]:
    """Return a well-formed page, and the faults that were repaired."""
    repairer = Repairer(is_missing, is_dead)
    repairer.lines = page.split("\n")
    repairer.feed(page)
    repairer.close()
    return "".join(repairer.written), repairer.faults


def strip(page: str) -> str:
    """Return a page with only the text of its body, if it cannot be repaired."""
    before, _, rest = page.partition("<body")
    opened, _, inside = rest.partition(">")
    words = html.escape(html.unescape(re.sub(r"<[^>]*>", " ", CONTROLS.sub("", inside))))
    return f"{before}<body{opened}><p>{words}</p></body>\n</html>\n"
