"""The book under Sphinx's hands: an ordinary build, and a look ahead at a few pages.

Beside ``printing`` the only module of the loop that touches Sphinx's internals. A build is
what ``sphinx-build`` does. A preview reads and writes the pages of some documents into a
folder of its own, in a process that is thrown away.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.cmd import build as command
from sphinx.util.build_phase import BuildPhase
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_essays.compat.environment import cached_doctrees, parse_overrides
from sphinx_essays.live import diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Tell = Callable[[dict[str, Any]], None]

PHASES = {
    BuildPhase.INITIALIZATION: diagnostics.WHOLE,
    BuildPhase.READING: diagnostics.READ,
    BuildPhase.CONSISTENCY_CHECK: diagnostics.CHECKED,
}
FEW = 5  # documents: forking costs more than reading them
DRAFTS = {"essays_drafts": True}


class WarningCollector(io.TextIOBase):
    """Hears what Sphinx complains of, and passes it on."""

    def __init__(self, through: io.TextIOBase | None) -> None:
        self.heard: list[diagnostics.Diagnostic] = []
        self.through = through
        self.phase: Callable[[], str] = lambda: diagnostics.WHOLE

    def write(self, text: str) -> int:
        """Take one complaint: Sphinx writes each at once."""
        if text.strip():
            self.heard.append(diagnostics.parse(text, self.phase()))
        if self.through is not None:
            self.through.write(text)
        return len(text)

    def flush(self) -> None:
        """Let nothing wait."""
        if self.through is not None:
            self.through.flush()


class Building:
    """One ordinary build, and after it a book that stands ready for looks ahead."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self.order = order
        self.collector = WarningCollector(sys.stderr)  # type: ignore[arg-type]
        self.read: set[str] = set()
        self.written: set[str] = set()
        self.app: Any = None

    def make(self, tell: Tell) -> bool:
        """Build, tell what came of it, and whether it went well."""
        report: dict[str, Any] = {"kind": "built"}
        begun = time.monotonic()
        try:
            self.app = self._open()
            self.app.builder.epilog = ""  # the folder it names is not the one that is read
            self.app.build(force_all=self.order["all"])
        except (Exception, SystemExit) as error:  # noqa: BLE001 (an author's conf.py may do anything)
            report["failure"] = _failure(error, self.collector)
        else:
            report |= self._knowledge()
        report["complaints"] = [diagnostic.as_dict() for diagnostic in self.collector.heard]
        report["seconds"] = time.monotonic() - begun
        tell(report)
        return "failure" not in report

    def _open(self) -> Sphinx:
        parser = command.get_parser()
        args = parser.parse_args(self.order["arguments"])
        overrides = parse_overrides(parser, args)
        app = Sphinx(
            args.sourcedir,
            None if args.noconfig else args.confdir or args.sourcedir,
            args.outputdir,
            args.doctreedir,
            args.builder,
            confoverrides=DRAFTS | overrides,
            status=None if self.order["quiet"] or args.quiet else sys.stdout,
            warning=self.collector,  # type: ignore[arg-type]  # it is written to, and no more
            freshenv=args.freshenv or self.order["fresh"],
            tags=args.tags,
            verbosity=args.verbosity,
            parallel=args.jobs,
        )
        self.collector.phase = lambda: PHASES.get(app.phase, diagnostics.WRITTEN)
        app.connect("env-get-outdated", self._touch, priority=999)
        app.connect("env-before-read-docs", lambda _app, _env, names: self.read.update(names))
        app.connect("env-before-read-docs", _read_here)
        app.connect("doctree-resolved", lambda _app, _tree, name: self.written.add(name))
        return app

    def _touch(self, app: Sphinx, env: Any, *_changes: set[str]) -> list[str]:  # noqa: ANN401
        """Documents saved while the build before this one ran.

        Sphinx notes when it *has* read a page, and so misses a save in the meantime.
        """
        touched = set(self.order["touched"])
        return [name for name in env.all_docs if touched & set(_sources(app, name))]

    # -- what the loop has to know ----------------------------------------------------

    def _knowledge(self) -> dict[str, Any]:
        app, env = self.app, self.app.env
        return {
            "documents": {name: str(env.doc2path(name)) for name in env.all_docs},
            "files": _files(app),
            "dependencies": _dependencies(app),
            "static": [
                str(Path(app.confdir, folder)) for folder in app.config.html_static_path
            ],
            "whole": _whole(app),
            "suffixes": list(app.config.source_suffix),
            "extensions": sorted(app.extensions),
            "words": _words(env),
            "read": sorted(self.read),
            "written": sorted(self.written),
            "root": app.config.root_doc,
        }


