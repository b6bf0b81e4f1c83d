"""``sphinx-essays live DIR``: preview the book while you write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.cli.build import find_book

if TYPE_CHECKING:
    import argparse


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "live",
        help="preview the book while you write",
        description="Build the book in DIR, serve it on this machine, and update the open page "
        "whenever you save a file. All other options are those of sphinx-autobuild and "
        "sphinx-build (--port, --host, --open-browser, --watch, --ignore …).",
        allow_abbrev=False,
    )
    parser.add_argument(
        "directory", metavar="DIR", type=Path, help="the folder that contains conf.py"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write to OUT instead of DIR/_build"
    )
    parser.add_argument(
        "--no-preview",
        action="store_true",
        help="update the page only after a full build, as on Windows and macOS",
    )
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="also write PDFs of the book and of each essay you save, to OUT/live-pdf",
    )
    parser.set_defaults(run=run, takes_more=True)


def run(options: argparse.Namespace) -> int:
    """Serve the book until the user presses Ctrl-C."""
    from sphinx_essays.live import session  # noqa: PLC0415 (slow to load, and no other command needs it)

    directory = find_book(options.directory)
    target = options.output or directory / "_build"
    return session.serve(
        directory, target, options.more, preview=not options.no_preview, prints=options.pdf
    )
