"""An id for every paragraph, made from its words, so that a link to it lasts.

What is done elsewhere on the page does not change it: no counting.
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
    """Give each paragraph and list item of an essay its id; an author's own stays."""
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
    """Six letters that stand for a paragraph, however its lines are broken."""
    joined = " ".join(words.split())
    value = b32encode(blake2b(joined.encode(), digest_size=5).digest())
    return PREFIX + value.decode().lower()[:6]


def _blocks(doctree: nodes.document) -> Iterator[nodes.Element]:
    for node in doctree.findall(nodes.Element):
        is_paragraph = isinstance(node, nodes.paragraph) and isinstance(node.parent, HOLDERS)
        if (is_paragraph or isinstance(node, nodes.list_item)) and node.astext().strip():
            yield node


def _free(name: str, taken: set[str]) -> str:
    """The name itself, or where the same words stand twice, the name with a number."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