def _read_here(app: Sphinx, _env: Any, names: list[str]) -> None:  # noqa: ANN401
    """Have a few documents read in this process.

    Sphinx would fork even for one, and send the whole book back; and what this process has
    not done once itself, a look ahead is slow to do.
    """
    parallel = app.parallel
    if len(names) <= FEW:
        app.parallel = 1

        def restore(app: Sphinx, _env: Any) -> None:  # noqa: ANN401
            app.parallel = parallel

        app.connect("env-updated", restore)


def _sources(app: Sphinx, name: str) -> Iterator[str]:
    yield str(app.env.doc2path(name))
    for path in app.env.dependencies.get(name, ()):
        yield os.path.normpath(Path(app.srcdir, path))


def _dependencies(app: Sphinx) -> dict[str, list[str]]:
    """The documents that show a file, by its path."""
    owners: dict[str, list[str]] = {}
    for name, paths in app.env.dependencies.items():
        for path in paths:
            owners.setdefault(os.path.normpath(Path(app.srcdir, path)), []).append(name)
    return owners


def _files(app: Sphinx) -> dict[str, str]:
    """The page of each document, from the root of the output."""
    builder: Any = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return {}
    return {
        name: Path(builder.get_output_path(name)).relative_to(app.outdir).as_posix()
        for name in app.env.all_docs
    }


def _whole(app: Sphinx) -> list[str]:
    """What shows on every page: templates, sheets, themes, what is copied as it is."""
    config = app.config
    beside = (*config.html_static_path, *config.html_extra_path, *config.templates_path)
    theme = getattr(app.builder, "theme", None)
    themes = [str(folder) for folder in theme.get_theme_dirs()] if theme else []
    return [*(os.path.normpath(Path(app.confdir, name)) for name in beside), *themes]


def _words(env: Any) -> dict[str, int]:  # noqa: ANN401
    """The words of each page, where our extension has counted them."""
    domain = env.domains.get("essays")
    return {name: page.words for name, page in domain.pages.items()} if domain else {}


def _failure(error: BaseException, collector: WarningCollector) -> dict[str, Any]:
    """What stopped a build, in a line, and the place in the author's files if there is one."""
    traceback.print_exception(error, file=collector.through or sys.stderr)
    cause: BaseException = error.__cause__ or error
    text = "".join(traceback.format_exception_only(cause)).strip()
    if isinstance(cause, SyntaxError):
        place: tuple[str, int | None] = (cause.filename or "", cause.lineno)
        text = f"{type(cause).__name__}: {cause.msg}"
    else:
        frames = traceback.extract_tb(cause.__traceback__)
        of_conf = [frame for frame in frames if Path(frame.filename).name == "conf.py"]
        place = (of_conf[-1].filename, of_conf[-1].lineno) if of_conf else ("", None)
    return {"level": "error", "file": place[0], "line": place[1], "text": text}


# -- a look ahead ------------------------------------------------------------------------


