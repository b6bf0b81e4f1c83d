"""What Jekyll and Hugo put into Markdown: tags in braces, and what is meant by them."""

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
# kramdown's attributes, alone in a line or behind a picture, a link or a heading
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
    """Say it in Markdown; gives the text, and the names of what was left as it stands."""
    text = MORE.sub("", text)
    for pattern in (HIGHLIGHT, HUGO_HIGHLIGHT):
        text = pattern.sub(_code, text)
    text = _outside_code(text, _expand)
    left: set[str] = set()

    def look(piece: str) -> str:
        left.update("".join(map(str, filter(None, one))) for one in LEFT.findall(piece))
        return piece

    _outside_code(text, look)
    return text, [f"a template was left as it stands: “{name}”" for name in sorted(left)]


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change what is no code."""
    pieces, end = [], 0
    for found in CODE.finditer(text):
        pieces += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, change(text[end:])])


def _expand(text: str) -> str:
    text = FIGURE.sub(_figure, text)
    text = SHOWN.sub(lambda found: f"<{FILMS[found['name']]}{found['id']}>", text)
    text = REF.sub(lambda found: found["to"], text)
    text = SITE.sub("", text)
    text = RELATIVE.sub(lambda found: found["to"], text)
    text = POST_URL.sub(lambda found: f"/_posts/{found['to']}", text)
    text = LINK.sub(lambda found: f"/{found['to'].lstrip('/')}", text)
    text = RAW.sub("", UNSUPPORTED.sub("", text))
    return KRAMDOWN.sub("", text)


def _code(found: re.Match[str]) -> str:
    fence = "`" * (
        3 + max((len(one) for one in re.findall(r"`{3,}", found["body"])), default=0)
    )
    return f"\n{fence}{found['name']}\n{found['body']}\n{fence}\n"


def _figure(found: re.Match[str]) -> str:
    said = attributes(found["more"])
    source = said.get("src", "")
    if not source:
        first = re.match(r"\s*\"?([^\"\s]+\.\w+)\"?", found["more"])
        source = first[1] if first else ""
    if not source:
        return found[0]
    words = [f"**{said['title']}**" if said.get("title") else "", said.get("caption", "")]
    picture = f"![{said.get('alt', '')}]({source})"
    if said.get("link"):
        picture = f"[{picture}]({said['link']})"
    return "\n\n".join([picture, *(one for one in words if one)])
