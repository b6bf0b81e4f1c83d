"""Read an ABlog site: its source files are copied, its ``conf.py`` is written anew.

The old ``conf.py`` is parsed but never run; only literal values are used. In the source
files, only the syntax that ABlog alone understands is replaced.
"""

from __future__ import annotations

import ast
import fnmatch
import posixpath
import re
from typing import TYPE_CHECKING, Any

from sphinx_essays.elements import dates
from sphinx_essays.importing.essay import Blog, Copy
from sphinx_essays.importing.frontmatter import words
from sphinx_essays.importing.links import LARGEST
from sphinx_essays.importing.sources import (
    LONGEST_TEXT,
    MEGABYTE,
    SourceError,
    decode,
    read_bytes,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACES = ("", "source", "docs")
SOURCES = (".rst", ".md")
LEFT_OUT = frozenset({"conf.py", "Makefile", "make.bat", "requirements.txt"})
FOLDERS_LEFT_OUT = frozenset({"_templates", "_website", "_build", "_site"})
KEPT = frozenset(
    """copyright exclude_patterns root_doc master_doc rst_epilog rst_prolog default_role
    highlight_language numfig myst_enable_extensions myst_heading_anchors source_suffix
    smartquotes today_fmt""".split()
)
EXTENSIONS = re.compile(
    r"sphinx\.ext\.(?!intersphinx|autodoc|viewcode|linkcode)\w+|myst_parser"
)
POST = re.compile(r"(?m)^(?P<head>\.\. post::|[`:]{3,}\{post\})[ \t]*(?P<date>[^\n]*)$")
OPTION = re.compile(r"(?m)^(?P<head>[ \t]*:(?:author|authors):[ \t]*)(?P<names>[^\n]+)$")
POSTLIST = re.compile(
    r"(?m)^(?P<head>[ \t]*(?:\.\. postlist::|[`:]{3,}\{postlist\}))(?P<count>[^\n]*)\n"
    r"(?P<options>(?:[ \t]*:[\w-]+:[^\n]*(?:\n|\Z))*)"
)
REF = re.compile(r":ref:`(?:(?P<words>[^`<>]*?)\s*<(?P<to>[^`<>]+)>|(?P<bare>[^`<>]+))`")
LABEL = re.compile(r"(?m)^\s*\.\. _`?([^`:\n]+)`?:\s*$|^\(([^()\s]+)\)=\s*$")
GENERATED = re.compile(
    r"blog-(posts|drafts|tags|archives|categories|authors|languages|locations|feed)"
    r"|(?:tag|category|author|archive|language|location)-(.+)"
)
TOCTREE = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?:\.\. toctree::|[`:]{3,}\{toctree\})[^\n]*\n"
    r"(?P<body>(?:[ \t]+[^\n]*\n|[ \t]*\n|(?![ \t]*[`:]{3})[^\n]+\n)*?)(?=^(?P=indent)\S|\Z)"
)
INCLUDED = re.compile(
    r"(?m)^[ \t]*\.\. (?:include|literalinclude)::[ \t]*(\S+)|^[ \t]+:file:[ \t]*(\S+)"
)


def read(source: Path, directory: Path) -> Blog:
    """Read the site in `source`; files below `directory`, the new book, are skipped.

    :raises SourceError: if there is no ``conf.py``, or it is not valid Python.
    """
    places = [source / place for place in PLACES if (source / place / "conf.py").is_file()]
    if not places:
        raise SourceError(f"No conf.py found in {source}, so it is not an ABlog site.")
    return Site(places[0], directory).read()


