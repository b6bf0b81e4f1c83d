"""Rewrite the links of an old site.

A link to an imported essay becomes a link to its new file, and a link to an image or a
file in the source becomes a link to its copy. Any other relative link becomes an absolute
URL on the old site. Nothing is fetched from the network.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from sphinx_essays.importing.names import UniqueNames, file_name
from sphinx_essays.importing.sources import MEGABYTE, is_inside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.importing.essay import Blog, Essay

PICTURES = frozenset("png jpg jpeg gif svg webp avif bmp tif tiff ico".split())
FILES = frozenset(
    "pdf epub mp3 m4a ogg oga wav flac mp4 m4v webm mov ogv zip gz csv txt doc docx odt rtf "
    "xls xlsx ods ppt pptx odp".split()
)
LARGEST = 100 * MEGABYTE
ANYWHERE = "https://old.invalid"
EXTERNAL = frozenset({"http", "https", "mailto", "ftp"})
SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)")  # WordPress' smaller copies


class LinkTarget(NamedTuple):
    """The new address of a link, and a remark for the report.

    `is_foreign` marks an address that MyST would search for in the book without success.
    """

    address: str
    remark: str = ""
    is_foreign: bool = False


class LinkRewriter:
    """Find essays by their old URLs, and collect the files to copy."""

    def __init__(self, blog: Blog, pictures: dict[str, str], taken: UniqueNames) -> None:
        self.blog = blog
        self.pictures = pictures
        self.copies: dict[str, Path] = {}
        self._taken = taken
        self._essays: dict[str, str] = {}
        self._address = blog.address if is_url(blog.address) else ""
        self._host = _host(self._address)

    def add(self, address: str, file: str) -> None:
        """Register an old URL of the essay in `file`; one that is not valid is ignored."""
        if not is_url(address):
            return
        self._essays.setdefault(_key(urljoin(self._root, address)), file)

    @property
    def _root(self) -> str:
        return self._address or ANYWHERE

    def link(self, url: str, essay: Essay, file: str) -> LinkTarget:
        """Return the new target of a link in `file`."""
        url = url.strip()
        parts = _split(url)
        if parts is None:
            return LinkTarget(url, f"a link is not a valid URL: {url[:80]}", is_foreign=True)
        if parts.scheme and parts.scheme not in {"http", "https"}:
            return self._other_scheme(url, parts.scheme)
        if not url or url.startswith("#"):
            return LinkTarget(url, is_foreign=True)
        url = f"https:{url}" if url.startswith("//") else url
        return self._inside(url, essay, file) if self._is_ours(url) else LinkTarget(url)

    def _inside(self, url: str, essay: Essay, file: str) -> LinkTarget:
        """Return the new target of a link into the old site."""
        for whole in self._wholes(url, essay):
            target = self._essays.get(_key(whole)) or self._copy(whole, PICTURES | FILES)
            if target:
                return LinkTarget(_relative(target, file))
        if target := self._beside(url, essay, PICTURES | FILES):
            return LinkTarget(_relative(target, file))
        return self._dead(url, essay, "a link leads to a page that was not imported")

    def picture(self, url: str, essay: Essay, file: str) -> LinkTarget:
        """Return the new address of an image in `file`."""
        url = url.strip()
        parts = _split(url)
        if parts is None or (parts.scheme and parts.scheme not in {"http", "https"}):
            return LinkTarget(url, f"an image was not copied: {url[:80]}", is_foreign=True)
        if url.startswith("//"):
            url = f"https:{url}"
        for whole in self._wholes(url, essay) if self._is_ours(url) else ():
            if target := self._copy(whole, PICTURES):
                return LinkTarget(_relative(target, file))
        if target := self._beside(url, essay, PICTURES):
            return LinkTarget(_relative(target, file))
        if not self._is_ours(url):
            return LinkTarget(url, f"an image is still loaded from the web: {url}")
        return self._dead(url, essay, "an image was not found with the source")

    def field_picture(self, url: str, essay: Essay, file: str) -> LinkTarget:
        """Return the new address of the image in the field ``image``."""
        return self.picture(url, essay, file) if url else LinkTarget("")

    # -- addresses -------------------------------------------------------------

    def _other_scheme(self, url: str, scheme: str) -> LinkTarget:
        if scheme in EXTERNAL:
            return LinkTarget(url)
        is_harmless = scheme in {"tel", "sms", "xmpp", "irc", "magnet", "feed"}
        remark = "" if is_harmless else f"a link that readers cannot follow: {url[:80]}"
        return LinkTarget(url, remark, is_foreign=True)

    def _is_ours(self, url: str) -> bool:
        host = _host(url)
        return not host or host == self._host

    def _wholes(self, url: str, essay: Essay) -> list[str]:
        """Return the absolute URLs a link may mean, relative to its essay or to the root."""
        bases = [base for base in (essay.base, *essay.addresses, "") if is_url(base)]
        whole = [urljoin(urljoin(self._root, base), url) for base in bases]
        return list(dict.fromkeys(whole))

    def _dead(self, url: str, essay: Essay, remark: str) -> LinkTarget:
        if not self._address:
            return LinkTarget(url, f"{remark}: {url}", is_foreign=True)
        addresses = (base for base in essay.addresses if "?" not in base and is_url(base))
        whole = urljoin(urljoin(self._address, next(addresses, "")), url)
        typed = "" if whole == url else f" ({url})"
        return LinkTarget(whole, f"{remark}{typed}: {whole}")

    # -- files -----------------------------------------------------------------

    def _copy(self, whole: str, suffixes: frozenset[str]) -> str:
        """Copy the file of a URL of the old site, if it is in a folder of assets."""
        path = unquote(urlsplit(whole).path)
        if ".." in PurePosixPath(path).parts:
            return ""
        for prefix, folder in self.blog.asset_dirs:
            before, separator, rest = path.partition(prefix)
            if separator and (prefix != "/" or not before):
                for name in dict.fromkeys((rest, SIZE.sub("", rest))):
                    if target := self._take(folder, folder / name.lstrip("/"), suffixes):
                        return target
        return ""

    def _beside(self, url: str, essay: Essay, suffixes: frozenset[str]) -> str:
        """Copy a file whose path is relative to the essay's own file in the source."""
        roots = [folder for prefix, folder in self.blog.asset_dirs if prefix == "/"]
        path = unquote(urlsplit(url).path)
        if not roots or not essay.base or path.startswith("/") or _host(url):
            return ""
        return self._take(roots[0], (roots[0] / essay.base.lstrip("/")).parent / path, suffixes)

    def _take(self, folder: Path, path: Path, suffixes: frozenset[str]) -> str:
        """Plan a copy of a file; never of a file outside the folder, even through a link."""
        if path.suffix.lower().lstrip(".") not in suffixes:
            return ""
        try:
            if not path.is_file() or not is_inside(path, folder):
                return ""
            if path.stat().st_size > LARGEST:
                return ""
        except (OSError, ValueError):
            return ""
        path = Path(os.path.normpath(path))
        key = path.relative_to(os.path.normpath(folder)).as_posix()
        if key not in self.pictures:
            kind = "images" if path.suffix.lower().lstrip(".") in PICTURES else "files"
            name = "/".join(file_name(part) for part in PurePosixPath(key).parts)
            self.pictures[key] = self._taken.free(f"{kind}/{_without_kind(name)}")
        self.copies[key] = path
        return self.pictures[key]

    # -- aliases ---------------------------------------------------------------

    def aliases(self, essay: Essay, file: str) -> tuple[list[str], list[str]]:
        """Return the old URLs that can be redirect pages, and those that cannot."""
        possible: dict[str, None] = {}
        impossible: dict[str, None] = {}
        for address in essay.addresses:
            if not is_url(address):
                impossible[address] = None
                continue
            parts = urlsplit(urljoin(self._root, address))
            path = _without_base(parts.path, urlsplit(self._root).path)
            if parts.query:
                impossible[address] = None
            elif not path.strip("/") or leads_to(path) == leads_to(f"/{file}"):
                continue
            elif re.search(r'[\x00-\x1f<>:"|?*\\]', unquote(path)) or ".." in path.split("/"):
                impossible[address] = None
            else:
                possible[path] = None
        return list(possible), list(impossible)


