"""PDFs of single essays and of the whole book, for ``sphinx-essays live --pdf``.

Uses the environment of the last build and the documents saved since, in a child process that
exits afterwards. Only this module and ``building`` use Sphinx's internals.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sphinx.util.tags import Tags

from sphinx_essays.live import BOOK, building, printed_name
from sphinx_essays.live.diagnostics import PRINTED, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.builders import Builder

BUILDER = "essaypdf"


def print_pages(book: building.Building, order: Mapping[str, Any], tell: building.Tell) -> None:
    """Print the pages of an order and send a report after each.

    :param order: the `pages` to print, the `documents` saved since the build, a `folder` for
        temporary files, and the folder for the PDFs (`printed`).
    """
    book.collector.prints = False
    book.collector.phase = lambda: PRINTED
    collected = book.collector.collected
    with TemporaryDirectory(dir=order["folder"], prefix="press-") as folder:
        if order["documents"]:
            building.preview_pages(book.app, order["documents"], Path(folder))
        builder = _take(book.app, Path(folder))
        for page in order["pages"]:
            collected.clear()
            try:
                _print(builder, page, Path(order["printed"]))
            except Exception as error:  # noqa: BLE001 (an error in a page must not stop the others)
                text = str(error).strip() or type(error).__name__
                collected.append(Diagnostic("error", "", None, text, PRINTED))
            complaints = [diagnostic.as_dict() for diagnostic in collected]
            tell({"kind": "printed", "page": page, "complaints": complaints})


def _take(app: Any, folder: Path) -> Builder:  # noqa: ANN401
    """Replace the HTML builder of the application with the PDF builder."""
    before = app.builder
    others = {before.format, before.name, f"format_{before.format}", f"builder_{before.name}"}
    app.tags = Tags([tag for tag in app.tags if tag not in others])  # Tags caches conditions
    app.outdir = folder
    builder: Builder = app.registry.create_builder(app, BUILDER, env=app.env)
    app.builder = builder
    builder.init()
    app.events.emit("builder-inited")
    return builder


def _print(builder: Any, page: str, printed: Path) -> None:  # noqa: ANN401
    builder.images = {}
    result = builder.outdir / printed_name(BOOK)
    result.unlink(missing_ok=True)
    if page == BOOK:
        builder.write_documents(set())
    else:
        builder.write_essay(page)
    if result.exists():  # without the Typst compiler there is only a warning
        target = printed / printed_name(page)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(result, target.with_suffix(".new"))
        target.with_suffix(".new").replace(target)
