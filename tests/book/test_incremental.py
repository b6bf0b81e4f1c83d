"""An incremental build writes what a clean build would have written.

``ESSAYS_SEQUENCES=300 pytest tests/book/test_incremental.py`` tries 300 sequences of
edits; an ordinary run tries a few.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from support.heavy import heavy
from support.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book

    Differing = Callable[[Path, Path], list[str]]

PARTS = 3
ESSAYS = 50  # with three parts and the cover, 54 pages
CONF = """
project = {project!r}
author = "A. N. Author"
copyright = "A. N. Author"
html_last_updated_fmt = None
html_baseurl = "https://example.org/"
extensions = ["sphinx_essays"]
suppress_warnings = ["essays.draft"]
"""
MANY = 10  # kills, at least one of them during a build
WORDS = (
    "the clock of a town is wrong and everybody in it knows by how much for they have "
    "counted minutes since the war when a mayor put it forward so that bombs would be late"
).split()


class Writer:
    """A writer who edits the book at random and saves."""

    def __init__(self, book: Book, seed: int) -> None:
        self.book = book
        self.chance = random.Random(seed)  # noqa: S311 (not a secret)
        self.parts: list[list[str]] = [[] for _ in range(PARTS)]
        self.titles = [f"Part {number}" for number in range(PARTS)]
        self.count = 0
        self.project = "Book"
        for number in range(ESSAYS):
            self._add(self.parts[number % PARTS])
        self._save_order()

    # -- sources -------------------------------------------------------------------

    def _sentence(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=12)).capitalize() + "."

    def _add(self, part: list[str]) -> None:
        name = f"essay{self.count}"
        self.count += 1
        part.insert(self.chance.randint(0, len(part)), name)
        others = [one for every in self.parts for one in every if one != name]
        other = self.chance.choice(others) if others else "index"
        year, tag = self.chance.randint(1990, 2020), self.chance.choice("abcd")
        section = f"A section of {name}\n{'-' * 40}\n\n"
        picture = (
            f".. image:: {name}.gif\n   :alt: A dot\n\n" if self.chance.random() < 0.1 else ""
        )
        alias = f":aliases: /old/{name}/\n" if self.chance.random() < 0.2 else ""
        entry = f".. index:: {self.chance.choice(WORDS)}\n\n"
        self.book.write(
            {
                f"{name}.rst": f":date: {year}-05-03\n:tags: {tag}\n{alias}\nTitle of {name}\n"
                f"{'=' * 30}\n\n{entry}{self._sentence()} See :doc:`{other}`.\n\n{picture}"
                f".. _at-{name}:\n\n{section}{self._sentence()}\n"
            }
        )
        if picture:
            (self.book.source / f"{name}.gif").write_bytes(PIXEL)

    def _save_order(self) -> None:
        files = {"conf.py": CONF.format(project=self.project)}
        for number, part in enumerate(self.parts):
            entries = "".join(f"   {name}\n" for name in part)
            title = self.titles[number]
            files[f"part{number}.rst"] = f"{title}\n{'=' * 40}\n\n.. toctree::\n\n{entries}"
        entries = "".join(f"   part{number}\n" for number in range(PARTS))
        files["index.rst"] = (
            "Cover\n=====\n\n.. essays::\n   :sort: date\n   :limit: 5\n\n"
            f".. toctree::\n\n{entries}"
        )
        for name, text in files.items():
            path = self.book.source / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                self.book.write({name: text})

    # -- edits ----------------------------------------------------------------------

    def _some(self) -> Path:
        name = self.chance.choice([one for part in self.parts for one in part])
        return self.book.source / f"{name}.rst"

    def _change(self, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> None:
        path = self._some()
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(pattern, replacement, text, count=1), encoding="utf-8")

    def edit_body(self) -> None:
        self._change(r"\Z", f"\n{self._sentence()}\n")

    def edit_section_title(self) -> None:
        self._change(r"A section of", f"{self.chance.choice(WORDS)} section of")

    def edit_essay_title(self) -> None:
        self._change(r"Title of", self.chance.choice(["Title", "Name", "Head"]) + " of")

    def edit_date(self) -> None:
        self._change(r":date: \d+", f":date: {self.chance.randint(1990, 2020)}")

    def add_update(self) -> None:
        day = self.chance.randint(10, 28)
        self._change(r"\Z", f"\n.. update:: {day} May 2021\n\n   {self._sentence()}\n")

    def draft_on(self) -> None:
        self._change(r"\A(?!:status)", ":status: draft\n")

    def draft_off(self) -> None:
        for path in self.book.source.glob("*.rst"):
            text = path.read_text(encoding="utf-8")
            if text.startswith(":status: draft\n"):
                path.write_text(text.removeprefix(":status: draft\n"), encoding="utf-8")
                break

    def reorder(self) -> None:
        self.chance.shuffle(self.chance.choice(self.parts))

    def add(self) -> None:
        self._add(self.chance.choice(self.parts))

    def remove(self) -> None:
        path = self._some()
        path.unlink()
        path.with_suffix(".gif").unlink(missing_ok=True)
        for part in self.parts:
            if path.stem in part:
                part.remove(path.stem)
        for other in self.book.source.glob("*.rst"):
            text = other.read_text(encoding="utf-8")
            if f"`{path.stem}`" in text:
                other.write_text(text.replace(f":doc:`{path.stem}`", "it"), encoding="utf-8")

    def rename_part(self) -> None:
        self.titles[self.chance.randrange(PARTS)] = f"Part {self.chance.choice(WORDS)}"

    def edit_conf(self) -> None:
        self.project = self.chance.choice(["Book", "Volume", "Tome"])

    def edits(self) -> list[Callable[[], None]]:
        return [
            self.edit_body, self.edit_section_title, self.edit_essay_title, self.edit_date,
            self.add_update, self.draft_on, self.draft_off, self.reorder, self.add,
            self.remove, self.rename_part, self.edit_conf,
        ]  # fmt: skip

    def edit(self) -> list[str]:
        """Make an edit or several at once; return their kinds."""
        chosen = self.chance.choices(self.edits(), k=self.chance.choice([1, 1, 2, 3]))
        for change in chosen:
            change()
        self._save_order()
        return [change.__name__ for change in chosen]


PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)


def set_aside(out: Path) -> Path:
    """Move an output away, to compare another with it."""
    aside = out.parent.with_name("incremental")
    shutil.rmtree(aside, ignore_errors=True)
    return out.rename(aside)


@pytest.mark.parametrize(
    ("builder", "jobs"),
    [
        ("html", 0),
        pytest.param("dirhtml", 2, marks=heavy),
        pytest.param("dirhtml", 0, marks=heavy),
        pytest.param("html", 2, marks=heavy),
    ],
)
def test_incremental_build_equals_a_clean_build(
    *,
    book: Book,
    builder: str,
    jobs: int,
    differing: Differing,
) -> None:
    sequences = max(size_of("SEQUENCES") // 4, 1)
    for seed in range(sequences):
        shutil.rmtree(book.source)
        shutil.rmtree(book.target, ignore_errors=True)
        book.source.mkdir()
        writer = Writer(book, seed)
        out = book.clean(builder, parallel=jobs)
        done = []
        for _save in range(2):
            done.append(writer.edit())
            book.clean(builder, parallel=jobs)
        found = set_aside(out)
        shutil.rmtree(book.target)
        wanted = book.clean(builder, parallel=jobs)
        assert differing(found, wanted) == [], (seed, done)


# -- killed builds -------------------------------------------------------------------------


def sphinx(book: Book, *more: str) -> subprocess.Popen[bytes]:
    """Start a build in a process group of its own, as a command does."""
    command = [
        sys.executable, "-m", "sphinx", "-q", "-b", "html", *more,
        "-d", str(book.target / "read"), str(book.source), str(book.target / "html"),
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True)


@heavy
def test_incremental_build_repairs_a_build_that_was_killed(
    book: Book,
    differing: Differing,
) -> None:
    """Kill at random moments of reading, writing and finishing, after edits or from clean."""
    writer = Writer(book, 1)
    assert sphinx(book).wait() == 0
    began = time.monotonic()
    assert sphinx(book, "-E", "-a").wait() == 0
    whole = time.monotonic() - began
    killed, kills = 0, size_of("KILLS")
    for number in range(kills):
        jobs = ["-j", "2"] if number % 2 else []
        if number % 3 == 0:
            shutil.rmtree(book.target)
        writer.edit()
        writer.edit_conf()
        writer._save_order()
        process = sphinx(book, *jobs)
        time.sleep(writer.chance.uniform(0.3, 1.0) * whole)
        killed += process.poll() is None
        with contextlib.suppress(ProcessLookupError):  # it was faster
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert sphinx(book, *jobs).wait() == 0
        found = set_aside(book.target / "html")
        shutil.rmtree(book.target)
        assert sphinx(book).wait() == 0
        assert differing(found, book.target / "html") == [], number
    assert killed or kills < MANY
