"""The command line: options of sphinx-autobuild, of sphinx-build and of sphinx-essays."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.compat.servers import autobuild_api

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PORT = 8000
# Folders of version control, editors and tools; temporary files of editors that save.
EXTRA_WATCHED = frozenset({
    ".git", ".hg", ".svn", ".idea", ".vscode", ".venv", ".tox", ".nox", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", "node_modules", "__pycache__", "venv", "_build",
})  # fmt: skip
TEMPORARY_FILES = re.compile(r"\..*|.*~|#.*#|4913|.*\.(?:sw[a-z]|tmp|new|bak|crswap)")
SHOWN, BUILT, DOCTREES, PRINTED = "live", "live-built", "live-doctrees", "live-pdf"
PREVIEWED = ("html", "dirhtml")


@dataclass(frozen=True)
class Settings:
    """The parsed command line."""

    source: Path
    target: Path
    host: str
    port: int | None
    """The port given, or None to use the default port or any free port."""
    watched: list[Path]
    is_ignored: Callable[[str], bool]
    arguments: list[str]
    """The arguments for sphinx-build."""
    open_browser: bool
    delay: float
    builds_first: bool
    before: list[list[str]] = field(default_factory=list)
    after: list[list[str]] = field(default_factory=list)
    forks: bool = True
    prints: bool = False

    @property
    def printed(self) -> Path:
        """The folder of the PDFs."""
        return self.target / PRINTED

    @property
    def shown(self) -> Path:
        """The folder that is served."""
        return self.target / SHOWN

    @property
    def built(self) -> Path:
        """The folder that Sphinx writes to."""
        return self.target / BUILT


def read(
    directory: Path, target: Path, extra: Sequence[str], *, forks: bool, prints: bool
) -> Settings:
    """Parse the command line with sphinx-autobuild's own parser.

    :param extra: the options that sphinx-essays does not know.
    :raises ImportError: if the installed sphinx-autobuild has another interface.
    :raises SystemExit: if an option is wrong; the parser has printed why.
    """
    parse, ignore_filter = autobuild_api()
    source, target = directory.resolve(), target.resolve()
    arguments = [
        *("-d", str(target / DOCTREES), "-j", "auto"), *extra,
        str(source), str(target / BUILT),
    ]  # fmt: skip
    args, for_sphinx = parse(arguments)
    watched = [source, *(Path(folder).resolve() for folder in args.additional_watched_dirs)]
    outputs = [target / name for name in (SHOWN, BUILT, DOCTREES, PRINTED)]
    ignored = [*args.ignore, *outputs, args.warnings_file, args.doctree_dir]
    is_asked = ignore_filter([pattern for pattern in ignored if pattern], args.re_ignore)
    return Settings(
        source=source,
        target=target,
        host=args.host,
        port=args.port if any(argument.startswith("--port") for argument in extra) else None,
        watched=watched,
        is_ignored=lambda path: is_asked(path) or is_temporary_file(Path(path), watched),
        arguments=for_sphinx,
        open_browser=args.open_browser,
        delay=args.delay,
        builds_first=not args.no_initial_build,
        before=[shlex.split(entry) for entry in args.pre_build],
        after=[shlex.split(entry) for entry in args.post_build],
        forks=forks,
        prints=prints,
    )


def is_temporary_file(path: Path, watched: Sequence[Path]) -> bool:
    """Return whether a file belongs to an editor or a tool and not to the book."""
    for folder in watched:
        if path.is_relative_to(folder):
            above = path.relative_to(folder).parts[:-1]
            return bool(EXTRA_WATCHED.intersection(above)) or bool(
                TEMPORARY_FILES.fullmatch(path.name)
            )
    return False


def as_autobuild(directory: Path, target: Path, extra: Sequence[str]) -> list[str]:
    """Return the arguments for running sphinx-autobuild itself."""
    return [
        *("-d", os.fspath(target / DOCTREES), "--port", "0"), *extra,
        os.fspath(directory), os.fspath(target / SHOWN),
    ]  # fmt: skip
