"""Read the fields above a title from the source of a page that may be a draft.

Pure: imports neither docutils nor Sphinx. Before Sphinx reads a page, only its status
and its date are needed, to decide whether it is published.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import TYPE_CHECKING

from sphinx_essays.elements import dates

if TYPE_CHECKING:
    from collections.abc import Iterable

DRAFT = "draft"
POST = re.compile(r"(?m)^(?:\.\. post::|[`:]{3,}\{post\})[ \t]*(\S.*)?$")
FIELD = re.compile(r":(?P<key>[^:\s][^:]*):(?:\s+(?P<value>.*))?")
YAML_FIELD = re.compile(r"(?P<key>[\w-]+):(?:\s+(?P<value>.*))?")
COMMENT = re.compile(r"\.\.(?:\s|$)")


def read_front_matter(text: str) -> dict[str, str]:
    r"""Read the field list at the top of reStructuredText, or Markdown's front matter.

    >>> read_front_matter(":status: draft\n\nTitle\n=====\n")
    {'status': 'draft'}
    """
    lines = text.lstrip("\ufeff").splitlines()
    is_yaml = bool(lines) and lines[0].rstrip() == "---"
    fields = _read_front_matter(lines[1:]) if is_yaml else _read_field_list(lines)
    if (post := POST.search(text)) and post[1]:
        fields.setdefault("date", post[1].strip())
    return fields


def is_hidden(
    fields: dict[str, str], language: str, latest: dt.date, formats: Iterable[str] = ()
) -> bool:
    """Return whether the fields have the status "draft" or a date later than `latest`."""
    if fields.get("status", "").lower() == DRAFT:
        return True
    try:
        return dates.parse(fields.get("date", ""), language, formats).first_day > latest
    except ValueError:
        return False


def today() -> dt.date:
    """Return the local date, or that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org)."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now().astimezone().date()


def _read_front_matter(lines: list[str]) -> dict[str, str]:
    for index, line in enumerate(lines):
        if line.rstrip() in {"---", "..."}:
            return _read_yaml("\n".join(lines[:index])) or _read_yaml_simply(lines[:index])
    return {}  # never closed: it is a section break


def _read_yaml(text: str) -> dict[str, str]:
    """Return the fields as PyYAML reads them; empty if they are invalid or it is missing."""
    try:
        import yaml  # noqa: PLC0415 (MyST depends on it)

        data = yaml.safe_load(text)
    except (ImportError, ValueError, yaml.YAMLError):
        return {}
    fields = data.items() if isinstance(data, dict) else ()
    return {str(key).lower(): str(value).strip() for key, value in fields}


def _read_yaml_simply(lines: list[str]) -> dict[str, str]:
    matches = (YAML_FIELD.fullmatch(line.rstrip()) for line in lines)
    return {
        match["key"].lower(): (match["value"] or "").strip("'\" ") for match in matches if match
    }


def _read_field_list(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    key, in_comment = "", False
    for line in lines:
        if match := FIELD.fullmatch(line.rstrip()):
            key, in_comment = match["key"].lower(), False
            fields[key] = (match["value"] or "").strip()
        elif key and line[:1].isspace() and not in_comment:
            fields[key] = f"{fields[key]} {line.strip()}".strip()
        elif COMMENT.match(line):
            in_comment = True
        elif not _continues(line, in_fields=bool(fields), in_comment=in_comment):
            return fields
    return fields


def _continues(line: str, *, in_fields: bool, in_comment: bool) -> bool:
    """Return whether a line that is not a field can be followed by more fields."""
    if not line.strip():
        return not in_fields
    return line[0].isspace() and (in_fields or in_comment)
