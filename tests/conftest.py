"""Books for the tests: tiny ones written on the spot, true ones from roots/, the docs."""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import http.server
import json
import mimetypes
import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
import zipfile
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
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
WORD = re.compile(r"[^\W_]+")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What rewrites the golden files, and what makes a test longer or shorter."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite tests/golden")
    parser.addoption("--fuzz", type=int, default=60, help="examples an element (60)")
    parser.addoption("--sequences", type=int, default=4, help="sequences of edits (4)")
    parser.addoption("--queries", type=int, default=60, help="questions to the search (60)")
    parser.addoption("--kills", type=int, default=3, help="builds that are killed (3)")
    parser.addoption("--saves", type=int, default=12, help="saves in a writing loop (12)")
    parser.addoption("--essays", type=int, default=2000, help="essays that are timed (2000)")
    parser.addoption("--plot", type=Path, help="draw the times as an SVG, with matplotlib")


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


@pytest.fixture(scope="session")
def copy_docs() -> Callable[[Path], Book]:
    """A copy of the docs in a folder."""

    def copy(folder: Path) -> Book:
        source = folder / "docs"
        shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build"))
        return Book(source, folder / "build")

    return copy


@pytest.fixture(scope="session")
def png() -> bytes:
    """A picture of one pixel."""
    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    )


@pytest.fixture(scope="session")
def arabic_font() -> Path:
    """A font with Arabic letters; without it the test skips, in CI it fails."""
    command = ["fc-match", "-f", "%{file}", "Noto Naskh Arabic"]
    found = shutil.which("fc-match") and subprocess.run(
        command, check=True, capture_output=True, text=True
    )
    path = Path(found.stdout) if found else Path()
    if "NotoNaskhArabic" not in path.name:
        missing("Noto Naskh Arabic", "`apt-get install fonts-noto-core` brings it")
    return path


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


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Five words in a row, from each word on."""
    words = WORD.findall(text.casefold())
    return {tuple(words[index : index + 5]) for index in range(len(words) - 4)}


def plain_runs_of(source: str) -> set[tuple[str, ...]]:
    """The runs of the paragraphs that have no notes, links or directives in them."""
    paragraphs = re.split(r"\n\s*\n", source)
    plain = [
        one for one in paragraphs if re.match(r"\w|“", one) and not re.search(r"[_`]", one)
    ]
    return set().union(*map(runs_of, plain))


@pytest.fixture(scope="session")
def runs() -> Callable[[str], set[tuple[str, ...]]]:
    """Five words in a row, from each word of a text on."""
    return runs_of


@pytest.fixture(scope="session")
def plain_runs() -> Callable[[str], set[tuple[str, ...]]]:
    """The same of an essay's paragraphs that are nothing but words."""
    return plain_runs_of


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the system's Chromium is. Without it the test skips, in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium", "`apt-get install chromium` brings it")
    return str(path)


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[object]:
    """A real Chromium: the system's."""
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
        browser = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        yield browser
        browser.close()


