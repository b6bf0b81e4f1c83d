"""``sphinx-essays import SOURCE DIR``: make a book from a blog."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.cli.build import CommandError

if TYPE_CHECKING:
    import argparse

    from sphinx_essays.importing import ImportResult

KINDS = ("wordpress", "markdown", "ablog", "text")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "import",
        help="make a book from a blog",
        description="Create a book in DIR from SOURCE: a WordPress export, a folder of "
        "Markdown files with front matter (Jekyll, Hugo), a Ghost export, an ABlog site, or "
        "plain text pasted from a blog. Run the command again to add new posts to the book.",
    )
    parser.add_argument("source", metavar="SOURCE", type=Path, help="a file or a folder")
    parser.add_argument(
        "directory",
        metavar="DIR",
        type=Path,
        help="a new folder, or the folder of an earlier import",
    )
    parser.add_argument(
        "--from",
        dest="kind",
        choices=KINDS,
        default="",
        help="the type of SOURCE (default: detect it)",
    )
    parser.set_defaults(run=run, takes_more=False)


def run(options: argparse.Namespace) -> int:
    """Import the source and print the report and the next command.

    :raises CommandError: if the source or the folder cannot be used.
    """
    from sphinx_essays import importing  # noqa: PLC0415 (slow to load, and no other command needs it)

    try:
        outcome = importing.run(options.source, options.directory, options.kind)
    except importing.SourceError as error:
        raise CommandError(str(error)) from error
    for line in outcome.remarks:
        print(line)
    print(summary(outcome))
    return 0


def summary(outcome: ImportResult) -> str:
    """Return what was imported and the command that shows the book."""
    if not outcome.written:
        return f"Nothing new to import. {outcome.directory} is unchanged."
    new = f"Imported {outcome.essays} essays and {outcome.files} other files to "
    known = f"; {outcome.known} essays were imported before" if outcome.known else ""
    book = shlex.quote(str(outcome.directory))
    return (
        f"\n{new}{outcome.directory}{known}.\n"
        f"{len(outcome.remarks)} remarks for you to check are in {outcome.report}.\n"
        f"To preview the book, run:\n\n  sphinx-essays live {book}\n"
    )
