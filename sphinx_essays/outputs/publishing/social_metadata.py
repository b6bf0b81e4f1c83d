"""Add OpenGraph tags and JSON-LD (schema.org) to the head of each page.

https://ogp.me, https://schema.org/Article, https://schema.org/Book.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from sphinx_essays.book import pages
from sphinx_essays.config import STANDALONE
from sphinx_essays.elements.update import UpdateRecord
from sphinx_essays.outputs import citation, licenses, urls
from sphinx_essays.outputs.publishing import share_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page

OPENGRAPH = "sphinxext.opengraph"  # writes the same tags
AFTER_PAGE_CONTEXT = 600


def setup(app: Sphinx) -> None:
    share_image.setup(app)
    app.connect("html-page-context", add, priority=AFTER_PAGE_CONTEXT)


def add(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the tags to ``metatags``, which every theme prints."""
    page = pages.essay_domain(app.env).pages.get(pagename) if doctree is not None else None
    if page is None or doctree is None or app.builder.name not in STANDALONE:
        return
    image = share_image.of(app, page, doctree)
    description = context["essays"]["description"]
    tags = []
    if OPENGRAPH not in app.extensions:
        properties = _properties(app, page, description, image)
        tags = [_tag("property", *pair) for pair in properties if pair[1]]
        tags.append(_tag("name", "twitter:card", "summary_large_image" if image else "summary"))
    if data := _thing(app, page, description, image):
        tags.append(f'<script type="application/ld+json">{_json(data)}</script>')
    context["metatags"] = "\n  ".join([context.get("metatags", ""), *tags])


def _tag(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def _json(value: object) -> str:
    """Return JSON without "<": "</script>" in a string would end the script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _properties(
    app: Sphinx, page: Page, description: str, image: share_image.ShareImage | None
) -> Iterator[tuple[str, str]]:
    is_essay = pages.essay_domain(app.env).kind(page.docname) == "essay"
    yield "og:type", "article" if is_essay else "website"
    yield "og:title", page.title
    yield "og:site_name", str(app.config.html_title)
    yield "og:description", description
    yield "og:locale", _language(app, page).replace("-", "_")
    yield "og:url", urls.of_page(app, page.docname)
    if image:
        yield "og:image", image.address
        yield "og:image:alt", image.alt
    if is_essay:
        yield "article:published_time", page.metadata.when
        yield "article:modified_time", _modified(page)
        yield from (("article:author", name) for name in page.metadata.authors)
        yield from (("article:tag", tag) for tag in page.metadata.tags)


def _thing(
    app: Sphinx, page: Page, description: str, image: share_image.ShareImage | None
) -> dict[str, Any]:
    """Return the JSON-LD of an essay (an article) or of the cover (the book)."""
    kind = pages.essay_domain(app.env).kind(page.docname)
    if kind not in {"essay", "cover"}:
        return {}
    is_essay = kind == "essay"
    terms = licenses.book_license(app)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article" if is_essay else "Book",
        "headline" if is_essay else "name": page.title,
        "author": [{"@type": "Person", "name": name} for name in citation.authors(app, page)],
        "description": description,
        "inLanguage": _language(app, page),
        "image": image.address if image else "",
        "license": (terms["link"] or terms["name"]) if terms else "",
        "url": urls.of_page(app, page.docname),
    }
    if is_essay:
        data |= {
            "datePublished": page.metadata.when,
            "dateModified": _modified(page),
            "keywords": list(page.metadata.tags),
            "wordCount": page.words,
            "correction": list(_corrections(app, page)),
            "isPartOf": _book(app),
        }
    return _full(data)


def _book(app: Sphinx) -> dict[str, Any]:
    url = urls.of_page(app, app.config.root_doc)
    return _full({"@type": "Book", "name": str(app.config.html_title), "url": url})


def _corrections(app: Sphinx, page: Page) -> Iterator[dict[str, Any]]:
    address = urls.of_page(app, page.docname)
    for record in page.elements:
        if isinstance(record, UpdateRecord) and record.kind == "correction":
            data = {"@type": "CorrectionComment", "datePublished": record.when}
            yield _full(data | {"url": address and f"{address}#{record.anchor}"})


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def _modified(page: Page) -> str:
    """Return the date of the latest update if it is later than the essay's, else ""."""
    return page.updated if page.updated > page.metadata.when else ""


def _language(app: Sphinx, page: Page) -> str:
    return str(page.metadata.language or app.config.language).replace("_", "-")
