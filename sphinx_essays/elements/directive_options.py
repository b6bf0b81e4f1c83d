"""Parse the argument and the options of a directive.

Pure: imports neither docutils nor Sphinx. docutils discards a whole directive, with its
text, if an option is misspelt or a blank line is missing. Here, every line that is not
an option is body. MyST's three notations for options work too: ``:key: value`` lines,
``:`` before the further lines of a value, and a block between two ``---``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

OPTION = re.compile(r":(?P<key>[^\W_](?:[\w -]*\w)?):(?:\s+(?P<value>.*))?")
YAML_OPTION = re.compile(r"(?P<key>[^\W_][\w-]*):(?:\s+(?P<value>.*))?")
YAML_FENCE = "---"
CONTINUED = re.compile(r":\s\s*(?P<value>.*)|\s+(?P<indented>\S.*)")


class DirectiveOption(NamedTuple):
    """An option as typed, on `line`; its value may have several lines, from `begins` on."""

    value: str
    line: int
    begins: int


@dataclass
class DirectiveHeader:
    """The argument, the options, and the index of the first line of the body.

    The first `argument_lines` lines are the argument. `repeated` lists options that are
    given twice; their values are joined.
    """

    argument: str = ""
    argument_lines: int = 0
    options: dict[str, DirectiveOption] = field(default_factory=dict)
    repeated: list[tuple[str, int]] = field(default_factory=list)
    body: int = 0


def read(lines: Sequence[str], first: int) -> DirectiveHeader:
    """Parse the argument and the options of a directive from its `lines`.

    `first` is the position of the first line: 0 on the directive's own line, 1 on the
    next, more after a blank line (then all lines are body).
    """
    head = DirectiveHeader()
    index = 0
    if first == 0 and lines:
        index = head.argument_lines = _argument_lines(lines)
        head.argument = " ".join(line.strip() for line in lines[:index])
    if first <= 1:
        index = _read_options(lines, index, head)
    while index < len(lines) and not lines[index].strip():
        index += 1
    head.body = index
    return head


def _argument_lines(lines: Sequence[str]) -> int:
    """Count the argument's lines: up to the first option as in docutils, else a single line."""
    for index, line in enumerate(lines):
        if OPTION.fullmatch(line.rstrip()):
            return max(index, 1)
        if not line.strip() or line.rstrip() == YAML_FENCE:
            break
    return 1


def _read_options(lines: Sequence[str], index: int, head: DirectiveHeader) -> int:
    if _opens_yaml(lines, index):
        return _read_yaml(lines, index + 1, head)
    key = ""
    while index < len(lines) and lines[index].strip():
        if match := OPTION.fullmatch(lines[index].rstrip()):
            key = match["key"].strip().lower()
            _put(head, key, match["value"], index)
        elif key and (match := CONTINUED.fullmatch(lines[index].rstrip())):
            _extend(head, key, match["value"] or match["indented"] or "", index)
        else:
            break
        index += 1
    return index


def _opens_yaml(lines: Sequence[str], index: int) -> bool:
    """Return whether ``---`` opens a block of options and is not a section break."""
    if index >= len(lines) or lines[index].rstrip() != YAML_FENCE:
        return False
    block = (line.rstrip() for line in lines[index + 1 :])
    first = next((line for line in block if line and not line.startswith("#")), "")
    return first == YAML_FENCE or bool(YAML_OPTION.fullmatch(first))


def _read_yaml(lines: Sequence[str], index: int, head: DirectiveHeader) -> int:
    """Parse up to the closing ``---``, or up to a blank line if the block is not closed."""
    is_closed = any(line.rstrip() == YAML_FENCE for line in lines[index:])
    key = ""
    while index < len(lines):
        line = lines[index].rstrip()
        index += 1
        if line == YAML_FENCE or not (line or is_closed):
            break
        if match := YAML_OPTION.fullmatch(line):
            key = match["key"].lower()
            _put(head, key, match["value"], index - 1)
        elif key and not line.startswith("#"):
            _extend(head, key, line.strip(), index - 1)
    return index


def _put(head: DirectiveHeader, key: str, value: str | None, line: int) -> None:
    value = (value or "").strip()
    if value in {"|", ">", "|-", ">-"}:
        value = ""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    if key in head.options:
        head.repeated.append((key, line))
        value = f"{head.options[key].value}\n{value}"
    head.options[key] = DirectiveOption(value, line, line)


def _extend(head: DirectiveHeader, key: str, text: str, line: int) -> None:
    option = head.options[key]
    if option.value:
        value, begins = f"{option.value}\n{text}".rstrip("\n"), option.begins
    else:
        value, begins = text, line
    head.options[key] = DirectiveOption(value, option.line, begins)
