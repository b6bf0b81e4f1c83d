"""The fields above a title: date, authors, tags, standfirst, kind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.elements import dates

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = ("essay", "part", "front", "back")


class Metadata(NamedTuple):
    """What an author said about a page; ``when`` is the date in ISO form."""

    date: str = ""
    when: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    standfirst: str = ""
    kind: str = ""


def read(document: nodes.document, language: str, formats: Iterable[str] = ()) -> Metadata:
    """Read the fields of a page; tell what cannot be read."""
    fields = _fields(document)
    date = fields.get("date", "")
    return Metadata(
        date=date,
        when=_read_date(document, date, language, formats) if date else "",
        authors=tuple(split(fields.get("authors") or fields.get("author", ""), ";")),
        tags=tuple(split(fields.get("tags", ""), ",;")),
        standfirst=fields.get("standfirst", ""),
        kind=_read_kind(document, fields.get("kind", "")),
    )


def split(text: str, separators: str) -> list[str]:
    """Split a list written with commas, with semicolons, or as YAML gives it."""
    text = text.strip()
    if text.startswith("["):
        try:
            return [str(item).strip() for item in json.loads(text)]
        except ValueError:
            text = text.strip("[]")
    pieces = re.split(f"[{re.escape(separators)}]", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def _fields(document: nodes.document) -> dict[str, str]:
    docinfo = next(iter(document.findall(nodes.docinfo)), None)
    found: dict[str, str] = {}
    for node in docinfo.children if docinfo else ():
        if isinstance(node, nodes.field):
            found[node[0].astext().lower()] = node[1].astext()
        elif isinstance(node, nodes.authors):
            found["authors"] = ";".join(author.astext() for author in node.children)
        elif isinstance(node, nodes.Element):
            found[node.tagname] = node.astext()
    return found


def _read_date(
    document: nodes.document, text: str, language: str, formats: Iterable[str]
) -> str:
    try:
        return dates.parse(text, language, formats).iso
    except dates.AmbiguousDateError:
        messages.warn("date", messages.ambiguous_date(text), _first_field(document))
    except ValueError:
        messages.warn("date", messages.unreadable_date(text), _first_field(document))
    return ""


def _read_kind(document: nodes.document, text: str) -> str:
    kind = text.strip().lower()
    if kind in {"", *KINDS}:
        return kind
    messages.warn("metadata", messages.unknown_kind(text, KINDS), _first_field(document))
    return ""


def _first_field(document: nodes.document) -> str:
    """Where the fields stand: docutils keeps no line of a bibliographic field."""
    lines = (node.line for node in document.findall(nodes.field) if node.line)
    return f"{document['source']}:{next(lines, 1)}"
