"""What an e-book weighs and costs, beside the one of Sphinx's own builder and theme.

Run with ``pytest -m bench -s tests/bench/test_packing.py``; it prints the table. Both
builds read the same sources with the same extension, and are run in turn.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from support.books import copy_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.bench
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
STOCK = """
epub_theme = "epub"
epub_show_urls = "inline"

def setup(app):
    from sphinx.builders.epub3 import Epub3Builder
    app.add_builder(Epub3Builder, override=True)
"""
ROUNDS = 7
LIGHTER = 0.8
SLOWER = 1.05


def build(source: Path, target: Path) -> tuple[Path, float]:
    """The e-book, and the processor seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable, "-m", "sphinx", "-q", "-E", "-b", "epub", "-d", f"{target}-doctrees",
        str(source), str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return next(target.glob("*.epub")), seconds


def weight(path: Path) -> int:
    """Bytes of all that is no picture, as an e-reader unpacks it."""
    with zipfile.ZipFile(path) as archive:
        entries = [one for one in archive.infolist() if not one.filename.endswith(PICTURES)]
    return sum(one.file_size for one in entries)


def write_essays(folder: Path, prose: Callable[[int, int], list[str]]) -> None:
    """A hundred essays of 1,600 words, each with a note."""
    names = [f"essay-{number}" for number in range(100)]
    folder.mkdir()
    for number, name in enumerate(names):
        words = "\n\n".join(prose(number, 1600))
        text = f"Number {number}\n============\n\n{words} [#]_\n\n.. [#] A note.\n"
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")
    listed = "".join(f"   {name}\n" for name in names)
    cover = f"Essays\n======\n\n.. toctree::\n\n{listed}"
    (folder / "index.rst").write_text(cover, encoding="utf-8")
    conf = 'project = "Test"\nauthor = "A. N. Author"\nextensions = ["sphinx_essays"]\n'
    (folder / "conf.py").write_text(conf, encoding="utf-8")


@pytest.mark.parametrize("sources", ["documentation", "essays"])
def test_epub_is_smaller_than_that_of_sphinx_and_takes_no_longer_to_build(
    tmp_path: Path,
    prose: Callable[[int, int], list[str]],
    sources: str,
) -> None:
    folders = {}
    for kind in ("ours", "stock"):
        if sources == "documentation":
            folders[kind] = copy_book("docs", tmp_path / kind).source
        else:
            folders[kind] = tmp_path / kind
            write_essays(folders[kind], prose)
    with (folders["stock"] / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(STOCK)
    seconds: dict[str, list[float]] = {"ours": [], "stock": []}
    weights = {}
    for _round in range(ROUNDS):
        for kind, folder in folders.items():
            path, spent = build(folder, tmp_path / f"{kind}-out")
            seconds[kind].append(spent)
            weights[kind] = weight(path)
    # The least of several is what others on the machine have disturbed least.
    spent = {kind: min(found) for kind, found in seconds.items()}
    lighter = weights["ours"] / weights["stock"]
    slower = spent["ours"] / spent["stock"]
    print(f"\n{sources}: weight {lighter:.2f} ({weights}), time {slower:.2f} ({spent})")
    assert slower <= SLOWER
    if sources == "documentation":  # a hundred essays are words and little else
        assert lighter <= LIGHTER
    else:
        assert lighter < 1
