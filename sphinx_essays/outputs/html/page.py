"""What a page knows besides its words: its part, its neighbours, the contents page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book import byline, indexes, lists, pages
from sphinx_essays.book.metadata import Metadata
from sphinx_essays.elements.dates import find_locale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page
    from sphinx_essays.book.order import Part

CONTENTS = "contents"
STANDALONE = frozenset({"html", "dirhtml"})


def setup(app: Sphinx) -> None:
    """Add to the context of each page, and write the contents page."""
    app.connect("html-page-context", add_context)
    app.connect("html-collect-pages", collect)


def add_context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template one dictionary, ``essays``."""
    domain = pages.essay_domain(app.env)
    is_page = doctree is not None and pagename in domain.pages
    context["essays"] = {
        "words": messages.interface(),
        "direction": "rtl" if _is_rtl(app.config.language) else "ltr",
        "kind": domain.kind(pagename) if is_page else "other",
        "parts": _parts(app, pagename) if is_page else [],
        "contents": contents_name(app) if app.builder.name in STANDALONE else "",
        **_about(app, domain.pages[pagename] if is_page else None),
        "next_standfirst": _next_standfirst(app, pagename) if is_page else "",
    }


def contents_name(app: Sphinx) -> str:
    """The name of the contents page; an author's own page of that name stays."""
    return CONTENTS if CONTENTS not in app.env.found_docs else "book-contents"


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the contents of the whole book on one page of their own, and the indexes."""
    if app.builder.name not in STANDALONE:
        return
    found = indexes.make(app)
    name = contents_name(app)
    members = pages.essay_domain(app.env).book.members
    title = messages.contents()
    heading = nodes.section("", nodes.title("", title), ids=["contents"])
    if found:
        heading += _ways(app, name, found)
    heading += lists.contents(app, name, members)
    yield name, {"title": title, "body": _render(app, heading)}, "page.html"
    for index in found:
        body = _render(app, indexes.body(app, index))
        yield index.name, {"title": index.title, "body": body}, "page.html"


def _ways(app: Sphinx, name: str, found: list[indexes.Index]) -> nodes.paragraph:
    """The indexes, in a line above the contents."""
    links: list[nodes.Node] = []
    for index in found:
        address = app.builder.get_relative_uri(name, index.name)
        links.append(nodes.reference("", index.title, internal=True, refuri=address))
    return nodes.paragraph("", "", *byline.join(links), classes=["essay-indexes"])


def _render(app: Sphinx, node: nodes.Element) -> str:
    """A piece of a page that is no document, and so has no numbers of its own."""
    builder: Any = app.builder
    builder.secnumbers = builder.fignumbers = {}
    return str(builder.render_partial(node)["fragment"])


def _is_rtl(language: str) -> bool:
    return bool(find_locale(language).text_direction == "rtl")


def _about(app: Sphinx, page: Page | None) -> dict[str, Any]:
    """What a page says of itself in its head; its own language only where it differs."""
    about = page.metadata if page else Metadata()
    language = about.language if about.language != app.config.language else ""
    return {
        "description": about.standfirst,
        "draft": about.is_draft,
        "lang": language.replace("_", "-"),
        "lang_direction": "rtl" if language and _is_rtl(language) else "ltr",
    }


def _parts(app: Sphinx, docname: str) -> list[dict[str, str]]:
    """The parts above a page, the widest first; its own part page is not above it."""
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