def missing(what: str, remedy: str) -> None:
    """Skip a test for want of a tool; in CI, where everything is installed, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"no {what} on this machine, and CI skips nothing")
    pytest.skip(f"no {what} on this machine; {remedy}")


@pytest.fixture(scope="session")
def tool() -> Callable[[str, bool, str], None]:
    """Skip a test, or fail it in CI, unless a tool is there: ``tool(what, found, remedy)``."""

    def check(what: str, found: bool, remedy: str) -> None:  # noqa: FBT001
        if not found:
            missing(what, remedy)

    return check


class Server(http.server.BaseHTTPRequestHandler):
    """One folder as a careful web server would serve it: gzipped, with the strict policy.

    Whatever is not there is answered with the book's own page 404.html.
    """

    protocol_version = "HTTP/1.1"
    root: Path

    def do_GET(self) -> None:
        """Answer with the file, or with 404.html."""
        path = self.root / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        if not found:
            path = self.root / "404.html"
        body = path.read_bytes() if path.is_file() else b"Not found"
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Security-Policy", "default-src 'self'")
        if text and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on the loopback, and give its address, with a slash at the end."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(root: Path) -> str:
        handler = type("Served", (Server,), {"root": root})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def served_docs(built_docs: Path, serve: Callable[[Path], str]) -> str:
    """The address of the docs, served under the strict policy."""
    return serve(built_docs)


@dataclass
class Reader:
    """A reader with a page open, and what has gone wrong since."""

    page: Any
    complaints: list[str] = field(default_factory=list)  # errors, breaches of the policy
    requests: list[str] = field(default_factory=list)  # every address asked for

    def goes_to(self, address: str) -> None:
        """Open a page, and wait until it is loaded and set."""
        self.page.goto(address, wait_until="load")
        self.settles()

    def settles(self) -> None:
        """Wait for the fonts, and for two frames."""
        self.page.evaluate(
            "() => document.fonts.ready.then(() => new Promise(done =>"
            " requestAnimationFrame(() => requestAnimationFrame(() => done()))))"
        )


# The browser tells of a breach in an event; the console is where we listen.
TELL_OF_BREACHES = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy:", event.violatedDirective, event.blockedURI, event.sample));"""


@pytest.fixture
def reader(chromium: Any) -> Iterator[Callable[..., Reader]]:
    """A new reader: ``reader(width, theme="sepia", script=True)``.

    ``theme`` is kept in the browser, as a reader's choice is. What else is said goes
    to Playwright's ``new_context``.
    """
    contexts: list[Any] = []

    def new(width: int = 1280, *, theme: str = "", script: bool = True, **more: Any) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 740},
            java_script_enabled=script,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        made = Reader(context.new_page())
        made.page.add_init_script(TELL_OF_BREACHES)
        if theme:
            choice = f'try {{ localStorage.setItem("essays-theme", "{theme}") }} catch {{}}'
            made.page.add_init_script(choice)
        made.page.on(
            "console",
            lambda one: made.complaints.append(one.text) if one.type == "error" else None,
        )
        made.page.on("pageerror", lambda one: made.complaints.append(str(one)))
        made.page.on("request", lambda one: made.requests.append(one.url))
        return made

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Every violation that axe-core finds on a page, one a line, contrast of 7 : 1 included."""
    from axe_playwright_python.base import AXE_FILE_PATH  # noqa: PLC0415 (browsers only)

    library = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    options = {
        "resultTypes": ["violations"],
        "rules": {"color-contrast-enhanced": {"enabled": True}},
    }

    def run(page: Any) -> list[str]:
        page.evaluate(library)
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {node['target']} {' '.join(node['failureSummary'].split()[2:])}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return run


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with vnu-jar and lighthouse, which ``ESSAYS_NODE_MODULES`` names."""
    path = Path(os.environ.get("ESSAYS_NODE_MODULES", "nowhere"))
    if not (path / "vnu-jar").is_dir() or not (path / "lighthouse").is_dir():
        missing(
            "vnu-jar and lighthouse",
            "`npm install --no-save vnu-jar lighthouse@12` brings them;"
            " ESSAYS_NODE_MODULES names their folder",
        )
    for program in ("java", "node"):
        if shutil.which(program) is None:
            missing(program, "`apt-get install default-jre-headless nodejs` brings it")
    return path


@pytest.fixture(scope="session")
def sentences(docs_sources: list[Path]) -> list[str]:
    """Plain sentences of the sample essays: real prose, which packs as prose does."""
    found: list[str] = []
    for path in docs_sources:
        for paragraph in re.split(r"\n{2,}", path.read_text(encoding="utf-8")):
            if re.match(r"[A-Z“]", paragraph) and not re.search(r"[*`|\[\]_:]", paragraph):
                if set(paragraph.splitlines()[-1]) <= set("=-~"):
                    continue
                found += re.split(r"(?<=[a-z”][.?!]) (?=[A-Z])", " ".join(paragraph.split()))
    return found


