"""Books for the tests: tiny ones written on the spot, true ones from roots/, the docs."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from sphinx.testing.util import SphinxTestApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
CONF = (
    'project = "Test"\nauthor = "A. N. Author"\nlanguage = "en_GB"\n'
    'extensions = ["sphinx_essays"]\n'
)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One switch rewrites the golden files, another makes the fuzzing long."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite tests/golden")
    parser.addoption("--fuzz", type=int, default=60, help="examples an element (60)")


@dataclass
class Book:
    """A book in a folder of its own, which can be built by any builder."""

    source: Path
    target: Path
    warnings: str = ""
    app: SphinxTestApp | None = None
    confoverrides: dict[str, object] = field(default_factory=dict)

    def write(self, files: Mapping[str, str]) -> None:
        """Write sources; ``conf.py`` is there unless given."""
        for name, text in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self, builder: str = "html", *, parallel: int = 0) -> Path:
        """Build, and give the folder with the output; warnings are kept."""
        # gettext keeps marks in its doctrees that no other output can share.
        target = self.target / "for-translators" if builder == "gettext" else self.target
        app = SphinxTestApp(
            buildername=builder,
            srcdir=self.source,
            builddir=target,
            confoverrides=self.confoverrides,
            parallel=parallel,
            freshenv=False,
        )
        try:
            app.build()
        finally:
            self.warnings = ESCAPES.sub("", app.warning.getvalue())
            app.cleanup()
        self.app = app
        assert app.statuscode == 0
        return Path(app.outdir)

    def clean(self, builder: str = "html", *, parallel: int = 0) -> Path:
        """Build, and accept no warning."""
        out = self.build(builder, parallel=parallel)
        assert self.warnings == ""
        return out

    def page(self, name: str, builder: str = "html") -> str:
        """Build, and give one file."""
        return (self.build(builder) / name).read_text(encoding="utf-8")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book with the one line in its conf.py."""
    source = tmp_path / "source"
    source.mkdir()
    made = Book(source, tmp_path / "build")
    made.write({"conf.py": CONF})
    return made


@pytest.fixture
def root_book(tmp_path: Path) -> Callable[[str], Book]:
    """A copy of one of the books in roots/, or of the docs."""

    def copy(name: str) -> Book:
        source = tmp_path / name
        original = DOCS if name == "docs" else HERE / "roots" / name
        shutil.copytree(original, source, ignore=shutil.ignore_patterns("_build"))
        return Book(source, tmp_path / f"{name}-build")

    return copy


@pytest.fixture(scope="session")
def docs_sources() -> list[Path]:
    """The sources of the sample essays, found in the folder and nowhere else."""
    return sorted(
        path for path in (DOCS / "collection").rglob("*.rst") if path.name != "index.rst"
    )


@pytest.fixture(scope="session")
def built_docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs as HTML, built once."""
    source = tmp_path_factory.mktemp("docs") / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build"))
    return Book(source, source.parent / "build").clean("html")


def from_html(text: str) -> str:
    text = re.sub(r"<(head|script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return html.unescape(re.sub(r"<(?:/?(?:b|i|em|span|a|strong)\b)[^>]*>", "", text))


def from_latex(text: str) -> str:
    text = text.replace(r"\sphinxhyphen{}", "-")
    text = re.sub(r"\\(?:label|detokenize|hyperref|ref|nameref)\b", " ", text)
    return re.sub(r"\\[A-Za-z]+\*?", "", text)


def from_man(text: str) -> str:
    text = re.sub(r"\\f[BIRP]|\\&|\\\|", "", text)
    return re.sub(r"(?m)^\.\w+", "", text).replace(r"\-", "-")


def from_texinfo(text: str) -> str:
    return re.sub(r"@(?:emph|strong|code|pxref|ref)?\{?|\}", "", text)


def text_of(out: Path, builder: str) -> str:  # noqa: PLR0911 (one line an output)
    """All text of an output, clothes off."""

    def every(pattern: str) -> str:
        return "\n".join(
            path.read_text(encoding="utf-8") for path in sorted(out.rglob(pattern))
        )

    match builder:
        case "html" | "dirhtml" | "singlehtml":
            return re.sub(r"<[^>]*>", " ", from_html(every("*.html")))
        case "epub":
            with zipfile.ZipFile(next(iter(out.glob("*.epub")))) as book:
                names = [name for name in book.namelist() if name.endswith(".xhtml")]
                pages = [book.read(name).decode() for name in names]
            return re.sub(r"<[^>]*>", " ", from_html("\n".join(pages)))
        case "latex":
            return from_latex(every("*.tex"))
        case "man":
            return from_man(every("*.1"))
        case "texinfo":
            return from_texinfo(every("*.texi"))
        case "xml":
            files = sorted(out.rglob("*.xml"))
            roots = [ET.parse(path).getroot() for path in files]  # noqa: S314 (our own)
            return "\n".join("".join(root.itertext()) for root in roots)
        case "json":
            pages = [json.loads(path.read_text()) for path in out.rglob("*.fjson")]
            bodies = [page["body"] for page in pages if "body" in page]
            return re.sub(r"<[^>]*>", " ", from_html("\n".join(bodies)))
        case "gettext":
            return every("*.pot").replace('"\n"', "").replace('\\"', '"')
        case _:
            return every("*.txt") + re.sub(r"<[^>]*>", " ", every("*.pseudoxml"))


@pytest.fixture
def read_output() -> Callable[[Path, str], str]:
    """The text of an output, whatever its clothes."""
    return text_of


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real Chromium: the system's. Without it the test skips, in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine, and CI skips nothing")
        pytest.skip("no Chromium on this machine; `apt-get install chromium` brings it")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where a browser is)

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
