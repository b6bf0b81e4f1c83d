"""The metadata of a page, read from the fields above its title."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.elements import dates, front_matter
from sphinx_essays.elements.fields import SINGLE_LINE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

STRAIGHT = str.maketrans("“”„", '"""')
KINDS = ("essay", "part", "front", "back")


class Metadata(NamedTuple):
    """The metadata of a page: `date` as typed, and `published` if it is readable."""

    date: str = ""
    published: dates.Date | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    standfirst: str = ""
    kind: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    location: str = ""
    orphan: bool = False
    is_draft: bool = False

    @property
    def when(self) -> str:
        """Return the date in ISO form, or an empty string."""
        return self.published.iso if self.published else ""

    @property
    def year(self) -> str:
        """Return the year in four digits, or an empty string."""
        return self.when[:4]


def read(document: nodes.document, language: str, formats: Iterable[str] = ()) -> Metadata:
    """Read the fields of a page; warn about those that are invalid."""
    _warn_misplaced(document)
    fields = {**document.get("essay_post", {}), **_fields(document)}
    date = fields.get("date", "")
    return Metadata(
        date=date,
        published=_read_date(document, date, language, formats) if date else None,
        authors=_authors(fields),
        tags=_tags(fields),
        standfirst=" ".join(fields.get("standfirst", "").split()),
        kind=_read_kind(document, fields.get("kind", "")),
        language=fields.get("language", ""),
        aliases=tuple(split(fields.get("aliases") or fields.get("redirect", ""), ",;")),
        image=fields.get("image", ""),
        image_alt=fields.get("image-alt", ""),
        location=fields.get("location", ""),
        orphan="orphan" in fields,
        is_draft=front_matter.is_hidden(fields, language, front_matter.today(), formats),
    )


def split(text: str, separators: str) -> list[str]:
    """Split a list separated by commas or semicolons, or written as in YAML."""
    text = text.strip()
    if text.startswith("["):
        try:
            # Sphinx applies smart quotes to the field ``authors``.
            return [_item(item) for item in json.loads(text.translate(STRAIGHT))]
        except ValueError:
            text = text.strip("[]")
    pieces = re.split(f"[{re.escape(separators)}]", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def _item(item: object) -> str:
    """Return an item of a YAML list: text, or a mapping such as ``name: B. Two``."""
    words = item.get("name", item) if isinstance(item, dict) else item
    return str(words).strip()


def _tags(fields: dict[str, str]) -> tuple[str, ...]:
    """Return the tags and ABlog's categories without duplicates."""
    tags = [*split(fields.get("tags", ""), ",;"), *split(fields.get("category", ""), ",;")]
    return tuple(dict.fromkeys(tags))


def _authors(fields: dict[str, str]) -> tuple[str, ...]:
    """Split at semicolons; split ``:authors:`` at commas if it has no semicolon."""
    names = fields.get("authors") or fields.get("author", "")
    separator = "," if "authors" in fields and ";" not in names else ";"
    return tuple(split(names, separator))


def _fields(document: nodes.document) -> dict[str, str]:
    docinfo = next(iter(document.findall(nodes.docinfo)), None)
    fields: dict[str, str] = {}
    for node in docinfo.children if docinfo else ():
        if isinstance(node, nodes.field):
            fields[node[0].astext().lower()] = _field_text(node[1])
        elif isinstance(node, nodes.authors):
            names = [author.astext() for author in node.children]
            # docutils splits a YAML list at its commas: join it again.
            is_list = bool(names) and names[0].startswith("[")
            fields["authors"] = ", ".join(names) if is_list else ";".join(names) + ";"
        elif isinstance(node, nodes.Element):
            fields[node.tagname] = node.astext()
    return fields


def _field_text(body: nodes.Node) -> str:
    """Return the text of a field, without docutils' system messages."""
    paragraphs = (
        child for child in body.children if not isinstance(child, nodes.system_message)
    )
    return "\n\n".join(paragraph.astext() for paragraph in paragraphs)


def _warn_misplaced(document: nodes.document) -> None:
    """Warn about fields below the title: they are body text, and initials become lists."""
    title = document.next_node(nodes.title)
    below = title.next_node(siblings=True, descend=False) if title else None
    for field in below.findall(nodes.field) if isinstance(below, nodes.field_list) else ():
        name = field[0].astext()
        if name.lower() in SINGLE_LINE_FIELDS | {"status", "kind"}:
            messages.warn("metadata", messages.misplaced_field(name), field)


def _read_date(
    document: nodes.document, text: str, language: str, formats: Iterable[str]
) -> dates.Date | None:
    try:
        return dates.parse(text, language, formats)
    except dates.AmbiguousDateError:
        messages.warn("date", messages.ambiguous_date(text), _location(document, "date"))
    except ValueError:
        messages.warn("date", messages.unreadable_date(text), _location(document, "date"))
    return None


def _read_kind(document: nodes.document, text: str) -> str:
    kind = text.strip().lower()
    if kind in {"", *KINDS}:
        return kind
    messages.warn("metadata", messages.unknown_kind(text, KINDS), _location(document, "kind"))
    return ""


def _location(document: nodes.document, field: str) -> str:
    return location(document["source"], field)


def location(source: str, field: str) -> str:
    """Return "file:line" of a field; neither docutils nor MyST stores it."""
    typed = re.compile(rf":?{field}:", re.IGNORECASE)
    try:
        lines = Path(source).read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        lines = []
    places = [number for number, line in enumerate(lines, 1) if typed.match(line)]
    posts = [number for number, line in enumerate(lines, 1) if front_matter.POST.match(line)]
    return f"{source}:{[*places, *posts, 1][0]}"
