"""From a save to its words in the browser, beside sphinx-autobuild with the same theme,
and to its words on paper, beside a build of the PDF alone.

Run with ``pytest -m bench -s tests/bench/test_live.py``; it prints the table. It wants a
Chromium. ``--essays 200`` leaves out the largest book.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Loop

pytestmark = [pytest.mark.bench, pytest.mark.browser]
SAVES = 10
DOCS = Path(__file__).resolve().parents[2] / "docs"
# Of what sphinx-autobuild takes, as many times less; by the number of essays.
AT_LEAST = {20: 8, 200: 15, 2000: 20}
PRINTED = "collection/street/the-lido"
WRITTEN = "part000/essay00003"
REST = 1.0  # seconds between a settled build and the next save
LONGEST = 180_000  # milliseconds


def milliseconds(loop: Loop, browser: Any, source: Path) -> list[float]:
    """Save ten times, and wait each time until the words are seen, then until all is built."""
    address = loop.wait_for(r"http://127\.0\.0\.1:\d+", 300)[0]
    loop.wait_for("build succeeded|build finished", 300)
    page = browser.new_page()
    page.goto(f"{address}/{WRITTEN}.html")
    path = source / f"{WRITTEN}.rst"
    before = path.read_text(encoding="utf-8")
    found = []
    for number in range(SAVES):
        time.sleep(REST)
        words = f"Zebra{number} is here."
        built = "".join(loop.lines).count("build succeeded")
        begun = time.perf_counter()
        path.write_text(f"{before}\n{words}\n", encoding="utf-8")
        page.wait_for_function(
            "words => document.body && document.body.textContent.includes(words)",
            arg=words,
            timeout=LONGEST,
            polling=5,
        )
        found.append((time.perf_counter() - begun) * 1000)
        while "".join(loop.lines).count("build succeeded") == built:
            time.sleep(0.05)
    page.close()
    path.write_text(before, encoding="utf-8")
    loop.stop()
    return found


@pytest.mark.parametrize("essays", AT_LEAST)
def test_a_save_shows_many_times_sooner_than_with_sphinx_autobuild(
    *,
    essays: int,
    request: pytest.FixtureRequest,
    write_corpus: Callable[[Path, int, str], Path],
    start_loop: Callable[[list[str]], Loop],
    chromium: Any,
    tmp_path: Path,
) -> None:
    if essays > int(request.config.getoption("--essays")):
        pytest.skip("larger than --essays")
    source = write_corpus(tmp_path / "source", essays, "sphinx_essays")
    ours = [str(Path(sys.executable).parent / "sphinx-essays"), "live", str(source)]
    theirs = [sys.executable, "-P", "-m", "sphinx_autobuild", "--port", "0"]
    theirs += ["-d", str(tmp_path / "doctrees"), str(source), str(tmp_path / "html")]
    mine = milliseconds(start_loop([*ours, "-o", str(tmp_path / "ours")]), chromium, source)
    other = milliseconds(start_loop(theirs), chromium, source)
    ratio = statistics.median(other) / statistics.median(mine)
    print(f"\n\n  {essays} essays, milliseconds from a save to its words")
    for name, found in (("sphinx-essays live", mine), ("sphinx-autobuild", other)):
        print(
            f"  {name:20} {statistics.median(found):6.0f} ({min(found):.0f}-{max(found):.0f})"
        )
    print(f"  {ratio:.1f} times sooner")
    assert ratio >= AT_LEAST[essays]


def print_times(loop: Loop, source: Path, printed: Path) -> dict[str, list[float]]:
    """Save ten times, and wait each time until the essay is printed, and the book."""
    loop.wait_for("build succeeded", 300)
    files = {"essay": printed / "essays" / f"{PRINTED}.pdf", "book": printed / "book.pdf"}
    path = source / f"{PRINTED}.rst"
    before = path.read_text(encoding="utf-8")
    while not files["book"].exists():
        time.sleep(0.05)
    found: dict[str, list[float]] = {name: [] for name in files}
    for number in range(SAVES):
        time.sleep(REST)
        words = f"Zebra{number} is here."
        begun = time.perf_counter()
        path.write_text(f"{before}\n{words}\n", encoding="utf-8")
        stamps = {name: stamp(one) for name, one in files.items()}
        for name, one in files.items():
            while stamp(one) == stamps[name]:
                time.sleep(0.005)
            found[name].append(time.perf_counter() - begun)
        for one in files.values():
            assert words in " ".join(page.extract_text() for page in pypdf.PdfReader(one).pages)
    loop.stop()
    return found


def stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def test_an_essay_and_the_book_are_printed_soon_after_a_save(
    start_loop: Callable[[list[str]], Loop],
    spend: Callable[..., Any],
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "docs", tmp_path / "build"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build"))
    ours = [str(Path(sys.executable).parent / "sphinx-essays"), "live", str(source), "--pdf"]
    loop = start_loop([*ours, "-o", str(target), "--port", "0"])
    found = print_times(loop, source, target / "live-pdf")
    begun = time.perf_counter()
    alone = [sys.executable, "-P", "-m", "sphinx", "-q", "-b", "essaypdf"]
    spend(*alone, "-d", str(tmp_path / "doctrees"), str(source), str(tmp_path / "pdf"))
    once = time.perf_counter() - begun
    print("\n\n  the documentation, seconds from a save to paper")
    for name, times in found.items():
        print(f"  {name:6} {statistics.median(times):5.2f} ({min(times):.2f}-{max(times):.2f})")
    print(f"  the PDF builder alone, from nothing: {once:.2f}")
    assert statistics.median(found["essay"]) <= once
    assert statistics.median(found["book"]) <= 2 * once
