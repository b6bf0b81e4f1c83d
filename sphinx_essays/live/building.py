"""Full builds, and previews of single pages.

A full build does what ``sphinx-build`` does. A preview reads some documents again and writes
their pages into a separate folder, in a child process that exits afterwards. Only this module
and ``printing`` use Sphinx's internals.
"""

from __future__ import annotations

import json
import logging
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
from sphinx.util import logging as sphinx_logging
from sphinx.util.build_phase import BuildPhase
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_essays.compat.environment import cached_doctrees, parse_overrides
from sphinx_essays.live import diagnostics

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator, Mapping

    from sphinx.builders import Builder

    Tell = Callable[[dict[str, Any]], None]

PHASES = {
    BuildPhase.INITIALIZATION: diagnostics.WHOLE,
    BuildPhase.READING: diagnostics.READ,
    BuildPhase.WRITING: diagnostics.WRITTEN,
}
FEW = 5  # documents; with so few, forking takes longer than reading them
DRAFTS = {"essays_drafts": True}


class WarningCollector(sphinx_logging.WarningStreamHandler):
    """A log handler that keeps Sphinx's warnings as diagnostics and prints them."""

    def __init__(self) -> None:
        super().__init__(sphinx_logging.SafeEncodingWriter(sys.stderr))
        self.collected: list[diagnostics.Diagnostic] = []
        self.prints = True
        self.phase: Callable[[], str] = lambda: diagnostics.WHOLE

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.collected.append(diagnostics.from_record(record, self.phase()))
        except Exception:  # noqa: BLE001 (as in every handler, a bad message stops no build)
            self.handleError(record)
            return
        if self.prints:
            super().emit(record)

    def install(self) -> None:
        """Replace Sphinx's own handler of warnings, and take over its filters and format.

        The filters drop suppressed and repeated warnings and resolve locations. They count
        what passes, so only a single handler may have them.
        """
        logger = logging.getLogger(sphinx_logging.NAMESPACE)
        for handler in logger.handlers[:]:
            if isinstance(handler, sphinx_logging.WarningStreamHandler):
                logger.removeHandler(handler)
                self.setLevel(handler.level)
                self.setFormatter(handler.formatter)
                self.filters = handler.filters
        logger.addHandler(self)


class Building:
    """A full build; its Sphinx application is kept for previews and PDFs."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self.order = order
        self.collector = WarningCollector()
        self.read: set[str] = set()
        self.written: set[str] = set()
        self.app: Any = None
        self._has_checked = False

    def make(self, tell: Tell) -> bool:
        """Build, send a report with `tell`, and return whether the build succeeded."""
        report: dict[str, Any] = {"kind": "built"}
        begun = time.monotonic()
        try:
            self.app = self._open()
            self.app.builder.epilog = ""  # it names the build folder, not the served folder
            self.app.build(force_all=self.order["all"])
        except (Exception, SystemExit) as error:  # noqa: BLE001 (an author's conf.py may do anything)
            report["failure"] = _failure(error)
        else:
            report |= self._knowledge()
        report["complaints"] = [diagnostic.as_dict() for diagnostic in self.collector.collected]
        report["seconds"] = time.monotonic() - begun
        tell(report)
        return "failure" not in report

    def _open(self) -> Sphinx:
        parser = command.get_parser()
        args = parser.parse_args(self.order["arguments"])
        overrides = parse_overrides(parser, args)
        with _installed(self.collector):
            app = Sphinx(
                args.sourcedir,
                None if args.noconfig else args.confdir or args.sourcedir,
                args.outputdir,
                args.doctreedir,
                args.builder,
                confoverrides=DRAFTS | overrides,
                status=None if self.order["quiet"] or args.quiet else sys.stdout,
                freshenv=args.freshenv or self.order["fresh"],
                tags=args.tags,
                verbosity=args.verbosity,
                parallel=args.jobs,
            )
        self.collector.phase = lambda: self._phase(app)
        app.connect("write-started", self._note_writing)
        app.connect("env-get-outdated", self._touch, priority=999)
        app.connect("env-before-read-docs", lambda _app, _env, names: self.read.update(names))
        app.connect("env-before-read-docs", _read_here)
        app.connect("doctree-resolved", lambda _app, _tree, name: self.written.add(name))
        return app

    def _note_writing(self, _app: Sphinx, _builder: Builder) -> None:
        self._has_checked = True

    def _phase(self, app: Sphinx) -> str:
        """Return the current phase, for a diagnostic.

        Sphinx's CONSISTENCY_CHECK and RESOLVING are equal, but a warning from checking belongs
        to the book, and a warning from resolving to the document that is written.
        """
        later = diagnostics.WRITTEN if self._has_checked else diagnostics.CHECKED
        return PHASES.get(app.phase, later)

    def _touch(self, app: Sphinx, env: Any, *_changes: set[str]) -> list[str]:  # noqa: ANN401
        """Return the documents saved during the previous build.

        Sphinx records the time *after* it has read a document, so it misses a save during
        the reading.
        """
        touched = set(self.order["touched"])
        return [name for name in env.all_docs if touched & set(_sources(app, name))]

    # -- what the server needs to know ------------------------------------------------

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


@contextmanager
def _installed(collector: WarningCollector) -> Iterator[None]:
    """Install a collector as soon as Sphinx has set up its logging.

    ``Sphinx()`` first removes all handlers and then reads ``conf.py``. A handler added before
    is lost, and a handler added afterwards misses the warnings of ``conf.py`` and extensions.
    """
    original = sphinx_logging.setup

    def setup(*arguments: Any, **keywords: Any) -> None:  # noqa: ANN401
        original(*arguments, **keywords)
        collector.install()

    sphinx_logging.setup = setup
    try:
        yield
    finally:
        sphinx_logging.setup = original


def _read_here(app: Sphinx, _env: Any, names: list[str]) -> None:  # noqa: ANN401
    """Read a few documents in this process instead of forking.

    Sphinx forks even for a single document, and a child sends the whole environment back.
    Also, reading here fills the caches that later previews use.
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
    """Return the documents that include or show a file, by the path of the file."""
    owners: dict[str, list[str]] = {}
    for name, paths in app.env.dependencies.items():
        for path in paths:
            owners.setdefault(os.path.normpath(Path(app.srcdir, path)), []).append(name)
    return owners