class Site:
    """The folder of an ABlog site, while it is read."""

    def __init__(self, root: Path, directory: Path) -> None:
        self.root = root
        self.directory = directory
        self.conf = settings(root / "conf.py")
        self.blog = Blog()
        self.texts: dict[str, str] = {}
        self.labels: set[str] = set()
        self.documents: dict[str, str] = {}
        self.listed: set[str] = set()

    def read(self) -> Blog:
        """Read the source files; all other files are copied without being read."""
        self._read_settings()
        copies = []
        for path in walk(self.root, [self.directory]):
            name = path.relative_to(self.root).as_posix()
            if path.name in LEFT_OUT or FOLDERS_LEFT_OUT.intersection(name.split("/")):
                continue
            if path.stat().st_size > LARGEST:
                self.blog.note(name, f"skipped: larger than {LARGEST // MEGABYTE} MB")
                continue
            if path.suffix in SOURCES and not self._learn(path, name):
                continue
            copies.append(Copy(f"ablog {name}", path, name))
        self._learn_toctrees()
        for copy in copies:
            if copy.target in self.texts:
                self._change(copy)
        self.blog.copies = copies
        root_doc = words(self.conf.get("root_doc") or self.conf.get("master_doc")) or "index"
        self.blog.has_cover = root_doc in self.documents.values()
        return self.blog

    def _read_settings(self) -> None:
        values, blog = self.conf, self.blog
        blog.title = words(values.get("blog_title") or values.get("project"))
        blog.author = words(values.get("author"))
        blog.language = words(values.get("language")) or "en"
        address = words(values.get("blog_baseurl") or values.get("html_baseurl"))
        blog.address = address if re.match(r"https?://", address) else ""
        blog.settings = {name: values[name] for name in sorted(KEPT & set(values))}
        listed = [entry for entry in values.get("extensions", ()) if isinstance(entry, str)]
        kept = [entry for entry in listed if EXTENSIONS.fullmatch(entry)]
        blog.settings["extensions"] = kept
        kept = [*kept, "ablog"]
        for extension in listed:
            if extension not in kept:
                blog.note("conf.py", f"extension not carried over: {extension}")

    def _learn(self, path: Path, name: str) -> bool:
        """Read a source file and its labels; return whether it could be read."""
        try:
            text, guessed = decode(read_bytes(path, LONGEST_TEXT), str(path))
        except SourceError as error:
            self.blog.note(name, str(error).removeprefix(f"{path}: "))
            return False
        if guessed:
            self.blog.note(name, f"not UTF-8, so it was read as {guessed}")
        self.texts[name] = text
        self.labels |= {(a or b).strip().lower() for a, b in LABEL.findall(text)}
        document = name.rpartition(".")[0]
        self.documents.setdefault(posixpath.basename(document).lower(), document)
        self.documents.setdefault(document, document)
        return True

    def _learn_toctrees(self) -> None:
        known = set(self.documents.values())
        for name, text in self.texts.items():
            folder = posixpath.dirname(name)
            for match in TOCTREE.finditer(text + "\n"):
                for entry in _entries(match["body"]):
                    path = posixpath.normpath(posixpath.join("/", folder, entry)).lstrip("/")
                    if ":glob:" in match["body"]:
                        self.listed |= set(fnmatch.filter(known, path))
                    self.listed.add(path)

    # -- syntax that only ABlog understands ------------------------------------

    def _change(self, copy: Copy) -> None:
        """Replace what only ABlog understands; any other file is copied byte for byte."""
        name = copy.target
        text = before = self.texts[name]
        text = POSTLIST.sub(_essays, text)
        if text != before:
            self.blog.note(name, "“postlist” was replaced by “essays”")
        text = POST.sub(lambda match: self._post(name, match), text)
        if POST.search(text):
            text = OPTION.sub(self._authors, text)
        text = REF.sub(lambda match: self._ref(name, match), text)
        text = self._without_generated(name, text)
        text = self._with_fields(name, text)
        copy.is_essay = bool(POST.search(text)) or bool(
            re.search(r"(?m)^blogpost: *true", text)
        )
        for node, other in INCLUDED.findall(text):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), node or other))
            if path.startswith(".."):
                self.blog.note(name, f"includes a file from outside the site: {node or other}")
        if text != before:
            copy.data = text.encode()
        elif before.encode() != copy.source.read_bytes() and not _is_utf8(copy.source):
            copy.data = before.encode()

    def _post(self, name: str, match: re.Match[str]) -> str:
        """Rewrite a date in the site's own ``post_date_format`` as an ISO date."""
        date = match["date"].strip()
        if not date or dates.is_date(date):
            return match[0]
        pattern = words(self.conf.get("post_date_format"))
        try:
            return f"{match['head']} {dates.parse(date, self.blog.language, [pattern]).iso}"
        except ValueError:
            self.blog.note(name, f"unreadable date: {date}")
            return match[0]

    def _authors(self, match: re.Match[str]) -> str:
        """Replace author keys by the names that ``blog_authors`` gives them."""
        known = self.conf.get("blog_authors")
        if not isinstance(known, dict):
            return match[0]
        names = [name.strip() for name in match["names"].split(",")]
        whole = [words(_first(known.get(name, name))) for name in names]
        return match[0] if whole == names else match["head"] + "; ".join(whole)

    def _ref(self, name: str, match: re.Match[str]) -> str:
        """Replace references to the labels that ABlog generates for files and its own pages."""
        target = (match["to"] or match["bare"]).strip().lower()
        if target in self.labels or target in {"genindex", "modindex", "search"}:
            return match[0]
        if document := self.documents.get(target):
            return (
                f":doc:`{match['words']} </{document}>`"
                if match["to"]
                else f":doc:`/{document}`"
            )
        if generated := GENERATED.fullmatch(target):
            self.blog.note(
                name, f"link to a page generated by ABlog replaced by its text: {target}"
            )
            return match["words"] or (generated[1] or "").capitalize() or generated[2]
        return match[0]

    def _without_generated(self, name: str, text: str) -> str:
        """Remove pages that ABlog generates from toctrees."""
        blog_path = words(self.conf.get("blog_path")) or "blog"
        documents = set(self.documents.values())
        folder = posixpath.dirname(name)

        def change(match: re.Match[str]) -> str:
            kept = []
            for line in match[0].split("\n"):
                entry = re.sub(r".*<(.+)>$", r"\1", line.strip())
                path = posixpath.normpath(posixpath.join("/", folder, entry)).lstrip("/")
                is_theirs = path == blog_path or path.startswith(f"{blog_path}/")
                if is_theirs and path not in documents and not re.search(r"[*?\[]", path):
                    self.blog.note(
                        name, f"page generated by ABlog removed from the toctree: {entry}"
                    )
                else:
                    kept.append(line)
            return "\n".join(kept)

        return TOCTREE.sub(change, text)

    def _with_fields(self, name: str, text: str) -> str:
        """Add the fields that ABlog implies: ``status: draft`` or ``orphan``."""
        document = name.rpartition(".")[0]
        post = POST.search(text)
        has_date = bool(re.search(r"(?m)^:?date:", text)) or bool(post and post["date"].strip())
        is_post = bool(post) or bool(re.search(r"(?m)^blogpost: *true", text))
        if is_post and not has_date:
            self.blog.note(name, "has no date, so it was imported as a draft")
            return _with_field(text, "status", "draft", is_rst=name.endswith(".rst"))
        root_doc = words(self.conf.get("root_doc") or self.conf.get("master_doc")) or "index"
        is_free = has_date or document in self.listed or document == root_doc
        if is_free or re.search(r"(?m)^:?orphan:", text) or self._is_excluded(name):
            return text
        self.blog.note(name, "is in no toctree, so it was marked as an orphan")
        return _with_field(text, "orphan", "", is_rst=name.endswith(".rst"))

    def _is_excluded(self, name: str) -> bool:
        patterns = self.conf.get("exclude_patterns")
        listed = patterns if isinstance(patterns, (list, tuple)) else ()
        return any(
            fnmatch.fnmatch(name, str(entry)) or name.startswith(f"{entry}/")
            for entry in listed
        )


