"""Replace toctrees and lists of essays with docutils nodes when a page is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode

from sphinx_essays import messages
from sphinx_essays.book import byline, pages, plain_text, selection
from sphinx_essays.book.order import Essay, Part
from sphinx_essays.elements.base import time_node
from sphinx_essays.elements.lists import essay_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docutils.nodes import Node
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page
    from sphinx_essays.elements.update import UpdateRecord


RECENT = 3  # number of updates on the cover


def fill_toctrees(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each toctree with a list of essays and what is known of each.

    Only in HTML: other outputs have a table of contents of their own, or none. Hidden
    toctrees stay hidden. Toctrees with external links or links to sections are not changed.
    """
    if not byline.is_screen(app):
        return
    domain = pages.essay_domain(app.env)
    part = domain.book.part(docname)
    left = list(part.members if part else domain.book.members)
    for toctree in list(doctree.findall(addnodes.toctree)):
        members = _members_of(toctree, left)
        if toctree["hidden"] or not members or _leads_out(toctree):
            continue
        wrapper = toctree.parent
        wrapper.parent.replace(wrapper, contents(app, docname, members))


def add_start_reading_link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add the link "Start reading" to the cover, before the contents."""
    book = pages.essay_domain(app.env).book
    if docname != book.cover or not byline.is_web(app):
        return
    first = next((name for name in book.sequence()[1:]), None)
    toctree = next(iter(doctree.findall(addnodes.toctree)), None)
    if None in (first, toctree):
        return
    words = messages.start_reading()
    link = _link(app, docname, str(first), [nodes.Text(words)])
    paragraph = nodes.paragraph("", "", link, classes=["essay-start"])
    wrapper = toctree.parent  # type: ignore[union-attr]
    wrapper.parent.insert(wrapper.parent.index(wrapper), paragraph)


def fill_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the placeholders of the ``essays`` and ``updates`` directives."""
    domain = pages.essay_domain(app.env)
    for node in list(doctree.findall(essay_list)):
        if node["of"] == "essays":
            chosen = selection.choose(
                selection.essays(domain), node.attributes, app.config.author
            )
            items = [_listed_essay(app, docname, page, node) for page in chosen]
            css = ["essay-contents", "essay-list-essays"]
            filled = nodes.bullet_list("", *items, classes=css)
        else:
            filled = update_list(app, docname, node.attributes)
        filled["classes"] += node["classes"]
        filled["ids"], filled["names"] = node["ids"], node["names"]
        node.replace_self(filled if len(filled) else [])


def update_list(app: Sphinx, docname: str, wanted: Mapping[str, Any]) -> nodes.bullet_list:
    """Return a list of updates and corrections, newest first, each with a link."""
    chosen = selection.updates(pages.essay_domain(app.env), wanted)
    items = [_update(app, docname, record) for record in chosen]
    return nodes.bullet_list("", *items, classes=["essay-contents", "essay-list-updates"])


