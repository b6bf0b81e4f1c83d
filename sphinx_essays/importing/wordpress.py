"""Read a WordPress export (WXR), an RSS feed with additional namespaces.

https://wordpress.org/documentation/article/tools-export-screen/
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from defusedxml import ElementTree, common

from sphinx_essays.importing import (
    footnotes,
    frontmatter,
    html_to_markdown,
    markdown_escape,
    markdown_normalizer,
    shortcodes,
)
from sphinx_essays.importing.essay import Blog, Essay, clean
from sphinx_essays.importing.links import is_url
from sphinx_essays.importing.sources import LONGEST_EXPORT, MEGABYTE, SourceError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO
    from xml.etree.ElementTree import Element

    from sphinx_essays.importing.footnotes import Footnote

WXR = ("{http://wordpress.org/export/", "{https://wordpress.org/export/")
CONTENT = "http://purl.org/rss/1.0/modules/content/"
CREATOR = "http://purl.org/dc/elements/1.1/"
DRAFTS = frozenset({"draft", "pending", "private", "auto-draft"})
REMOVED = frozenset({"trash", "inherit"})
UPLOADS = "/wp-content/uploads/"
BLANKS = bytes.maketrans(b"\x0b\x0c\x1c\x1d\x1e\x1f", b"\n\n    ")
NEVER = "0000-00-00"
OF_THE_SITE = frozenset(
    """attachment revision nav_menu_item custom_css customize_changeset oembed_cache
    user_request wp_block wp_template wp_template_part wp_global_styles wp_navigation
    wp_font_family wp_font_face""".split()
)


def read(source: Path, _directory: Path) -> Blog:
    """Read a WordPress export.

    :raises SourceError: if it is not an export, is truncated, too large or harmful.
    """
    if (size := source.stat().st_size) > LONGEST_EXPORT:
        raise SourceError(
            f"{source} has {size // MEGABYTE} MB; the limit is {LONGEST_EXPORT // MEGABYTE}. "
            "Export year by year, and import each file into the same folder."
        )
    blog = Blog(asset_dirs=_asset_dirs(source), normalize=markdown_normalizer.normalize)
    reader = Reader(source, blog)
    try:
        reader.read()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise SourceError(
            f"{source}:{line}: invalid XML at column {column}. If it is a WordPress export, it "
            "may be truncated; export it again. Nothing was written."
        ) from error
    except common.DefusedXmlException as error:
        raise SourceError(
            f"{source} declares XML entities, which WordPress never does and which could fill "
            "the memory or read other files. Nothing was written."
        ) from error
    except (LookupError, ValueError, OSError, RecursionError) as error:
        raise SourceError(f"{source} cannot be read: {error}. Nothing was written.") from error
    if not reader.is_export:
        raise SourceError(f"{source} is XML but not a WordPress export. Nothing was written.")
    return blog


def _asset_dirs(source: Path) -> list[tuple[str, Path]]:
    """Return the folders beside an export that contain its images."""
    beside = source.resolve().parent
    places = (beside / "wp-content" / "uploads", beside / "uploads")
    return [(UPLOADS, place) for place in places if place.is_dir()]


class CleanedStream:
    """A file without the control characters that old posts contain and XML forbids."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._signs = b""
        self._blanks: bytes | None = None
        if not file.peek(2).startswith((b"\xff\xfe", b"\xfe\xff")):  # type: ignore[attr-defined]
            self._signs, self._blanks = bytes([*range(9), *range(14, 28)]), BLANKS

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; empty only at the end of the file."""
        while data := self._file.read(size):
            if kept := data.translate(self._blanks, self._signs):
                return kept
        return b""


class Reader:
    """Read an export item by item, without keeping the items in memory."""

    def __init__(self, source: Path, blog: Blog) -> None:
        self.source = source
        self.blog = blog
        self.is_export = False
        self._names: dict[str, str] = {}
        self._attached: dict[str, str] = {}
        self._thumbnails: dict[int, str] = {}
        self._footnotes: dict[int, list[Footnote]] = {}
        self._left: dict[str, int] = {}
        self._bodies: list[tuple[Essay, str]] = []
        self._comments = 0

    def read(self) -> None:
        """Read the export; bodies are converted last, when all images are known."""
        with self.source.open("rb") as file:
            self._read_elements(CleanedStream(file))
        for index, (essay, body) in enumerate(self._bodies):
            essay.image = self._attached.get(self._thumbnails.get(index, ""), "")
            html, remarks = shortcodes.expand(body, self._attached)
            essay.remarks += remarks
            footnotes.fill(essay, html, self._footnotes.get(index, []))
        for kind, count in sorted(self._left.items()):
            self.blog.note(self.source.name, f"not imported: {count} items of type “{kind}”")
        if self._comments:
            self.blog.note(self.source.name, f"not imported: {self._comments} comments")

    def _read_elements(self, file: CleanedStream) -> None:
        path: list[str] = []
        root: Element | None = None
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                root = element if root is None else root
                path.append(element.tag)
                continue
            path.pop()
            self.is_export |= element.tag.startswith(WXR)
            if len(path) == 2:  # noqa: PLR2004 (rss, channel)
                self._read_one(element)
                element.clear()
                if root is not None and len(root) and element.tag == "item":
                    root[0].remove(element)

    def _read_one(self, element: Element) -> None:
        name = element.tag.rpartition("}")[2]
        text = (element.text or "").strip()
        match name:
            case "title":
                self.blog.title = " ".join(text.split())
            case "language":
                self.blog.language = text
            case "base_blog_url":
                self.blog.address = text or self.blog.address
            case "link":
                self.blog.address = self.blog.address or text
            case "author":
                login, shown = _wp(element, "author_login"), _wp(element, "author_display_name")
                self._names[login] = shown or login
            case "item":
                self._read_item(element)

    def _read_item(self, item: Element) -> None:
        kind, status = _wp(item, "post_type") or "post", _wp(item, "status")
        if kind == "attachment":
            self._attached[_wp(item, "post_id")] = _wp(item, "attachment_url")
            return
        if kind not in {"post", "page"} or status in REMOVED:
            if kind not in OF_THE_SITE:
                name = "trash" if status in REMOVED else kind
                self._left[name] = self._left.get(name, 0) + 1
            return
        self._comments += sum(
            _wp(node, "comment_approved") == "1"
            for node in item.findall(f"{_space(item)}comment")
        )
        essay = self._essay(item, kind, is_draft=status in DRAFTS)
        for meta in item.findall(f"{_space(item)}postmeta"):
            if _wp(meta, "meta_key") == "_thumbnail_id":
                self._thumbnails[len(self._bodies)] = _wp(meta, "meta_value")
            elif _wp(meta, "meta_key") == "footnotes":
                self._footnotes[len(self._bodies)] = footnotes.read(_wp(meta, "meta_value"))
        self._bodies.append((essay, clean(item.findtext(f"{{{CONTENT}}}encoded") or "")))
        self.blog.essays.append(essay)

    def _essay(self, item: Element, kind: str, *, is_draft: bool) -> Essay:
        number = _wp(item, "post_id")
        login = item.findtext(f"{{{CREATOR}}}creator") or ""
        name = self._names.get(login, login).strip()
        title = html_to_markdown.text_of(clean(item.findtext("title") or ""))
        slug = _wp(item, "post_name")
        essay = Essay(
            key=f"wordpress {number or item.findtext('guid') or slug}",
            title=" ".join(title.split()),
            body="",
            place=f"{self.source.name}, post {number}",
            date="" if kind == "page" else _date(item),
            slug=unquote(slug),
            authors=(name,) if name else (),
            tags=_terms(item, "post_tag"),
            categories=tuple(tag for tag in _terms(item, "category") if tag != "Uncategorized"),
            page_type="back" if kind == "page" else "",
            is_draft=is_draft,
            addresses=_addresses(item, is_draft=is_draft),
            base=f"/?p={number}" if number else "",
        )
        excerpt = html_to_markdown.text_of(clean(_excerpt(item)))
        essay.standfirst = markdown_escape.title(excerpt) if excerpt.strip() else ""
        if not essay.title:
            essay.title = slug.replace("-", " ").strip().capitalize() or f"Essay {number}"
            essay.remarks.append("has no title in the export")
        essay.heading = markdown_escape.title(essay.title)
        if _wp(item, "post_password"):
            essay.is_draft = True
            essay.remarks.append("was protected by a password, so it was imported as a draft")
        return essay


def _space(element: Element) -> str:
    """Return WordPress' namespace, which contains the version of the export."""
    tags = (child.tag for child in element if child.tag.startswith(WXR))
    tags = (tag for tag in tags if "/excerpt/" not in tag)
    return next((tag[: tag.index("}") + 1] for tag in tags), f"{WXR[0]}1.2/}}")


def _wp(element: Element, name: str) -> str:
    return (element.findtext(f"{_space(element)}{name}") or "").strip()


def _excerpt(item: Element) -> str:
    return next((child.text or "" for child in item if "excerpt" in child.tag), "")


def _date(item: Element) -> str:
    """Return the day of publication in the blog's time zone."""
    for name in ("post_date", "post_date_gmt"):
        text = _wp(item, name)
        if text and not text.startswith(NEVER):
            return frontmatter.date(text)
    return ""


def _terms(item: Element, domain: str) -> tuple[str, ...]:
    names = (
        " ".join((node.text or "").split())
        for node in item.findall("category")
        if node.get("domain") == domain
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _addresses(item: Element, *, is_draft: bool) -> tuple[str, ...]:
    """Return the old URL, except that of a draft that was never published."""
    link = (item.findtext("link") or "").strip()
    if not link or (is_draft and (not is_url(link) or urlsplit(link).query)):
        return ()
    return (link,)