def settings(conf: Path) -> dict[str, Any]:
    """Return the literal values that a ``conf.py`` assigns, without running it.

    :raises SourceError: if it is not valid Python.
    """
    text, _guessed = decode(read_bytes(conf), str(conf))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SourceError(f"{conf} is not valid Python: {error}.") from error
    assigned: dict[str, Any] = {}
    for name, value in _assigned(tree):
        try:
            assigned[name] = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            if isinstance(value, (ast.List, ast.Tuple)):
                assigned[name] = [
                    element.value for element in value.elts if isinstance(element, ast.Constant)
                ]
    return assigned


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif (
            isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        ):
            yield node.target.id, node.value


def _first(value: object) -> object:
    return value[0] if isinstance(value, (list, tuple)) and value else value


def _is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def _entries(body: str) -> Iterator[str]:
    for line in body.split("\n"):
        entry = re.sub(r".*<(.+)>$", r"\1", line.strip())
        if entry and not entry.startswith((":", "`", "#")):
            yield re.sub(r"\.(?:rst|md)$", "", entry)


def _essays(match: re.Match[str]) -> str:
    """Rewrite ABlog's ``postlist`` directive as ``essays``."""
    indent = re.match(r"[ \t]*", match["head"])
    is_rst = ".." in match["head"]
    margin = (indent[0] if indent else "") + ("   " if is_rst else "")
    given = dict(re.findall(r":([\w-]+):[ \t]*([^\n]*)", match["options"]))
    options = {"sort": "date"}
    if match["count"].strip().isdigit():
        options["limit"] = match["count"].strip()
    for theirs, own in (("tags", "tag"), ("category", "tag"), ("author", "author")):
        if value := given.get(theirs, "").strip():
            options[own] = value.split(",")[0].strip()
    if "excerpts" in given:
        options["standfirst"] = ""
    lines = "".join(
        f"{margin}:{key}: {value}".rstrip() + "\n" for key, value in options.items()
    )
    return f"{match['head'].replace('postlist', 'essays')}\n{lines}"


def _with_field(text: str, key: str, value: str, *, is_rst: bool) -> str:
    """Add a field, or a key of the front matter, at the top of a file."""
    if is_rst:
        has_fields = re.match(r":[\w-]+:", text)
        return f":{key}: {value}".rstrip() + ("\n" if has_fields else "\n\n") + text
    line = f"{key}: {value or 'true'}\n"
    if text.startswith("---\n"):
        return f"---\n{line}{text[4:]}"
    return f"---\n{line}---\n\n{text}"
