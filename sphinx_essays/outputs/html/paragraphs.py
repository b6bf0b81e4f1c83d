"""Give every paragraph an id that is a hash of its text, so that links to it last.

A counted id would change with every paragraph inserted before it.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.book import pages
from sphinx_essays.elements.overheard import essay_overheard
from sphinx_essays.elements.update import essay_update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

PREFIX = "p-"
HOLDERS = (nodes.section, nodes.document, nodes.block_quote, essay_update, essay_overheard)
WITH_PARAGRAPHS = frozenset({"essay", "front", "back", "part"})


def name_paragraphs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each paragraph and list item of a page an id, unless its author has."""
    if app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = pages.essay_domain(app.env)
    if domain.kind(docname) not in WITH_PARAGRAPHS and app.builder.name != "singlehtml":
        return
    taken: set[str] = set()
    for node in list(_blocks(doctree)):
        if not node["ids"]:
            node["ids"].append(_free(digest(node.astext()), taken))


def digest(words: str) -> str:
    """Return an id of ``p-`` and six letters, the same however the lines are broken."""
    joined = " ".join(words.split())
    value = b32encode(blake2b(joined.encode(), digest_size=5).digest())
    return PREFIX + value.decode().lower()[:6]


def _blocks(doctree: nodes.document) -> Iterator[nodes.Element]:
    for node in doctree.findall(nodes.Element):
        is_paragraph = isinstance(node, nodes.paragraph) and isinstance(node.parent, HOLDERS)
        if (is_paragraph or isinstance(node, nodes.list_item)) and node.astext().strip():
            yield node


def _free(name: str, taken: set[str]) -> str:
    """Return the name, with a number if another paragraph has the same text."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
