"""What a book costs to build and to read, beside Sphinx's own themes and Furo.

Run with ``pytest -m bench -s tests/bench/test_speed.py``; it prints the tables. The others
are installed from PyPI into an environment without us: the same Python and Sphinx, and none
of our dependencies. ``--essays 200`` takes a few minutes instead of half an hour, and
``--plot times.svg`` draws the times (matplotlib).
"""

from __future__ import annotations

import filecmp
import functools
import gzip
import http.server
import re
import subprocess
import sys
import threading
import venv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
import sphinx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    MakeBook = Callable[[str, int], "TimedBook"]

pytestmark = pytest.mark.bench
OURS = "sphinx_essays"
OTHERS = ("basic", "alabaster", "furo")
# What Furo's pages cost grows with the book: two thousand essays would take it half an hour.
MOST_FOR_FURO = 500
LARGE = 2000
PAPER, INK, OTHER_INK = "#fffdf8", "#7a2e1d", "#b8b0a4"
SEEN = "part000/essay00003"
# What we aim at, as a multiple of `basic`'s.
FULL, IDLE, TITLE_EDIT, MEMORY = 0.75, 0.6, 1.3, 1.05
GROWTH = 1.2  # of a page's cost, in the largest book over the smallest
FIRST_LOAD, FIRST_SEARCH = 20_000, 64_000  # bytes, gzipped
FIVEFOLD = 5.5  # of the time, for five times the essays


@dataclass
class TimedBook:
    """A book for one theme, and what its builds cost."""

    theme: str
    essays: int
    source: Path
    out: Path
    python: str
    spend: Callable[..., Any]
    seconds: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0

    def build(self, row: str, *options: str) -> None:
        """Build what has changed, and keep what that cost."""
        # Neither the folder one stands in nor the checkout is to be imported from.
        command = [self.python, "-P", "-m", "sphinx", "-q", "-b", "html", *options]
        spent = self.spend(*command, str(self.source), str(self.out))
        self.seconds[row] = spent.seconds
        self.memory = max(self.memory, spent.memory)

    def edit(self, *, title: bool) -> None:
        """Change the title of an essay, or the words in it."""
        path = self.source / f"{SEEN}.rst"
        text = path.read_text(encoding="utf-8")
        if title:
            text = re.sub(r"(?m)^Essay (.*)\n=+$", _retitle, text)
        else:
            text += "\nA sentence more.\n"
        path.write_text(text, encoding="utf-8")

    @property
    def per_page(self) -> float:
        """Milliseconds a page, without what every build costs."""
        return (self.seconds["full"] - self.seconds["idle"]) / self.essays * 1000

    @property
    def page_size(self) -> int:
        """An essay's page."""
        return gzipped_size(self.out / f"{SEEN}.html")


def _retitle(found: re.Match[str]) -> str:
    title = f"Chapter {found[1]}, renamed"
    return f"{title}\n{'=' * len(title)}"


def gzipped_size(path: Path) -> int:
    """The bytes of a file, as a server sends it."""
    return len(gzip.compress(path.read_bytes(), mtime=0))


