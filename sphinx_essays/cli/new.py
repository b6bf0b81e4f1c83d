"""``sphinx-essays new DIR``: create a book."""

from __future__ import annotations

import datetime as dt
import getpass
import locale
import os
import re
import shlex
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from sphinx_essays.cli.build import CommandError

if TYPE_CHECKING:
    import argparse
    from importlib.resources.abc import Traversable


# Characters that are markup in reStructuredText, anywhere or at the start of a line.
MARKUP = re.compile(r"[*`|_\\]|^[^\w\s]")
UNTITLED = "Essays"
UNKNOWN_LANGUAGE = "en"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "new",
        help="create a book",
        description="Create a small but complete book in DIR: conf.py, a cover, two parts and "
        "three sample essays to replace with your own.",
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="a new or empty folder")
    parser.set_defaults(run=run, takes_more=False)


def run(options: argparse.Namespace) -> int:
    """Copy the skeleton and fill in the title, author, date and language.

    :raises CommandError: if DIR is not empty or cannot be written.
    """
    directory: Path = options.directory
    if directory.exists() and not directory.is_dir():
        raise CommandError(f"{directory} is a file. Choose a new or empty folder.")
    if directory.is_dir() and any(directory.iterdir()):
        raise CommandError(f"{directory} is not empty. Choose a new or empty folder.")
    try:
        copy(resources.files("sphinx_essays.cli") / "skeleton", directory, guess(directory))
    except OSError as error:
        raise CommandError(f"cannot write to {directory}: {error.strerror}.") from error
    live = f"sphinx-essays live {shlex.quote(str(directory))}"
    print(f"Created a book in {directory.resolve()}\nTo preview it, run:\n\n  {live}\n")
    return 0


def guess(directory: Path) -> dict[str, str]:
    """Return values for the placeholders of the skeleton.

    The title comes from the name of the folder, the rest from the machine.
    """
    name = directory.resolve().name
    title = " ".join(name.replace("-", " ").replace("_", " ").split()) or UNTITLED
    title = title[:1].upper() + title[1:]
    today = dt.datetime.now().astimezone().date()
    author = _author()
    return {
        "title": MARKUP.sub(r"\\\g<0>", title),
        "underline": "=" * max(4, 2 * len(title)),
        "project": repr(title),
        "author": repr(author),
        "copyright": repr(f"{today.year}, {author}"),
        "language": _language(),
        "today": today.isoformat(),
    }


def copy(source: Traversable, target: Path, values: dict[str, str]) -> None:
    """Copy a folder and replace placeholders such as ``$title``."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            copy(entry, target / entry.name, values)
        else:
            text = Template(entry.read_text(encoding="utf-8")).substitute(values)
            (target / entry.name.removesuffix(".in")).write_text(text, encoding="utf-8")


def _author() -> str:
    """Return the name in git's configuration, or else the user name on this machine."""
    if git := shutil.which("git"):
        command = [git, "config", "user.name"]
        name = subprocess.run(command, check=False, capture_output=True, text=True).stdout
        if name.strip():
            return name.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "A. N. Author"


def _language() -> str:
    """Return the language of the machine, as Babel writes it ("de_DE").

    It is "en" if no language is set ("C", "POSIX") or if Babel does not know it. The
    variables are those of POSIX, in their order; Windows has a locale but not the variables.
    """
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, variables), None) or locale.setlocale(locale.LC_CTYPE)
    name = re.split("[.@]", name)[0]
    if name in {"C", "POSIX"}:  # Babel reads them as en_US_POSIX
        return UNKNOWN_LANGUAGE
    try:
        return str(Locale.parse(locale.normalize(name).split(".")[0]))
    except (UnknownLocaleError, ValueError):
        return UNKNOWN_LANGUAGE
