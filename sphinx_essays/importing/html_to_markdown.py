"""Convert HTML to Markdown with markdownify, and handle what it would lose."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag
from markdownify import MarkdownConverter

from sphinx_essays.importing import markdown_escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_essays.importing.essay import Essay

SILENT = ("script", "style", "noscript", "template", "head")
EMBEDDED = ("iframe", "embed", "object", "video", "audio")
CODE = ("code", "kbd", "samp")
BLOCKS = frozenset(
    """address article aside blockquote center details dd div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td
    tfoot th thead tr ul""".split()
)
BARE_URL = re.compile(r"https?://[^\s<>\"“”]+?(?=[.,;:!?)\]’']*(?:[\s<>\"“”]|\Z))")
# A URL that Markdown shows as it is: others are decoded, and would seem to lose words.
AUTOLINK = re.compile(r"https?://(?!xn--)[\w.:@-]+(?:[/?#][\w./:?#@!$&'()*+,;=~-]*)?", re.ASCII)
# Text that a role can contain, also in a table, and that means the same there.
ROLE_TEXT = re.compile(r"[^\s`\\|<>{}]+(?: [^\s`\\|<>{}]+)*")
LINE_START = re.compile(r"(?m)^( {0,3})(%|\+\+\+|\([^()\s]+\)=|:::)")


class Converter(MarkdownConverter):
    """markdownify's converter, with elements for which it has no Markdown.

    markdownify passes the arguments of each method by name, so unused ones must stay.
    """

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Keep deleted text as HTML, because Markdown has no syntax for it."""
        return text if "_noformat" in parent_tags or not text.strip() else f"<del>{text}</del>"

    convert_s = convert_strike = convert_del

    def convert_address(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Separate a block that markdownify would join to its neighbours."""
        is_inline = "_inline" in parent_tags
        return f" {text.strip()} " if is_inline else f"\n\n{text.strip()}\n\n"

    convert_aside = convert_center = convert_details = convert_fieldset = convert_address
    convert_figure = convert_footer = convert_form = convert_header = convert_address
    convert_main = convert_nav = convert_summary = convert_address

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Add the quotation marks that a browser would add."""
        return f"“{text}”"

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._role("sup", el, text, parent_tags)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._role("sub", el, text, parent_tags)

    def _role(self, name: str, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write plain text in a role; anything else loses its position."""
        content = el.get_text()
        is_plain = el.find(True) is None and ROLE_TEXT.fullmatch(content)
        return f"{{{name}}}`{content}`" if is_plain and "_noformat" not in parent_tags else text

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Keep the items of a definition list, for which Markdown has no syntax."""
        return f"\n\n{text.strip()}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Write a term in bold."""
        text = " ".join(text.split())
        return f"\n\n**{text}**\n\n" if text and "*" not in text else f"\n\n{text}\n\n"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Write a definition as a list with a single item."""
        first, *others = text.strip().split("\n")
        body = "\n".join([first, *(f"  {line}".rstrip() for line in others)])
        return f"\n\n* {body}\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a cell without the double blanks that its former blocks leave."""
        text = re.sub(" {2,}", " ", text)
        cell: str = super().convert_td(el, text, parent_tags)  # type: ignore[misc]
        return cell

    convert_th = convert_td

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Write a line break, except at the end of a block."""
        if "_inline" in parent_tags or _is_last(el):
            return " "
        return " \\\n"  # after a blank: some outputs ignore the break

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        """Write an image, with its alternative text escaped."""
        source = _address(el)
        words = " ".join(str(el.get("alt") or "").split())
        alt: str = self.escape(words, parent_tags)  # type: ignore[attr-defined]
        return f"![{alt}]({_quoted(source)})" if source else f" {alt} "

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a link, whose URL may contain blanks and brackets."""
        href = str(el.get("href") or "").strip()
        words = text.strip()
        if "_noformat" in parent_tags or not href or not words or "\n\n" in words:
            return text
        before = " " if text[0].isspace() else ""
        after = " " if text[-1].isspace() else ""
        if el.get_text().strip() == href and AUTOLINK.fullmatch(href):
            return f"{before}<{href}>{after}"
        return f"{before}[{words}]({_quoted(href)}){after}"


def _is_last(element: Tag) -> bool:
    """Whether only white space follows in the same block."""
    return not any(
        isinstance(child, Tag) or str(child).strip() for child in element.next_siblings
    )


def _address(element: Tag) -> str:
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        value = str(element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value
    return ""


def _quoted(address: str) -> str:
    """Return a URL as a link destination in Markdown."""
    address = re.sub(r"[\x00-\x1f]", "", address).replace("<", "%3C").replace(">", "%3E")
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def fill(essay: Essay, html: str) -> None:
    """Set the body of an essay from HTML; HTML nested too deeply becomes plain text."""
    essay.plain = text_of(html)
    try:
        essay.body, remarks = to_markdown(html)
    except RecursionError:
        essay.body, remarks = (
            markdown_escape.bare(essay.plain),
            ["HTML nested too deeply to be converted; written as plain paragraphs"],
        )
    essay.remarks += remarks


def _read(html: str) -> BeautifulSoup:
    """Parse HTML without the warning that it looks like a file name or a URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return BeautifulSoup(html, "html.parser")


def to_markdown(html: str) -> tuple[str, list[str]]:
    """Convert; gives Markdown and what a person should look at."""
    soup = _read(html)
    remarks = _prepare(soup)
    text = converter().convert_soup(soup)
    lines = [line if line.strip() else "" for line in text.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return LINE_START.sub(r"\1\\\2", text) + "\n" if text else "", remarks


def converter() -> Converter:
    """Return a converter that writes Markdown as the essays have it."""
    return Converter(
        heading_style="ATX",
        bullets="*",
        escape_misc=True,
        table_infer_header=True,
        code_language_callback=_language,
        autolinks=False,
    )


def text_of(html: str) -> str:
    """Return the text that a browser would show for HTML."""
    soup = _read(html)
    for element in soup.find_all(SILENT):
        element.decompose()
    for element in soup.find_all("q"):
        element.insert(0, "“")
        element.append("”")
    return _spaced(soup)


def _spaced(soup: Tag) -> str:
    """Return the text, with a line end between blocks."""
    pieces: list[str] = []
    for child in soup.descendants:
        if isinstance(child, Tag):
            pieces.append("\n" if child.name in BLOCKS or child.name in {"br", "img"} else "")
        elif type(child) is NavigableString:
            pieces.append(str(child))
        pieces += ("\n" for parent in _ended(child) if parent.name in BLOCKS)
    return "".join(pieces)


def _ended(node: Any) -> Iterator[Tag]:  # noqa: ANN401 (bs4 calls them PageElement)
    """Yield the elements of which a node is the end."""
    if isinstance(node, Tag) and node.contents:
        return
    while node is not None and node.next_sibling is None and node.parent is not None:
        node = node.parent
        yield node


def _prepare(soup: BeautifulSoup) -> list[str]:
    """Remove what has no text, replace embedded content by links; return the remarks."""
    remarks = ["a script was removed"] if soup.find("script") else []
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in soup.find_all(SILENT):
        element.decompose()
    for element in soup.find_all(EMBEDDED):
        _link_to(soup, element, remarks)
    for element in soup.find_all(["td", "th"]):
        _flatten(element)
    for element in soup.find_all(re.compile(r"^h[1-6]$")):
        if not element.get_text(strip=True) and not element.find("img"):
            element.decompose()
    for element in soup.find_all("figcaption"):
        element.name = "p"
    for element in reversed(soup.find_all(CODE)):
        _join_code(element)
    for text in list(soup.find_all(string=BARE_URL)):
        _link_urls(soup, text)
    return [*remarks, *_without_fields(soup)]


def _link_urls(soup: BeautifulSoup, text: NavigableString) -> None:
    """Make links of bare URLs, as WordPress does for embeds, to keep them unchanged."""
    if text.find_parent(["a", "pre", "textarea", *CODE]):
        return
    pieces: list[NavigableString | Tag] = []
    end = 0
    for match in BARE_URL.finditer(text):
        url = match[0]
        if url.count("(") > url.count(")") and text[match.end() :].startswith(")"):
            url += ")"
        if AUTOLINK.fullmatch(url):
            link = soup.new_tag("a", href=url)
            link.string = url
            pieces += [NavigableString(text[end : match.start()]), link]
            end = match.start() + len(url)
    if pieces:
        text.replace_with(*pieces, NavigableString(text[end:]))


def _join_code(element: Tag) -> None:
    """Join adjacent code elements, because Markdown cannot separate them."""
    before = element.previous_sibling
    if isinstance(before, Tag) and before.name in CODE:
        before.extend(list(element.contents))
        element.decompose()


def _without_fields(soup: BeautifulSoup) -> list[str]:
    """Remove the fields of forms, but keep their text."""
    fields = soup.find_all(["input", "button", "select", "textarea"])
    for field in fields:
        field.unwrap()
    return ["the fields of a form were removed"] if fields else []


def _link_to(soup: BeautifulSoup, element: Tag, remarks: list[str]) -> None:
    places = [
        element,
        *(inner for inner in element.find_all("source") if isinstance(inner, Tag)),
    ]
    addresses = (str(place.get(name) or "") for place in places for name in ("src", "data"))
    address = next((address for address in addresses if address), "")
    if not address:
        element.unwrap()
        return
    link = soup.new_tag("a", href=address)
    link.string = element.get_text(" ", strip=True) or address
    remarks.append(f"embedded content replaced by a link: {address}")
    wrapper = soup.new_tag("p")
    wrapper.append(link)
    element.replace_with(
        wrapper if element.find_parent(["p", "td", "th", "li", "a"]) is None else link
    )


def _flatten(cell: Tag) -> None:
    """Write a table cell in a single line, as Markdown requires."""
    for element in cell.find_all(["p", "div", "br", "ul", "ol", "li", "pre", "blockquote"]):
        element.insert_before(" ")
        if element.name == "br":
            element.decompose()
        else:
            element.insert_after(" ")
            element.unwrap()
    for text in list(cell.find_all(string=True)):
        if "\n" in text:
            text.replace_with(NavigableString(text.replace("\n", " ")))


def _language(element: Tag) -> str:
    """Return the language of code from the classes that highlighters use."""
    for candidate in (element, element.find("code")):
        classes = candidate.get("class") if isinstance(candidate, Tag) else None
        for name in classes if isinstance(classes, list) else ():
            if match := re.fullmatch(r"(?:language-|lang-|brush:)([\w+#-]{1,20});?", name):
                return match[1]
    return ""
