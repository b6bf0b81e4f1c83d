"""Read a Ghost export, a JSON file (https://ghost.org/docs/migration/custom/)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sphinx_essays.importing import (
    frontmatter,
    html_to_markdown,
    markdown_escape,
    markdown_normalizer,
)
from sphinx_essays.importing.essay import Blog, Essay, clean
from sphinx_essays.importing.sources import MEGABYTE, SourceError, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LONGEST = 200 * MEGABYTE
SITE = "__GHOST_URL__"


def read(source: Path) -> Blog:
    """Read a Ghost export.

    :raises SourceError: if it is not a Ghost export, or is truncated.
    """
    text, _guessed = decode(read_bytes(source, LONGEST), str(source))
    try:
        export = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{source}:{error.lineno}: invalid JSON at column {error.colno}. The file may be "
            "truncated; export it again. Nothing was written."
        ) from error
    except RecursionError as error:
        raise SourceError(
            f"{source} is nested too deeply to be read. Nothing was written."
        ) from error
    try:
        data = export["db"][0]["data"] if "db" in export else export["data"]
        return _blog(source, data)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise SourceError(
            f"{source} is JSON but not a Ghost export. Nothing was written."
        ) from error


def _blog(source: Path, data: Mapping[str, Any]) -> Blog:
    settings = {
        str(setting.get("key")): setting.get("value") for setting in data.get("settings", ())
    }
    blog = Blog(
        title=frontmatter.words(settings.get("title")),
        language=frontmatter.words(settings.get("lang") or settings.get("locale")) or "en",
        address=frontmatter.words(settings.get("url")),
        normalize=markdown_normalizer.normalize,
    )
    beside = source.resolve().parent
    folders = (beside / "content" / "images", beside / "images")
    blog.asset_dirs = [("/content/images/", folder) for folder in folders if folder.is_dir()]
    tags = _joined(data, "tags", "posts_tags", "tag_id")
    people = _joined(data, "users", "posts_authors", "author_id")
    names = {user["id"]: user.get("name", "") for user in data.get("users", ())}
    for post in data["posts"]:
        essay = _essay(source, post)
        essay.tags = tuple(tag for tag in tags.get(post["id"], ()) if not tag.startswith("#"))
        authors = people.get(post["id"]) or [names.get(post.get("author_id"), "")]
        essay.authors = tuple(author for author in authors if author)
        blog.essays.append(essay)
    return blog


def _joined(data: Mapping[str, Any], things: str, pairs: str, key: str) -> dict[Any, list[str]]:
    """Return the names that are linked to each post, by post id, in their order."""
    names = {
        thing["id"]: frontmatter.words(thing.get("name")) for thing in data.get(things, ())
    }
    by_post: dict[Any, list[str]] = {}
    ordered: Iterable[Mapping[str, Any]] = sorted(
        data.get(pairs, ()), key=lambda item: item.get("sort_order") or 0
    )
    for relation in ordered:
        if name := names.get(relation.get(key)):
            by_post.setdefault(relation["post_id"], []).append(name)
    return by_post


def _essay(source: Path, post: Mapping[str, Any]) -> Essay:
    slug = frontmatter.words(post.get("slug"))
    title = frontmatter.words(post.get("title")) or slug or "Essay"
    is_page = post.get("type") == "page" or bool(post.get("page"))
    is_draft = post.get("status") not in {"published", "scheduled", "sent"}
    date = _date(post.get("published_at") or (is_draft and post.get("created_at")) or "")
    excerpt = frontmatter.words(post.get("custom_excerpt"))
    essay = Essay(
        key=f"ghost {post['id']}",
        title=title,
        heading=markdown_escape.title(title),
        body="",
        place=f"{source.name}, post {slug}",
        date="" if is_page else date,
        slug=slug,
        standfirst=markdown_escape.title(excerpt) if excerpt else "",
        image=frontmatter.words(post.get("feature_image")).replace(SITE, ""),
        page_type="back" if is_page else "",
        is_draft=is_draft,
        addresses=(f"/{slug}/",) if slug and not is_draft else (),
    )
    if post.get("visibility") not in {"public", "", None}:
        essay.is_draft = True
        essay.remarks.append("was not visible to everybody, so it was imported as a draft")
    html = clean(post.get("html") or "").replace(SITE, "")
    if html.strip():
        html_to_markdown.fill(essay, html)
    else:
        essay.body = _markdown_of(post).replace(SITE, "")
    return essay


def _date(value: object) -> str:
    """Return a date in ISO form; old exports have milliseconds since 1970, in UTC."""
    if not isinstance(value, int):
        return frontmatter.date(value)
    try:
        return dt.datetime.fromtimestamp(value / 1000, dt.UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def _markdown_of(post: Mapping[str, Any]) -> str:
    """Return the Markdown of an old export, which is in a Mobiledoc card."""
    if isinstance(post.get("markdown"), str):
        return clean(post["markdown"])
    try:
        cards = json.loads(post.get("mobiledoc") or "{}").get("cards", ())
    except ValueError:
        cards = ()
    texts = [card[1].get("markdown", "") for card in cards if card[0].endswith("markdown")]
    text = "\n\n".join(texts) or markdown_escape.bare(post.get("plaintext") or "")
    return clean(text)