def preview(building: Building, order: Mapping[str, Any], tell: Tell) -> None:
    """Read the documents of an order again and write their pages into its folder.

    Each page is told as soon as it stands there. Nothing that a build leaves or leans
    on is touched: not its doctrees, not its output.
    """
    app, folder = building.app, Path(order["folder"])
    building.collector.heard.clear()
    building.collector.through = None
    _aside(app, order["shown"])
    preview_pages(app, order["documents"], folder)
    files = _files(app)
    for name in order["documents"]:
        path = folder / f"{len(files)}-{name.replace('/', '-')}.html"
        _write(app, name, path)
        report = {"kind": "page", "page": files[name], "path": str(path), "document": name}
        tell(report | {"images": _images(app, folder)})
    words = _words(app.env)
    tell(
        {
            "kind": "previewed",
            "complaints": [diagnostic.as_dict() for diagnostic in building.collector.heard],
            "read": order["documents"],
            "words": {name: words[name] for name in order["documents"] if name in words},
        }
    )


def preview_pages(app: Any, documents: list[str], folder: Path) -> None:  # noqa: ANN401
    """Read documents again, and leave nothing of it where the build has what it left."""
    env, builder = app.env, app.builder
    builder.doctreedir = folder
    toctrees = {name: env.toctree_includes.get(name) for name in documents}
    builder.phase = BuildPhase.READING
    for name in documents:
        _read(app, name)
    list(env.check_dependents(app, set(documents)))  # numbers of sections
    if any(env.toctree_includes.get(name) != before for name, before in toctrees.items()):
        builder.relations = env.collect_relations()
    for name in documents:
        _keep_tree(env, folder, name)


def _aside(app: Any, shown: str) -> None:  # noqa: ANN401
    """Turn all that a page writes away from the build's own folders."""
    builder = app.builder
    app.outdir = builder.outdir = Path(shown)  # the digests of sheets are those that are shown
    builder.copysource = False
    builder.indexer = None
    builder.images = {}


def _read(app: Any, name: str) -> None:  # noqa: ANN401
    env = app.env
    app.emit("env-purge-doc", env, name)
    env.clear_doc(name)
    app.builder.read_doc(name)


def _keep_tree(env: Any, folder: Path, name: str) -> None:  # noqa: ANN401
    """Have the tree of a page found that was read just now, and not by the last build."""
    cached_doctrees(env)[name] = (folder / f"{name}.doctree").read_bytes()


def _write(app: Any, name: str, path: Path) -> None:  # noqa: ANN401
    builder = app.builder
    builder.phase = BuildPhase.RESOLVING
    doctree = app.env.get_and_resolve_doctree(name, builder, tags=app.tags)
    builder.phase = BuildPhase.WRITING
    builder.write_doc_serialized(name, doctree)
    with _written_to(builder, path):
        builder.write_doc(name, doctree)


@contextmanager
def _written_to(builder: Any, path: Path) -> Iterator[None]:  # noqa: ANN401
    """Have the one page that is written land elsewhere."""
    ordinary = builder.handle_page

    def handle_page(*arguments: Any, **keywords: Any) -> None:  # noqa: ANN401
        ordinary(*arguments, **(keywords | {"outfilename": path}))

    builder.handle_page = handle_page
    yield
    del builder.handle_page


def _images(app: Any, folder: Path) -> dict[str, str]:  # noqa: ANN401
    """Copies of the pictures on a page, by the names that the page knows them by."""
    builder = app.builder
    images = {}
    for source, name in builder.images.items():
        copy = folder / f"image-{name}"
        try:
            shutil.copyfile(Path(app.srcdir, source), copy)
        except OSError:
            continue  # Sphinx has told of it
        images[f"{builder.imagedir}/{name}"] = str(copy)
    builder.images = {}
    return images


@contextmanager
def opened(order: Mapping[str, Any]) -> Iterator[Building]:
    """A build within the state of docutils that Sphinx sets up and clears away."""
    source = command.get_parser().parse_args(order["arguments"]).sourcedir
    with patch_docutils(source), docutils_namespace():
        yield Building(order)


def send_line(stream: io.TextIOBase) -> Tell:
    """Tell in lines of JSON."""

    def tell(report: dict[str, Any]) -> None:
        stream.write(json.dumps(report) + "\n")
        stream.flush()

    return tell
