"""Read files: of limited size, decoded, and never from outside the source folder."""

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
# The Bible has about 4.5 MB.
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
# Encodings of blogs from before UTF-8.
ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "iso8859_2", "iso8859_15", "mac_roman", "cp932", "euc_jp", "gb18030", "big5", "cp949",
    "utf_16",
)  # fmt: skip
SKIPPED = frozenset({"_site", "_build", "node_modules", "__pycache__"})
GENERATED = frozenset({"public", "resources"})  # by Hugo, in the folder of the site itself


class SourceError(Exception):
    """A source that cannot be read; the message says what to do."""


def read_bytes(path: Path, longest: int = LONGEST_TEXT) -> bytes:
    """Return the content of a file of at most `longest` bytes.

    :raises SourceError: if it is not a file, is too large or cannot be read.
    """
    if not path.is_file():
        raise SourceError(f"{path} is not a file.")
    size = path.stat().st_size
    if size > longest:
        raise SourceError(
            f"{path} has {size // MEGABYTE} MB; the limit is {longest // MEGABYTE}. "
            "Split it between two essays, for instance by year, and import each part."
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error


def read_text(path: Path) -> tuple[str, str]:
    """Return the text of a file, and its encoding if that had to be guessed."""
    return decode(read_bytes(path), str(path))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return `data` as text, and its encoding if that had to be guessed.

    A byte order mark decides, else UTF-8 is tried.

    :raises SourceError: if no encoding fits, with the position of the first wrong byte.
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
    """Return the most likely encoding, or an empty string if none fits."""
    if b"\x00" in data:
        return ""
    from charset_normalizer import from_bytes  # noqa: PLC0415 (rarely needed)

    piece = data[:ENOUGH_TO_GUESS]
    guess = from_bytes(piece, cp_isolation=[*ENCODINGS]).best()
    if guess is None:
        return ""
    # A short text in Latin letters fits a dozen encodings, of which cp1252 is the most usual.
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
        f"{name}: not imported, because byte {start} fits no encoding. "
        "Save the file as UTF-8 in an editor, and import it again."
    )


def walk(folder: Path, leave_out: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield the files below a folder in order; symbolic links out of it are not followed."""
    root = folder.resolve()
    left_out = {path.resolve() for path in leave_out}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in SKIPPED
            and not (name in GENERATED and here == folder)
            and not (here / name).is_symlink()
            and (here / name).resolve() not in left_out
        )
        for name in sorted(files):
            path = here / name
            if not name.startswith(".") and is_inside(path, root) and path.is_file():
                yield path


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path is inside a folder after its symbolic links are resolved."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False
