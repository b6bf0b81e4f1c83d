"""Write the sitemap: all pages, with the dates at which essays were last changed.

https://www.sitemaps.org/protocol.html. The dates are the authors', as in the feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_essays.book import indexes, pages, selection
from sphinx_essays.outputs import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SITEMAP = "sphinx_sitemap"  # writes the same file
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def setup(app: Sphinx) -> None:
    app.connect("build-finished", publish)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the sitemap, unless sphinx-sitemap is loaded."""
    if exception is not None or not urls.are_known(app) or SITEMAP in app.extensions:
        return
    urlset = ET.Element("urlset", xmlns=NAMESPACE)
    for name, date in _pages(app):
        url = ET.SubElement(urlset, "url")
        ET.SubElement(url, "loc").text = urls.of_page(app, name)
        if date:
            ET.SubElement(url, "lastmod").text = date
    ET.indent(urlset)
    pages.publish(app, "sitemap.xml", ET.tostring(urlset, "utf-8", xml_declaration=True))


def _pages(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Yield the names and dates of documents, then those of generated pages, undated."""
    known = pages.essay_domain(app.env).pages
    for name in sorted(app.env.all_docs):
        latest = selection.latest(known[name]) if name in known else ""
        yield name, selection.first_day(latest)
    yield urls.contents_name(app), ""
    for index in indexes.make(app):
        yield index.name, ""
