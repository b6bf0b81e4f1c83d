"""Expand the template tags that Jekyll and Hugo allow in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_essays.importing.shortcodes import attributes

if TYPE_CHECKING:
    from collections.abc import Callable

MORE = re.compile(r"(?m)^[ \t]*<!--\s*(?:more|excerpt|read more)\s*-->[ \t]*$|<!--more-->")
HIGHLIGHT = re.compile(
    r"(?ms)^[ \t]*\{%-?\s*highlight\s+(?P<name>[\w+#-]+)[^%]*%\}\n?(?P<body>.*?)\n?[ \t]*"
    r"\{%-?\s*endhighlight\s*-?%\}"
)
HUGO_HIGHLIGHT = re.compile(
    r"(?ms)^[ \t]*\{\{[<%]\s*highlight\s+\"?(?P<name>[\w+#-]+)[^>%]*[>%]\}\}\n?"
    r"(?P<body>.*?)\n?[ \t]*\{\{[<%]\s*/\s*highlight\s*[>%]\}\}"
)
FIGURE = re.compile(
    r"\{\{[<%]\s*(?:figure|img|image)\s+(?P<more>.{0,2000}?)/?\s*[>%]\}\}", re.DOTALL
)
REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?(?P<to>[^\"\s>%]+)\"?[^>%]*[>%]\}\}")
SHOWN = re.compile(
    r"\{\{[<%]\s*(?P<name>youtube|vimeo)\s+(?:id=)?\"?(?P<id>[\w-]+)\"?[^>%]*[>%]\}\}"
)
FILMS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
SITE = re.compile(r"\{\{-?\s*(?:site|page)\.(?:baseurl|url|BaseURL)\s*-?\}\}")
RELATIVE = re.compile(
    r"\{\{-?\s*[\"'](?P<to>[^\"'{}]*)[\"']\s*\|\s*"
    r"(?:relative_url|absolute_url|prepend:[^}]*)\s*-?\}\}"
)
POST_URL = re.compile(r"\{%-?\s*post_url\s+(?P<to>[^\s%]+)\s*-?%\}")
LINK = re.compile(r"\{%-?\s*link\s+(?P<to>[^\s%]+)\s*-?%\}")
RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*\n?")
UNSUPPORTED = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
# kramdown's attributes, on a line of their own or after an image, a link or a heading
KRAMDOWN = re.compile(
    r"(?m)^[ \t]*\{:(?:toc|[ \t]*[.#\w][^{}\n]*)\}[ \t]*$"
    r"|(?<=[)\]*`\w])\{:[ \t]*[.#\w][^{}\n]*\}|[ \t]+\{#[\w-]+\}[ \t]*$"
)
LEFT = re.compile(
    r"\{%-?\s*(\w+)[^%]*%\}|\{\{[<%]\s*/?\s*([\w-]+)[^}]*\}\}|\{\{-?\s*([\w.]+)[^}]*\}\}"
)
CODE = re.compile(
    r"(?ms)^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\2[`~]*[ \t]*$"
    r"|(?<!`)(`+)(?!`).+?(?<!`)\3(?!`)"
)


def expand(text: str) -> tuple[str, list[str]]:
    """Return the text as Markdown, and remarks on the tags that were not expanded."""
    text = MORE.sub("", text)
    for pattern in (HIGHLIGHT, HUGO_HIGHLIGHT):
        text = pattern.sub(_code, text)
    text = _outside_code(text, _expand)
    left: set[str] = set()

    def look(piece: str) -> str:
        left.update("".join(map(str, filter(None, node))) for node in LEFT.findall(piece))
        return piece

    _outside_code(text, look)
    return text, [f"a template tag was kept as text: “{name}”" for name in sorted(left)]


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to everything except code."""
    pieces, end = [], 0
    for match in CODE.finditer(text):
        pieces += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*pieces, change(text[end:])])


def _expand(text: str) -> str:
    text = FIGURE.sub(_figure, text)
    text = SHOWN.sub(lambda match: f"<{FILMS[match['name']]}{match['id']}>", text)
    text = REF.sub(lambda match: match["to"], text)
    text = SITE.sub("", text)
    text = RELATIVE.sub(lambda match: match["to"], text)
    text = POST_URL.sub(lambda match: f"/_posts/{match['to']}", text)
    text = LINK.sub(lambda match: f"/{match['to'].lstrip('/')}", text)
    text = RAW.sub("", UNSUPPORTED.sub("", text))
    return KRAMDOWN.sub("", text)


def _code(match: re.Match[str]) -> str:
    fence = "`" * (
        3 + max((len(node) for node in re.findall(r"`{3,}", match["body"])), default=0)
    )
    return f"\n{fence}{match['name']}\n{match['body']}\n{fence}\n"


def _figure(match: re.Match[str]) -> str:
    given = attributes(match["more"])
    source = given.get("src", "")
    if not source:
        first = re.match(r"\s*\"?([^\"\s]+\.\w+)\"?", match["more"])
        source = first[1] if first else ""
    if not source:
        return match[0]
    words = [f"**{given['title']}**" if given.get("title") else "", given.get("caption", "")]
    picture = f"![{given.get('alt', '')}]({source})"
    if given.get("link"):
        picture = f"[{picture}]({given['link']})"
    return "\n\n".join([picture, *(word for word in words if word)])
