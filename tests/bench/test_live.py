"""From a save to its words in the browser, beside sphinx-autobuild with the same theme,
and to its words on paper, beside a build of the PDF alone.

Run with ``pytest -m bench -s tests/bench/test_live.py``; it prints the table. It wants a
Chromium. ``--essays 200`` leaves out the larger books. With VitePress in the folder that
``ESSAYS_NODE_MODULES`` names, its hot reload is measured too: it shows the edited page
and builds nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from support.paths import DOCS

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.live import Loop

pytestmark = [pytest.mark.bench, pytest.mark.browser]
SAVES = 10
# Of what sphinx-autobuild takes, as many times less; by the number of essays.
AT_LEAST = {20: 8, 200: 15, 500: 15, 2000: 20}
WARNED = 0.5  # seconds from a save to the warning on the page
PRINTED = "collection/street/the-lido"
WRITTEN = "part000/essay00003"
REST = 1.0  # seconds between a settled build and the next save
LONGEST = 180_000  # milliseconds


def milliseconds(
    loop: Loop, browser: Any, path: Path, built_when: str = "build succeeded"
) -> list[float]:
    """Save ten times, and wait each time until the words are seen, then until all is built."""
    if built_when:
        loop.wait_for(built_when, 600)
    address = loop.wait_for(r"http://[\w.]+:\d+")[0]
    page = browser.new_page()
    page.goto(
        f"{address}/{WRITTEN}.html", wait_until="networkidle" if not built_when else "load"
    )
    before = path.read_text(encoding="utf-8")
    found = []
    for number in range(SAVES):
        time.sleep(REST)
        words = f"Zebra{number} is here."
        built = "".join(loop.lines).count(built_when)
        begun = time.perf_counter()
        path.write_text(f"{before}\n{words}\n", encoding="utf-8")
        page.wait_for_function(
            "words => document.body && document.body.textContent.includes(words)",
            arg=words,
            timeout=LONGEST,
            polling=5,
        )
        found.append((time.perf_counter() - begun) * 1000)
        while built_when and "".join(loop.lines).count(built_when) == built:
            time.sleep(0.05)
    page.close()
    path.write_text(before, encoding="utf-8")
    loop.stop()
    return found


@pytest.mark.parametrize("essays", AT_LEAST)
def test_live_preview_is_many_times_faster_than_sphinx_autobuild(
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
    path = source / f"{WRITTEN}.rst"
    mine = milliseconds(start_loop([*ours, "-o", str(tmp_path / "ours")]), chromium, path)
    other = milliseconds(start_loop(theirs), chromium, path)
    rows = {"sphinx-essays live": mine, "sphinx-autobuild": other}
    modules = Path(os.environ.get("ESSAYS_NODE_MODULES", "nowhere")).resolve()
    if (modules / "vitepress").is_dir():
        site = write_vitepress_site(source, tmp_path / "site", modules)
        vitepress = start_loop([str(modules / ".bin" / "vitepress"), "dev", str(site)])
        rows["VitePress"] = milliseconds(vitepress, chromium, site / f"{WRITTEN}.md", "")
    print(f"\n\n  {essays} essays, milliseconds from a save to its words")
    for name, found in rows.items():
        print_row(name, found)
    ratio = statistics.median(other) / statistics.median(mine)
    print(f"  {ratio:.1f} times sooner than sphinx-autobuild")
    assert ratio >= AT_LEAST[essays]


def print_row(name: str, found: list[float]) -> None:
    middle = statistics.median(found)
    print(f"  {name:20} {middle:6.0f} ({min(found):.0f}-{max(found):.0f})")


def write_vitepress_site(source: Path, folder: Path, modules: Path) -> Path:
    """The same essays in Markdown, for VitePress."""
    for path in source.rglob("*.rst"):
        text = re.sub(r"(?m)^(.+)\n=+$", r"# \1", path.read_text(encoding="utf-8"))
        text = re.sub(r"(?m)^(.+)\n-+$", r"## \1", text)
        target = folder / path.relative_to(source).with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (folder / "node_modules").symlink_to(modules)
    return folder


def test_live_warning_appears_within_half_a_second(
    write_corpus: Callable[[Path, int, str], Path],
    start_loop: Callable[[list[str]], Loop],
    chromium: Any,
    tmp_path: Path,
) -> None:
    source = write_corpus(tmp_path / "source", 200, "sphinx_essays")
    command = [str(Path(sys.executable).parent / "sphinx-essays"), "live", str(source)]
    loop = start_loop([*command, "--port", "0"])
    loop.wait_for("build succeeded", 300)
    page = chromium.new_page()
    page.goto(loop.wait_for(r"http://[\w.]+:\d+")[0] + f"/{WRITTEN}.html")
    path = source / f"{WRITTEN}.rst"
    before = path.read_text(encoding="utf-8")
    come, gone = [], []
    for number in range(SAVES):
        name = f"unknown{number}"
        for found, text in ((come, f"{before}\n.. {name}::\n"), (gone, before)):
            time.sleep(REST)
            begun = time.perf_counter()
            path.write_text(text, encoding="utf-8")
            page.wait_for_function(
                """([name, there]) => there === document.querySelector("essay-live")
                     .shadowRoot.textContent.includes(name)""",
                arg=[name, found is come],
                timeout=LONGEST,
                polling=5,
            )
            found.append((time.perf_counter() - begun) * 1000)
    page.close()
    print("\n\n  200 essays, milliseconds from a save to its warning")
    print_row("told", come)
    print_row("gone", gone)
    assert statistics.median(come) <= WARNED * 1000
    assert statistics.median(gone) <= WARNED * 1000


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
        stamps = {name: modification_time(one) for name, one in files.items()}
        for name, one in files.items():
            while modification_time(one) == stamps[name]:
                time.sleep(0.005)
            found[name].append(time.perf_counter() - begun)
        for one in files.values():
            assert words in " ".join(page.extract_text() for page in pypdf.PdfReader(one).pages)
    loop.stop()
    return found


def modification_time(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def test_live_pdf_of_essay_and_book_is_ready_soon_after_a_save(
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
