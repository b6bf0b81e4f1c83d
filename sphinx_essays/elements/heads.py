"""The fields above a title, read from a file that nobody is to see yet.

Pure: takes text, knows neither docutils nor Sphinx. Only what decides whether an
essay is shown is needed before it is read: its status and its date.
"""

from __future__ import annotations

import datetime as dt
import os
import re

from sphinx_essays.elements import dates

DRAFT = "draft"
POST = re.compile(r"(?m)^(?:\.\. post::|[`:]{3,}\{post\})[ \t]*(\S.*)?$")
FIELD = re.compile(r":(?P<key>[^:\s][^:]*):(?:\s+(?P<value>.*))?")
YAML_FIELD = re.compile(r"(?P<key>[\w-]+):(?:\s+(?P<value>.*))?")
COMMENT = re.compile(r"\.\.(?:\s|$)")


def read(text: str) -> dict[str, str]:
    r"""Read the field list at the head of reStructuredText, or Markdown's front matter.

    >>> read(":status: draft\n\nTitle\n=====\n")
    {'status': 'draft'}
    """
    lines = text.lstrip("\ufeff").splitlines()
    is_yaml = bool(lines) and lines[0].rstrip() == "---"
    fields = _read_front_matter(lines[1:]) if is_yaml else _read_field_list(lines)
    if (post := POST.search(text)) and post[1]:
        fields.setdefault("date", post[1].strip())
    return fields


def is_hidden(fields: dict[str, str], language: str, latest: dt.date) -> bool:
    """Whether the fields above a title say "draft", or a date behind `latest`."""
    if fields.get("status", "").lower() == DRAFT:
        return True
    try:
        return dates.parse(fields.get("date", ""), language).first_day > latest
    except ValueError:
        return False


def today() -> dt.date:
    """The local date, or that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org)."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now().astimezone().date()


def _read_front_matter(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        if line.rstrip() in {"---", "..."}:
            return fields
        if found := YAML_FIELD.fullmatch(line.rstrip()):
            fields.setdefault(found["key"].lower(), (found["value"] or "").strip("'\" "))
    return {}  # never closed: a section break, and no front matter


def _read_field_list(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    in_comment = False
    for line in lines:
        if found := FIELD.fullmatch(line.rstrip()):
            fields.setdefault(found["key"].lower(), (found["value"] or "").strip())
            in_comment = False
        elif COMMENT.match(line):
            in_comment = True
        elif not _goes_on(line, in_fields=bool(fields), in_comment=in_comment):
            return fields
    return fields


def _goes_on(line: str, *, in_fields: bool, in_comment: bool) -> bool:
    """Whether a line that is no field leaves the head open."""
    if not line.strip():
        return not in_fields
    return line[0].isspace() and (in_fields or in_comment)