def _files(app: Sphinx) -> dict[str, str]:
    """Return the page of each document, relative to the output folder."""
    builder: Any = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return {}
    return {
        name: Path(builder.get_output_path(name)).relative_to(app.outdir).as_posix()
        for name in app.env.all_docs
    }


def _whole(app: Sphinx) -> list[str]:
    """Return the folders that affect every page: templates, static and extra files, themes."""
    config = app.config
    beside = (*config.html_static_path, *config.html_extra_path, *config.templates_path)
    theme = getattr(app.builder, "theme", None)
    themes = [str(folder) for folder in theme.get_theme_dirs()] if theme else []
    return [*(os.path.normpath(Path(app.confdir, name)) for name in beside), *themes]


def _words(env: Any) -> dict[str, int]:  # noqa: ANN401
    """Return the word count of each document, if sphinx-essays is loaded."""
    domain = env.domains.get("essays")
    return {name: page.words for name, page in domain.pages.items()} if domain else {}


def _failure(error: BaseException) -> dict[str, Any]:
    """Print the traceback, and return the error with its place in ``conf.py`` if known."""
    traceback.print_exception(error)
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


# -- previews ----------------------------------------------------------------------------


def preview(building: Building, order: Mapping[str, Any], tell: Tell) -> None:
    """Read the documents of an order again and write their pages into its folder.

    Send a report as soon as each page is written. Neither the doctrees nor the output of
    the full build are changed.
    """
    app, folder = building.app, Path(order["folder"])
    building.collector.collected.clear()
    building.collector.prints = False
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
            "complaints": [diagnostic.as_dict() for diagnostic in building.collector.collected],
            "read": order["documents"],
            "words": {name: words[name] for name in order["documents"] if name in words},
        }
    )


def preview_pages(app: Any, documents: list[str], folder: Path) -> None:  # noqa: ANN401
    """Read documents again, and write their doctrees into `folder` only."""
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
    """Redirect everything written together with a page, away from the build's folders."""
    builder = app.builder
    # Checksums in the links to style sheets must be those of the served files.
    app.outdir = builder.outdir = Path(shown)
    builder.copysource = False
    builder.indexer = None
    builder.images = {}


def _read(app: Any, name: str) -> None:  # noqa: ANN401
    env = app.env
    app.emit("env-purge-doc", env, name)
    env.clear_doc(name)
    app.builder.read_doc(name)


def _keep_tree(env: Any, folder: Path, name: str) -> None:  # noqa: ANN401
    """Make Sphinx load the doctree just read, not the doctree of the last build."""
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
    """Write the next page to `path`."""
    ordinary = builder.handle_page

    def handle_page(*arguments: Any, **keywords: Any) -> None:  # noqa: ANN401
        ordinary(*arguments, **(keywords | {"outfilename": path}))

    builder.handle_page = handle_page
    yield
    del builder.handle_page


def _images(app: Any, folder: Path) -> dict[str, str]:  # noqa: ANN401
    """Copy the images of a page; return the copies by the names used in the page."""
    builder = app.builder
    images = {}
    for source, name in builder.images.items():
        copy = folder / f"image-{name}"
        try:
            shutil.copyfile(Path(app.srcdir, source), copy)
        except OSError:
            continue  # Sphinx has warned about it
        images[f"{builder.imagedir}/{name}"] = str(copy)
    builder.images = {}
    return images


@contextmanager
def opened(order: Mapping[str, Any]) -> Iterator[Building]:
    """Yield a build, with the global state of docutils set up and restored as Sphinx does."""
    source = command.get_parser().parse_args(order["arguments"]).sourcedir
    with patch_docutils(source), docutils_namespace():
        yield Building(order)


def send_line(stream: io.TextIOBase) -> Tell:
    """Return a function that writes each report to a stream as a line of JSON."""

    def tell(report: dict[str, Any]) -> None:
        stream.write(json.dumps(report) + "\n")
        stream.flush()

    return tell
