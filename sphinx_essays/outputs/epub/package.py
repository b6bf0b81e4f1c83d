"""Collect the pages and files of the book, and write the package document.

EPUB 3.3, section 5. A file that no page refers to is not in the book.
"""

from __future__ import annotations

import mimetypes
import os
import posixpath
import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jinja2

from sphinx_essays import messages
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.config import is_set
from sphinx_essays.elements.locales import find_locale
from sphinx_essays.outputs import licenses
from sphinx_essays.outputs.epub import (
    accessibility,
    cover,
    navigation,
    source_locations,
    xhtml_inspector,
    xhtml_repair,
)
from sphinx_essays.outputs.epub.manifest import (
    DRAWING,
    NCX,
    PAGE,
    SHEET,
    Item,
    language,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder
    from sphinx_essays.outputs.epub.source_locations import SourceLocator

URL = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "package_files"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class Package:
    """The files of the book, the pages in reading order, and the metadata."""

    items: list[Item]
    spine: list[Item]
    about: dict[str, Any]

    def document(self) -> bytes:
        """Return the package document."""
        return render("package.opf", self.about | {"items": self.items, "spine": self.spine})


def render(name: str, context: dict[str, Any]) -> bytes:
    """Render a template of the folder ``package_files``."""
    return TEMPLATES.get_template(f"{name}.jinja").render(context).encode()


def gather(builder: EssaysEpubBuilder) -> Package:
    """Collect the pages of this build and the files that they refer to."""
    return PackageBuilder(builder).make()


@dataclass
class PackagedPage:
    """A page of this build as it will be in the book."""

    docname: str
    data: bytes
    info: xhtml_inspector.PageInfo


@dataclass
class PackageBuilder:
    """Collect pages and files by following the links from the first page."""

    builder: EssaysEpubBuilder
    pages: dict[str, PackagedPage] = field(default_factory=dict)
    files: dict[str, Item] = field(default_factory=dict)

    def make(self) -> Package:
        indexes = self._indexes()
        sequence = essay_domain(self.builder.env).book.sequence()
        order = [
            self._name(index) for index in (*sequence, *(name for name, _title in indexes))
        ]
        self._read_pages(order)
        self._cut_dead_links()
        for page in self.pages.values():
            self._add_files(self._name(page.docname), page.info.files)
        bodies = [self._item(name, is_linear=name in order) for name in self.pages]
        return self._bind(bodies, indexes)

    # -- pages ----------------------------------------------------------------------

    def _name(self, docname: str) -> str:
        return unquote(self.builder.get_target_uri(docname))

    def _indexes(self) -> list[tuple[str, str]]:
        """Return name and title of the general index and of the domain indexes, if written."""
        names = [("genindex", messages.interface()["index"])]
        names += [(index[0], str(index[1].localname)) for index in self.builder.domain_indices]
        return [name for name in names if name[0] in self.builder.collected]

    @cached_property
    def _known(self) -> dict[str, str]:
        """The document names of this build by file name."""
        builder = self.builder
        return {self._name(name): name for name in (*builder.env.all_docs, *builder.collected)}

    def _read_pages(self, order: Iterable[str]) -> None:
        """Read the pages in order, and then the other pages to which they link."""
        waiting = list(order)
        for name in waiting:
            if name in self.pages or name not in self._known:
                continue
            page = self._read_page(name)
            self.pages[name] = page
            targets = (resolve(name, address)[0] for address in sorted(page.info.links))
            waiting += [address for address in targets if address in self._known]

    def _read_page(self, name: str) -> PackagedPage:
        docname = self._known[name]
        data = Path(self.builder.outdir, name).read_bytes()
        page = PackagedPage(docname, data, xhtml_inspector.read(data))
        if page.info.error or page.info.faults or self._missing(page):
            self._repair(page, links=False)
        return page

    def _missing(self, page: PackagedPage) -> bool:
        name = self._name(page.docname)
        return any(self._is_missing(name, address) for address in page.info.files)

    def _is_missing(self, page: str, address: str) -> bool:
        path = resolve(page, address)[0]
        return not (self._media_type(path) and Path(self.builder.outdir, path).is_file())

    def _leads_nowhere(self, page: str, address: str) -> bool:
        if xhtml_inspector.is_outside(address):
            return address.startswith("file:")
        path, fragment = resolve(page, address)
        target = self.pages.get(path)
        return target is None or bool(fragment and fragment not in target.info.ids)

    def _repair(self, page: PackagedPage, *, links: bool) -> None:
        """Repair a page, and warn about each change."""
        name = self._name(page.docname)
        repaired, faults = xhtml_repair.repair(
            page.data.decode(),
            is_missing=lambda address: self._is_missing(name, address),
            is_dead=lambda address: links and self._leads_nowhere(name, address),
        )
        error = page.info.error
        page.data = repaired.encode()
        page.info = xhtml_inspector.read(page.data)
        if page.info.error:
            page.data = xhtml_repair.strip(repaired).encode()
            page.info = xhtml_inspector.read(page.data)
        places: SourceLocator = source_locations.SourceLocator(self.builder, page.docname)
        source_locations.warn_faults(places, error, faults)

    def _cut_dead_links(self) -> None:
        for name, page in self.pages.items():
            if any(self._leads_nowhere(name, address) for address in page.info.links):
                self._repair(page, links=True)

    def _item(self, name: str, *, is_linear: bool) -> Item:
        page = self.pages[name]
        for address in sorted(page.info.media):
            media_type = self._media_type(address) or "video/mp4"
            self.files.setdefault(address, Item(address, media_type, is_outside=True))
        properties = tuple(sorted(page.info.properties))
        return Item(name, PAGE, page.data, properties, is_linear)

    # -- files ----------------------------------------------------------------------

    def _media_type(self, path: str) -> str:
        suffix = posixpath.splitext(path)[1].lower()
        return self.builder.media_types.get(suffix) or mimetypes.guess_type(path)[0] or ""

    def _add_files(self, page: str, addresses: Iterable[str]) -> None:
        """Add the files that a page or style sheet refers to, and those that they refer to."""
        for address in sorted(addresses):
            path = resolve(page, address)[0]
            if path in self.files or self._is_missing(page, address):
                continue
            data = Path(self.builder.outdir, path).read_bytes()
            item = Item(path, self._media_type(path), data)
            self.files[path] = item
            if item.media_type == SHEET:
                wanted = URL.findall(data.decode(errors="replace"))
                self._add_files(
                    path,
                    [address for address in wanted if not xhtml_inspector.is_outside(address)],
                )
            elif item.media_type == DRAWING:
                info = xhtml_inspector.read(data)
                item.properties = tuple(sorted(info.properties & {"scripted"}))
                self._add_files(path, info.files)

    # -- the package ----------------------------------------------------------------

    def _free_name(self, name: str) -> str:
        """Return the name, with a prefix if a page already has it."""
        return name if name not in self.pages else f"book-{name}"

    def _bind(self, bodies: list[Item], indexes: list[tuple[str, str]]) -> Package:
        builder = self.builder
        context = self._context()
        nav_name, cover_name = self._free_name("nav.xhtml"), self._free_name("cover.xhtml")
        picture = cover.make(builder, self._add_picture)
        covers = []
        if picture:
            picture.properties = ("cover-image",)
            words = context | {
                "picture": picture.href,
                "cover_words": cover.cover_text(builder),
            }
            covers = [Item(cover_name, PAGE, render("cover.xhtml", words))]
        points = navigation.make(builder, indexes)
        marks = navigation.landmarks(builder, cover_name if covers else "", nav_name, indexes)
        context |= {"points": points, "landmarks": marks}
        nav = Item(nav_name, PAGE, render("nav.xhtml", context), ("nav",), is_linear=False)
        ncx = Item("toc.ncx", NCX, render("toc.ncx", context))
        self.files.pop(picture.name if picture else "", None)
        rest = sorted(self.files.values(), key=lambda value: value.name)
        items = [nav, ncx, *covers, *bodies, *([picture] if picture else []), *rest]
        for number, item in enumerate(items, 1):
            item.id = f"item-{number}"
        spine = sorted([*covers, *bodies, nav], key=lambda item: not item.is_linear)
        about = context | {
            "ncx": ncx.id,
            "cover": picture.id if picture else "",
            "facts": self._facts(),
        }
        return Package(items, spine, about)

    def _add_picture(self, path: str) -> Item | None:
        """Return an image of the author's as a file of the book, if it exists."""
        if self._is_missing("", path):
            return None
        return Item(path, self._media_type(path), Path(self.builder.outdir, path).read_bytes())

    def _context(self) -> dict[str, Any]:
        config = self.builder.config
        direction = find_locale(config.language).text_direction
        is_turned = config.epub_writing_mode == "vertical" or direction == "rtl"
        sheet = "_static/essays.css"
        return {
            "uid": config.epub_uid,
            "identifier": self._identifier(),
            "title": config.epub_title,
            "language": language(self.builder),
            "text_direction": direction,
            "direction": "rtl" if is_turned else "",
            "fields": list(self._fields()),
            "modified": time.strftime("%Y-%m-%dT%H:%M:%SZ", _now()),
            "contents": messages.contents(),
            "landmarks_title": messages.landmarks(),
            "cover_title": messages.interface()["cover"],
            "sheet": sheet if sheet in self.files else "",
        }

    def _identifier(self) -> str:
        """Return the author's identifier, an ISBN as a URN (RFC 3187), or the default."""
        config = self.builder.config
        digits = re.sub(r"[- ]", "", config.epub_identifier)
        is_isbn = config.epub_scheme.upper() == "ISBN" and re.fullmatch(
            r"(\d{13}|\d{9}[\dX])", digits
        )
        return f"urn:isbn:{digits}" if is_isbn else str(config.epub_identifier)

    def _fields(self) -> Iterator[tuple[str, str]]:
        """Yield the Dublin Core elements that have a value."""
        config = self.builder.config
        values = {
            "creator": config.epub_author,
            "contributor": config.epub_contributor
            if is_set(config, "epub_contributor")
            else "",
            "publisher": config.epub_publisher if is_set(config, "epub_publisher") else "",
            "description": self._description(),
            "date": self._date(),
            "rights": self._rights(),
        }
        yield from ((name, str(value)) for name, value in values.items() if value)

    def _description(self) -> str:
        config = self.builder.config
        if is_set(config, "epub_description"):
            return str(config.epub_description)
        page = essay_domain(self.builder.env).pages.get(config.root_doc)
        return page.metadata.standfirst if page else ""

    def _date(self) -> str:
        """Return the date of the latest essay or update, not that of the build."""
        pages = essay_domain(self.builder.env).pages.values()
        return max((max(page.metadata.when, page.updated) for page in pages), default="")

    def _rights(self) -> str:
        terms = licenses.book_license(self.builder.app)
        copyright_ = str(self.builder.config.epub_copyright)
        lines = [f"© {copyright_}" if copyright_ else "", terms["name"] if terms else ""]
        return ". ".join(line for line in lines if line)

    def _facts(self) -> list[tuple[str, str]]:
        return list(accessibility.facts(self.builder, [p.info for p in self.pages.values()]))


def _now() -> time.struct_time:
    """Return the time of the build, or ``SOURCE_DATE_EPOCH``."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return time.gmtime(int(epoch) if epoch else None)
