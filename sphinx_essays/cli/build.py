"""``sphinx-essays build DIR [OUTPUT …]``: build the book."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

DEFAULT = "html"
# The file to open first in each output.
OUTPUTS = {
    "html": "index.html",
    "pdf": "book.pdf",
    "epub": "*.epub",
    "dirhtml": "index.html",
    "singlehtml": "index.html",
    "latex": "",
    "text": "",
    "man": "",
    "texinfo": "",
    "xml": "",
    "gettext": "",
    "linkcheck": "output.txt",
}
# Builders whose name differs from the name of the output.
BUILDERS = {"pdf": "essaypdf"}
# Options of sphinx-build whose value is a separate argument.
OPTIONS_WITH_VALUE = frozenset({"-A", "-D", "-b", "-c", "-j", "-t", "-w", "--builder", "--tag"})
# The doctrees of gettext contain message ids, so other outputs cannot share them.
DOCTREES = {"gettext": "doctrees-gettext"}


class CommandError(Exception):
    """An error that the user can fix; printed without a traceback."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "build",
        help="build the book",
        description="Build the book in DIR and write it to DIR/_build. All other options are "
        "passed to sphinx-build (-W, -n, -E, -j …).",
        allow_abbrev=False,
    )
    parser.add_argument(
        "directory", metavar="DIR", type=Path, help="the folder that contains conf.py"
    )
    parser.add_argument(
        "outputs",
        metavar="OUTPUT",
        nargs="*",
        default=[],
        help=f"output formats (default: {DEFAULT}); choose from {', '.join(OUTPUTS)}",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write to OUT instead of DIR/_build"
    )
    parser.set_defaults(run=run, takes_more=True)


def run(options: argparse.Namespace) -> int:
    """Build the outputs in turn and return the highest exit status.

    :raises CommandError: if the book or an output is unknown.
    """
    directory = find_book(options.directory)
    late, arguments = split_outputs(options.more)
    outputs = [*options.outputs, *late] or [DEFAULT]
    for output in outputs:
        if output not in OUTPUTS:
            raise CommandError(f"unknown output '{output}'. Choose from {', '.join(OUTPUTS)}.")
    target = options.output or directory / "_build"
    statuses = [build(directory, target, output, arguments) for output in outputs]
    return max(statuses)


def split_outputs(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Separate outputs named after an option (``-W text``) from the arguments for Sphinx.

    Return the outputs and the other arguments.
    """
    pairs = list(zip(["", *arguments], arguments, strict=False))
    outputs = [
        word for before, word in pairs if word in OUTPUTS and before not in OPTIONS_WITH_VALUE
    ]
    rest = [
        word for before, word in pairs if word not in OUTPUTS or before in OPTIONS_WITH_VALUE
    ]
    return outputs, rest


def build(directory: Path, target: Path, output: str, arguments: list[str]) -> int:
    """Run Sphinx in a separate process, because two runs in one process share state."""
    doctrees = target / DOCTREES.get(output, "doctrees")
    builder = BUILDERS.get(output, output)
    written = target / builder
    command = [
        sys.executable, "-m", "sphinx", "-b", builder, "-d", str(doctrees),
        "-j", "auto", *arguments, str(directory), str(written),
    ]  # fmt: skip
    # The process is ours and ends with the build, so its garbage collector may be tuned:
    # see sphinx_essays/book/memory_usage.py.
    environment = {"SPHINX_ESSAYS_TUNE_GC": "1"} | os.environ
    status = subprocess.run(command, check=False, env=environment).returncode
    if status:
        print(f"\n{output}: failed. See the messages above.", file=sys.stderr)
    else:
        print(f"\n{output}: {entry_point(written, OUTPUTS[output])}")
    return status


def entry_point(written: Path, pattern: str) -> Path:
    """Return the file to open first; the newest if the name depends on the book."""
    files = written.glob(pattern) if pattern else ()
    return max(files, key=lambda path: path.stat().st_mtime_ns, default=written / pattern)


def find_book(directory: Path) -> Path:
    """Return `directory` if it contains a book.

    :raises CommandError: if it has no ``conf.py``.
    """
    if (directory / "conf.py").is_file():
        return directory
    raise CommandError(
        f"{directory / 'conf.py'} not found. "
        f"Run 'sphinx-essays new {shlex.quote(str(directory))}' to create a book."
    )
