"""Give the templates the dictionary ``essays``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx_essays import messages
from sphinx_essays.book import pages, plain_text, writing_systems
from sphinx_essays.book.metadata import Metadata
from sphinx_essays.config import OPENINGS, STANDALONE
from sphinx_essays.outputs import citation, licenses, urls
from sphinx_essays.outputs.html import article_footer

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page
    from sphinx_essays.book.order import Part

NOT_FOUND = "404"
LONGEST_DESCRIPTION = 160  # characters that search engines show


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_context)


def add_context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add ``essays`` to the context of a page."""
    domain = pages.essay_domain(app.env)
    page = domain.pages.get(pagename) if doctree is not None else None
    kind = domain.kind(pagename) if page else "other"
    context["essays"] = {
        "words": messages.interface(),
        "direction": "rtl" if writing_systems.is_right_to_left(app.config.language) else "ltr",
        "kind": kind,
        "parts": _parts(app, pagename) if page else [],
        "contents": urls.contents_name(app) if app.builder.name in STANDALONE else "",
        "contents_script": f"{urls.contents_name(app)}.js",
        "next_standfirst": _next_standfirst(app, pagename) if page else "",
        "description": _description(app, page, doctree),
        "opening": _opening(app, page) if kind == "essay" else "",
        "article_footer": article_footer.make(app, page) if page and kind == "essay" else None,
        "license": licenses.book_license(app),
        "by": citation.names(app, page) if page else "",
        "quote_format": "*".join(citation.quotation_marks(app.config.language)),
        "base": _base(app) if pagename == NOT_FOUND else "",
        "first_scripts": [],
        "core_scripts": [],
        **_language(app, page),
    }


def _base(app: Sphinx) -> str:
    """Return the path of the book on its server: the 404 page is served at any depth."""
    book = str(urlsplit(app.config.html_baseurl).path).rstrip("/")
    folder = app.builder.get_target_uri(NOT_FOUND).rpartition("/")[0]
    return f"{book}/{folder}/" if folder else f"{book}/"


def _description(app: Sphinx, page: Page | None, doctree: nodes.document | None) -> str:
    """Return the standfirst of a page, else its first paragraph, else the book's title."""
    if page and page.metadata.standfirst:
        return page.metadata.standfirst
    passages = plain_text.iter_paragraphs(doctree) if doctree is not None else iter(())
    first = " ".join(next((passage for passage in passages if passage.strip()), "").split())
    if len(first) > LONGEST_DESCRIPTION:
        first = first[:LONGEST_DESCRIPTION].rpartition(" ")[0] + "…"
    return first or str(app.config.html_title)


def _language(app: Sphinx, page: Page | None) -> dict[str, Any]:
    """Return whether a page is a draft, and its language if it is not the book's."""
    about = page.metadata if page else Metadata()
    language = about.language if about.language != app.config.language else ""
    return {
        "draft": about.is_draft,
        "lang": language.replace("_", "-"),
        "lang_direction": "rtl" if writing_systems.is_right_to_left(language) else "ltr",
    }


def _opening(app: Sphinx, page: Page | None) -> str:
    """Return the option ``opening``; "" for a writing system without capital letters."""
    language = (page.metadata.language if page else "") or app.config.language
    if not writing_systems.has_capitals(language):
        return ""
    return str(app.config.html_theme_options.get("opening", OPENINGS[0]))


def _parts(app: Sphinx, docname: str) -> list[dict[str, str]]:
    """Return the parts that contain a page, the outermost first, without the page itself."""
    parts = pages.essay_domain(app.env).book.parts_of(docname)
    return [_name(app, docname, part) for part in parts if part.docname != docname]


def _name(app: Sphinx, docname: str, part: Part) -> dict[str, str]:
    if not part.docname:
        return {"title": part.title, "link": ""}
    title = app.env.titles[part.docname].astext()
    return {"title": title, "link": app.builder.get_relative_uri(docname, part.docname)}


def _next_standfirst(app: Sphinx, docname: str) -> str:
    related = app.builder.relations.get(docname)  # type: ignore[attr-defined]
    following = related[2] if related else None
    known = pages.essay_domain(app.env).pages
    return known[following].metadata.standfirst if following in known else ""