def _without_kind(name: str) -> str:
    """Remove a first folder such as ``images/``, because the copy's folder has that name."""
    head, slash, rest = name.partition("/")
    return rest if slash and head in {"images", "img", "image", "files", "static"} else name


def is_url(text: str) -> bool:
    """Whether a text can be parsed as a URL, absolute or relative."""
    return _split(text) is not None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _host(url: str) -> str:
    parts = _split(url)
    return (parts.netloc.lower().removeprefix("www.") if parts else "") or ""


def hosts(addresses: Iterable[str]) -> set[str]:
    """Return the hosts of absolute URLs, without ``www.``."""
    return {host for address in addresses if (host := _host(address))}


def _key(whole: str) -> str:
    """Return the part of a URL that identifies a page, however the URL is written."""
    parts = urlsplit(whole)
    path = unquote(parts.path)
    path = re.sub(r"(?:/index)?\.(?:html?|md|markdown|php|rst)$|/index$", "", path).rstrip("/")
    query = parts.query if re.fullmatch(r"(?:p|page_id)=\d+", parts.query) else ""
    return f"{path}?{query.replace('page_id', 'p')}" if query else path or "/"


def _without_base(path: str, base: str) -> str:
    base = base.rstrip("/") + "/"
    return "/" + path[len(base) :] if path.startswith(base) else path


def leads_to(path: str) -> str:
    """Return the file that a server would send for a path."""
    path = unquote(path).lstrip("/")
    stem, suffix = posixpath.splitext(path)
    if suffix in {".md", ".rst", ".html", ".htm"}:
        return stem + ".html"
    return posixpath.join(path, "index.html")


def _relative(target: str, file: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(file) or ".")
