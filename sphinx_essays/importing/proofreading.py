"""Report what a proofreader would mark: quotation marks, spaces, commas, lost links.

Nothing is corrected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACE = "[ \u00a0\u202f\u2007\u2009]"
NARROW = "\u00a0\u202f\u2007"
# What is not prose: URLs, code, roles, HTML.
MASKED = re.compile(
    r"`[^`]*`|<[^<>]*>|\]\([^)\s]{0,999}(?:\s+\"[^\"]{0,999}\")?\)|https?://\S+"
    r"|[^\s@]{1,64}@[^\s@]{1,255}"
)
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
HEAD = re.compile(r"\s*(?:\.\. [\w-]+::.*|:[\w-]+:.*|\.\.|\||[*+-]|>|#+|\d+\.)(?=\s|$)")
CHECKS = (
    (
        re.compile(rf"(?<=[\w.,!?…])“(?={SPACE}|$|[.,;:!?])"),
        "an opening quotation mark is used to close",
    ),
    (
        re.compile(rf"(?:^|(?<={SPACE})|(?<=[(\[—–]))”(?=\w)"),
        "a closing quotation mark is used to open",
    ),
    (
        re.compile(rf"(?<=[\w.,!?…])‘(?={SPACE}|$|[.,;:!?])"),
        "an opening quotation mark is used to close",
    ),
    (re.compile(r"(?<=[\w ]),(?=[^\W\d_])"), "no space after a comma"),
    (
        re.compile(rf"(?<=\S){SPACE}*[{NARROW}]{SPACE}+(?=\S)"),
        "double space (non-breaking)",
    ),
    (re.compile(rf"(?<=\S){SPACE}+[{NARROW}](?=\S)"), "double space (non-breaking)"),
    (re.compile(r"(?<=\S)  +(?=\S)"), "double space"),
    (re.compile(r"(?<=\w) +[,;](?=\s|$)|(?<=\w) +\.(?=\s|$)"), "space before punctuation"),
    (re.compile(r"(?<=[(\[]) +(?=\w)|(?<=\w) +(?=[)\]])"), "space inside brackets"),
    (
        re.compile(r"(?<=[^\W\d_])[\u00a0](?=[^\W\d_])"),
        "non-breaking space between words",
    ),
    (re.compile(r"\(\s*\)|\[\s*\](?!\()"), "empty brackets: a link may have been lost"),
    (
        re.compile(
            r"\b(?:click|clicking|tap)\s+(?:on\s+)?(?:here|this|the link)\b"
            r"|\b(?:read|see|more|found|find|available|watch|listen|download|sign|it|them"
            r"|seen|buy|book|order)\b[^.!?]{0,25}\bhere(?=[.,;:)!?]|$)"
            r"|\bthis (?:link|article|post|video|blog|clip|piece|page|site|website)\b"
            r"|[(\[](?:link|here|via|source|see here|more|read more)[)\]]"
            r"|\bfollow the link\b",
            re.IGNORECASE,
        ),
        "a link may have been lost",
    ),
)
LOST_LINK = "a link may have been lost"
AROUND = 24


def read(text: str) -> Iterator[tuple[int, str]]:
    """Yield line numbers of a written file, each with a remark."""
    for paragraph in _paragraphs(text):
        for number, line in paragraph:
            yield from ((number, remark) for remark in _in_line(line))
        yield from _balance(paragraph)


def _paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield paragraphs of prose as numbered lines, without front matter and code."""
    lines = text.split("\n")
    fence, quotes = "", []
    for number, line in enumerate(lines[_after_head(lines) :], _after_head(lines) + 1):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
            continue
        if line.strip() and not fence:
            quotes.append((number, HEAD.sub("", line, count=1).strip("\n ")))
        elif quotes:
            yield quotes
            quotes = []
    if quotes:
        yield quotes


def _after_head(lines: list[str]) -> int:
    """Return the index of the first line after the front matter or the field list."""
    if lines[0].rstrip() == "---":
        stops = [index for index, line in enumerate(lines[1:], 2) if line.rstrip() == "---"]
        return stops[0] if stops else 0
    return next((index for index, line in enumerate(lines) if not line.startswith(":")), 0)


def _in_line(line: str) -> Iterator[str]:
    has_link = "](" in line or "`_" in line
    masked = MASKED.sub(lambda match: "\x00" * len(match[0]), line)
    for pattern, remark in CHECKS:
        if remark == LOST_LINK and has_link:
            continue
        for occurrence in pattern.finditer(masked):
            yield f"{remark}: “{_around(line, occurrence.start(), occurrence.end())}”"


def _around(line: str, start: int, stop: int) -> str:
    """Return the text around a place; non-breaking spaces are made visible."""
    begin = max(0, start - AROUND)
    piece = line[begin : stop + AROUND]
    if begin:
        piece = piece.partition(" ")[2] if " " in line[begin:start] else piece
    if stop + AROUND < len(line) and " " in line[stop : stop + AROUND]:
        piece = piece.rpartition(" ")[0]
    return re.sub(rf"[{NARROW}]", "⍽", piece.replace("\\", "").strip(" "))


def _balance(paragraph: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Report unbalanced quotation marks; a quotation may continue in the next paragraph."""
    text = "\n".join(line for _number, line in paragraph)
    opened, closed = text.count("“"), text.count("”")
    number, line = paragraph[0]
    if text.count("„"):
        opened, closed = text.count("„"), opened + closed
    goes_on = opened == closed + 1 and text.lstrip("\\").startswith(("“", "„"))
    is_double = opened != closed and not goes_on
    is_straight = _straight(text) % 2
    if is_double or is_straight:
        yield number, f"unbalanced quotation marks: “{_around(line, 0, 0)}”"


def _straight(text: str) -> int:
    """Return the number of straight quotation marks, without inches (``7"``)."""
    masked = MASKED.sub("", text)
    has_inches = re.search(r'\d"(?!\w)', masked)
    return len(re.findall(r'(?<!\d)"', masked)) if has_inches else masked.count('"')
