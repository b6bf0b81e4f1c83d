"""HTML as people type it is written as XHTML; what a book cannot hold leaves its words.

Read by Python's own parser, which takes anything, and written again by the rules of XML.
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

# HTML, section 13.1.2.
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
})  # fmt: skip
# HTML, section 13.1.2.4: what ends by itself where such a one begins.
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
# HTML, section 3.2.6: what any element may have, whatever it is written as.
GLOBAL = frozenset({"class", "dir", "id", "lang", "title"})
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
NAME = re.compile(r"[A-Za-z_][\w:.-]*")
TAG = re.compile(r"<\s*([^\s/>]+)(.*?)/?>\Z", re.DOTALL)
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Fault(NamedTuple):
    """What was typed, and what is wrong with it."""

    typed: str
    message: str


class Repairer(HTMLParser):
    """Writes a page again.

    `is_missing` knows the files that are not there, `is_dead` the links that lead nowhere.
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
        """The elements that are open: as typed, and as written (nothing if not at all)."""

    # -- tags ---------------------------------------------------------------------

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """An element begins, or has no end."""
        self._start(tag, closed=False)

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
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
        """An element ends, and with it whatever has been left open in it."""
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
        """The name that is written: small letters in HTML, as typed in SVG."""
        if self._is_foreign(tag):
            return name
        if tag in ELEMENTS:
            return tag
        instead = OBSOLETE.get(tag, "span")
        self._tell(typed, messages.obsolete_element(tag, instead))
        return instead

    def _read(self, typed: str) -> tuple[str, dict[str, str]]:
        """The name of a tag and its attributes, each with a value between quotes."""
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

    # -- what leads out, or nowhere -------------------------------------------------

    def _replace(self, tag: str, typed: str, attributes: dict[str, str]) -> str | None:
        """The words for an element that cannot stay; its links are cut in passing."""
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
        """What stands for a picture or a frame: its words, linked to where it lies."""
        words = attributes.get("alt") or attributes.get("title") or address
        is_linked = any(open_tag == "a" for open_tag, _written in self._open)
        return f'<a href="{address}">{words}</a>' if address and not is_linked else words

    # -- everything else --------------------------------------------------------------

    def handle_data(self, data: str) -> None:
        """Words, in which a lone sign of markup is only a sign."""
        if self.cdata_elem:  # a script or a sheet, in which HTML has no signs of markup
            data = html.unescape(data)
        self.written.append(html.escape(CONTROLS.sub("", data), quote=False))

    def handle_entityref(self, name: str) -> None:
        """A character by its name, which XML does not know."""
        if name in XML_NAMES:
            self.written.append(f"&{name};")
            return
        character = html.unescape(f"&{name};")
        if character == f"&{name};":
            character = f"&amp;{name}{';' * self._stands(name)}"
        self.written.append(character)
        self._tell(f"&{name}", messages.unknown_entity(name))

    def _stands(self, name: str) -> bool:
        """Whether a semicolon stands behind a name: Python's parser does not say."""
        line, column = self.getpos()
        return self.lines[line - 1].startswith(f"&{name};", column)

    def handle_charref(self, name: str) -> None:
        """A character by its number."""
        self.written.append(html.escape(html.unescape(f"&#{name};")))

    def handle_comment(self, data: str) -> None:
        """A comment, which nobody sees."""

    def handle_decl(self, decl: str) -> None:
        """The type of the document."""
        self.written.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """The declaration of XML."""
        self.written.append(f"<?{data}>")

    def _tell(self, typed: str, message: str) -> None:
        self.faults.append(Fault(typed, message))


def repair(
    page: str, *, is_missing: Callable[[str], bool], is_dead: Callable[[str], bool]
) -> tuple[str, list[Fault]]:
    """A page that is well-formed, and what had to be mended."""
    mender = Repairer(is_missing, is_dead)
    mender.lines = page.split("\n")
    mender.feed(page)
    mender.close()
    return "".join(mender.written), mender.faults


def strip(page: str) -> str:
    """The words of a page that cannot be mended, in its head and body."""
    before, _, rest = page.partition("<body")
    opened, _, inside = rest.partition(">")
    words = html.escape(html.unescape(re.sub(r"<[^>]*>", " ", CONTROLS.sub("", inside))))
    return f"{before}<body{opened}><p>{words}</p></body>\n</html>\n"
