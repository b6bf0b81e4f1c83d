"""Find the image that other sites show with a link: ``:image:``, else the first image."""

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

# The formats that social networks show; none of them shows SVG.
SHOWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


class ShareImage(NamedTuple):
    """The URL of an image and its alternative text."""

    address: str
    alt: str


def setup(app: Sphinx) -> None:
    """Copy the images of ``:image:`` fields, which need not be in any page."""
    app.connect("doctree-read", collect_images)
    app.connect("doctree-resolved", keep)


def collect_images(app: Sphinx, doctree: nodes.document) -> None:
    """Add the file of ``:image:`` to the images of the book; warn if it is missing."""
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
    """Have the file of ``:image:`` copied to the output with the images in the page."""
    page = pages.essay_domain(app.env).pages.get(docname)
    if page is None or not page.metadata.image or app.builder.name not in STANDALONE:
        return
    name, _path = app.env.relfn2path(page.metadata.image, docname)
    if name in app.env.images:
        app.builder.images[name] = app.env.images[name][1]


def of(app: Sphinx, page: Page, doctree: nodes.document) -> ShareImage | None:
    """Return the image of a page, if it has an absolute URL: other sites need one."""
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
    """Return the URL of an image's copy in the output; "" if it is unknown."""
    if "://" in name:
        return name
    if name not in app.env.images or not urls.are_known(app):
        return ""
    builder: Any = app.builder
    return urls.of_file(app, f"{builder.imagedir}/{app.env.images[name][1]}")
