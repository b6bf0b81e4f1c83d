"""Recognize lists, quotations, updates and the like in plain text; write them as markup.

Each block has a second form that docutils can read without sphinx-essays, so that its
words can be compared before and after.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sphinx_essays.elements import dates
from sphinx_essays.importing import dialogue_detection, rst_escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_essays.importing.dialogue_detection import Dialogue

BULLET = re.compile(r"\s*[•‣⁃◦▪▫●○∙]\s*")
DASH = re.compile(r"\s*[-*–]\s+(?=\S)")
NUMBER = re.compile(r"\s*(?P<number>\d{1,3})\.\s+(?=\S)")
SEPARATOR = re.compile(r"\s*(?:(?:[*•#~=_–—-]\s*){3,}|[*#~⁂§]\s*)")
UPDATE = re.compile(
    r"[(\[]?(?P<word>Updated?|Correction)\b[ ,]*(?:on +)?"
    r"(?P<bracket>\()?(?P<date>[^:()\[\]]{0,40}?)(?(bracket)\))\s*(?P<mark>:|[–—]|-(?=\s))\s*",
    re.IGNORECASE,
)
MARKS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "‘": "’"}
IN_BRACKETS = re.compile(r"\s*[(\[](?P<name>[^()\[\]]+)[)\]]\s*\.?\s*")
DASHED_NAME = re.compile(r"\s*(?:--?|–|—|―)\s*(?P<name>[^\W\d_].*)")
PARTICLES = frozenset(
    """of the and de da di du del della von van der den la le les y e & in on at to a an for
    bin ibn al el ter ten op zu zum zur et und og och""".split()
)
NO_NAMES = frozenset(
    """laughter applause pause silence sic ibid ditto emphasis my his her yes no i we you he
    she it they or but and so not see more note update""".split()
)
AHEAD = 1000  # the most paragraphs that a block may have
LONGEST_NAME = 14
LONGEST_LEAD_IN = 60
A_QUOTATION_WORTH_SETTING_OFF = 12


class TextBlock(NamedTuple):
    """A block of an essay as reStructuredText.

    `taken` counts the paragraphs it was read from. `plain` has the same words for docutils
    alone; it is empty if docutils can read `text`.
    """

    kind: str
    text: str
    taken: int = 1
    plain: str = ""


def read(
    paragraphs: Sequence[Sequence[str]], *, has_lines: bool = False, since: str = ""
) -> Iterator[TextBlock]:
    """Yield the blocks of an essay with the date `since`.

    If `has_lines` is true, paragraphs of several lines are verse.
    """
    index = 0
    known: set[str] = set()
    while index < len(paragraphs):
        rest = paragraphs[index : index + AHEAD]
        passage = (
            _conversation(rest, known)
            or _rule(rest)
            or _bullets(rest)
            or _numbered(rest)
            or _update(rest, since)
            or _quotation(rest)
            or _after_lead_in(rest)
            or (has_lines and _verse(rest))
            or as_paragraph(rest[0])
        )
        yield passage
        index += passage.taken


def as_paragraph(lines: Sequence[str]) -> TextBlock:
    """Return lines as an ordinary paragraph."""
    return TextBlock("paragraph", "\n".join(rst_escape.paragraph(lines)))


def join(passages: Sequence[TextBlock], *, plainly: bool = False) -> str:
    """Return the text of an essay's blocks.

    A rule is kept only between two other blocks. An empty comment separates a quotation
    from a block that would otherwise include it.
    """
    pieces: list[str] = []
    before = ""
    last = max((i for i, passage in enumerate(passages) if passage.kind != "rule"), default=-1)
    for passage in passages[: last + 1]:
        if passage.kind == "rule" and before in {"", "rule"}:
            continue
        if passage.kind == "quotation" and before not in {"paragraph", "rule", ""}:
            pieces.append("..")
        pieces.append(passage.plain if plainly and passage.plain else passage.text)
        before = passage.kind
    return "\n\n".join(pieces) + "\n" if pieces else ""


def indented(text: str) -> str:
    """Indent a text by three spaces."""
    return "\n".join(f"   {line}" if line else "" for line in text.split("\n"))


# -- recognizing blocks --------------------------------------------------------------


def _rule(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    lines = rest[0]
    if len(lines) == 1 and SEPARATOR.fullmatch(lines[0]):
        return TextBlock("rule", "----")
    return None


def _bullets(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    """Read lines with bullets as a list, whatever their indentation and blank lines."""
    marker = BULLET if BULLET.match(rest[0][0]) else DASH
    first_lines = [line for paragraph in rest[:2] for line in paragraph]
    dashes = sum(bool(DASH.match(line)) for line in first_lines)
    if marker is DASH and dashes < 2:  # noqa: PLR2004 (a single dash is not a list)
        return None
    items: list[list[str]] = []
    taken = 0
    while taken < len(rest) and marker.match(rest[taken][0]):
        for line in rest[taken]:
            if match := marker.match(line):
                items.append([line[match.end() :]])
            else:
                items[-1].append(line)
        taken += 1
    if not taken or not all(any(line.strip() for line in item) for item in items):
        return None
    return TextBlock("list", "\n".join(map(_item, items)), taken)


def _item(lines: Sequence[str]) -> str:
    first, *others = rst_escape.paragraph(lines)
    return "\n".join([f"* {first}", *(f"  {line}" for line in others)])


def _numbered(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    """Read lines that are numbered from 1 as a numbered list."""
    matches = [NUMBER.match(line) for line in rest[0]]
    if len(matches) < 2 or [match and match["number"] for match in matches] != [  # noqa: PLR2004
        str(number) for number in range(1, len(matches) + 1)
    ]:
        return None
    items = [
        f"{match[0].strip()} {rst_escape.paragraph([line[match.end() :]])[0]}"
        for match, line in zip(matches, rest[0], strict=True)
        if match and line[match.end() :].strip()
    ]
    if len(items) < len(matches):
        return None
    plain = "\n\n".join("\\" + rst_escape.escape(line.strip()) for line in rest[0])
    return TextBlock("list", "\n".join(items), 1, plain)


def _update(rest: Sequence[Sequence[str]], since: str) -> TextBlock | None:
    """Read ``Update:`` or ``Correction:``, with or without a date, as a directive."""
    first = rest[0][0].strip()
    match = UPDATE.match(first)
    if match is None:
        return None
    date = match["date"].strip(" ,")
    if date and (not dates.is_date(date) or is_too_early(first, since)):
        return None
    if not date and match["mark"] != ":":
        return None
    words = [first[match.end() :], *rest[0][1:]]
    taken = 1
    if first[0] in "([" and words[-1].rstrip().endswith((")", "]")):
        words[-1] = words[-1].rstrip()[:-1]
    if not any(line.strip() for line in words):
        if len(rest) == 1:
            return None
        words, taken = list(rest[1]), 2
    kind = "correction" if match["word"].lower() == "correction" else "update"
    body = "\n".join(rst_escape.paragraph(words))
    head = f".. {kind}:: {date}".rstrip()
    plain = f"\\{match['word']} {rst_escape.escape(date)}\n\n{body}"
    return TextBlock("directive", f"{head}\n\n{indented(body)}", taken, plain)


def is_too_early(line: str, since: str) -> bool:
    """Whether a line begins an update with a date before its essay's."""
    match = UPDATE.match(line.strip())
    date = match["date"].strip(" ,") if match else ""
    if not since or not date or not dates.is_date(date):
        return False
    return dates.parse(date).is_before(dates.Date.from_iso(since))


