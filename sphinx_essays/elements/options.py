"""The head of a directive: what stands on its own line, then its options.

Pure: takes lines, knows neither docutils nor Sphinx. docutils throws a whole
directive away, words and all, when one of its options is misspelt or a blank
line is missing; read here, every line that is no option is body. MyST's three
ways to write options are read as well: ``:key: value`` lines, ``:`` before the
further lines of a value, and a block between two ``---``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

OPTION = re.compile(r":(?P<key>[^\W_](?:[\w -]*\w)?):(?:\s+(?P<value>.*))?")
YAML_OPTION = re.compile(r"(?P<key>[^\W_][\w-]*):(?:\s+(?P<value>.*))?")
CONTINUED = re.compile(r":\s\s*(?P<value>.*)|\s+(?P<indented>\S.*)")


class Option(NamedTuple):
    """An option as typed; a value of several lines keeps them."""

    value: str
    line: int


@dataclass
class Head:
    """What was read: the argument, the options, and where the body begins.

    `repeated` names options given twice; their values are joined.
    """

    argument: str = ""
    options: dict[str, Option] = field(default_factory=dict)
    repeated: list[tuple[str, int]] = field(default_factory=list)
    body: int = 0


def read(lines: Sequence[str], first: int) -> Head:
    """Read the head of a directive from its `lines`.

    `first` tells where the first of them stands: 0 on the directive's own line,
    1 on the next one, more behind a blank line (then all of them are body).
    """
    head = Head()
    index = 0
    if first == 0 and lines:
        head.argument = lines[0].strip()
        index = 1
    if first <= 1:
        index = _read_options(lines, index, head)
    while index < len(lines) and not lines[index].strip():
        index += 1
    head.body = index
    return head


def _read_options(lines: Sequence[str], index: int, head: Head) -> int:
    if index < len(lines) and lines[index].rstrip() == "---":
        return _read_yaml(lines, index + 1, head)
    key = ""
    while index < len(lines) and lines[index].strip():
        if found := OPTION.fullmatch(lines[index].rstrip()):
            key = found["key"].strip().lower()
            _put(head, key, found["value"], index)
        elif key and (found := CONTINUED.fullmatch(lines[index].rstrip())):
            _extend(head, key, found["value"] or found["indented"] or "")
        else:
            break
        index += 1
    return index


def _read_yaml(lines: Sequence[str], index: int, head: Head) -> int:
    key = ""
    while index < len(lines) and lines[index].rstrip() != "---":
        if found := YAML_OPTION.fullmatch(lines[index].rstrip()):
            key = found["key"].lower()
            _put(head, key, found["value"], index)
        elif key:
            _extend(head, key, lines[index].strip())
        index += 1
    return index + 1


def _put(head: Head, key: str, value: str | None, line: int) -> None:
    value = (value or "").strip()
    if value in {"|", ">", "|-", ">-"}:
        value = ""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    if key in head.options:
        head.repeated.append((key, line))
        value = f"{head.options[key].value}\n{value}"
    head.options[key] = Option(value, line)


def _extend(head: Head, key: str, more: str) -> None:
    option = head.options[key]
    head.options[key] = Option(f"{option.value}\n{more}".strip("\n"), option.line)