@pytest.fixture(scope="session")
def ace() -> Path:
    """DAISY's checker of e-books, in the folder that ``ESSAYS_NODE_MODULES`` names."""
    modules = Path(os.environ.get("ESSAYS_NODE_MODULES", "nowhere"))
    path = modules / "@daisy" / "ace-cli" / "bin" / "ace.js"
    if not path.is_file() or shutil.which("node") is None:
        missing("Ace by DAISY", "`npm install --no-save @daisy/ace-cli` brings it")
    return path


@pytest.fixture(scope="session")
def prose(sentences: list[str]) -> Callable[[int, int], list[str]]:
    """Paragraphs of so many words, the same for the same seed: ``prose(seed, words)``."""

    def write(seed: int, words: int) -> list[str]:
        chance = random.Random(seed)  # noqa: S311 (a corpus, no secret)
        all_words = list(
            chain.from_iterable(one.split() for one in chance.sample(sentences, len(sentences)))
        )
        all_words = (all_words * (words // len(all_words) + 1))[:words]
        return [" ".join(all_words[at : at + 80]) for at in range(0, words, 80)]

    return write


@pytest.fixture
def big_book(book: Book, prose: Callable[[int, int], list[str]]) -> Callable[[int, bool], Path]:
    """Build a book of so many essays, in one toctree or in none.

    Essay 7 is of 1,200 words in all, notes, pull-quote and update included; the others
    are short, for none of their words may be on its page.
    """

    def build(essays: int, toctree: bool) -> Path:  # noqa: FBT001
        files = {}
        for number in range(essays):
            head = (
                f":date: {1990 + number % 30}-{number % 12 + 1:02}-{number % 28 + 1:02}\n"
                f":tags: tag{number % 9}, tag{number % 7}\n"
                f":standfirst: What was to be said, number {number}, and who said it.\n\n"
            )
            title = f"The essay of number {number}"
            body = prose(number, 1200 - 75 if number == 7 else 40)
            if number == 7:
                lifted = " ".join(body[4].split()[8:24])
                body[2] += " [#]_"
                body[6] += " [#]_"
                body.insert(
                    5, f".. pull-quote::\n   :align: right\n   :check: no\n\n   {lifted}"
                )
                body.append(f".. update:: 3 May 2021\n\n   {prose(1, 25)[0]}")
                body += [f".. [#] {prose(note, 17)[0]}" for note in (2, 3)]
            text = "\n\n".join(body)
            files[f"essay{number:04}.rst"] = f"{head}{title}\n{'=' * len(title)}\n\n{text}\n"
        names = "".join(f"   {name[:-4]}\n" for name in files) if toctree else ""
        files["index.rst"] = "Book\n====\n\nWords.\n" + (
            f"\n.. toctree::\n\n{names}" if toctree else ""
        )
        book.write(files)
        return book.build("html")

    return build


# -- the writing loop -----------------------------------------------------------------


def _hear_interrupts() -> None:
    """A shell has its jobs in the background ignore Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Loop:
    """A writing loop under test: its process, its address, what it says."""

    def __init__(self, command: list[str]) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 (it sets a handler and no more)
        )
        self.lines: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Wait until something said fits `pattern`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, "".join(self.lines)):
                return found
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} in:\n{''.join(self.lines)}")

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # nobody is left
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def start_loop() -> Iterator[Callable[[list[str]], Loop]]:
    """Start a writing loop; it is stopped when the test ends."""
    running: list[Loop] = []

    def start(command: list[str]) -> Loop:
        running.append(Loop(command))
        return running[-1]

    yield start
    for loop in running:
        loop.stop()


# What no reader is shown: Sphinx's own notes of what it has built.
UNPUBLISHED = {".buildinfo", ".buildinfo.bak", ".doctrees"}


def published(folder: Path) -> dict[str, bytes]:
    """Every file that is published from a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not UNPUBLISHED & set(path.relative_to(folder).parts)
    }


@pytest.fixture(scope="session")
def differing() -> Callable[[Path, Path], list[str]]:
    """The names of the published files in which two folders differ."""

    def compare(one: Path, other: Path) -> list[str]:
        mine, theirs = published(one), published(other)
        names = mine.keys() | theirs.keys()
        return sorted(name for name in names if mine.get(name) != theirs.get(name))

    return compare