def add_recent_updates(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add the latest updates below the contents of the cover, unless it lists updates."""
    if docname != app.config.root_doc or not byline.is_web(app):
        return
    if any(node["of"] == "updates" for node in doctree.findall(essay_list)):
        return
    recent = update_list(app, docname, {"kind": "", "limit": RECENT, "dated": True})
    cover = next(
        (child for child in doctree.children if isinstance(child, nodes.section)), None
    )
    if cover is not None and len(recent):
        title = nodes.title("", messages.recent_updates())
        cover += nodes.section(
            "", title, recent, ids=["recent-updates"], classes=["essay-part"]
        )


def _listed_essay(
    app: Sphinx, docname: str, page: Page, options: essay_list
) -> nodes.list_item:
    item = nodes.list_item()
    item += nodes.paragraph("", "", _link(app, docname, page.docname), classes=["essay-entry"])
    words = page.metadata.standfirst
    if words and options["standfirst"]:
        item += nodes.paragraph("", words, classes=["essay-entry-standfirst"])
    if about := byline.make_dates(app, page):
        item += nodes.paragraph("", "", *byline.join(about), classes=["essay-entry-about"])
    return item


def _update(app: Sphinx, docname: str, record: UpdateRecord) -> nodes.list_item:
    """Return the essay's title and below it a link: "Update, 20 April 2014"."""
    words = nodes.inline("", messages.update_label(record.kind))
    if record.date:
        words += [nodes.Text(messages.comma()), time_node(record.date, "", app.config.language)]
    place = make_refnode(app.builder, docname, record.docname, record.anchor, words)
    item = nodes.list_item()
    title = _link(app, docname, record.docname)
    item += nodes.paragraph("", "", title, classes=["essay-entry"])
    item += nodes.paragraph("", "", place, classes=["essay-entry-about"])
    return item


def contents(app: Sphinx, docname: str, members: Sequence[Part | Essay]) -> list[Node]:
    """Return parts as sections and essays as lists, in reading order."""
    items: list[Node] = []
    for member in members:
        if isinstance(member, Part):
            items.append(_part(app, docname, member))
            continue
        if not (items and isinstance(items[-1], nodes.bullet_list)):
            items.append(nodes.bullet_list(classes=["essay-contents"]))
        entries = items[-1]
        assert isinstance(entries, nodes.bullet_list)  # noqa: S101 (for mypy)
        entries.append(entry(app, docname, member.docname))
    return items


def _members_of(toctree: addnodes.toctree, left: list[Part | Essay]) -> list[Part | Essay]:
    """Remove from `left` the members that this toctree lists, and return them."""
    docnames = {ref for _title, ref in toctree["entries"]}
    part_members = [
        member
        for member in left
        if (member.docname and member.docname in docnames)
        or (
            isinstance(member, Part)
            and not member.docname
            and member.title == toctree["caption"]
            and any(inner.docname in docnames for inner in member.members)
        )
    ]
    for member in part_members:
        left.remove(member)
    return part_members


def _leads_out(toctree: addnodes.toctree) -> bool:
    """Return whether an entry is a URL, or a page outside the book (``genindex``)."""
    return any(ref not in toctree["includefiles"] for _title, ref in toctree["entries"])


def _part(app: Sphinx, docname: str, part: Part) -> nodes.section:
    name = nodes.make_id(f"part {part.docname or part.title}")
    section = nodes.section(ids=[name], classes=["essay-part"])
    if part.docname:
        section += nodes.title("", "", _link(app, docname, part.docname))
    else:
        section += nodes.title("", part.title)
    section += contents(app, docname, part.members)
    return section


def entry(
    app: Sphinx, docname: str, target: str, *, standfirst: bool = True
) -> nodes.list_item:
    """Return a list item with title, standfirst, date and reading time."""
    domain = pages.essay_domain(app.env)
    page = domain.pages[target]
    item = nodes.list_item()
    item += nodes.paragraph("", "", _link(app, docname, target), classes=["essay-entry"])
    if standfirst and page.metadata.standfirst:
        words = page.metadata.standfirst
        item += nodes.paragraph("", words, classes=["essay-entry-standfirst"])
    if domain.kind(target) == "essay":
        about = byline.make_dates(app, page)[:1]
        about.append(nodes.Text(messages.minutes(plain_text.minutes(page.words))))
        item += nodes.paragraph("", "", *byline.join(about), classes=["essay-entry-about"])
    return item


def _link(
    app: Sphinx, docname: str, target: str, words: list[Node] | None = None
) -> nodes.reference:
    """Return a link with the target's title, including its markup."""
    address = app.builder.get_relative_uri(docname, target)
    if words is None:
        title = app.env.titles.get(target)
        words = list(title.deepcopy().children) if title else [nodes.Text(target)]
    return nodes.reference("", "", *words, internal=True, refuri=address)
