"""What all measures share: a command's cost, and generated essays, the same each time."""

from __future__ import annotations

import os
import random
import subprocess
from itertools import accumulate, product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WORDS = 1200  # of an essay
IN_A_PART = 20
PARAGRAPH = 80
# English in its proportions: two words in five are of the commonest few, the others
# follow Zipf's law, end as English words do, and are new for ever (Heaps' law).
COMMONEST = (
    "the of and a to in is that it was for on with he as you at be his had not are but from"
).split()
SYLLABLES = ["".join(one) for one in product("bcdfglmnprstvw", "aeiou", ("", "n", "r", "l"))]
ENDINGS = ["", "", "", "s", "ed", "ing", "ly", "ness", "er", "ation"]
VOCABULARY = 30_000
OFFSET = 12  # Mandelbrot's: the first words are not as common as Zipf would have them


class Spent(NamedTuple):
    """Processor seconds (user and system), and the most memory of one process, in MiB."""

    seconds: float
    memory: float


class Corpus:
    """A vocabulary, and books of any size that are written with it."""

    def __init__(self) -> None:
        chance = random.Random(1)  # noqa: S311 (a corpus, no secret)
        stems = ["".join(pair) for pair in product(SYLLABLES, SYLLABLES)]
        chance.shuffle(stems)
        self._words = [f"{stem}{chance.choice(ENDINGS)}" for stem in stems[:VOCABULARY]]
        self._weights = list(
            accumulate(1 / (rank + OFFSET) for rank in range(len(self._words)))
        )

    def write(self, folder: Path, essays: int, theme: str) -> Path:
        """A book of so many essays, twenty in each part, for a theme; returns its folder.

        The essays hold what every theme can set: sections, emphasis, links to other
        essays, a list, a quotation, a date.
        """
        folder.mkdir(parents=True)
        _put(folder / "conf.py", _conf(theme))
        names = [f"part{n // IN_A_PART:03}/essay{n:05}" for n in range(essays)]
        parts = [names[at : at + IN_A_PART] for at in range(0, essays, IN_A_PART)]
        chapters = _toctree(f"{part[0][:7]}/index" for part in parts)
        _put(folder / "index.rst", _headed("The book", "="), chapters)
        for number, part in enumerate(parts):
            here = folder / part[0].partition("/")[0]
            here.mkdir()
            inside = _toctree(name.partition("/")[2] for name in part)
            _put(here / "index.rst", _headed(f"Part {number}", "="), inside)
        for number, name in enumerate(names):
            _put(folder / f"{name}.rst", *self._essay(number, names))
        return folder

    def _essay(self, number: int, names: list[str]) -> Iterator[str]:
        chance = random.Random(number)  # noqa: S311
        yield f":date: {1990 + number % 30}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield _headed(f"Essay {number}, {' '.join(self._say(chance, 3))}", "=")
        for place in range(WORDS // PARAGRAPH):
            if place in (4, 9):
                yield _headed(" ".join(self._say(chance, 4)).capitalize(), "-")
            words = list(self._say(chance, PARAGRAPH))
            words[20] = f"*{words[20]}*"
            if place % 5 == 1:
                other = names[max(0, number - chance.randrange(1, 9))]
                words[40] = f":doc:`/{other}`"
            indent = "   " if place == 6 else "* " if place == 11 else ""
            yield f"{indent}{_sentences(words)}"

    def _say(self, chance: random.Random, count: int) -> Iterator[str]:
        rare = iter(chance.choices(self._words, cum_weights=self._weights, k=count))
        for _ in range(count):
            yield chance.choice(COMMONEST) if chance.random() < 0.4 else next(rare)


def _headed(words: str, line: str) -> str:
    return f"{words}\n{line * len(words)}"


def _sentences(words: list[str]) -> str:
    lines = [words[at : at + 16] for at in range(0, len(words), 16)]
    return " ".join(f"{line[0][:1].upper()}{' '.join(line)[1:]}." for line in lines)


def _conf(theme: str) -> str:
    lines = ['project = "The book"', 'author = "A. N. Author"']
    ours = theme == "sphinx_essays"
    lines.append('extensions = ["sphinx_essays"]' if ours else f"html_theme = {theme!r}")
    return "\n".join(lines)


def _toctree(names: Iterable[str]) -> str:
    return ".. toctree::\n\n" + "".join(f"   {name}\n" for name in names)


def _put(path: Path, *blocks: str) -> None:
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def write_corpus() -> Callable[[Path, int, str], Path]:
    """Write a book of so many essays for a theme: ``write_corpus(folder, 50, "basic")``."""
    return Corpus().write


@pytest.fixture(scope="session")
def spend(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Spent]:
    """Run a command with all that it starts, in a folder: ``spend("make", cwd=folder)``."""
    said = tmp_path_factory.mktemp("said") / "said"

    def run(*command: str, cwd: Path = Path()) -> Spent:
        with said.open("w+", encoding="utf-8") as file:
            process = subprocess.Popen(command, cwd=cwd, stdout=file, stderr=file)
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, said.read_text(encoding="utf-8")[-4000:]
        return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    return run
