"""Collect the footer of an essay: its tags, its updates and how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_essays import messages
from sphinx_essays.book import indexes
from sphinx_essays.config import STANDALONE
from sphinx_essays.elements import dates
from sphinx_essays.elements.update import UpdateRecord
from sphinx_essays.outputs.citation import bibtex, citation

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page


def make(app: Sphinx, page: Page) -> dict[str, Any]:
    """Return the context of ``partials/article_footer.html``."""
    return {
        "tags": _tags(app, page),
        "updates": _updates(app, page),
        "citation": citation(app, page),
        "bibtex": bibtex(app, page),
    }


def _tags(app: Sphinx, page: Page) -> list[dict[str, str]]:
    """Return the tags of an essay, linked to the index of tags if there is one."""
    if app.builder.name not in STANDALONE or not indexes.is_made(app.env, "tag"):
        return [{"name": tag, "link": ""} for tag in page.metadata.tags]
    index = app.builder.get_relative_uri(page.docname, indexes.page_name(app, "tag"))
    return [
        {"name": tag, "link": f"{index}#{indexes.anchor('tag', tag)}"}
        for tag in page.metadata.tags
    ]


def _updates(app: Sphinx, page: Page) -> list[dict[str, str]]:
    """Return the updates of an essay with their anchors in the page."""
    updates = []
    for record in page.elements:
        if isinstance(record, UpdateRecord):
            title = messages.update_label(record.kind)
            if record.when:
                title = dates.long_form(dates.Date.from_iso(record.when), app.config.language)
            updates.append({"anchor": record.anchor, "title": title})
    return updates
