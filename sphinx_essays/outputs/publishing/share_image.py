"""The picture that stands for an essay where others link to it: ``:image:``, or its first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book import metadata, pages
from sphinx_essays.config import STANDALONE
from sphinx_essays.outputs import urls

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page

# What the sites show that people share links on; none of them draws an SVG.
SHOWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


class ShareImage(NamedTuple):
    """A picture's address and its words."""

    address: str
    alt: str


def setup(app: Sphinx) -> None:
    """Take the pictures along that stand in a field, and so in no page."""
    app.connect("doctree-read", collect_images)
    app.connect("doctree-resolved", keep)


def collect_images(app: Sphinx, doctree: nodes.document) -> None:
    """Know the picture of ``:image:`` as one of the book; tell of one that is not there."""
    docname = app.env.current_document.docname
    page = pages.essay_domain(app.env).pages.get(docname)
    if page is None or not page.metadata.image or "://" in page.metadata.image:
        return
    name, path = app.env.relfn2path(page.metadata.image, docname)
    app.env.note_dependency(name)
    if Path(path).is_file():
        app.env.images.add_file(docname, name)
    else:
        place = metadata.location(doctree["source"], "image")
        messages.warn("metadata", messages.missing_image(page.metadata.image), place)


def keep(app: Sphinx, _doctree: nodes.document, docname: str) -> None:
    """Have the picture of a page that is written copied with those that stand in it."""
    page = pages.essay_domain(app.env).pages.get(docname)
    if page is None or not page.metadata.image or app.builder.name not in STANDALONE:
        return
    name, _path = app.env.relfn2path(page.metadata.image, docname)
    if name in app.env.images:
        app.builder.images[name] = app.env.images[name][1]


def of(app: Sphinx, page: Page, doctree: nodes.document) -> ShareImage | None:
    """The picture of a page. Only absolute addresses are of use where it is shown."""
    if page.metadata.image:
        return _named(app, page)
    for image in doctree.findall(nodes.image):
        names: list[str] = list(image.get("candidates", {}).values())
        for name in names:
            if Path(name).suffix.lower() in SHOWN and (address := _address(app, name)):
                return ShareImage(address, image.get("alt", ""))
    return None


def _named(app: Sphinx, page: Page) -> ShareImage | None:
    name = page.metadata.image
    if "://" not in name:
        name, _path = app.env.relfn2path(name, page.docname)
    address = _address(app, name)
    return ShareImage(address, page.metadata.image_alt) if address else None


def _address(app: Sphinx, name: str) -> str:
    """The address of a picture's copy; nothing where it is not known."""
    if "://" in name:
        return name
    if name not in app.env.images or not urls.are_known(app):
        return ""
    builder: Any = app.builder
    return urls.of_file(app, f"{builder.imagedir}/{app.env.images[name][1]}")
