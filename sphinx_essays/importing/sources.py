"""What is read from a disk: bounded, decoded, and never outside the folder named."""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_essays.importing.essay import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEGABYTE = 1_000_000
# The Bible has four and a half.
LONGEST_TEXT = 20 * MEGABYTE
LONGEST_EXPORT = 1000 * MEGABYTE
ENOUGH_TO_GUESS = 200_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What blogs were written in before UTF-8.
ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "iso8859_2", "iso8859_15", "mac_roman", "cp932", "euc_jp", "gb18030", "big5", "cp949",
    "utf_16",
)  # fmt: skip
SKIPPED = frozenset({"_site", "_build", "node_modules", "__pycache__", "public", "resources"})


class SourceError(Exception):
    """A source that cannot be read; the message says how to go on."""


def read_bytes(path: Path, longest: int = LONGEST_TEXT) -> bytes:
    """Read a file that is one, and no longer than is sensible.

    :raises SourceError: where it is not.
    """
    if not path.is_file():
        raise SourceError(f"{path} is no file.")
    size = path.stat().st_size
    if size > longest:
        raise SourceError(
            f"{path} has {size // MEGABYTE} MB; up to {longest // MEGABYTE} can be read. "
            "Cut it between two essays, for instance by year, and import each piece."
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error


def read_text(path: Path) -> tuple[str, str]:
    """Read words; gives them, and their encoding where it had to be guessed."""
    return decode(read_bytes(path), str(path))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Read bytes as UTF-8, as their mark says, or as what they look like.

    :raises SourceError: where nothing fits, with the place of the first strange byte.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return clean(data.decode(encoding)), ""
            except UnicodeDecodeError as error:
                raise SourceError(_undecidable(name, error.start)) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        encoding = _guess(data)
        if not encoding:
            raise SourceError(_undecidable(name, error.start)) from error
        return clean(data.decode(encoding)), encoding
    if "\x00" in text:
        raise SourceError(_undecidable(name, data.index(b"\x00")))
    return clean(text), ""


def _guess(data: bytes) -> str:
    """The encoding that makes most sense of the bytes; nothing where none does."""
    if b"\x00" in data:
        return ""
    from charset_normalizer import from_bytes  # noqa: PLC0415 (only where it is wanted)

    piece = data[:ENOUGH_TO_GUESS]
    guess = from_bytes(piece, cp_isolation=[*ENCODINGS]).best()
    if guess is None:
        return ""
    # A short text may be in any of a dozen encodings with Latin letters. Most are in this one.
    is_latin = all(
        re.search("Latin|Punctuation|Control", alphabet) for alphabet in guess.alphabets
    )
    western = from_bytes(piece, cp_isolation=["cp1252"]).best() if is_latin else None
    best = western if western and western.coherence >= guess.coherence else guess
    try:
        data.decode(best.encoding)
    except UnicodeDecodeError:
        return ""
    return best.encoding


def _undecidable(name: str, start: int) -> str:
    return (
        f"{name}: byte {start} fits no encoding, so it was left out. "
        "Save the file as UTF-8 in an editor, and import again."
    )


def walk(folder: Path, leave_out: Iterable[Path] = ()) -> Iterator[Path]:
    """Every file below a folder, in order; links that lead out of it are not followed."""
    root = folder.resolve()
    left_out = {path.resolve() for path in leave_out}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in SKIPPED
            and not (here / name).is_symlink()
            and (here / name).resolve() not in left_out
        )
        for name in sorted(files):
            path = here / name
            if not name.startswith(".") and is_inside(path, root) and path.is_file():
                yield path


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path, its links followed, stays in a folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False
