"""Real prose: the sample essays, and books of any size made of their sentences."""

from __future__ import annotations

import random
import re
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from support.paths import DOCS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book


@pytest.fixture(scope="session")
def docs_sources() -> list[Path]:
    """The sources of the sample essays, found in the folder and nowhere else."""
    return sorted(
        path for path in (DOCS / "collection").rglob("*.rst") if path.name != "index.rst"
    )


@pytest.fixture(scope="session")
def sentences(docs_sources: list[Path]) -> list[str]:
    """Plain sentences of the sample essays: real prose, which packs as prose does."""
    found: list[str] = []
    for path in docs_sources:
        for paragraph in re.split(r"\n{2,}", path.read_text(encoding="utf-8")):
            if re.match(r"[A-Z“]", paragraph) and not re.search(r"[*`|\[\]_:]", paragraph):
                if set(paragraph.splitlines()[-1]) <= set("=-~"):
                    continue
                found += re.split(r"(?<=[a-z”][.?!]) (?=[A-Z])", " ".join(paragraph.split()))
    return found


@pytest.fixture(scope="session")
def prose(sentences: list[str]) -> Callable[[int, int], list[str]]:
    """Paragraphs of so many words, the same for the same seed: ``prose(seed, words)``."""

    def write(seed: int, words: int) -> list[str]:
        chance = random.Random(seed)  # noqa: S311 (a corpus, no secret)
        all_words = list(
            chain.from_iterable(one.split() for one in chance.sample(sentences, len(sentences)))
        )
        all_words = (all_words * (words // len(all_words) + 1))[:words]
        return [" ".join(all_words[at : at + 80]) for at in range(0, words, 80)]

    return write


@pytest.fixture
def big_book(book: Book, prose: Callable[[int, int], list[str]]) -> Callable[[int, bool], Path]:
    """Build a book of so many essays, in one toctree or in none.

    Essay 7 is of 1,200 words in all, notes, pull-quote and update included; the others
    are short, for none of their words may be on its page.
    """

    def build(essays: int, toctree: bool) -> Path:  # noqa: FBT001
        files = {}
        for number in range(essays):
            head = (
                f":date: {1990 + number % 30}-{number % 12 + 1:02}-{number % 28 + 1:02}\n"
                f":tags: tag{number % 9}, tag{number % 7}\n"
                f":standfirst: What was to be said, number {number}, and who said it.\n\n"
            )
            title = f"The essay of number {number}"
            body = prose(number, 1200 - 75 if number == 7 else 40)
            if number == 7:
                lifted = " ".join(body[4].split()[8:24])
                body[2] += " [#]_"
                body[6] += " [#]_"
                body.insert(
                    5, f".. pull-quote::\n   :align: right\n   :check: no\n\n   {lifted}"
                )
                body.append(f".. update:: 3 May 2021\n\n   {prose(1, 25)[0]}")
                body += [f".. [#] {prose(note, 17)[0]}" for note in (2, 3)]
            text = "\n\n".join(body)
            files[f"essay{number:04}.rst"] = f"{head}{title}\n{'=' * len(title)}\n\n{text}\n"
        names = "".join(f"   {name[:-4]}\n" for name in files) if toctree else ""
        files["index.rst"] = "Book\n====\n\nWords.\n" + (
            f"\n.. toctree::\n\n{names}" if toctree else ""
        )
        book.write(files)
        return book.build("html")

    return build
