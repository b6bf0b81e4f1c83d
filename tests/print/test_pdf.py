"""The book as PDF, with only what pip installs."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from pypdf import PdfReader
from sphinx.errors import ConfigError
from support.books import copy_book
from support.paths import FONTS

from sphinx_essays.outputs import typst_compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.books import Book

EPOCH = "1700000000"
WORD = re.compile(r"[^\W_]+")
TITLE = "Title\n=====\n\n"
LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
# Only the folder of Python's commands: TeX is not found.
NO_TEX = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}/nowhere"}


def letters_and_digits(text: str) -> str:
    """Return letters and digits only: no line ends, hyphens, ligatures."""
    for ligature, letters in LIGATURES.items():
        text = text.replace(ligature, letters)
    return "".join(WORD.findall(text.casefold()))


def printed(book: Book, **settings: Any) -> PdfReader:
    """Build the PDF of a book without a warning."""
    book.confoverrides |= {"essays_pdf": settings}
    return PdfReader(book.clean("essaypdf") / "book.pdf")


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def bookmarks(reader: PdfReader) -> list[tuple[int, str, int]]:
    """Return level, title and page (from 0) of each entry of the outline."""

    def walk(items: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            else:
                yield depth, str(item.title), reader.get_destination_page_number(item)

    return list(walk(reader.outline, 0))


@pytest.fixture(scope="module")
def docs_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return copy_book("docs", tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module")
def docs_printed(built: Callable[[str, str], Path]) -> PdfReader:
    """Build the PDF of the documentation."""
    return PdfReader(built("docs", "essaypdf") / "book.pdf")


# -- the sample book ---------------------------------------------------------------------


def test_pdf_contains_every_word_of_the_sample_essays_in_order(
    docs_book: Book,
    docs_sources: list[Path],
    plain_runs: Callable[[str], set[tuple[str, ...]]],
) -> None:
    """The page is so long that no page ends within an essay."""
    found = letters_and_digits(text_of(printed(docs_book, paper="6in 150in")))
    for path in docs_sources:
        source = path.read_text(encoding="utf-8")
        lost = [run for run in plain_runs(source) if "".join(run) not in found]
        assert not lost, path.name


def test_pdf_is_built_by_the_cli_without_tex(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "sphinx-essays")]
    subprocess.run([*command, "new", str(tmp_path / "essays")], check=True, env=NO_TEX)
    done = subprocess.run(
        [*command, "build", str(tmp_path / "essays"), "pdf"],
        check=True, capture_output=True, text=True, env=NO_TEX,
    )  # fmt: skip
    book = tmp_path / "essays" / "_build" / "essaypdf" / "book.pdf"
    assert f"pdf: {book}" in done.stdout
    assert len(PdfReader(book).pages) > 5


def test_pdf_outline_follows_the_reading_order(docs_printed: PdfReader) -> None:
    found = bookmarks(docs_printed)
    top = [title for depth, title, _page in found if depth == 0]
    assert top == [
        "Contents",
        "How to make a book",
        "The street",
        "The town hall",
        "Overheard",
        "Index",
    ]
    pages = [page for _depth, _title, page in found]
    assert pages == sorted(pages)
    assert (1, "The lido – who pays?") in [(depth, title) for depth, title, _page in found]


def test_pdf_contents_show_the_page_of_each_title(
    docs_printed: PdfReader,
) -> None:
    labels = docs_printed.page_labels
    contents = next(
        page for _depth, title, page in bookmarks(docs_printed) if title == "Contents"
    )
    opened = docs_printed.pages[contents : contents + 2]  # the contents are longer than a page
    lines = [line for entry in opened for line in entry.extract_text().splitlines()]
    essays = [(title, page) for depth, title, page in bookmarks(docs_printed) if depth == 1]
    assert len(essays) >= 16
    for title, page in essays:
        line = next(
            entry
            for entry in lines
            if letters_and_digits(entry).startswith(letters_and_digits(title))
        )
        if letters_and_digits(line) == letters_and_digits(title):
            continue  # a part within a part, whose essays have the pages
        assert line.rsplit(maxsplit=1)[-1] == labels[page], title
        assert letters_and_digits(title) in letters_and_digits(
            docs_printed.pages[page].extract_text()
        )


def test_pdf_links_all_resolve(docs_printed: PdfReader) -> None:
    links = [
        entry.get_object() for page in docs_printed.pages for entry in page.get("/Annots", [])
    ]
    assert len(links) > 100
    for link in links:
        target = link["/Dest"] if "/Dest" in link else link["/A"].get_object()
        if isinstance(target, str):
            target = docs_printed.named_destinations[target].dest_array
        if isinstance(target, list):
            assert target[0].get_object()["/Type"] == "/Page"
        else:
            assert re.match(r"https?://|mailto:", target["/URI"])


def test_pdf_running_head_is_omitted_on_blank_and_opening_pages(
    docs_printed: PdfReader,
) -> None:
    texts = [page.extract_text().strip() for page in docs_printed.pages]
    opening = {page for depth, _title, page in bookmarks(docs_printed) if depth == 1}
    blank = [number for number, text in enumerate(texts) if not text]
    assert len(blank) >= 4
    for number in opening:
        assert not texts[number].startswith(("How to make", "HOW TO MAKE")), number


def test_pdf_parts_open_on_a_right_hand_page(docs_printed: PdfReader) -> None:
    parts = [page for depth, _title, page in bookmarks(docs_printed) if depth == 0]
    assert all(page % 2 == 0 for page in parts[:-1])  # pages are counted from 0


def test_pdf_footnotes_are_numbered_by_essay(book: Book) -> None:
    essay = "{0}\n{1}\n\nWords [#]_ and [#]_.\n\n.. [#] First {0}.\n.. [#] Second {0}.\n"
    book.write(
        {
            "index.rst": TITLE + ".. toctree::\n\n   one\n   two\n",
            "one.rst": essay.format("One", "==="),
            "two.rst": essay.format("Two", "==="),
        }
    )
    text = text_of(printed(book))
    assert text.count("1First") == text.count("2Second") == 2


def test_pdf_images_have_alternative_text(
    built: Callable[[str, str], Path], docs_printed: PdfReader
) -> None:
    """PDF 2.0, section 14.9.3: /Alt on the structure element of a figure."""
    found = alternative_texts(docs_printed)
    doctrees = (built("docs", "essaypdf").parent / "doctrees").rglob("*.doctree")
    wanted = {
        image["alt"]
        for path in doctrees
        for image in pickle.loads(path.read_bytes()).findall(nodes.image)  # noqa: S301
        if image.get("alt")
    }
    assert len(wanted) > 5
    assert wanted <= set(found)


def alternative_texts(reader: PdfReader) -> list[str]:
    """Return the alternative texts in the structure tree."""
    found: list[str] = []

    def walk(node: Any, depth: int = 0) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for entry in node:
                walk(entry, depth + 1)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"], depth + 1)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


# -- standards and bytes -------------------------------------------------------------------


@pytest.mark.parametrize("standard", ["ua-1", "a-2a", ["ua-1", "a-2a"]])
def test_pdf_of_the_sample_book_conforms_to_pdf_ua_and_pdf_a(
    docs_book: Book, standard: str | list[str]
) -> None:
    assert len(printed(docs_book, standard=standard).pages) > 50


def test_pdf_is_reproducible(docs_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    first = (docs_book.clean("essaypdf") / "book.pdf").read_bytes()
    second = (docs_book.clean("essaypdf") / "book.pdf").read_bytes()
    assert first == second


def test_pdf_ua_gives_warning_for_images_without_alt_text(book: Book, png: bytes) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n\n.. image:: moon.png\n"})
    (book.source / "moon.png").write_bytes(png)
    book.confoverrides = {"essays_pdf": {"standard": "ua-1"}}
    out = book.build("essaypdf")
    assert "index.rst:6: WARNING: This image has no ':alt:'" in book.warnings
    assert (out / "book.pdf").is_file()
    book.confoverrides = {"essays_pdf": {}}
    book.clean("essaypdf")


# -- faces -----------------------------------------------------------------------------


def test_pdf_prints_greek_cyrillic_and_hebrew(book: Book) -> None:
    names = "Σωκράτης, Ищите, שלום"
    book.write({"index.rst": f"{TITLE}They are called {names}.\n"})
    text = text_of(printed(book))
    assert "Σωκράτης" in text
    assert "Ищите" in text


def test_pdf_character_missing_from_all_fonts_gives_one_warning_with_line(book: Book) -> None:
    words = "One paragraph.\n\nConfucius is 孔子, and 孔子 is he.\n\nAgain 孔.\n"
    more = f"{TITLE}And 孔.\n"
    toctree = "\n.. toctree::\n\n   more\n"
    book.write({"index.rst": TITLE + words + toctree, "more.rst": more})
    book.build("essaypdf")
    assert book.warnings.count("WARNING") == 1
    assert (
        "index.rst:6: WARNING: The fonts of the book have no glyphs for 子 (U+5B50) 孔 (U+5B54)"
        in book.warnings
    )
    assert "on 2 pages; this is the first" in book.warnings
    assert "essays_pdf = {'font_paths':" in book.warnings


def test_pdf_warns_of_letters_only_in_the_code_font_but_not_of_symbols(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}The sum ∑ and the heart ❦ are signs.\n"})
    book.clean("essaypdf")
    book.write({"index.rst": f"{TITLE}This is Arabic: سلام.\n"})
    book.build("essaypdf")
    assert "The fonts of the book have no glyphs for ا (U+0627)" in book.warnings


def test_pdf_font_of_the_author_supplies_missing_characters(
    book: Book,
) -> None:
    book.write({"index.rst": f"{TITLE}This is Arabic: سلام.\n"})
    folder = book.source / "fonts"
    folder.mkdir()
    shutil.copy(FONTS / "NotoNaskhArabic-Regular.ttf", folder)
    fonts = {"text": ["Libertinus Serif", "Noto Naskh Arabic"]}
    printed(book, font_paths=["fonts"], fonts=fonts)


def test_pdf_unknown_font_gives_warning(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    book.confoverrides = {"essays_pdf": {"fonts": {"text": "No Such Face"}}}
    book.build("essaypdf")
    assert "unknown font family: no such face" in book.warnings


def test_pdf_in_a_right_to_left_language_is_bound_on_the_right(book: Book) -> None:
    book.confoverrides = {"language": "he"}
    book.write({"index.rst": f"{TITLE}שלום לכולם.\n"})
    out = book.clean("essaypdf")
    assert "#let essay-rtl = true" in (out / "settings.typ").read_text(encoding="utf-8")


# -- what Typst refuses ----------------------------------------------------------------

REFUSED = [
    "#nothing-of-the-kind[Refused words]",
    "#text[Refused words",
    "Refused words]",
    '#image("Refused words.png")',
    "$ frac(Refused words $",
]


@pytest.mark.parametrize("markup", REFUSED)
def test_pdf_block_rejected_by_typst_affects_no_other_block(book: Book, markup: str) -> None:
    body = f"Words before.\n\n.. raw:: typst\n\n   {markup}\n\nWords behind, see Title_.\n"
    book.write({"index.rst": TITLE + body})
    out = book.build("essaypdf")
    assert book.warnings.count("WARNING") == 1
    assert re.search(r"index\.rst:\d+: WARNING: Typst rejected this block", book.warnings)
    text = letters_and_digits(text_of(PdfReader(out / "book.pdf")))
    for words in ("Words before", "Refused words", "Words behind"):
        assert letters_and_digits(words) in text


def test_pdf_link_into_a_rejected_block_still_resolves(book: Book) -> None:
    raw = "   .. raw:: typst\n\n      #oh[no]\n"
    body = f"See `there`_.\n\n.. note::\n\n   .. _there:\n\n   Words.\n\n{raw}"
    book.write({"index.rst": TITLE + body})
    out = book.build("essaypdf")
    assert "Words" in text_of(PdfReader(out / "book.pdf"))


def test_pdf_image_that_is_broken_affects_only_its_block(book: Book) -> None:
    body = "Before.\n\n.. image:: broken.png\n   :alt: A broken thing\n\nBehind.\n"
    book.write({"index.rst": TITLE + body})
    (book.source / "broken.png").write_bytes(b"\x89PNG no more")
    out = book.build("essaypdf")
    assert "index.rst:6: WARNING: Typst rejected this block" in book.warnings
    text = text_of(PdfReader(out / "book.pdf"))
    assert "A broken thing" in text
    assert "Behind" in text


def test_pdf_raw_typst_of_the_author_is_printed(book: Book) -> None:
    body = "Words.\n\n.. raw:: typst\n\n   #align(center)[Own #upper[words]]\n"
    book.write({"index.rst": TITLE + body})
    assert "Own WORDS" in text_of(printed(book))


# -- neighbours ------------------------------------------------------------------------

EXTENSION = """
from docutils import nodes
from docutils.parsers.rst import Directive

