"""Write the index: Sphinx's entries with their page numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from sphinx.environment.adapters.indexentries import IndexEntries

from sphinx_essays import messages
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.inline import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_essays.outputs.typst.builder import TypstBuilder

# As in Sphinx: whether an entry is a main one, and its address (none for "see").
Links: TypeAlias = "list[tuple[str | None, str | Literal[False]]]"
NAME = "index:"


def title() -> str:
    """Return the title as markup."""
    return markup.escape(messages.index())


def write(builder: TypstBuilder, known: set[str]) -> str:
    """Return the index, or nothing if no entry is in the book."""
    groups = IndexEntries(builder.env).create_index(builder)
    letters = []
    for letter, entries in groups:
        lines = [
            line
            for words, (links, within, _key) in entries
            for line in _entry(words, links, within, known)
        ]
        if lines:
            letters.append(f"#essay-index-letter[{markup.escape(letter)}];\n{''.join(lines)}")
    if not letters:
        return ""
    name = markup.string(NAME)
    return f"\n\n#essay-index([{title()}], {name})[\n{''.join(letters)}\n];\n"


def _entry(
    words: str,
    links: Links,
    within: Iterable[tuple[str, Links]],
    known: set[str],
) -> list[str]:
    """Return an entry with its page numbers and subentries; ``see`` has only text."""
    below = [
        _line(1, sub, places, known)
        for sub, places in ((sub, sub_links) for sub, sub_links in within)
        if _leads(places, known)
    ]
    return [_line(0, words, links, known), *below] if below or _leads(links, known) else []


def _places(links: Links, known: set[str]) -> list[str]:
    places = [_place(address) for _main, address in links if address]
    return list(dict.fromkeys(name for name in places if name in known))


def _leads(links: Links, known: set[str]) -> bool:
    """Return whether an entry has a page or another entry."""
    return bool(_places(links, known)) or not any(address for _main, address in links)


def _place(address: str) -> str:
    docname, _, identifier = address.removeprefix(INTERNAL).partition("#")
    return f"{docname}:{identifier}"


def _line(depth: int, words: str, links: Links, known: set[str]) -> str:
    places = ", ".join(markup.string(place) for place in _places(links, known))
    separator = ", " if places else ""
    return f"#essay-index-line({depth}, [{markup.escape(words)}]{separator}{places});\n"
