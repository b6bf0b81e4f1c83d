"""What things are, in the EPUB Structural Semantics Vocabulary and in DPUB-ARIA 1.1.

EPUB Type to ARIA Role Authoring Guide 1.1: where both have a word, both are said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Z3998 = "z3998"
PREFIX = f"{Z3998}: http://www.daisy.org/z3998/2012/vocab/structure/#"


class Meaning(NamedTuple):
    """A word for e-readers, and one for screen readers."""

    epub_type: str
    role: str = ""


# Pages, by what the book calls them: the matter they belong to, and what they are.
PAGES: dict[str, tuple[str, Meaning]] = {
    "cover": ("frontmatter", Meaning("titlepage")),
    "part": ("bodymatter", Meaning("part", "doc-part")),
    "essay": ("bodymatter", Meaning("chapter", "doc-chapter")),
    "front": ("frontmatter", Meaning("")),
    "back": ("backmatter", Meaning("")),
}
INDEX = {"matter": "backmatter", "type": "index", "role": "doc-index"}

# Elements, by the name of their node. Roles that HTML's words have already are left out.
NODES = {
    "footnote": Meaning("footnote"),
    "footnote_reference": Meaning("noteref"),
    "essay_overheard": Meaning(f"{Z3998}:drama"),
    "essay_speaker": Meaning(f"{Z3998}:persona"),
    "essay_direction": Meaning(f"{Z3998}:stage-direction"),
}
# Elements that a class, or the kind that they have, tells from others.
KINDS = {
    "essay_pull_quote": {"repeat": Meaning("pullquote", "doc-pullquote")},
    "block_quote": {"epigraph": Meaning("epigraph", "doc-epigraph")},
    "definition_list": {"essay-cast": Meaning(f"{Z3998}:dramatis-personae")},
}


def of_page(kind: str, body: str) -> dict[str, Any]:
    """What the template says of a page."""
    division, meaning = PAGES.get(kind, ("bodymatter", Meaning("")))
    return {
        "matter": division,
        "type": meaning.epub_type,
        "role": meaning.role,
        "prefix": PREFIX if f'"{Z3998}:' in body else "",
    }


def of_node(name: str, kinds: Iterable[str]) -> Meaning | None:
    """What an element is."""
    if name in KINDS:
        return next(
            (KINDS[name][kind_name] for kind_name in kinds if kind_name in KINDS[name]), None
        )
    return NODES.get(name)