def _quotation(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    """Read a paragraph that is a quotation with a name."""
    words, name, taken = _quoted(rest)
    if words and name:
        return _block_quote(words, name, taken)
    return _after_bare_name(rest[0])


def _quoted(rest: Sequence[Sequence[str]]) -> tuple[list[str], str, int]:
    """Return the lines of a quotation, its name, and the number of its paragraphs."""
    lines = [line.strip() for line in rest[0]]
    name = _dashed_name(lines[-1]) if len(lines) > 1 else ""
    if name and is_quoted(" ".join(lines[:-1])):
        return lines[:-1], name, 1
    text = " ".join(lines)
    end = end_of_quotation(text)
    if not end:
        return [], "", 0
    if (match := IN_BRACKETS.fullmatch(text, end)) and is_name(match["name"]):
        return [text[:end]], match["name"].strip(), 1
    if end < len(text):
        return [], "", 0
    name = _dashed_name(rest[1][0]) if len(rest) > 1 and len(rest[1]) == 1 else ""
    return lines, name, 2 if name else 1


def _dashed_name(line: str) -> str:
    """Return the name in a line such as ``— George Orwell``."""
    match = DASHED_NAME.fullmatch(line)
    return match["name"].strip() if match and is_name(match["name"]) else ""


def _after_bare_name(lines: Sequence[str]) -> TextBlock | None:
    """Read a paragraph such as ``George Orwell: “Political language …”``."""
    name, colon, words = " ".join(line.strip() for line in lines).partition(":")
    words = words.strip()
    if colon and is_quoted(words) and is_name(name) and len(name.split()) > 1:
        return _block_quote([words], name.strip(), 1)
    return None


def _after_lead_in(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    """Read a quotation after a paragraph that ends with a colon.

    If that paragraph is only a name, it becomes the attribution; otherwise it is kept.
    """
    lead_in = " ".join(line.strip() for line in rest[0])
    if not lead_in.endswith(":") or len(lead_in.split()) > LONGEST_LEAD_IN or len(rest) == 1:
        return None
    words, name, taken = _quoted(rest[1:])
    if not words:
        return None
    if not name and is_name(lead_in[:-1]):
        return _block_quote(words, lead_in[:-1], taken + 1)
    quote = _block_quote(words, name, taken)
    text = "\n".join(rst_escape.paragraph(rest[0])) + "\n\n" + quote.text
    return TextBlock("quoted", text, taken + 1)


def _block_quote(words: Sequence[str], name: str, taken: int) -> TextBlock:
    text = "\n".join(rst_escape.paragraph(words))
    if name:
        text += f"\n\n-- {rst_escape.escape(name.strip())}"
    return TextBlock("quotation", indented(text), taken)


def is_quoted(text: str) -> bool:
    """Whether a text is a quotation from its first character to its last."""
    return 0 < end_of_quotation(text) == len(text)


def end_of_quotation(text: str) -> int:
    """Return where the quotation at the start of a text ends; 0 if there is none."""
    closing = MARKS.get(text[:1], "")
    if not closing or len(text.split()) < 3:  # noqa: PLR2004 (a word or two in quotes are not a quotation)
        return 0
    for index in range(1, len(text)):
        if text[index] in closing and not text[index + 1 : index + 2].isalnum():
            return index + 1
        if text[index] == text[0] and text[0] not in closing:
            return 0
    return 0


def is_name(text: str) -> bool:
    """Whether a text is a person's name, possibly followed by a work and a year."""
    text = text.strip().strip("“”\"'")
    words = [word.strip(".,;:*_“”‘’\"'") for word in text.split()]
    if not 0 < len(words) <= LONGEST_NAME or text[-1] in "!?…":
        return False
    first = words[0]
    if not first[:1].isupper() or first.casefold() in NO_NAMES:
        return False
    if text.endswith(".") and not re.search(r"\b\w\.$", text):
        return False
    name = text.partition(",")[0].split()
    return all(_is_part_of_name(word.strip(".,;:*_“”‘’\"'")) for word in name)


def _is_part_of_name(word: str) -> bool:
    return not word or word[0].isupper() or word[0].isdigit() or word in PARTICLES


def _verse(rest: Sequence[Sequence[str]]) -> TextBlock | None:
    """Read a paragraph of several lines as verse."""
    lines = [line.strip() for line in rest[0]]
    if len(lines) == 1:
        return None
    text = "\n".join(f"| {rst_escape.escape(line)}" for line in lines)
    return TextBlock("verse", text)


def _conversation(rest: Sequence[Sequence[str]], known: set[str]) -> TextBlock | None:
    dialogue = dialogue_detection.find(rest, known)
    if dialogue is None:
        return None
    known |= dialogue.speakers
    if not dialogue.has_whole_cast:
        return None
    return TextBlock("directive", _script(dialogue), dialogue.taken, _plain_script(dialogue))


def _script(dialogue: Dialogue) -> str:
    setting = "\n".join(rst_escape.paragraph([dialogue.setting]))
    name = "overheard" if dialogue.is_overheard else "dialogue"
    lines = [f".. {name}:: {setting}".rstrip()]
    for index, (who, role) in enumerate(dialogue.cast):
        head = "   :cast: " if index == 0 else " " * 10
        lines.append(f"{head}{rst_escape.escape(who)} = {rst_escape.escape(role)}")
    for who, words in dialogue.lines:
        speech = f"{rst_escape.escape(who)} {rst_escape.escape(words)}".strip()
        lines += ["", f"   {speech}"]
    return "\n".join(lines)


def _plain_script(dialogue: Dialogue) -> str:
    label = ["Overheard " + dialogue.setting] if dialogue.is_overheard else []
    cast = [f"{who} = {role}" for who, role in dialogue.cast]
    speeches = [f"{who} {words}".strip() for who, words in dialogue.lines]
    return "\n\n".join(
        "\\" + rst_escape.escape(member) for member in [*label, *cast, *speeches]
    )
