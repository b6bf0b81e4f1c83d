"""Rewrite other Markdown so that MyST reads the same words without a warning.

This concerns what only MyST treats as markup (comments, targets, roles), what docutils
does not allow (a rule at the end, headings that skip a level), code in an unknown language,
footnotes without a reference, and links into the old site.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from mdit_py_plugins.footnote import footnote_plugin
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from sphinx_essays.importing import html_to_markdown, markdown_escape, word_diff
from sphinx_essays.importing.links import FILES, PICTURES, LinkRewriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it.token import Token

    from sphinx_essays.importing.essay import Essay
    from sphinx_essays.importing.links import LinkTarget

ROLES = frozenset("sup sub superscript subscript abbr kbd pull-quote emphasis strong".split())
# Directives that contain running text, and those whose argument is an image.
WORDED = frozenset(
    """pull-quote update correction overheard dialogue epigraph highlights note warning tip hint
    important caution attention danger error""".split()
)
PICTURED = frozenset({"figure", "image"})
DIRECTIVES = WORDED | PICTURED | {"math", "code-block"}
ROLE = re.compile(rf"(?<!\\)\{{(?:{'|'.join(sorted(ROLES))})\}}(?=`)")
PLAIN_CODE = frozenset({"none", "text", "default", "guess"})
CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
DIRECTIVE = re.compile(r"\{(?P<name>[\w:.-]+)\}(?P<argument>.*)")
DESTINATION = re.compile(
    r"\(\s*(?P<to><[^<>\n]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?P<title>\s+(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\([^()]*\)))?\s*\)"
)
REFERENCE = re.compile(r"(?P<head>\s*\[(?:\\.|[^\]\\])+\]:\s*)(?P<to><[^<>]*>|\S+)")
ANCHOR = re.compile(
    r"<a\b[^<>]*?\bhref\s*=\s*(?P<mark>[\"'])(?P<to>[^\"'<>]*)(?P=mark)[^<>]*>(?P<words>[^\[\]]*?)</a>",
    re.IGNORECASE | re.DOTALL,
)
IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
# Some outputs ignore a line break, so a blank must keep the words apart.
BREAK = re.compile(r"(?<=\S)(?: {2,}|(?<!\\)\\)(?=\n)")
DEEPEST = 6


class Edit(NamedTuple):
    """A replacement for the characters from `start` up to `stop`."""

    start: int
    stop: int
    text: str


class MarkdownNormalizer:
    """Rewrites the body of an essay."""

    def __init__(self, essay: Essay, file: str, library: LinkRewriter) -> None:
        self.essay = essay
        self.file = file
        self.library = library

    def normalize(self, text: str) -> str:
        """Return the body `text`, rewritten; remarks are added to the essay."""
        # A rule at the start would begin front matter, and no rule is kept there.
        text = re.sub(r"\A\s*(?:-[ \t]*){3,}(?:\n|\Z)", "", text)
        text = self._fix_directives(_without_html_blocks(text, self.essay.remarks))
        text = _fix_blocks(text)
        environment: dict[str, Any] = {}
        tokens = parser().parse(text, environment)
        lines = text.split("\n")
        _fix_code(lines, tokens, self.essay.remarks)
        self._fix_references(lines, environment)
        self._fix_words(lines, tokens)
        _fix_notes(lines, tokens, environment)
        _fix_rules(lines, tokens)
        _fix_headings(lines, tokens)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"

    def _fix_directives(self, text: str) -> str:
        """Rewrite the content of directives, and the image of a figure."""
        lines = text.split("\n")
        for token in reversed(parser().parse(text)):
            match = DIRECTIVE.match(token.info.strip()) if token.type == "fence" else None
            if match is None or token.map is None or token.level:
                continue
            name, argument = match["name"], match["argument"].strip()
            if name in PICTURED:
                led = self._lead(argument, is_picture=True)
                if led.is_foreign or not argument:
                    name = ""
                argument = led.address
            if name in WORDED | PICTURED:
                body = self.normalize(token.content).rstrip("\n").split("\n")
                fence = "`" * max(3, 1 + _longest_fence(body))
                head = f"{fence}{{{name}}} {argument}".rstrip()
                lines[slice(*token.map)] = [head, *body, fence, ""]
            elif name not in DIRECTIVES:
                self.essay.remarks.append(
                    f"unknown directive shown as code: {{{match['name']}}}"
                )
                number = token.map[0]
                lines[number] = re.sub(r"(`{3,}|~{3,}).*$", r"\1", lines[number])
        return "\n".join(lines)

    def _fix_words(self, lines: list[str], tokens: Sequence[Token]) -> None:
        """Rewrite roles and links in running text."""
        done = -1
        for index, token in enumerate(tokens):
            if token.map and token.type in {"inline", "tr_open"} and token.map[0] > done:
                start, stop = token.map
                done = stop - 1
                roles = [child for child in token.children or () if child.type == "myst_role"]
                text = "\n".join(lines[start:stop])
                text = _escape_roles(text, {role.meta["name"] for role in roles})
                text = BREAK.sub(" \\\\", text)
                is_heading = index > 0 and tokens[index - 1].type == "heading_open"
                text = self.fix_links(text, is_heading=is_heading)
                lines[start:stop] = _keep_lines(text, stop - start)

    def fix_links(self, text: str, *, is_heading: bool = False) -> str:
        """Return a piece of running text with the new addresses of its links and images."""
        text = _sub_outside_code(IMAGE, _as_picture, text)
        text = _sub_outside_code(ANCHOR, _as_link, text)
        pieces, end = [], 0
        for edit in sorted(
            self._edits(text, is_heading=is_heading),
            key=lambda character: (character.start, -character.stop),
        ):
            if edit.start >= end:  # a link inside an image's text goes with the image
                pieces += [text[end : edit.start], edit.text]
                end = edit.stop
        return "".join([*pieces, text[end:]])

    def _edits(self, text: str, *, is_heading: bool) -> Iterator[Edit]:
        masked = CODE_SPAN.sub(lambda match: "\x00" * len(match[0]), text)
        for start, stop in _brackets(masked):
            destination = DESTINATION.match(masked, stop + 1)
            if destination is None:
                continue
            to = _unescape(text[destination.start("to") : destination.end("to")].strip("<>"))
            is_image = bool(re.search(r"(?<!\\)(?:\\\\)*!$", masked[max(0, start - 9) : start]))
            if is_image and to.startswith("data:image/"):
                continue
            led = self._lead(to, is_picture=is_image)
            if is_heading and not is_image and _is_download(led):
                # Sphinx cannot list such a heading (KeyError: 'anchorname').
                self.essay.remarks.append(f"a link in a heading was removed: {led.address}")
                yield Edit(start, start + 1, "")
                yield Edit(stop, destination.end(), "")
            elif led.is_foreign:
                first = start - 1 if is_image else start
                yield from _as_html(led, to, text, (first, start, stop, destination.end()))
            elif led.address != to:
                yield Edit(
                    destination.start("to"), destination.end("to"), _written(led.address)
                )

    def _lead(self, to: str, *, is_picture: bool) -> LinkTarget:
        library, essay = self.library, self.essay
        find = library.picture if is_picture else library.link
        target = find(to, essay, self.file)
        if target.remark:
            essay.remarks.append(target.remark)
        return target

    def _fix_references(self, lines: list[str], environment: dict[str, Any]) -> None:
        """Rewrite definitions ``[label]: address``, and remove duplicate ones."""
        for duplicate in environment.get("duplicate_refs", ()):
            lines[duplicate["map"][0]] = ""
        for duplicate in environment.get("references", {}).values():
            number = duplicate["map"][0]
            if (match := REFERENCE.match(lines[number])) is None:
                continue
            to = _unescape(match["to"].strip("<>"))
            is_picture = to.rpartition(".")[2].lower() in PICTURES
            led = self._lead(to, is_picture=is_picture)
            if led.is_foreign:
                lines[number] = ""
            else:
                rest = lines[number][match.end() :]
                lines[number] = f"{match['head']}{_written(led.address)}{rest}"


def normalize(essay: Essay, file: str, library: LinkRewriter) -> str:
    """Return the body of an essay as Markdown for MyST.

    If a word would be lost, the body is returned as plain paragraphs instead.
    """
    bare_body = ROLE.sub("", essay.body)
    before = word_diff.words(essay.plain) if essay.plain else words_of(bare_body, commonmark())
    normalized = MarkdownNormalizer(essay, file, library).normalize(essay.body)
    missing = word_diff.lost_words(before, words_of(normalized, parser()))
    if not missing:
        return normalized
    essay.remarks.append(
        f"could not be converted without loss ({' '.join(missing[:5])}), "
        "so it was written as plain paragraphs"
    )
    return markdown_escape.bare(essay.plain or essay.body)


# -- words ---------------------------------------------------------------------------


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Return the parser that MyST uses."""
    return create_md_parser(MdParserConfig(), RendererHTML)


