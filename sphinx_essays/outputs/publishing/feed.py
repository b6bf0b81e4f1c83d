"""Write the Atom feed (RFC 4287), with the full text of the newest essays.

All dates are the authors', none is that of the build: the same sources always give the
same feed.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from sphinx_essays.book import pages, selection
from sphinx_essays.book.output_cleanup import path_of
from sphinx_essays.outputs import citation, licenses, urls
from sphinx_essays.outputs.publishing.feed_content import clean_html

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import Page

ABLOG = "ablog"  # writes its own feeds
ATOM = "http://www.w3.org/2005/Atom"
# Feed readers download the whole feed again and again.
MOST = 100
# A tag URI (RFC 4151) has a date at which its author had the domain. The URI must never
# change, so it cannot be the date of an essay.
SINCE = 2026
KEPT = ".feed"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # by XML 1.0


def setup(app: Sphinx) -> None:
    """Store the content of essays while they are written, and write the feed at the end."""
    app.connect("env-updated", find_unknown)
    app.connect("html-page-context", keep)
    app.connect("build-finished", publish)


def is_made(app: Sphinx) -> bool:
    """Return whether the feed is written: not if ABlog, which has feeds, is loaded."""
    wanted = app.config.essays_feed and ABLOG not in app.extensions
    return bool(wanted) and urls.are_known(app)


def entries(app: Sphinx) -> list[Page]:
    """Return the latest dated essays, newest first. They are cached: each page needs them."""
    domain = pages.essay_domain(app.env)
    if KEPT not in domain.cache:
        dated = [essay for essay in selection.essays(domain) if essay.metadata.when]
        dated.sort(key=lambda page: selection.first_day(page.metadata.when), reverse=True)
        domain.cache[KEPT] = dated[:MOST]
    newest: list[Page] = domain.cache[KEPT]
    return newest


def find_unknown(app: Sphinx, _env: BuildEnvironment) -> list[str]:
    """Return the essays to write again because no earlier build has stored their content."""
    if not is_made(app):
        return []
    names = [page.docname for page in entries(app)]
    return [name for name in names if not _kept(app, name).exists()]


def keep(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the page to the feed, and store its content if the feed contains it."""
    if not is_made(app) or not (newest := entries(app)):
        return
    kind, title = 'rel="alternate" type="application/atom+xml"', escape(app.config.html_title)
    address = escape(urls.of_file(app, app.config.essays_feed))
    link = f'<link {kind} title="{title}" href="{address}">'
    context["metatags"] = context.get("metatags", "") + f"\n  {link}"
    if doctree is not None and pagename in {page.docname for page in newest}:
        content = clean_html(context["body"], urls.of_page(app, pagename))
        pages.write_atomic(_kept(app, pagename), content)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the feed, if there are entries."""
    if exception is not None or not is_made(app) or not (newest := entries(app)):
        return
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": _language(app.config.language)})
    _head(app, feed, newest)
    for page in newest:
        _entry(app, ET.SubElement(feed, "entry"), page)
    ET.indent(feed)
    pages.publish(app, app.config.essays_feed, ET.tostring(feed, "utf-8", xml_declaration=True))


def _head(app: Sphinx, feed: ET.Element, newest: list[Page]) -> None:
    cover = pages.essay_domain(app.env).pages[app.config.root_doc]
    _say(feed, "title", str(app.config.html_title))
    _say(feed, "subtitle", cover.metadata.standfirst)
    _say(feed, "id", _id(app, ""))
    _say(feed, "updated", max(map(_updated, newest)))
    _link(feed, "self", "application/atom+xml", urls.of_file(app, app.config.essays_feed))
    _link(feed, "alternate", "text/html", urls.of_page(app, app.config.root_doc))
    for name in citation.authors(app, cover) or (str(app.config.html_title),):
        _say(ET.SubElement(feed, "author"), "name", name)
    terms = licenses.book_license(app)
    _say(feed, "rights", (terms["link"] or terms["name"]) if terms else "")
    _say(feed, "generator", "sphinx-essays")


def _entry(app: Sphinx, entry: ET.Element, page: Page) -> None:
    about = page.metadata
    if about.language:
        entry.set("xml:lang", _language(about.language))
    _say(entry, "title", page.title)
    _say(entry, "id", _id(app, page.docname))
    _say(entry, "published", _noon(about.when))
    _say(entry, "updated", _updated(page))
    _link(entry, "alternate", "text/html", urls.of_page(app, page.docname))
    for name in about.authors:
        _say(ET.SubElement(entry, "author"), "name", name)
    for tag in about.tags:
        ET.SubElement(entry, "category", term=FORBIDDEN.sub("", tag))
    _say(entry, "summary", about.standfirst)
    content = _kept(app, page.docname).read_text(encoding="utf-8")
    _say(entry, "content", content, type="html")


def _say(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    if text:
        ET.SubElement(parent, name, attributes).text = FORBIDDEN.sub("", text)


def _link(parent: ET.Element, rel: str, kind: str, address: str) -> None:
    ET.SubElement(parent, "link", rel=rel, type=kind, href=address)


def _id(app: Sphinx, docname: str) -> str:
    """Return a tag URI (RFC 4151), which stays if the URL or the date of an essay changes."""
    host = urlsplit(app.config.html_baseurl).hostname or "localhost"
    return f"tag:{host},{SINCE}:{docname or app.config.root_doc}"


def _updated(page: Page) -> str:
    return _noon(selection.latest(page))


def _noon(iso: str) -> str:
    """Return noon of a date, in RFC 3339: the same day in nearly every time zone."""
    return f"{selection.first_day(iso)}T12:00:00Z"


def _language(name: str) -> str:
    return name.replace("_", "-")


def _kept(app: Sphinx, docname: str) -> Path:
    return Path(path_of(app, KEPT), f"{docname}.html")
