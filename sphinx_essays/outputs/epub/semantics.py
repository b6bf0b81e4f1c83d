"""Semantics of pages and elements: EPUB Structural Semantics Vocabulary and DPUB-ARIA 1.1.

Where both have a term, both are written: EPUB Type to ARIA Role Authoring Guide 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Z3998 = "z3998"
PREFIX = f"{Z3998}: http://www.daisy.org/z3998/2012/vocab/structure/#"


class Meaning(NamedTuple):
    """A term for e-readers, and a role for screen readers."""

    epub_type: str
    role: str = ""


# By the kind of page: its place in the book and its own meaning.
PAGES: dict[str, tuple[str, Meaning]] = {
    "cover": ("frontmatter", Meaning("titlepage")),
    "part": ("bodymatter", Meaning("part", "doc-part")),
    "essay": ("bodymatter", Meaning("chapter", "doc-chapter")),
    "front": ("frontmatter", Meaning("")),
    "back": ("backmatter", Meaning("")),
}
INDEX = {"matter": "backmatter", "type": "index", "role": "doc-index"}

# By node name. Roles that the HTML elements imply are omitted.
NODES = {
    "footnote": Meaning("footnote"),
    "footnote_reference": Meaning("noteref"),
    "essay_overheard": Meaning(f"{Z3998}:drama"),
    "essay_speaker": Meaning(f"{Z3998}:persona"),
    "essay_direction": Meaning(f"{Z3998}:stage-direction"),
}
# By node name, and by class or kind.
KINDS = {
    "essay_pull_quote": {"repeat": Meaning("pullquote", "doc-pullquote")},
    "block_quote": {"epigraph": Meaning("epigraph", "doc-epigraph")},
    "definition_list": {"essay-cast": Meaning(f"{Z3998}:dramatis-personae")},
}


def of_page(kind: str, body: str) -> dict[str, Any]:
    """Return the values for the template of a page."""
    division, meaning = PAGES.get(kind, ("bodymatter", Meaning("")))
    return {
        "matter": division,
        "type": meaning.epub_type,
        "role": meaning.role,
        "prefix": PREFIX if f'"{Z3998}:' in body else "",
    }


def of_node(name: str, kinds: Iterable[str]) -> Meaning | None:
    """Return the semantics of a node."""
    if name in KINDS:
        return next(
            (KINDS[name][kind_name] for kind_name in kinds if kind_name in KINDS[name]), None
        )
    return NODES.get(name)