@lru_cache(maxsize=1)
def commonmark() -> MarkdownIt:
    """Return a parser such as blogs use, without the syntax that MyST adds."""
    plugin = {"inline": False, "move_to_end": False, "always_match_refs": True}
    return MarkdownIt("commonmark").enable("table").use(footnote_plugin, **plugin)


def words_of(text: str, reader: MarkdownIt) -> list[str]:
    """Return the words that a parser finds in Markdown."""
    return word_diff.words("\n".join(_role_text(reader.parse(text))))


def _role_text(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"html_block", "html_inline"}:
            if token.type == "html_block":
                yield html_to_markdown.text_of(token.content)
                yield from map(_alt, IMAGE.findall(token.content))
        elif token.type == "inline":
            yield "".join(_inline_text(token.children or ()))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _inline_text(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield f" {''.join(_inline_text(token.children or ()))} "
        elif token.type in {"text", "code_inline", "myst_role", "text_special"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.type == "html_inline" and token.content.startswith(("<br", "<img")):
            yield f" {_alt(token.content)} "


def _alt(tag: str) -> str:
    match = re.search(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return html.unescape(match[1] or match[2] or "") if match else ""


def _longest_fence(lines: Sequence[str]) -> int:
    return max((len(node) for line in lines for node in re.findall("`{3,}", line)), default=2)


# -- blocks --------------------------------------------------------------------------


def _without_html_blocks(text: str, remarks: list[str]) -> str:
    """Convert blocks of HTML to Markdown, because PDF output cannot contain HTML."""
    lines = text.split("\n")
    tokens = commonmark().parse(text)
    for token in reversed(tokens):
        if token.type != "html_block" or token.level or token.map is None:
            continue
        start, stop = token.map
        block = "\n".join(lines[start:stop])
        if re.fullmatch(r"\s*<!--.*?-->\s*", block, re.DOTALL):
            continue
        converted, notes = html_to_markdown.to_markdown(block)
        remarks += notes
        lines[start:stop] = ["", *converted.rstrip("\n").split("\n"), ""]
    return "\n".join(lines)


def _fix_blocks(text: str) -> str:
    """Escape lines that only MyST reads as comments, targets or block breaks."""
    lines = text.split("\n")
    for token in parser().parse(text):
        if token.map and token.type in {"myst_line_comment", "myst_block_break", "myst_target"}:
            for number in range(*token.map):
                lines[number] = re.sub(
                    r"^([\s>*+-]*?)([%+(])", r"\1\\\2", lines[number], count=1
                )
    return "\n".join(lines)


def _fix_code(lines: list[str], tokens: Sequence[Token], remarks: list[str]) -> None:
    """Remove the language of code that Pygments cannot highlight as that language."""
    for token in tokens:
        if token.type != "fence" or token.map is None:
            continue
        first = token.info.strip().split()[0] if token.info.strip() else ""
        match = DIRECTIVE.match(first)
        if match and match["name"] in DIRECTIVES and not token.level:
            continue
        name = re.split(r"[{:,]", first.strip("{}."))[0].lower()
        if first and not match and first == name and _is_lexed(name, token.content):
            continue
        kept = name if name and _is_lexed(name, token.content) else ""
        number = token.map[0]
        lines[number] = re.sub(r"(`{3,}|~{3,}).*$", rf"\g<1>{kept}", lines[number])
        if first and not kept and name not in PLAIN_CODE:
            remarks.append(f"code cannot be highlighted as “{first}”")


@lru_cache(maxsize=256)
def _is_lexed(name: str, code: str) -> bool:
    """Whether Pygments knows the language and finds no error in the code."""
    if name in PLAIN_CODE:
        return True
    try:
        lexer = get_lexer_by_name(name)
        lexer.add_filter("raiseonerror")
        return all(True for _token in lexer.get_tokens(code))
    except (ClassNotFound, ValueError):
        return False
    except Exception:  # noqa: BLE001 (a third-party lexer may raise anything)
        return False


def _fix_notes(lines: list[str], tokens: Sequence[Token], environment: dict[str, Any]) -> None:
    """Escape footnotes without a reference, and references without a footnote."""
    called = {key[1:] for key, number in _notes(environment).items() if number >= 0}
    defined: set[str] = set()
    for token in tokens:
        if token.type == "footnote_reference_open" and token.map:
            label, number = token.meta["label"], token.map[0]
            if label not in called or label in defined:
                lines[number] = "\n" + lines[number].replace("[^", "\\[^", 1)
            defined.add(label)
    for label in called - defined:
        for number, line in enumerate(lines):
            lines[number] = line.replace(f"[^{label}]", f"\\[^{label}]")


def _notes(environment: dict[str, Any]) -> dict[str, int]:
    value: dict[str, int] = environment.get("footnotes", {}).get("refs", {})
    return value


def _fix_rules(lines: list[str], tokens: Sequence[Token]) -> None:
    """Keep rules only between two blocks; docutils allows them nowhere else."""
    before = "start"
    blocks = (i for i, token in enumerate(tokens) if not token.level and _is_matter(token))
    last = max(blocks, default=-1)
    for index, token in enumerate(tokens):
        if token.type != "hr":
            before = token.type if not token.level else before
            continue
        number = token.map[0] if token.map else 0
        if token.level:
            lines[number] = re.sub(r"[-_*][-_*\s]*$", r"\\*\\*\\*", lines[number])
        elif before in {"start", "hr", "heading_close"} or index > last:
            lines[number] = ""
        else:
            before = "hr"


def _is_matter(token: Token) -> bool:
    """Whether a rule may come before a token."""
    if token.type in {"hr", "footnote_reference_open", "footnote_reference_close"}:
        return False
    return token.type != "html_block" or not token.content.lstrip().startswith("<!--")


def _fix_headings(lines: list[str], tokens: Sequence[Token]) -> None:
    """Renumber headings: all below the title's level, without skipping a level."""
    above: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        start, stop = token.map
        text = " ".join(line.strip() for line in lines[start:stop] if line.strip())
        if token.markup in {"=", "-"}:
            text = " ".join(line.strip() for line in lines[start : stop - 1])
        else:
            text = re.sub(r"^#{1,6}\s*|(?:^|\s+)#+\s*$", "", text)
        was = int(token.tag[1])
        while above and above[-1][0] >= was:
            above.pop()
        now = min(DEEPEST, (above[-1][1] if above else 1) + 1)
        above.append((was, now))
        is_empty = not tokens[index + 1].content.strip()
        lines[start:stop] = _keep_lines("" if is_empty else f"{'#' * now} {text}", stop - start)


def _keep_lines(text: str, count: int) -> list[str]:
    """Return a text as exactly `count` lines."""
    lines = text.split("\n")
    if len(lines) > count:
        lines = [*lines[: count - 1], " ".join(lines[count - 1 :])]
    return [*lines, *[""] * (count - len(lines))]


# -- links ---------------------------------------------------------------------------


def _escape_roles(text: str, names: set[str]) -> str:
    """Escape what looks like a role, except the roles that every book has."""
    for name in sorted(names - ROLES):
        text = re.sub(rf"(?<!\\)\{{{re.escape(name)}\}}(?=`)", rf"\\{{{name}\\}}", text)
    return text


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of matching brackets that are not escaped."""
    opened: list[int] = []
    for match in re.finditer(r"\\.|[\[\]]", text, re.DOTALL):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            yield opened.pop(), match.start()


def _as_html(
    led: LinkTarget, to: str, text: str, places: tuple[int, int, int, int]
) -> Iterator[Edit]:
    """Write a link that MyST would search for in the book as HTML, or as its text."""
    first, start, stop, end = places
    is_image = first != start
    scheme = to.partition(":")[0].lower() if re.match(r"[\w+.-]+:", to) else ""
    is_data = scheme == "data" and to.startswith("data:image/")
    if scheme in {"javascript", "vbscript", "data", "file"} and not is_data:
        return  # Markdown does not treat it as a link either
    is_good = bool(led.address) and not is_data
    address = html.escape(led.address)
    if is_image:
        alt = html.escape(re.sub(r"[\\*_`]", "", text[start + 1 : stop]))
        yield Edit(first, end, f'<img src="{address}" alt="{alt}">' if is_good else alt)
    else:
        yield Edit(start, start + 1, f'<a href="{address}">' if is_good else "")
        yield Edit(stop, end, "</a>" if is_good else "")


def _sub_outside_code(
    pattern: re.Pattern[str], change: Callable[[re.Match[str]], str], text: str
) -> str:
    """Replace the matches of a pattern, except those that begin in a code span."""
    spans = [match.span() for match in CODE_SPAN.finditer(text)]

    def replace(match: re.Match[str]) -> str:
        is_code = any(start <= match.start() < stop for start, stop in spans)
        return match[0] if is_code else change(match)

    return pattern.sub(replace, text)


def _as_link(match: re.Match[str]) -> str:
    """Return an ``<a href="…">`` in running text as Markdown."""
    return f"[{match['words']}]({match['to'].strip()})"


def _as_picture(match: re.Match[str]) -> str:
    """Return an ``<img>`` in running text as Markdown."""
    return html_to_markdown.to_markdown(match[0])[0].strip()


def _unescape(address: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address))


def _is_download(led: LinkTarget) -> bool:
    """Whether a link leads to a file that was copied into the book."""
    suffix = led.address.rpartition(".")[2].lower()
    return not led.is_foreign and ":" not in led.address and suffix in PICTURES | FILES


def _written(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) or not address else address
