"""Write a book into a folder: essays, images, ``conf.py``, a cover and the report.

All files are prepared before the first is written. An existing file is overwritten only
if it is unchanged since an earlier import wrote it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from sphinx_essays.importing import (
    frontmatter,
    import_record,
    links,
    proofreading,
    report,
    rst_escape,
)
from sphinx_essays.importing.essay import MARKDOWN, RST, Blog, Copy, Essay, Remark
from sphinx_essays.importing.import_record import Entry, ImportRecord
from sphinx_essays.importing.names import UniqueNames, slug
from sphinx_essays.importing.sources import SourceError, is_inside, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

CONF = "conf.py"
COVER = "index.rst"
UNDATED = "undated"
PAGES = "pages"
UNTITLED = "Essays"


@dataclass
class ImportResult:
    """The result of an import: written files, counts, remarks and the name of the report.

    `known` counts the essays that an earlier import has written.
    """

    directory: Path
    written: list[str] = field(default_factory=list)
    essays: int = 0
    files: int = 0
    known: int = 0
    remarks: list[str] = field(default_factory=list)
    report: str = ""


class Collection:
    """The folder of a book, while a blog is written into it."""

    def __init__(self, blog: Blog, directory: Path) -> None:
        self.blog = blog
        self.directory = directory
        self.manifest = open_folder(directory)
        self.taken = UniqueNames()
        self.files: dict[str, bytes] = {}
        self.remarks = list(blog.remarks)
        self.outcome = ImportResult(directory)
        self._keep_names()
        self.library = links.LinkRewriter(blog, self.manifest.pictures, self.taken)

    def fill(self) -> ImportResult:
        """Write everything that is new.

        :raises SourceError: if the folder cannot be written.
        """
        fresh = self._choose_files()
        for entry in self.manifest.essays.values():
            for address in entry.addresses:
                self.library.add(address, entry.file)
        aliases = self._aliases(fresh)
        for essay, file in fresh:
            self._add(essay, file, aliases[file])
        self._add_copies()
        if fresh or self.files or not self.manifest.files:
            self._add_cover()
            self._add_conf()
        self._write()
        return self.outcome

    # -- new essays ------------------------------------------------------------

    def _keep_names(self) -> None:
        """Reserve the names of all files that are in the folder or once were."""
        for name in (*self.manifest.files, *self.manifest.pictures.values(), CONF, COVER):
            self.taken.add(name)
        for entry in self.manifest.essays.values():
            self.taken.add(_bare(entry.file))
        for place, _folders, files in os.walk(self.directory):
            for name in files:
                path = (Path(place) / name).relative_to(self.directory).as_posix()
                self.taken.add(path)
                if path.endswith((MARKDOWN, RST)):
                    self.taken.add(_bare(path))

    def _choose_files(self) -> list[tuple[Essay, str]]:
        """Choose a file for each new essay; report known essays that have changed."""
        fresh = []
        for essay in self.blog.essays:
            content_digest = import_record.digest(repr(_literal_text(essay)).encode())
            known = self.manifest.essays.get(essay.key)
            if known is not None and _is_of_another_site(essay, known):
                essay.key = f"{essay.key} {essay.addresses[0]}"
                known = self.manifest.essays.get(essay.key)
            if known is not None:
                self.outcome.known += 1
                if known.digest != content_digest:
                    self.remarks.append(
                        Remark(known.file, f"not updated: {essay.place} has changed since")
                    )
                continue
            file = self.taken.free(f"{_folder(essay)}/{slug(essay.slug or essay.title)}")
            file += essay.suffix
            addresses = [address for address in (*essay.addresses, essay.base) if address]
            is_listed = not essay.date and not self.blog.has_cover
            self.manifest.essays[essay.key] = Entry(file, content_digest, addresses, is_listed)
            fresh.append((essay, file))
        return fresh

    def _aliases(self, fresh: list[tuple[Essay, str]]) -> dict[str, list[str]]:
        """Return the aliases of each new essay; no two essays share a redirect page."""
        taken = UniqueNames()
        by_name: dict[str, list[str]] = {}
        for entry in self.manifest.essays.values():
            taken.add(links.leads_to(f"/{entry.file}"))
        for essay, file in fresh:
            possible, impossible = self.library.aliases(essay, file)
            for address in impossible:
                self._note(
                    file, f"no redirect from an old URL that cannot be a file: {address}"
                )
            by_name[file] = []
            for path in possible:
                page = links.leads_to(path)
                if taken.free(page) == page:
                    by_name[file].append(path)
                else:
                    self._note(
                        file, f"no redirect from an old URL that another essay has too: {path}"
                    )
        return by_name

    def _add(self, essay: Essay, file: str, aliases: list[str]) -> None:
        """Prepare the file of an essay, and proofread it."""
        body = (
            self.blog.normalize(essay, file, self.library)
            if self.blog.normalize
            else essay.body
        )
        image = self.library.field_picture(essay.image, essay, file)
        if image.remark:
            essay.remarks.append(image.remark)
        head = frontmatter.write(essay, aliases, "" if image.is_foreign else image.address)
        title = _title(essay)
        text = f"{head}{title}\n{body}" if body.strip() else f"{head}{title}"
        self.files[file] = text.encode()
        self.outcome.essays += 1
        if not essay.date and essay.page_type != "back":
            self._note(file, "has no date")
        places = report.LineFinder(text)
        for remark in essay.remarks:
            self._note(f"{file}:{places.find(remark)}", remark)
        for line, character in proofreading.read(text):
            self._note(f"{file}:{line}", character)

    def _note(self, place: str, text: str) -> None:
        self.remarks.append(Remark(place, text))

    # -- the rest of the book --------------------------------------------------

    def _add_copies(self) -> None:
        """Read the images that essays use, and the files that are copied as they are."""
        for key, path in sorted(self.library.copies.items()):
            target = self.manifest.pictures[key]
            if not (self.directory / target).exists():
                self.files[target] = read_bytes(path, links.LARGEST)
        for copy in self.blog.copies:
            self._add_copy(copy)

    def _add_copy(self, copy: Copy) -> None:
        """Prepare a copy, unless it was imported before or a file of its name exists."""
        data = read_bytes(copy.source, links.LARGEST) if copy.data is None else copy.data
        if copy.target in self.manifest.files:
            self.outcome.known += copy.is_essay
            if self.manifest.files[copy.target] != import_record.digest(data):
                self._note(copy.target, "not updated: the source file has changed since")
        elif (self.directory / copy.target).exists():
            self._note(copy.target, "not written: a file of this name exists already")
        else:
            self.outcome.essays += copy.is_essay
            self.files[copy.target] = data

    def _add_cover(self) -> None:
        """Prepare the cover; its toctree lists the undated essays, then the pages."""
        if self.blog.has_cover:
            return
        listed = [entry.file for entry in self.manifest.essays.values() if entry.is_listed]
        listed.sort(key=lambda file: file.startswith(f"{PAGES}/"))
        title = self._title_of_cover() or rst_escape.title(self.blog.title or UNTITLED)
        entries = "".join(f"   {_bare(file)}\n" for file in listed)
        text = f"{title}\n.. toctree::\n\n{entries}" if listed else title
        self._offer(COVER, text, [f"add to its toctree: {_bare(entry)}" for entry in listed])

    def _title_of_cover(self) -> str:
        """Return the title and underline of an existing cover, to keep them."""
        path = self.directory / COVER
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        head = re.match(r"[^\n]+\n=+\n", text)
        return head[0] if head else ""

    def _add_conf(self) -> None:
        """Prepare ``conf.py``."""
        files = (*self.files, *(entry.file for entry in self.manifest.essays.values()))
        has_markdown = any(name.endswith(MARKDOWN) for name in files)
        self._offer(CONF, conf(self.blog, has_markdown=has_markdown), [])
        if CONF not in self.files and has_markdown:
            text = (
                (self.directory / CONF).read_text(encoding="utf-8", errors="replace")
                if (self.directory / CONF).is_file()
                else ""
            )
            if text and "myst_parser" not in text:
                self._note(CONF, 'add "myst_parser" to its extensions, to read Markdown')

    def _offer(self, name: str, text: str, otherwise: list[str]) -> None:
        """Write a file that is missing or unchanged; otherwise report what to add by hand."""
        data = text.encode()
        is_new = name not in self.manifest.files and not (self.directory / name).exists()
        if is_new or (
            name == COVER
            and self.manifest.is_untouched(self.directory, name)
            and self.manifest.files[name] != import_record.digest(data)
        ):
            self.files[name] = data
            return
        if name in self.manifest.files and self.manifest.is_untouched(self.directory, name):
            return
        there = self.directory / name
        known = there.read_text(encoding="utf-8", errors="replace") if there.is_file() else ""
        for remark in otherwise:
            if remark.rpartition(" ")[2] not in known:
                self._note(name, remark)

    def _write(self) -> None:
        self.outcome.remarks = report.lines(self.remarks)
        if not self.files:
            return
        self._add_report()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._write_files()
        except OSError as error:
            raise SourceError(
                f"{error.filename or self.directory} cannot be written: {error.strerror}."
            ) from error

    def _add_report(self) -> None:
        taken = [self.directory / report.NAME, *self.directory.glob("import-report-*.txt")]
        count = sum(path.exists() for path in taken)
        name = report.NAME if not count else f"import-report-{count + 1}.txt"
        text = "".join(f"{line}\n" for line in self.outcome.remarks) or "Nothing to check.\n"
        self.outcome.report = self.taken.free(name)
        self.files[self.outcome.report] = text.encode()

    def _write_files(self) -> None:
        """Write the files; if the disk fills up, record those that were written."""
        done: dict[str, bytes] = {}
        try:
            for name, data in self.files.items():
                write_file(self.directory, name, data, over=name in self.manifest.files)
                done[name] = data
        finally:
            self.outcome.written = list(done)
            self.outcome.files = len(done) - self.outcome.essays
            if done:
                self._remember(done)

    def _remember(self, done: dict[str, bytes]) -> None:
        self.manifest.files |= {name: import_record.digest(data) for name, data in done.items()}
        essays = self.manifest.essays
        for key in [
            key for key, entry in essays.items() if entry.file not in self.manifest.files
        ]:
            del essays[key]
        text = self.manifest.dumps().encode()
        write_file(self.directory, import_record.NAME, text, over=True)


def open_folder(directory: Path) -> ImportRecord:
    """Return the record of earlier imports into a folder; empty for a new or empty folder.

    :raises SourceError: if the folder has other content.
    """
    if directory.exists() and not directory.is_dir():
        raise SourceError(f"{directory} is a file, not a folder. Nothing was written.")
    if not directory.is_dir() or not any(directory.iterdir()):
        return ImportRecord()
    record = import_record.load(directory)
    if record is None:
        raise SourceError(
            f"{directory} is not empty and was not made by an import. Nothing was written. "
            "Choose a new folder."
        )
    return record


def write_file(directory: Path, name: str, data: bytes, *, over: bool) -> None:
    """Write a file inside `directory`; a new file, unless `over` is true.

    :raises SourceError: if a symbolic link is in the way.
    """
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not is_inside(path.parent, directory) or path.is_symlink():
        raise SourceError(
            f"{path} was not written: a symbolic link is in its way. Remove the link."
        )
    with path.open("wb" if over else "xb") as file:
        file.write(data)


def conf(blog: Blog, *, has_markdown: bool) -> str:
    """Return the text of ``conf.py``."""
    settings: dict[str, object] = {"project": blog.title or UNTITLED}
    counted = Counter(name for essay in blog.essays for name in essay.authors)
    if author := blog.author or next((name for name, _count in counted.most_common(1)), ""):
        settings["author"] = author
    settings["language"] = language(blog.language)
    if blog.address and links.is_url(blog.address):
        settings["html_baseurl"] = blog.address.rstrip("/") + "/"
    conf_settings = dict(blog.settings)
    extensions = ["sphinx_essays", *(["myst_parser"] if has_markdown else [])]
    listed = conf_settings.pop("extensions", [])
    extensions += (
        [entry for entry in listed if entry not in extensions]
        if isinstance(listed, list)
        else []
    )
    lines = [f"{name} = {_literal(value)}" for name, value in settings.items()]
    lines += ["", f"extensions = {_literal(extensions)}", 'html_theme = "essays"']
    lines += [f"{name} = {_literal(value)}" for name, value in conf_settings.items()]
    return "\n".join(lines) + "\n"


def _literal(value: object) -> str:
    """Return the Python literal of a value, in double quotes if that needs no escapes."""
    if isinstance(value, str):
        text = repr(value)
        plain = text[0] == "'" and '"' not in text and "\\" not in text
        return f'"{text[1:-1]}"' if plain else text
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)


def language(name: str) -> str:
    """Return a language code as Sphinx writes it (``pt_BR``), or ``en`` if it is unknown."""
    try:
        return str(Locale.parse(name.strip().replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def _title(essay: Essay) -> str:
    if essay.suffix == RST:
        return rst_escape.title(essay.title)
    return f"# {essay.heading or essay.title}\n"


def _folder(essay: Essay) -> str:
    if essay.page_type == "back":
        return PAGES
    return essay.date[:4] if essay.date else UNDATED


def _is_of_another_site(essay: Essay, known: Entry) -> bool:
    """Whether two essays with the same key come from blogs on different hosts."""
    hosts, known_hosts = links.hosts(essay.addresses), links.hosts(known.addresses)
    return bool(hosts and known_hosts) and hosts.isdisjoint(known_hosts)


def _bare(file: str) -> str:
    """Return the document name of a file: its path without the suffix."""
    return file.removesuffix(MARKDOWN).removesuffix(RST)


def _literal_text(essay: Essay) -> Iterable[object]:
    """Return the content of an essay from which changes in the source are detected."""
    return (
        essay.title, essay.body, essay.date, essay.authors, essay.tags, essay.categories,
        essay.standfirst, essay.image, essay.is_draft,
    )  # fmt: skip
