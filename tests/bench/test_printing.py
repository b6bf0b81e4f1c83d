"""What printing costs, beside xelatex run as ``make latexpdf`` runs it.

Run with ``pytest -m bench -s tests/bench/test_printing.py``; it prints the table. The
comparison asks for TeX (latexmk, xelatex).
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Spend = Callable[..., Any]

pytestmark = pytest.mark.bench
WORDS = 1600
# Of what Typst is to take, xelatex takes so many times as much.
AT_MOST = 0.7
GROWTH = 12  # for ten times the essays
MEMORY = 1024  # MiB
SIZE = 5  # MB


@pytest.fixture
def write_book(tmp_path: Path, prose: Callable[[int, int], list[str]]) -> Callable[[int], Path]:
    """A book of so many essays in parts of twenty, with notes, pull-quotes and updates."""

    def write(essays: int) -> Path:
        source = tmp_path / f"book-{essays}"
        source.mkdir()
        conf = 'project = "Test"\nauthor = "A. N. Author"\nextensions = ["sphinx_essays"]\n'
        (source / "conf.py").write_text(conf, encoding="utf-8")
        names = []
        for number in range(essays):
            body = prose(number, WORDS)
            lifted = " ".join(body[4].split()[8:24])
            body[2] += " [#]_"
            body[6] += " [#]_"
            body.insert(5, f".. pull-quote::\n   :check: no\n\n   {lifted}")
            body.append(f".. update:: 3 May 2021\n\n   {prose(1, 25)[0]}")
            body += [f".. [#] {prose(note, 17)[0]}" for note in (2, 3)]
            title = f"The essay of number {number}"
            head = f":date: {1990 + number % 30}-05-03\n:standfirst: What was to be said.\n\n"
            text = "\n\n".join(body)
            (source / f"essay{number:04}.rst").write_text(
                f"{head}{title}\n{'=' * len(title)}\n\n{text}\n", encoding="utf-8"
            )
            names.append(f"essay{number:04}")
        parts = [names[at : at + 20] for at in range(0, essays, 20)]
        toctrees = "\n".join(
            f".. toctree::\n   :caption: Part {place}\n\n"
            + "".join(f"   {name}\n" for name in part)
            for place, part in enumerate(parts, 1)
        )
        (source / "index.rst").write_text(f"Book\n====\n\n{toctrees}", encoding="utf-8")
        return source

    return write


def print_with_typst(spend: Spend, source: Path, out: Path) -> tuple[Any, Any]:
    """All of it from nothing, and the printing alone of what has been read."""
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "essaypdf", "-d", str(out / "read")]
    whole = spend(*build, str(source), str(out / "pdf"))
    return whole, spend(*build, str(source), str(out / "pdf"))


def print_with_latex(spend: Spend, source: Path, out: Path) -> tuple[Any, Any]:
    """The same: what LaTeX itself takes, and the writing of its source with it."""
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "latex", "-d", str(out / "read")]
    build += ["-D", "latex_engine=xelatex"]
    whole = spend(*build, str(source), str(out / "latex"))
    again = spend(*build, "-E", str(source), str(out / "latex"))
    latex = spend("make", "all-pdf", "LATEXMKOPTS=-interaction=nonstopmode", cwd=out / "latex")
    assert again.seconds
    return latex._replace(seconds=whole.seconds + latex.seconds), latex


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


@pytest.mark.skipif(not shutil.which("xelatex"), reason="xelatex is not installed")
def test_pdf_of_100_essays_takes_at_most_70_percent_of_xelatex_time(
    write_book: Callable[[int], Path], spend: Spend, tmp_path: Path
) -> None:
    source = write_book(100)
    ours, printing = print_with_typst(spend, source, tmp_path / "typst")
    theirs, latex = print_with_latex(spend, source, tmp_path / "tex")
    size = megabytes(tmp_path / "typst" / "pdf" / "book.pdf")
    print(f"\n             whole     printing   memory    on {os.cpu_count()} processors")
    print(
        f"  Typst    {ours.seconds:6.1f} s   {printing.seconds:6.1f} s  {ours.memory:5.0f} MiB"
    )
    print(
        f"  xelatex  {theirs.seconds:6.1f} s   {latex.seconds:6.1f} s  {latex.memory:5.0f} MiB"
    )
    print(f"  ratio    {ours.seconds / theirs.seconds:6.2f}     ", end="")
    print(f"{printing.seconds / latex.seconds:6.2f}     {size:.1f} MB")
    assert printing.seconds <= AT_MOST * latex.seconds
    assert ours.seconds <= AT_MOST * theirs.seconds
    assert ours.memory <= MEMORY
    assert size <= SIZE


def test_pdf_of_ten_times_the_essays_takes_at_most_twelve_times_as_long(
    write_book: Callable[[int], Path], spend: Spend, tmp_path: Path
) -> None:
    few, _printing = print_with_typst(spend, write_book(100), tmp_path / "few")
    many, _printing = print_with_typst(spend, write_book(1000), tmp_path / "many")
    print(f"\n  100: {few.seconds:.1f} s, {few.memory:.0f} MiB", end="")
    print(f"   1,000: {many.seconds:.1f} s, {many.memory:.0f} MiB", end="")
    print(f"   {many.seconds / few.seconds:.1f}-fold")
    assert many.seconds <= GROWTH * few.seconds
