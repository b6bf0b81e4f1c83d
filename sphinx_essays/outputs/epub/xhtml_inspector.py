"""Read a page as XML and list its ids, links, files and properties."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The attributes whose URL is part of the page and not the target of a link.
FILES = {
    "img": ("src",), "image": ("href", "xlink:href"), "audio": ("src",), "source": ("src",),
    "video": ("src", "poster"), "track": ("src",), "embed": ("src",), "iframe": ("src",),
    "object": ("data",), "script": ("src",), "link": ("href",), "input": ("src",),
}  # fmt: skip
LINKS = {"a": ("href", "xlink:href"), "area": ("href",)}
# The only elements whose files may be outside the EPUB: EPUB 3.3, section 3.6.
MEDIA = frozenset({"audio", "video", "source", "track"})
MOVING = frozenset({"audio", "video"})
# Obsolete presentational attributes: HTML, section 16.2.
OBSOLETE = {
    "center": "div", "marquee": "div", "dir": "ul", "noframes": "div", "acronym": "abbr",
    "big": "span", "blink": "span", "font": "span", "nobr": "span", "strike": "s", "tt": "code",
}  # fmt: skip
# The elements of HTML, section 4, without SVG and MathML.
ELEMENTS = frozenset({
    "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo",
    "blockquote", "body", "br", "button", "canvas", "caption", "cite", "code", "col",
    "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "div", "dl",
    "dt", "em", "embed", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "menu",
    "meta", "meter", "nav", "noscript", "object", "ol", "optgroup", "option", "output", "p",
    "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script",
    "search", "section", "select", "small", "source", "span", "strong", "style", "sub",
    "summary", "sup", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
    "thead", "time", "title", "tr", "track", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
# Prefixes that a page may use without a declaration.
SPACES = ("xml", "epub:", "xlink:")
OBSOLETE_ATTRIBUTES = frozenset({
    "align", "alink", "axis", "background", "bgcolor", "border", "bordercolor", "cellpadding",
    "cellspacing", "char", "charoff", "clear", "color", "compact", "face", "frameborder",
    "hspace", "link", "marginheight", "marginwidth", "noshade", "nowrap", "rules", "scrolling",
    "summary", "valign", "vlink", "vspace",
})  # fmt: skip
# Elements that may have width and height.
SIZED = frozenset({
    "canvas", "embed", "iframe", "img", "input", "object", "source", "svg", "video",
})  # fmt: skip
# Elements with a vocabulary of their own, and the manifest property of their pages.
FOREIGN = {"svg": "svg", "math": "mathml"}
OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
SECURE = "https:"
# The class of an image without alternative text.
NO_ALT = "essay-no-alt"


def is_outside(address: str) -> bool:
    """Return whether a URL leads out of the book."""
    return OUTSIDE.match(address) is not None


def obsolete_attributes(name: str, attributes: Iterable[str]) -> frozenset[str]:
    """Return the obsolete presentational attributes of an element."""
    obsolete = OBSOLETE_ATTRIBUTES.intersection(attributes)
    obsolete |= {
        attribute
        for attribute in attributes
        if ":" in attribute and not attribute.startswith(SPACES)
    }
    return (
        obsolete if name in SIZED else obsolete | {"width", "height"}.intersection(attributes)
    )


@dataclass
class PageInfo:
    """What a page contains.

    `files` and `links` are URLs as written; `media` are the URLs of audio and video that the
    page may fetch; `alternatives` has the alternative text of each image, or None; `faults` are
    elements that must be repaired; `error` is the reason why the page is not XML.
    """

    ids: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    alternatives: list[str | None] = field(default_factory=list)
    has_audio_video: bool = False
    lacks_alt: bool = False
    faults: list[str] = field(default_factory=list)
    error: str = ""
    _depth: int = 0
    """The number of open SVG or MathML elements, which have a vocabulary of their own."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle a start tag."""
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if name in FILES:
            self._learn_files(name, attributes)
        elif name in LINKS:
            self.links.update(
                attributes[address] for address in LINKS[name] if attributes.get(address)
            )
        if name in FOREIGN or self._depth:
            self._depth += 1
            if name in FOREIGN:
                self.properties.add(FOREIGN[name])
        elif name not in ELEMENTS or obsolete_attributes(name, attributes):
            self.faults.append(name)
        if name in {"script", "form"} or any(
            attribute.startswith("on") for attribute in attributes
        ):
            self.properties.add("scripted")

    def end(self, _name: str) -> None:
        """Handle an end tag."""
        self._depth -= self._depth > 0

    def _learn_files(self, name: str, attributes: Mapping[str, str]) -> None:
        self.has_audio_video = self.has_audio_video or name in MOVING
        if name == "img":
            self.alternatives.append(attributes.get("alt"))
            self.lacks_alt = self.lacks_alt or NO_ALT in attributes.get("class", "").split()
            if "alt" not in attributes:
                self.faults.append(name)
        for address in (
            attributes[attribute] for attribute in FILES[name] if attributes.get(attribute)
        ):
            if address.startswith("data:"):
                continue
            if not is_outside(address):
                self.files.add(address)
            elif name in MEDIA and address.startswith(SECURE):
                self.media.add(address)
                self.properties.add("remote-resources")
            else:
                self.faults.append(name)


def read(page: bytes) -> PageInfo:
    """Parse a page."""
    info = PageInfo()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = info.start, info.end
    try:
        parser.Parse(page, True)
    except expat.ExpatError as error:
        info.error = str(error)
    return info
