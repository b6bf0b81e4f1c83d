"""Read front matter in YAML, TOML or JSON; write it as YAML or as a field list."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from sphinx_essays.elements import dates
from sphinx_essays.importing import rst_escape
from sphinx_essays.importing.essay import RST

if TYPE_CHECKING:
    from sphinx_essays.importing.essay import Essay

YAML = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class FrontMatterError(ValueError):
    """Front matter that cannot be read."""


def read(text: str) -> tuple[dict[str, Any], str]:
    """Split a file into its front matter, with keys in lower case, and its body.

    :raises FrontMatterError: if the front matter cannot be read.
    """
    text = text.lstrip("\n")
    if match := YAML.match(text):
        data = _yaml(match[1])
        if isinstance(data, str):  # text between two rules
            return {}, text
        return _mapping(data), text[match.end() :]
    if match := TOML.match(text):
        return _mapping(_toml(match[1])), text[match.end() :]
    if text.startswith("{"):
        return _json(text)
    return {}, text


def as_code(text: str) -> tuple[dict[str, str], str]:
    """Return a file with its front matter as a code block, for one that cannot be read.

    The first item has the keys and values that are on a line of their own.
    """
    text = text.lstrip("\n")
    match = YAML.match(text) or TOML.match(text)
    if match is None:
        return {}, text
    lines = re.findall(r"(?m)^([\w-]+)[ \t]*[:=][ \t]*(.*?)[ \t]*$", match[1])
    fields = {key.lower(): value.strip("\"'") for key, value in lines}
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", match[0])), default=0))
    return fields, f"{fence}\n{match[0].rstrip()}\n{fence}\n\n{text[match.end() :]}"


def _mapping(data: object) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise FrontMatterError("the front matter is not a mapping of keys to values")
    return {str(key).lower(): value for key, value in data.items()}


def _yaml(text: str) -> object:
    import yaml  # noqa: PLC0415 (plain text and ABlog do not need it)

    text = text.replace("\t", "    ")
    try:
        has_anchors = any(
            isinstance(character, yaml.AliasToken) for character in yaml.scan(text)
        )
        data: object = None if has_anchors else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FrontMatterError("the front matter is not valid YAML") from error
    if has_anchors:
        raise FrontMatterError("the front matter uses YAML aliases, which are not supported")
    return data


def _toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrontMatterError("the front matter is not valid TOML") from error


def _json(text: str) -> tuple[dict[str, Any], str]:
    try:
        data, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text
    return _mapping(data), text[end:]


def words(value: object) -> str:
    """Return a value as a line of text; of a mapping, its name or title."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    return " ".join(str(value).split()) if value is not None else ""


def listed(value: object, separators: str = ",") -> tuple[str, ...]:
    """Return a value as a tuple; a string is split at `separators`, or at blanks."""
    if isinstance(value, str):
        value = re.split(f"[{separators}]", value) if separators else value.split()
    elif isinstance(value, dict):
        value = [value]
    elif not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    return tuple(dict.fromkeys(word for word in map(words, value) if word))


def date(value: object) -> str:
    """Return a date in ISO form, in its own time zone; empty if it cannot be read."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = words(value)
    if match := re.match(r"\d{4}-\d{1,2}-\d{1,2}(?=[T\s]|$)", text):
        text = match[0]
    try:
        return dates.parse(text).iso
    except ValueError:
        return ""


# -- writing -------------------------------------------------------------------------


def write(essay: Essay, aliases: list[str], image: str) -> str:
    """Return the front matter, or the field list, of an essay's file."""
    fields: dict[str, object] = {
        "date": essay.date,
        "authors": list(essay.authors),
        "tags": list(essay.tags),
        "category": list(essay.categories),
        "standfirst": essay.standfirst,
        "status": "draft" if essay.is_draft else "",
        "kind": essay.page_type,
        "language": essay.language,
        "image": image,
        "aliases": aliases,
    }
    fields = {key: value for key, value in fields.items() if value}
    if not fields:
        return ""
    return _as_fields(fields) if essay.suffix == RST else _as_yaml(fields)


def _as_fields(fields: dict[str, object]) -> str:
    lines = []
    for key, value in fields.items():
        if key == "authors" and isinstance(value, list):
            key = "author" if len(value) == 1 else key  # noqa: PLW2901 (a single author has the singular field)
            value = rst_escape.escape("; ".join(value))  # noqa: PLW2901
        elif isinstance(value, list):
            value = rst_escape.listed(value)  # noqa: PLW2901
        lines.append(f":{key}: {value}")
    return "\n".join(lines) + "\n\n"


def _as_yaml(fields: dict[str, object]) -> str:
    if isinstance(day := fields.get("date"), str) and day.count("-") == 2:  # noqa: PLR2004
        fields["date"] = dt.date.fromisoformat(day)
    import yaml  # noqa: PLC0415 (as above)

    text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{text}---\n\n"
