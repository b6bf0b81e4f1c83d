"""The ``sphinx-essays`` command, with the subcommands new, import, build and live.

The subcommands are thin: ``sphinx-build`` and ``sphinx-autobuild`` can do the same.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from sphinx_essays import __version__
from sphinx_essays.cli import build, import_, live, new

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (new, import_, build, live)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit status, which is Sphinx's if Sphinx runs."""
    parser = make_parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not options.takes_more:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.more = rest
    try:
        return int(options.run(options))
    except CommandError as error:
        print(f"sphinx-essays: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def make_parser() -> argparse.ArgumentParser:
    """Return a parser with a subparser for each command."""
    parser = argparse.ArgumentParser(
        prog="sphinx-essays",
        description="Create, import, build and preview a book of essays.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


CommandError = build.CommandError
