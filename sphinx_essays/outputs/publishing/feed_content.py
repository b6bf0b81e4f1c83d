"""Make the body of a page fit to be read in a feed reader.

The page is parsed, not searched: raw HTML of an author and the visitors of other
extensions may have written any of it. It is not rendered a second time from its doctree,
because translators change the doctree that they write: Sphinx, for example, inserts the
title of each admonition.
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin

Attributes = list[tuple[str, str | None]]

# The HTML standard, "Index of attributes": those that hold one URL of something to read,
# see or hear. The `href` of an SVG element is none of them: it must stay in the page.
URL_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "area": {"href"},
    "audio": {"src"},
    "embed": {"src"},
    "iframe": {"src"},
    "img": {"src"},
    "object": {"data"},
    "source": {"src"},
    "track": {"src"},
    "video": {"src", "poster"},
}


def clean_html(body: str, address: str) -> str:
    """Return the body without what a feed has its own elements for, its URLs absolute.

    ``address`` is the URL of the page. The title, the byline, the permalinks and the
    pull-quotes that repeat the text are removed. Everything else stays as it is, character
    by character.

    >>> clean_html('<h1>Title</h1><p><a href="other.html">Text</a></p>', "https://a.org/b/c.html")
    '<p><a href="https://a.org/b/other.html">Text</a></p>'
    """
    return _Cleaner(body, address).clean().strip()


class _Cleaner(HTMLParser):
    """Copy HTML, without some elements and with other start tags for some elements."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self._html = html
        self._address = address
        lines = html.split("\n")
        self._line_starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self._pieces: list[str] = []
        self._copied = 0  # the length of what has been copied, replaced or removed
        self._has_title = False
        self._removed = ""  # the tag of the element that is being removed
        self._removed_from = 0
        self._depth = 0  # how many elements of that tag are open

    def clean(self) -> str:
        try:
            self.feed(self._html)
            self.close()
        except AssertionError:
            pass  # raised for "<![" and an unknown word: the rest is copied
        return "".join([*self._pieces, self._html[self._copied :]])

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self._removed:
            self._depth += tag == self._removed
        elif self._is_removed(tag, dict(attrs)):
            self._removed, self._removed_from, self._depth = tag, self._position(), 1
        else:
            self._make_absolute(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """In HTML the slash means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._removed:
            return
        self._depth -= 1
        if not self._depth:
            self._removed = ""
            end = self._html.index(">", self._position()) + 1
            self._replace(self._removed_from, end, "")

    def _is_removed(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag == "h1" and not self._has_title:
            self._has_title = True
            return True
        classes = (attributes.get("class") or "").split()
        is_permalink = tag == "a" and "headerlink" in classes
        is_byline = tag == "p" and "essay-byline" in classes
        return is_permalink or is_byline or attributes.get("role") == "doc-pullquote"

    def _make_absolute(self, tag: str, attrs: Attributes) -> None:
        names = URL_ATTRIBUTES.get(tag, set())
        joined = [
            (name, self._join(value) if name in names and value is not None else value)
            for name, value in attrs
        ]
        if joined != attrs:
            before, start = self.get_starttag_text() or "", self._position()
            end = " />" if before.endswith("/>") else ">"
            self._replace(start, start + len(before), f"{_start_tag(tag, joined)}{end}")

    def _join(self, url: str) -> str:
        try:
            return urljoin(self._address, url.strip())
        except ValueError:  # such as "http://["
            return url

    def _position(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _replace(self, start: int, end: int, html: str) -> None:
        self._pieces += [self._html[self._copied : start], html]
        self._copied = end


def _start_tag(tag: str, attributes: Attributes) -> str:
    """Return a start tag without its end, the attributes quoted as docutils quotes them."""
    text = f"<{tag}"
    for name, value in attributes:
        quoted = "" if value is None else escape(value, quote=False).replace('"', "&quot;")
        text += f" {name}" if value is None else f' {name}="{quoted}"'
    return text
