"""Books for the tests: tiny ones written on the spot, complete ones from roots/, the docs."""

from __future__ import annotations

import base64
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from jinja2 import Environment
from sphinx.testing.util import SphinxTestApp

from support.paths import DOCS, ROOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CONF = (
    'project = "Test"\nauthor = "A. N. Author"\nlanguage = "en_GB"\n'
    'extensions = ["sphinx_essays"]\n'
)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
# A picture of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


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
        """Build, and return the folder with the output; warnings are kept."""
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
        """Build, and return one file."""
        return (self.build(builder) / name).read_text(encoding="utf-8")


def copy_book(name: str, folder: Path) -> Book:
    """Copy one of the books in roots/, or ``docs``, into a folder."""
    original = DOCS if name == "docs" else ROOTS / name
    source = folder / name
    shutil.copytree(original, source, ignore=shutil.ignore_patterns("_build"))
    return Book(source, folder / f"{name}-build")


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates() -> Iterator[None]:
    """Compile each Jinja template once a process, not once a build: half of a small build."""
    compiled: dict[object, Any] = {}
    compile_one = Environment.compile

    def compile_once(self: Environment, source: Any, *names: Any, **more: Any) -> Any:
        delimiters = (self.block_start_string, self.variable_start_string, self.trim_blocks)
        about = (type(self), *delimiters, self.autoescape, tuple(self.extensions))
        key = (*about, source, names, tuple(more.items()))
        if not isinstance(source, str):
            return compile_one(self, source, *names, **more)
        if key not in compiled:
            compiled[key] = compile_one(self, source, *names, **more)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_once)
        yield


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book with the one line in its conf.py."""
    source = tmp_path / "source"
    source.mkdir()
    made = Book(source, tmp_path / "build")
    made.write({"conf.py": CONF})
    return made


@pytest.fixture(scope="session")
def png() -> bytes:
    """A picture of one pixel."""
    return PNG


@pytest.fixture
def root_book(tmp_path: Path) -> Callable[[str], Book]:
    """A copy of one of the books in roots/, or of the docs, that the test may change."""

    def copy(name: str) -> Book:
        return copy_book(name, tmp_path)

    return copy


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def built(shared_folder: Path) -> Callable[[str, str], Path]:
    """The output of one of the books in roots/, or of the docs, built once for all workers.

    ``built("docs", "html")`` builds without a warning, or waits while another worker
    builds. No test changes anything in the folder.
    """

    def build(name: str, builder: str) -> Path:
        folder = shared_folder / "books"
        folder.mkdir(exist_ok=True)
        done = folder / f"{name}-{builder}.txt"
        # Sphinx reads a book with smart quotes, but not for these two.
        kind = "straight" if builder in {"text", "man"} else "curly"
        with FileLock(folder / f"{name}.lock"):
            if not done.exists():
                book = Book(folder / name, folder / f"{name}-{kind}")
                if not book.source.exists():
                    copy_book(name, folder)
                book.confoverrides = {"nitpicky": name == "docs"}
                done.write_text(str(book.clean(builder)), encoding="utf-8")
        return Path(done.read_text(encoding="utf-8"))

    return build


@pytest.fixture(scope="session")
def built_docs(built: Callable[[str, str], Path]) -> Path:
    """The docs as HTML."""
    return built("docs", "html")