class known(nodes.General, nodes.Element): pass
class unknown(nodes.General, nodes.Element): pass

class Both(Directive):
    has_content = True
    def run(self):
        made = []
        for kind in (known, unknown):
            node = kind()
            self.state.nested_parse(self.content, self.content_offset, node)
            made.append(node)
        return made

def setup(app):
    def visit(self, node): self.body.append("#upper[")
    def depart(self, node): self.body.append("];")
    app.add_node(known, typst=(visit, depart))
    app.add_node(unknown)
    app.add_directive("both", Both)
"""


def test_pdf_nodes_of_extensions_print_with_or_without_typst_visitors(book: Book) -> None:
    book.write(
        {
            "conf.py": (book.source / "conf.py").read_text()
            + f"import sys\nsys.path.insert(0, {str(book.source)!r})\n"
            "extensions += ['stranger']\n",
            "stranger.py": EXTENSION,
            "index.rst": f"{TITLE}.. both::\n\n   Strange words.\n",
        }
    )
    text = text_of(printed(book))
    assert "STRANGE WORDS" in text
    assert "Strange words" in text


# -- settings ------------------------------------------------------------------------


def test_pdf_paper_and_margins_can_be_set(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    page = printed(book, paper="a5", margins={"inside": "30mm"}).pages[0]
    assert [round(float(entry)) for entry in page.mediabox[2:]] == [420, 595]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"papre": "a4"}, "Unknown key 'papre' in essays_pdf. Did you mean 'paper'?"),
        ({"paper": "large"}, "essays_pdf: 'paper' cannot be 'large'. It must be a width"),
        ({"standard": "ua-9"}, "'standard' cannot be 'ua-9'"),
        ({"margins": {"left": "2cm"}}, "'margins' cannot be"),
        ({"opening": "flowers"}, "It must be one of smallcaps, dropcap, plain"),
    ],
)
def test_pdf_error_for_an_invalid_setting_lists_the_valid_values(
    book: Book, given: dict[str, Any], said: str
) -> None:
    book.write({"index.rst": TITLE})
    book.confoverrides = {"essays_pdf": given}
    with pytest.raises(ConfigError, match=re.escape(said)):
        book.build("essaypdf")


@pytest.mark.parametrize("opening", ["smallcaps", "dropcap", "plain"])
def test_pdf_opening_of_any_style_keeps_every_word(book: Book, opening: str) -> None:
    first = "“A *quoted* word, and then [#]_ a great many more, " + "of no weight " * 30
    book.write(
        {
            "index.rst": f"{TITLE}.. toctree::\n\n   one\n",
            "one.rst": f"One\n===\n\n{first}”.\n\nSecond.\n\n.. [#] Noted.\n",
        }
    )
    text = letters_and_digits(text_of(printed(book, opening=opening)))
    assert letters_and_digits(first.replace("[#]_", "1")) in text
    assert "noted" in text


def test_pdf_template_of_the_author_overrides_only_what_it_defines(book: Book) -> None:
    book.write(
        {
            "mine.typ": '#import "essays.typ": *\n'
            "#let essay-asterism() = align(center)[FLEURON]\n",
            "index.rst": f"{TITLE}Words.\n\n----\n\nMore.\n",
        }
    )
    assert "FLEURON" in text_of(printed(book, template="mine.typ"))


def test_pdf_index_can_be_disabled(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}.. index:: clock\n\nWords.\n"})
    assert "clock, " in text_of(printed(book))
    assert "clock" not in text_of(printed(book, index=False))


def test_pdf_prints_page_numbers_and_urls_of_links_on_request(
    book: Book,
) -> None:
    links = "See :doc:`two` and `there <https://example.org/>`__.\n"
    book.write(
        {
            "index.rst": f"{TITLE}.. toctree::\n\n   one\n   two\n",
            "one.rst": f"One\n===\n\n{links}",
            "two.rst": "Two\n===\n\nWords.\n",
        }
    )
    assert "See Two and there." in text_of(printed(book))
    book.confoverrides |= {"latex_show_pagerefs": True, "latex_show_urls": "inline"}
    assert "See Two (page 2) and there (https://example.org/)." in text_of(printed(book))


# -- without the compiler --------------------------------------------------------------


def test_pdf_without_typst_writes_the_source_and_a_hint(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    monkeypatch.setattr(typst_compiler, "find_typst", lambda: None)
    out = book.build("essaypdf")
    assert (out / "book.typ").is_file()
    assert "pip install typst" in book.warnings
    assert "typst compile book.typ" in book.warnings
    assert not (out / "book.pdf").exists()


def test_pdf_typst_source_compiles_with_typst_alone(book: Book) -> None:
    import typst  # noqa: PLC0415 (there is no wheel for some machines)

    book.write({"index.rst": f"{TITLE}Words.\n"})
    out = book.clean("essaytypst")
    assert not (out / "book.pdf").exists()
    assert typst.compile(str(out / "book.typ"))[:5] == b"%PDF-"


def test_pdf_abbreviation_is_explained_where_it_is_used(book: Book) -> None:
    """Paper has no tooltips; a ``*`` in a signature is no abbreviation of the author's."""
    signature = ".. py:function:: late(*, minutes)\n\n   Whether it is late.\n"
    book.write(
        {"index.rst": f"{TITLE}The :abbr:`CSP (Content Security Policy)`.\n\n{signature}"}
    )
    text = " ".join(text_of(printed(book)).split())
    assert "The CSP (Content Security Policy)." in text
    assert "Keyword-only" not in text


def test_pdf_note_of_a_version_can_be_linked_to(book: Book) -> None:
    words = ".. _since:\n\n.. versionadded:: 2.0\n   A bell.\n\nSee :ref:`the bell <since>`.\n"
    book.write({"index.rst": TITLE + words})
    typst = (book.clean("essaytypst") / "book.typ").read_text(encoding="utf-8")
    assert '#essay-anchor("index:since");Added in version 2' in typst
    assert '#link(label("index:since"))[the bell]' in typst