@pytest.fixture(scope="session")
def python_of_others(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of an environment that has Sphinx and Furo, and not us."""
    folder = tmp_path_factory.mktemp("others")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = [f"sphinx=={sphinx.__version__}", "furo"]
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
    return str(python)


@pytest.fixture(scope="session")
def make_book(
    tmp_path_factory: pytest.TempPathFactory,
    write_corpus: Callable[[Path, int, str], Path],
    python_of_others: str,
    spend: Callable[..., Any],
) -> MakeBook:
    """Write a book for a theme: ``make_book("basic", 50)``."""

    def make(theme: str, essays: int) -> TimedBook:
        folder = tmp_path_factory.mktemp(theme)
        source = write_corpus(folder / "source", essays, theme)
        python = sys.executable if theme == OURS else python_of_others
        return TimedBook(theme, essays, source, folder / "html", python, spend)

    return make


@pytest.fixture(scope="session")
def sizes(request: pytest.FixtureRequest) -> tuple[int, ...]:
    """Essays in a small, a middling and a large book."""
    most = request.config.getoption("--essays")
    return max(20, most // 40), max(40, most // 4), most


@pytest.fixture(scope="session")
def timed_books(
    make_book: MakeBook, sizes: tuple[int, ...]
) -> dict[tuple[str, int], TimedBook]:
    """A book of each size for each theme, built, built again, and edited."""
    books = {}
    for essays in sizes:
        for theme in (OURS, *OTHERS):
            if theme == "furo" and essays > MOST_FOR_FURO:
                continue
            book = make_book(theme, essays)
            book.build("full")
            book.build("idle")
            for title in (False, True):
                book.edit(title=title)
                book.build("title" if title else "body")
            books[theme, essays] = book
    return books


def test_incremental_build_updates_every_page_that_shows_an_edited_title(
    make_book: MakeBook,
) -> None:
    print("\n\nPages out of date after a title is edited, of a book of 54 essays")
    for theme in (OURS, *OTHERS):
        book = make_book(theme, 54)
        book.build("full")
        book.edit(title=True)
        book.build("title")
        incremental, book.out = book.out, book.out.with_name("clean")
        book.build("full", "-E", "-d", str(book.out.with_name("doctrees")))
        stale = [
            page
            for page in book.out.rglob("*.html")
            if not filecmp.cmp(page, incremental / page.relative_to(book.out), shallow=False)
        ]
        print(f"  {theme:14} {len(stale):3}")
        if theme == OURS:
            assert not stale


def test_html_build_is_faster_than_with_the_basic_theme(
    timed_books: dict[tuple[str, int], TimedBook],
    sizes: tuple[int, ...],
    request: pytest.FixtureRequest,
) -> None:
    print("\n\nProcessor seconds and peak memory; in brackets, as a multiple of basic's")
    print("  essays theme          full          idle          words         title         MiB")
    for (theme, essays), book in timed_books.items():
        basic = timed_books["basic", essays]
        cells = [
            f"{book.seconds[row]:6.2f} ({book.seconds[row] / basic.seconds[row]:4.2f})"
            for row in ("full", "idle", "body", "title")
        ]
        memory = f"{book.memory:4.0f} ({book.memory / basic.memory:4.2f})"
        print(f"  {essays:6} {theme:14}", *cells, memory)
    ours, basic = timed_books[OURS, sizes[-1]], timed_books["basic", sizes[-1]]
    print(f"  a title edit of ours, by a body edit of basic: {_edits(ours, basic):.2f}")
    if path := request.config.getoption("--plot"):
        draw(path, timed_books, sizes)
    if sizes[-1] < LARGE:
        pytest.skip("the start of Sphinx is too much of a small book's time to be judged")
    assert ours.seconds["full"] <= FULL * basic.seconds["full"]
    assert ours.seconds["idle"] <= IDLE * basic.seconds["idle"]
    assert _edits(ours, basic) <= TITLE_EDIT
    assert ours.memory <= MEMORY * basic.memory


def _edits(ours: TimedBook, basic: TimedBook) -> float:
    """What is right with us, by what is not right with it."""
    return ours.seconds["title"] / basic.seconds["body"]


def test_page_build_time_and_size_are_the_same_in_a_large_book(
    timed_books: dict[tuple[str, int], TimedBook], sizes: tuple[int, ...]
) -> None:
    print("\n\nA page: milliseconds, and bytes of gzipped HTML")
    for (theme, essays), book in timed_books.items():
        print(f"  {essays:6} {theme:14} {book.per_page:6.1f} ms  {book.page_size:6} B")
    few, many = timed_books[OURS, sizes[0]], timed_books[OURS, sizes[-1]]
    assert many.per_page <= GROWTH * few.per_page
    assert many.page_size <= GROWTH * few.page_size


def test_page_first_visit_and_first_search_load_little(
    timed_books: dict[tuple[str, int], TimedBook], sizes: tuple[int, ...], chromium: Any
) -> None:
    print("\n\nGzipped bytes: an essay and all it loads; then a search, and all that it loads")
    for (theme, essays), book in timed_books.items():
        if essays != sizes[-1] and theme != "furo":
            continue
        visit, search = download_sizes(book, chromium)
        print(f"  {essays:6} {theme:14} {visit:8} B {search:9} B")
        if theme == OURS:
            assert visit <= FIRST_LOAD
            assert search <= FIRST_SEARCH


def test_html_build_time_grows_in_proportion_to_the_number_of_essays(
    timed_books: dict[tuple[str, int], TimedBook], sizes: tuple[int, ...], make_book: MakeBook
) -> None:
    most = sizes[-1] * 5
    ours, basic = make_book(OURS, most), make_book("basic", most)
    ours.build("full")
    basic.build("full")
    times = ours.seconds["full"] / timed_books[OURS, sizes[-1]].seconds["full"]
    print(f"\n\n{most} essays: {ours.seconds['full']:.0f} s, {times:.2f} times {sizes[-1]}'s")
    print(f"  basic takes {basic.seconds['full']:.0f} s")
    print(f"  {ours.memory:.0f} MiB, {ours.memory / basic.memory:.2f} times basic's")
    assert times <= FIVEFOLD
    assert ours.memory <= MEMORY * basic.memory


# -- a reader's costs --------------------------------------------------------------


def download_sizes(book: TimedBook, chromium: Any) -> tuple[int, int]:
    """What a first visit of an essay loads, and then a search for a word of it."""
    with served(book.out) as address:
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}{SEEN}.html", wait_until="networkidle")
        first = files_of(book.out, address, asked)
        words = re.findall(r"[a-z]{7,}", (book.source / f"{SEEN}.rst").read_text("utf-8"))
        page.goto(f"{address}search.html?q={words[60]}", wait_until="networkidle")
        page.locator("a[href*='/essay']:visible").first.wait_for()
        page.wait_for_load_state("networkidle")
        both = files_of(book.out, address, asked)
        page.close()
    return sum(map(gzipped_size, first)), sum(map(gzipped_size, both - first))


def files_of(out: Path, address: str, asked: list[str]) -> set[Path]:
    """The files behind the addresses that a page has asked for."""
    assert all(one.startswith((address, "data:")) for one in asked), asked
    paths = {unquote(urlsplit(one).path)[1:] for one in asked if one.startswith(address)}
    return {out / path for path in paths if (out / path).is_file()}


class served:  # noqa: N801 (reads as a sentence: ``with served(folder) as address``)
    """A folder on the loopback, without any policy: other themes need scripts in pages."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Quiet, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_raised: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, *_said: object) -> None:
        """Nothing."""


# -- the plot ----------------------------------------------------------------------


def draw(
    path: Path, timed_books: dict[tuple[str, int], TimedBook], sizes: tuple[int, ...]
) -> None:
    """Bars of what each theme takes for a page, and for a build with nothing to do."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "speed", "font.family": "serif"}
    figure, places = pyplot.subplots(1, 3, figsize=(7.2, 2.6), layout="constrained")
    themes = ["furo", "alabaster", "basic", OURS]
    rows: list[tuple[str, Callable[[TimedBook], float]]] = [
        ("milliseconds a page", lambda book: book.per_page),
        ("title edited, seconds", lambda book: book.seconds["title"]),
        ("nothing edited, seconds", lambda book: book.seconds["idle"]),
    ]
    for place, (title, value) in zip(places, rows, strict=True):
        for at, theme in enumerate(themes):
            essays = next(n for n in reversed(sizes) if (theme, n) in timed_books)
            height = value(timed_books[theme, essays])
            bar = place.barh(at, height, color=INK if theme == OURS else OTHER_INK)
            mark = f" {height:.1f}" + ("" if essays == sizes[-1] else f" ({essays} essays)")
            place.bar_label(bar, [mark])
        names = ["sphinx-essays" if theme == OURS else theme for theme in themes]
        place.set_yticks(range(len(themes)), names if place is places[0] else [""] * 4)
        place.set_title(title, loc="left", fontsize=10)
        place.set_xticks([])
        place.tick_params(length=0)
        place.margins(x=0.5)
        place.set_facecolor(PAPER)
        place.spines[:].set_visible(False)
    figure.savefig(path, metadata={"Date": None}, facecolor=PAPER)
