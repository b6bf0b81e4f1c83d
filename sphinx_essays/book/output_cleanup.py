"""Delete output of removed essays, and recover from killed builds.

Sphinx does not delete the output of a removed document. So for each output a list of
the files written is stored beside the doctrees; a file on the list that is no longer
written is deleted. A marker file is created before reading and deleted at the end of
the build. If a build finds the marker of an earlier one, that build was killed and all
pages are written again.
"""

from __future__ import annotations

import json
import os
import pickle
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.book.pages import essay_domain, remove, write_atomic, written_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

UNFINISHED = ".unfinished"


def setup(app: Sphinx) -> None:
    """Register the handlers: create the marker before reading, clean up at the end."""
    app.connect("env-get-outdated", begin)
    app.connect("env-updated", record_pending)
    app.connect("build-finished", finish, priority=900)


def begin(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _gone: set[str]
) -> list[str]:
    """Create the marker; return the documents whose doctree a killed build has damaged."""
    folder = Path(app.doctreedir)
    was_killed = any(folder.glob(f"*{UNFINISHED}"))
    if has_page_files(app):
        note_path = path_of(app, UNFINISHED)
        essay_domain(env).previous_build_interrupted = note_path.exists()
        note_path.touch()
    return [name for name in env.all_docs if not _is_stored(env, name)] if was_killed else []


def record_pending(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Add the files to be written to the marker; return all pages after a killed build."""
    if not has_page_files(app):
        return []
    path = path_of(app, UNFINISHED)
    write_atomic(path, json.dumps(sorted(_read(path) | set(_published(app, env)))))
    return sorted(env.all_docs) if essay_domain(env).previous_build_interrupted else []


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Delete files that are no longer written, store the list, delete the marker."""
    if exception is not None or not has_page_files(app):
        return
    now = set(_published(app, app.env)) | essay_domain(app.env).written_files
    for name in known_files(app) - now:
        remove(Path(app.outdir, name), Path(app.outdir))
    write_atomic(path_of(app, ".files"), json.dumps(sorted(now)))
    path_of(app, UNFINISHED).unlink(missing_ok=True)


def known_files(app: Sphinx) -> set[str]:
    """Return the files that earlier builds have written, or were going to write."""
    return _read(path_of(app, ".files")) | _read(path_of(app, UNFINISHED))


def has_page_files(app: Sphinx) -> bool:
    """Return whether the builder writes a file for each document."""
    return written_file(app, app.config.root_doc) is not None


def path_of(app: Sphinx, suffix: str) -> Path:
    """Return a path beside the doctrees that is unique to the builder and its output."""
    key = repr((app.builder.name, os.fspath(app.outdir))).encode()
    return Path(app.doctreedir, f"essays-{blake2b(key, digest_size=12).hexdigest()}{suffix}")


def _is_stored(env: BuildEnvironment, docname: str) -> bool:
    """Return whether the doctree of a document can be unpickled."""
    try:
        with Path(env.doctreedir, f"{docname}.doctree").open("rb") as stored:
            pickle.load(stored)  # noqa: S301 (Sphinx's own file)
    except Exception:  # noqa: BLE001 (a damaged pickle can raise anything)
        return False
    return True


def _published(app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
    """Yield every file that the builder writes for documents, images and downloads."""
    root = len(os.fspath(app.outdir)) + 1
    images = getattr(app.builder, "imagedir", "")
    for name in env.all_docs:
        if page := written_file(app, name):
            yield os.fspath(page)[root:].replace(os.sep, "/")
        source = env.doc2path(name, base=False)
        yield f"_sources/{source}{app.config.html_sourcelink_suffix}"
    for _docs, copy in env.images.values():
        yield f"{images}/{copy}"
    for _docs, download in env.dlfiles.values():
        yield f"_downloads/{download}"


def _read(path: Path) -> set[str]:
    try:
        return set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()
