"""What our elements cost to read, beside the same words in docutils' block quotes.

Run with ``pytest -m bench -s tests/bench/test_reading.py``; it prints the table.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.bench
ESSAYS = 1000
RUNS = 3
AT_MOST = {"epigraphs": 1.4, "quotes": 1.8}  # the aim is 1.1
VOCABULARY = [f"{a}{b}{c}" for a in "bdflmnprst" for b in "aeiou" for c in ("n", "r", "st", "")]


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(VOCABULARY) for _ in range(words)) + "."


def elements(kind: str, lifted: str, chance: random.Random) -> list[str]:
    """Five elements of ours, or the same words as docutils' block quotes or epigraphs."""
    said = [lifted, *(sentence(chance, 25) for _ in range(5))]
    if kind != "ours":
        head = ".. epigraph::\n\n" if kind == "epigraphs" else ""
        bodies = [said[0], f"{said[1]}\n\n   -- Somebody", said[2], said[3]]
        bodies.append(f"{said[4]}\n\n   {said[5]}")
        return [f"{head}   {one}\n" for one in bodies]
    return [
        f".. pull-quote::\n   :align: right\n\n   {said[0]}\n",
        f".. pull-quote::\n\n   {said[1]}\n\n   -- Somebody\n",
        f".. update:: 20 April 2014\n\n   {said[2]}\n",
        f".. correction:: 2015\n\n   {said[3]}\n",
        f".. overheard:: here\n\n   A: {said[4]}\n\n   B: {said[5]}\n",
    ]


def write(source: Path, kind: str) -> None:
    source.mkdir()
    extensions = ["sphinx_essays"] if kind == "ours" else []
    (source / "conf.py").write_text(f"extensions = {extensions}\n", encoding="utf-8")
    names = [f"essay{number}" for number in range(ESSAYS)]
    toctree = "".join(f"   {name}\n" for name in names)
    (source / "index.rst").write_text(
        f"Book\n====\n\n.. toctree::\n\n{toctree}", encoding="utf-8"
    )
    for number, name in enumerate(names):
        chance = random.Random(number)  # noqa: S311 (a corpus, no secret)
        paragraphs = [sentence(chance, 60) + "\n" for _ in range(15)]
        lifted = " ".join(paragraphs[3].split()[10:35])
        for place, element in enumerate(elements(kind, lifted, chance)):
            paragraphs.insert(3 * place + 1, element)
        text = "\n".join(["Essay", "=====", "", *paragraphs])
        (source / f"{name}.rst").write_text(text, encoding="utf-8")


def cpu_seconds(source: Path, target: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-E",
        "-b",
        "dummy",
        str(source),
        str(target),
    ]
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("other", ["epigraphs", "quotes"])
def test_elements_take_little_longer_to_read_than_those_of_docutils(
    tmp_path: Path, other: str
) -> None:
    for kind in ("ours", other):
        write(tmp_path / kind, kind)
    ratios = []
    for run in range(RUNS):
        spent = {
            kind: cpu_seconds(tmp_path / kind, tmp_path / f"{kind}-out{run}")
            for kind in ("ours", other)
        }
        ratios.append(spent["ours"] / spent[other])
        print(f"ours {spent['ours']:.1f} s, {other} {spent[other]:.1f} s: {ratios[-1]:.2f}")
    assert sorted(ratios)[RUNS // 2] <= AT_MOST[other]
