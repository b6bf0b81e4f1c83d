"""Read a folder of Markdown with front matter (Jekyll, Hugo), or a Ghost export."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinx_essays.importing import (
    detection,
    frontmatter,
    ghost,
    markdown_escape,
    markdown_normalizer,
    templates,
)
from sphinx_essays.importing.essay import Blog, Essay
from sphinx_essays.importing.links import is_url
from sphinx_essays.importing.names import slug
from sphinx_essays.importing.sources import GENERATED, SourceError, decode, read_bytes, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATED = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-(?P<slug>.+)")
PLACEHOLDER = re.compile(r"(?:^|[/.-]):\w")  # in a pattern of Jekyll, such as /:year/:title
HEADING = re.compile(
    r"\s*(?:#[ \t]+(?P<atx>[^\n]+?)[ \t]*#*|(?P<setext>[^\n#>*+-][^\n]*)\n=+)"
    r"[ \t]*(?:\n|\Z)"
)
# Folders of a site without essays.
TEMPLATES = frozenset("_includes _layouts _sass _data layouts themes archetypes".split())
# Folders of posts, and files that may be posts but cannot be read.
POSTS = frozenset({"_posts", "_drafts", "content", "posts"})
UNREAD = frozenset(
    ".adoc .asciidoc .htm .html .ipynb .mdx .org .qmd .rmd .rst .textile .txt".split()
)
# Files of a site that are not essays, unless they have a date.
NO_ESSAYS = frozenset(
    "readme license licence changelog contributing 404 search feed _index".split()
)
SETTINGS = ("_config.yml", "_config.yaml", "hugo.toml", "config.toml", "hugo.yaml", "hugo.yml",
            "config.yaml", "config.yml", "hugo.json", "config.json")  # fmt: skip
READ = frozenset(
    """title date author authors tags tag keywords categories category draft published status
    slug permalink url aliases redirect_from image featured_image cover thumbnail excerpt
    description summary standfirst subtitle language lang locale layout type comments math toc
    weight lastmod updated modified id uid guid publishdate expirydate""".split()
)


# Keys that hide a post if they are true, keys that hide it if they are false, and the values
# that hide it. What is hidden must not become public because it is spelled in another way.
HIDING = frozenset({"draft", "private", "hidden", "unlisted"})
SHOWING = frozenset({"published", "publish"})
STATES = frozenset({"status", "state", "visibility"})
USUAL = frozenset({"draft", "published", "status"})
HIDDEN = frozenset({"draft", "private", "hidden", "unlisted", "pending", "unpublished"})
YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})


def read(source: Path, directory: Path) -> Blog:
    """Read a folder, a file, or a Ghost export; files below `directory` are skipped.

    :raises SourceError: if the source cannot be read.
    """
    if source.is_file() and detection.GHOST.match(read_bytes(source, ghost.LONGEST)[:4096]):
        return ghost.read(source)
    return Folder(source, directory).read()


class Folder:
    """A folder of Markdown, while it is read."""

    def __init__(self, source: Path, directory: Path) -> None:
        self.source = source
        self.directory = directory
        self.root = source if source.is_dir() else source.parent
        self.settings = _settings(self.root)
        self.blog = Blog(normalize=markdown_normalizer.normalize)

    def read(self) -> Blog:
        """Read every file; a file that cannot be read is skipped with a remark."""
        blog, settings = self.blog, self.settings
        blog.title = frontmatter.words(settings.get("title"))
        author = settings.get("author") or settings.get("params", {}).get("author")
        blog.author = frontmatter.words(author)
        blog.language = (
            frontmatter.words(settings.get("lang") or settings.get("languagecode")) or "en"
        )
        blog.address = _address(settings)
        blog.asset_dirs = [("/", self.root)]
        blog.asset_dirs += [
            ("/", self.root / name)
            for name in ("static", "assets", "content", "source", "public")
            if (self.root / name).is_dir()
        ]
        for path in self._paths():
            try:
                self._read_file(path)
            except SourceError as error:
                blog.note(self._name(path), str(error).removeprefix(f"{path}: "))
        return blog

    def _paths(self) -> Iterator[Path]:
        if self.source.is_file():
            yield self.source
            return
        unread: Counter[str] = Counter()
        for path in walk(self.source, [self.directory]):
            folders = path.relative_to(self.root).parts[:-1]
            if TEMPLATES.intersection(folders):
                continue
            suffix = path.suffix.lower()
            if suffix in detection.MARKDOWN:
                yield path
            elif suffix in UNREAD and (POSTS.intersection(folders) or _has_head(path)):
                unread[suffix] += 1
        for suffix, count in sorted(unread.items()):
            self.blog.note(self.source.name, f"not imported: {count} files of type {suffix}")
        for name in sorted(GENERATED):
            if any(path.suffix in detection.MARKDOWN for path in walk(self.source / name)):
                self.blog.note(name, "not imported: Hugo writes generated files to this folder")

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _read_file(self, path: Path) -> None:
        name = self._name(path)
        text, guessed = decode(read_bytes(path), str(path))
        try:
            fields, body = frontmatter.read(text)
        except frontmatter.FrontMatterError as error:
            typed, body = frontmatter.as_code(text)
            hiding_key = _hiding_key(typed)
            fields = {hiding_key: typed[hiding_key]} if hiding_key else {}
            self.blog.note(name, f"{error}; it was kept in the text")
        if not fields and path.stem.lower() == "index" and not body.strip():
            return
        is_dated = "date" in fields or DATED.fullmatch(path.stem)
        if self.source.is_dir() and path.stem.lower() in NO_ESSAYS and not is_dated:
            if body.strip():
                self.blog.note(
                    name, "not imported: a file of this name is not an essay; give it a date"
                )
            return
        essay = self._essay(name, fields, body)
        if guessed:
            essay.remarks.append(f"{name} is not UTF-8, so it was read as {guessed}")
        if unread := sorted(set(fields) - READ - HIDING - SHOWING - STATES):
            essay.remarks.append(f"front matter not carried over: {', '.join(unread)}")
        self.blog.essays.append(essay)

    def _essay(self, name: str, fields: Mapping[str, Any], body: str) -> Essay:
        path = PurePosixPath(name)
        stem = path.parent.name if path.stem.lower() == "index" else path.stem
        stem = stem or path.stem
        dated = DATED.fullmatch(stem)
        body, remarks = templates.expand(body)
        title, heading, body = _title(fields, body, dated["slug"] if dated else stem)
        date = frontmatter.date(fields.get("date") or fields.get("publishdate"))
        if fields.get("date") and not date:
            remarks.append(f"unreadable date: {frontmatter.words(fields['date'])}")
        hiding_key = _hiding_key(fields)
        if hiding_key and hiding_key not in USUAL:
            remarks.append(f"imported as a draft, because of its front matter: {hiding_key}")
        essay = Essay(
            key=f"markdown {name}",
            title=title,
            heading=heading,
            body=body,
            place=name,
            date=date or (frontmatter.date(dated["date"]) if dated else ""),
            slug=frontmatter.words(fields.get("slug")) or (dated["slug"] if dated else stem),
            authors=frontmatter.listed(fields.get("authors") or fields.get("author"), ";"),
            tags=_tags(fields.get("tags") or fields.get("tag") or fields.get("keywords")),
            categories=_tags(fields.get("categories") or fields.get("category")),
            standfirst=_standfirst(fields),
            image=_image(fields),
            language=_language(fields),
            is_draft=bool(hiding_key) or "_drafts" in name.split("/"),
            base=f"/{name}",
            remarks=remarks,
        )
        essay.addresses = tuple(_addresses(essay, fields, self.settings, name))
        return essay


def _has_head(path: Path) -> bool:
    """Whether a file begins as YAML or TOML front matter does."""
    try:
        with path.open("rb") as file:
            return file.readline(100).rstrip() in {b"---", b"+++"}
    except OSError:
        return False


def _settings(root: Path) -> dict[str, Any]:
    """Return the settings of the site; empty if there are none that can be read."""
    for name in SETTINGS:
        path = root / name
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text, _guessed = decode(read_bytes(path), str(path))
            if path.suffix == ".toml":
                data = tomllib.loads(text)
                return {key.lower(): value for key, value in data.items()}
            return frontmatter.read(f"---\n{text.removeprefix('---')}\n---\n")[0]
        except (SourceError, ValueError, RecursionError):
            continue
    return {}


def _address(settings: Mapping[str, Any]) -> str:
    """Return the URL of the site, if it is absolute."""
    address = frontmatter.words(settings.get("url") or settings.get("baseurl"))
    if not re.match(r"https?://[\w.-]", address) or not is_url(address):
        return ""
    path = frontmatter.words(settings.get("baseurl"))
    return address.rstrip("/") + (path if path.startswith("/") else "")


def _title(fields: Mapping[str, Any], body: str, stem: str) -> tuple[str, str, str]:
    """Return the title as plain text, the title as Markdown, and the body without it."""
    title = frontmatter.words(fields.get("title"))
    match = HEADING.match(body)
    heading = (match["atx"] or match["setext"] or "").strip() if match else ""
    bare = " ".join(markdown_normalizer.words_of(heading, markdown_normalizer.commonmark()))
    if match and bare and (not title or bare == " ".join(markdown_normalizer.words_of(
        markdown_escape.escape(title), markdown_normalizer.commonmark()
    ))):  # fmt: skip
        return title or bare, heading, body[match.end() :]
    title = title or stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Essay"
    return title, markdown_escape.title(title), body


def _tags(value: object) -> tuple[str, ...]:
    """Return tags from a list, or from a string with commas or (as in Jekyll) blanks."""
    return frontmatter.listed(value, "," if isinstance(value, str) and "," in value else "")


def _standfirst(fields: Mapping[str, Any]) -> str:
    keys = ("standfirst", "subtitle", "excerpt", "description", "summary")
    text = next((fields[key] for key in keys if isinstance(fields.get(key), str)), "")
    return markdown_escape.title(text) if text.strip() else ""


def _image(fields: Mapping[str, Any]) -> str:
    for key in ("image", "featured_image", "cover", "thumbnail"):
        value = fields.get(key)
        if isinstance(value, dict):
            value = value.get("path") or value.get("image") or value.get("src")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _language(fields: Mapping[str, Any]) -> str:
    return frontmatter.words(
        fields.get("language") or fields.get("lang") or fields.get("locale")
    )


def _hiding_key(fields: Mapping[str, Any]) -> str:
    """Return the key of the front matter that marks a post as not public, or nothing."""
    for key, value in fields.items():
        text = frontmatter.words(value).lower()
        if (
            (key in STATES and text in HIDDEN)
            or (key in HIDING and text in YES)
            or (key in SHOWING and text in NO)
        ):
            return key
    return ""


def _addresses(
    essay: Essay, fields: Mapping[str, Any], settings: Mapping[str, Any], name: str
) -> Iterator[str]:
    """Yield the old URLs: those in the front matter, and that of the site's pattern."""
    base = urlsplit(_address(settings)).path.rstrip("/")
    for key in ("permalink", "url", "aliases", "redirect_from"):
        for entry in frontmatter.listed(fields.get(key), ""):
            if not PLACEHOLDER.search(entry):
                yield entry if entry.startswith(("/", "http")) else f"/{entry}"
    named = frontmatter.words(fields.get("permalink") or fields.get("url"))
    parts = name.split("/")
    if (named and not PLACEHOLDER.search(named)) or essay.is_draft:
        return
    if "_posts" in parts and essay.date.count("-") == 2:  # noqa: PLR2004
        pattern = named or frontmatter.words(settings.get("permalink")) or "date"
        yield base + _jekyll(essay, pattern)
    elif parts[0] == "content":
        section = [slug(part) for part in parts[1:-1]]
        section = section[:-1] if parts[-1].startswith("index.") else section
        yield f"{base}/{'/'.join([*section, slug(essay.slug)])}/"


JEKYLL = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}


def _jekyll(essay: Essay, pattern: str) -> str:
    """Return the URL of a post by Jekyll's pattern (https://jekyllrb.com/docs/permalinks/)."""
    year, month, day = essay.date.split("-")
    values = {
        "categories": "/".join(slug(category) for category in essay.categories),
        "year": year, "month": month, "day": day, "i_month": str(int(month)),
        "i_day": str(int(day)), "short_year": year[2:], "title": essay.slug, "slug": essay.slug,
    }  # fmt: skip
    path = re.sub(
        r":(\w+?)(?=[/.\-]|$)",
        lambda match: values.get(match[1], match[0]),
        JEKYLL.get(pattern, pattern),
    )
    return re.sub(r"/{2,}", "/", f"/{path}")
