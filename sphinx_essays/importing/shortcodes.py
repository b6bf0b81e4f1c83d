"""Expand what is special in a WordPress body: blank lines, block comments, shortcodes."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCK = (
    r"(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form"
    r"|map|area|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside"
    r"|hgroup|header|footer|nav|figure|figcaption|details|menu|summary|iframe|script)"
)
HOLDER = r"(?:blockquote|div|section|article|aside|header|footer|center|details)"
KEPT_AS_TYPED = re.compile(
    r"<(pre|script|style|textarea)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
CODE = re.compile(
    r"\[(?P<name>code|sourcecode|source|php|python|html|css|js|javascript|bash)\b(?P<more>[^\]]*)\]"
    r"(?P<body>.*?)\[/(?P=name)\]",
    re.DOTALL,
)
CAPTION = re.compile(
    r"\[(?:wp_)?caption\b(?P<more>[^\]]*)\](?P<body>.*?)\[/(?:wp_)?caption\]", re.DOTALL
)
GALLERY = re.compile(r"\[gallery\b(?P<more>[^\]]*)\]")
EMBED = re.compile(
    r"\[(?P<name>embed|youtube|vimeo|video|audio|soundcloud|tweet|dailymotion|ted)\b"
    r"(?P<more>[^\]]*)\](?:(?P<body>[^\[\]]*)\[/(?P=name)\])?"
)
# What is surely a shortcode: a name with a hyphen, one with attributes, a usual name.
LEFT = re.compile(
    r"\[/?(?P<name>[a-z][a-z0-9]*[_-][a-z0-9_-]+|[a-z][\w-]*(?=\s+\w+=[\"'\w])"
    r"|(?:blockquote|dailymotion|embed|footnote|gallery|playlist|pullquote|soundcloud|ted|toc"
    r"|tweet|vimeo|youtube)(?=[\s\]]))[^\]\n]*\]"
)
ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\]\"']+))")
ADDRESS = re.compile(r"https?://[^\s\"'\]<>]+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def expand(body: str, attached: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return a WordPress body as HTML, and remarks on what was not expanded.

    `attached` maps the ids of attachments to their URLs.
    """
    is_blocks = "<!-- wp:" in body
    body = CODE.sub(_code, body)
    body = COMMENT.sub("", body)
    body = CAPTION.sub(_caption, body)
    missing: list[str] = []
    body = GALLERY.sub(lambda match: _gallery(match, attached, missing), body)
    body = EMBED.sub(_embed, body)
    if not is_blocks:
        body = paragraphs(body)
    names = sorted({match["name"] for match in LEFT.finditer(KEPT_AS_TYPED.sub("", body))})
    remarks = [f"a shortcode was kept as text: “[{name}”" for name in names]
    remarks += [f"an image of a gallery is not in the export: attachment {n}" for n in missing]
    return body, remarks


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a shortcode."""
    return {name.lower(): a or b or c for name, a, b, c in ATTRIBUTE.findall(text)}


def _code(match: re.Match[str]) -> str:
    given = attributes(match["more"])
    name = given.get("language") or given.get("lang") or ""
    if not name and match["name"] not in {"code", "sourcecode", "source"}:
        name = match["name"]
    body = html.escape(html.unescape(match["body"].strip("\n")), quote=False)
    mark = f' class="language-{html.escape(name)}"' if name else ""
    return f"\n\n<pre{mark}>{body}</pre>\n\n"


def _caption(match: re.Match[str]) -> str:
    """Return a figure; its caption follows the image or is in the old attribute."""
    image = re.match(
        r"\s*(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", match["body"], re.IGNORECASE
    )
    picture = image[0].strip() if image else ""
    words = match["body"][image.end() if image else 0 :].strip()
    words = words or attributes(match["more"]).get("caption", "")
    return f"\n\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n\n"


def _gallery(match: re.Match[str], attached: Mapping[str, str], missing: list[str]) -> str:
    """Return the images of a gallery; ids that are not `attached` are added to `missing`."""
    given = attributes(match["more"])
    numbers = re.findall(r"\d+", given.get("ids") or given.get("include") or "")
    addresses = [attached[number] for number in numbers if attached.get(number)]
    if not addresses:
        return match[0]
    missing += [number for number in numbers if not attached.get(number)]
    return "\n\n" + "".join(
        f'<p><img src="{html.escape(address)}" alt=""></p>' for address in addresses
    ) + "\n\n"  # fmt: skip


def _embed(match: re.Match[str]) -> str:
    """Return a link to a video or a recording."""
    text = f"{match['body'] or ''} {html.unescape(match['more'])}"
    address = ADDRESS.search(text)
    if address is None:
        return match[0]
    whole = html.escape(address[0])
    return f'\n\n<p><a href="{whole}">{whole}</a></p>\n\n'


def paragraphs(body: str) -> str:
    """Turn blank lines into paragraphs, line ends into ``<br>``, as ``wpautop`` does."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\n\n\x00{len(kept) - 1}\x00\n\n"

    body = KEPT_AS_TYPED.sub(keep, body)
    body = re.sub(rf"(<{HOLDER}\b[^>]*>)", r"\1\n\n", body, flags=re.IGNORECASE)
    body = re.sub(rf"(</{HOLDER}\s*>)", r"\n\n\1", body, flags=re.IGNORECASE)
    body = re.sub(rf"(<{BLOCK}\b[^>]*>)", r"\n\n\1", body, flags=re.IGNORECASE)
    body = re.sub(rf"(</{BLOCK}\s*>|<hr\b[^>]*>)", r"\1\n\n", body, flags=re.IGNORECASE)
    body = re.sub(r"<br\s*/?>\s*\n", "\n", body, flags=re.IGNORECASE)
    pieces = [piece.strip() for piece in re.split(r"\n[ \t\xa0]*(?:\n\s*)+", body)]
    made = "\n".join(_paragraph(piece) for piece in pieces if piece)
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], made)


def _paragraph(piece: str) -> str:
    is_block = re.match(rf"</?{BLOCK}\b|\x00", piece, re.IGNORECASE)
    ends_block = re.search(rf"</{BLOCK}\s*>$", piece, re.IGNORECASE)
    if is_block:
        return piece if re.match(r"<pre\b", piece) else _broken(piece)
    if ends_block:
        return _broken(piece)
    return f"<p>{_broken(piece)}</p>"


def _broken(piece: str) -> str:
    """Return a piece of HTML with its single line ends as ``<br>``."""
    return re.sub(r"(?<![>\s])[ \t]*\n(?!\s*</?(?:li|tr|td|th|ul|ol|dd|dt)\b)", "<br>\n", piece)
