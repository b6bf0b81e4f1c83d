"""From a save to its words in the browser, beside sphinx-autobuild with the same theme.

Run with ``pytest -m bench -s tests/bench/test_live.py``; it prints the table. It wants a
Chromium. ``--essays 200`` leaves out the largest book.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Loop

pytestmark = [pytest.mark.bench, pytest.mark.browser]
SAVES = 10
# Of what sphinx-autobuild takes, as many times less; by the number of essays.
AT_LEAST = {20: 8, 200: 15, 2000: 20}
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
