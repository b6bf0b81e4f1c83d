"""A folder of essays becomes a printed book, with nothing but what pip installs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from pypdf import PdfReader
from sphinx.errors import ConfigError

from sphinx_essays.outputs.typst import press

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Book

EPOCH = "1700000000"
WORD = re.compile(r"[^\W_]+")
TITLE = "Title\n=====\n\n"
LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
# Typst's own binary and ours, on a machine where nobody has installed TeX.
NO_TEX = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}/nowhere"}


def squeezed(text: str) -> str:
    """Letters and figures alone: no line ends, hyphens, ligatures."""
    for ligature, letters in LIGATURES.items():
        text = text.replace(ligature, letters)
    return "".join(WORD.findall(text.casefold()))


def printed(book: Book, **settings: Any) -> PdfReader:
    """Print a book without a warning."""
    book.confoverrides |= {"essays_pdf": settings}
    return PdfReader(book.clean("essaypdf") / "book.pdf")


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def bookmarks(reader: PdfReader) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 0) of each entry of the outline."""

    def walk(items: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            else:
                yield depth, str(item.title), reader.get_destination_page_number(item)

    return list(walk(reader.outline, 0))


@pytest.fixture(scope="module")
def docs_book(tmp_path_factory: pytest.TempPathFactory, copy_docs: Callable[..., Book]) -> Book:
    return copy_docs(tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module")
def docs_printed(docs_book: Book) -> PdfReader:
    """The sample book."""
    return printed(docs_book)


# -- the sample book ---------------------------------------------------------------------


def test_every_word_of_the_sample_essays_is_on_paper_in_its_order(
    docs_book: Book,
    docs_sources: list[Path],
    plain_runs: Callable[[str], set[tuple[str, ...]]],
) -> None:
    """On a paper so long that no page ends within an essay."""
    found = squeezed(text_of(printed(docs_book, paper="6in 150in")))
    for path in docs_sources:
        source = path.read_text(encoding="utf-8")
        lost = [run for run in plain_runs(source) if "".join(run) not in found]
        assert not lost, path.name


def test_the_commands_print_a_book_where_there_is_no_tex(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "sphinx-essays")]
    subprocess.run([*command, "new", str(tmp_path / "essays")], check=True, env=NO_TEX)
    done = subprocess.run(
        [*command, "build", str(tmp_path / "essays"), "pdf"],
        check=True, capture_output=True, text=True, env=NO_TEX,
    )  # fmt: skip
    book = tmp_path / "essays" / "_build" / "essaypdf" / "book.pdf"
    assert f"pdf: {book}" in done.stdout
    assert len(PdfReader(book).pages) > 5


def test_the_outline_is_the_book_in_its_order(docs_printed: PdfReader) -> None:
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


def test_each_line_of_the_contents_has_the_page_that_its_title_is_on(
    docs_printed: PdfReader,
) -> None:
    labels = docs_printed.page_labels
    contents = next(
        page for _depth, title, page in bookmarks(docs_printed) if title == "Contents"
    )
    opened = docs_printed.pages[contents : contents + 2]  # it is longer than a page
    lines = [line for one in opened for line in one.extract_text().splitlines()]
    essays = [(title, page) for depth, title, page in bookmarks(docs_printed) if depth == 1]
    assert len(essays) >= 16
    for title, page in essays:
        line = next(one for one in lines if squeezed(one).startswith(squeezed(title)))
        if squeezed(line) == squeezed(title):
            continue  # a part within a part, whose essays have the pages
        assert line.rsplit(maxsplit=1)[-1] == labels[page], title
        assert squeezed(title) in squeezed(docs_printed.pages[page].extract_text())


def test_no_link_is_dead(docs_printed: PdfReader) -> None:
    links = [one.get_object() for page in docs_printed.pages for one in page.get("/Annots", [])]
    assert len(links) > 100
    for link in links:
        target = link["/Dest"] if "/Dest" in link else link["/A"].get_object()
        if isinstance(target, str):
            target = docs_printed.named_destinations[target].dest_array
        if isinstance(target, list):
            assert target[0].get_object()["/Type"] == "/Page"
        else:
            assert re.match(r"https?://|mailto:", target["/URI"])


def test_no_head_is_on_a_blank_page_nor_on_one_that_opens_an_essay(
    docs_printed: PdfReader,
) -> None:
    texts = [page.extract_text().strip() for page in docs_printed.pages]
    opening = {page for depth, _title, page in bookmarks(docs_printed) if depth == 1}
    blank = [number for number, text in enumerate(texts) if not text]
    assert len(blank) >= 4
    for number in opening:
        assert not texts[number].startswith(("How to make", "HOW TO MAKE")), number


def test_parts_open_on_the_right(docs_printed: PdfReader) -> None:
    parts = [page for depth, _title, page in bookmarks(docs_printed) if depth == 0]
    assert all(page % 2 == 0 for page in parts[:-1])  # pages are counted from 0


def test_notes_are_numbered_by_essay_as_in_every_other_output(book: Book) -> None:
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


def test_what_a_reader_cannot_see_is_told_in_words(
    docs_book: Book, docs_printed: PdfReader
) -> None:
    """PDF 2.0, section 14.9.3: /Alt on the structure element of a figure."""
    found = alternatives(docs_printed)
    env = docs_book.app.env  # type: ignore[union-attr]  # it was built a moment ago
    wanted = {
        image["alt"]
        for name in env.found_docs
        for image in env.get_doctree(name).findall(nodes.image)
        if image.get("alt")
    }
    assert len(wanted) > 5
    assert wanted <= set(found)


def alternatives(reader: PdfReader) -> list[str]:
    """The alternative texts in the tree of tags."""
    found: list[str] = []

    def walk(node: Any, depth: int = 0) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one, depth + 1)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"], depth + 1)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


# -- standards and bytes -------------------------------------------------------------------


@pytest.mark.parametrize("standard", ["ua-1", "a-2a", ["ua-1", "a-2a"]])
def test_the_sample_book_keeps_the_standards_that_typst_checks(
    docs_book: Book, standard: str | list[str]
) -> None:
    assert len(printed(docs_book, standard=standard).pages) > 50


def test_two_builds_are_the_same_bytes(
    docs_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    first = (docs_book.clean("essaypdf") / "book.pdf").read_bytes()
    second = (docs_book.clean("essaypdf") / "book.pdf").read_bytes()
    assert first == second


def test_a_standard_that_wants_words_for_pictures_is_told_of_those_without(
    book: Book, png: bytes
) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n\n.. image:: moon.png\n"})
    (book.source / "moon.png").write_bytes(png)
    book.confoverrides = {"essays_pdf": {"standard": "ua-1"}}
    out = book.build("essaypdf")
    assert "index.rst:6: WARNING: This picture has no ':alt:'" in book.warnings
    assert (out / "book.pdf").is_file()
    book.confoverrides = {"essays_pdf": {}}
    book.clean("essaypdf")


# -- faces -----------------------------------------------------------------------------


def test_greek_cyrillic_and_hebrew_are_set(book: Book) -> None:
    names = "Σωκράτης, Ищите, שלום"
    book.write({"index.rst": f"{TITLE}They are called {names}.\n"})
    text = text_of(printed(book))
    assert "Σωκράτης" in text
    assert "Ищите" in text


def test_a_character_that_no_face_has_is_told_once_with_its_place(book: Book) -> None:
    words = "One paragraph.\n\nConfucius is 孔子, and 孔子 is he.\n\nAgain 孔.\n"
    more = f"{TITLE}And 孔.\n"
    toctree = "\n.. toctree::\n\n   more\n"
    book.write({"index.rst": TITLE + words + toctree, "more.rst": more})
    book.build("essaypdf")
    assert book.warnings.count("WARNING") == 1
    assert (
        "index.rst:6: WARNING: The faces of the book lack 子 (U+5B50) 孔 (U+5B54)"
        in book.warnings
    )
    assert "on 2 pages, of which this is the first" in book.warnings
    assert "essays_pdf = {'font_paths':" in book.warnings


def test_letters_that_only_a_face_for_code_has_are_told_and_signs_are_not(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}The sum ∑ and the heart ❦ are signs.\n"})
    book.clean("essaypdf")
    book.write({"index.rst": f"{TITLE}This is Arabic: سلام.\n"})
    book.build("essaypdf")
    assert "The faces of the book lack ا (U+0627)" in book.warnings


def test_a_font_of_ones_own_is_the_remedy(book: Book, arabic_font: Path) -> None:
    book.write({"index.rst": f"{TITLE}This is Arabic: سلام.\n"})
    folder = book.source / "fonts"
    folder.mkdir()
    (folder / arabic_font.name).write_bytes(arabic_font.read_bytes())
    fonts = {"text": ["Libertinus Serif", "Noto Naskh Arabic"]}
    printed(book, font_paths=["fonts"], fonts=fonts)


def test_a_face_that_is_not_there_is_told(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    book.confoverrides = {"essays_pdf": {"fonts": {"text": "No Such Face"}}}
    book.build("essaypdf")
    assert "unknown font family: no such face" in book.warnings


def test_a_right_to_left_book_is_bound_on_the_right(book: Book) -> None:
    book.confoverrides = {"language": "he"}
    book.write({"index.rst": f"{TITLE}שלום לכולם.\n"})
    out = book.clean("essaypdf")
    assert "#let rtl = true" in (out / "settings.typ").read_text(encoding="utf-8")


# -- what Typst refuses ----------------------------------------------------------------

REFUSED = [
    "#nothing-of-the-kind[Refused words]",
    "#text[Refused words",
    "Refused words]",
    '#image("Refused words.png")',
    "$ frac(Refused words $",
]


@pytest.mark.parametrize("markup", REFUSED)
def test_a_block_that_typst_refuses_costs_that_block_alone(book: Book, markup: str) -> None:
    body = f"Words before.\n\n.. raw:: typst\n\n   {markup}\n\nWords behind, see Title_.\n"
    book.write({"index.rst": TITLE + body})
    out = book.build("essaypdf")
    assert book.warnings.count("WARNING") == 1
    assert re.search(r"index\.rst:\d+: WARNING: Typst cannot set this", book.warnings)
    text = squeezed(text_of(PdfReader(out / "book.pdf")))
    for words in ("Words before", "Refused words", "Words behind"):
        assert squeezed(words) in text


def test_a_link_into_a_refused_block_still_arrives(book: Book) -> None:
    raw = "   .. raw:: typst\n\n      #oh[no]\n"
    body = f"See `there`_.\n\n.. note::\n\n   .. _there:\n\n   Words.\n\n{raw}"
    book.write({"index.rst": TITLE + body})
    out = book.build("essaypdf")
    assert "Words" in text_of(PdfReader(out / "book.pdf"))


def test_a_picture_that_is_none_costs_its_block_alone(book: Book) -> None:
    body = "Before.\n\n.. image:: broken.png\n   :alt: A broken thing\n\nBehind.\n"
    book.write({"index.rst": TITLE + body})
    (book.source / "broken.png").write_bytes(b"\x89PNG no more")
    out = book.build("essaypdf")
    assert "index.rst:6: WARNING: Typst cannot set this" in book.warnings
    text = text_of(PdfReader(out / "book.pdf"))
    assert "A broken thing" in text
    assert "Behind" in text


def test_typst_words_of_the_authors_own_are_printed(book: Book) -> None:
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


def test_an_extensions_own_words_for_typst_are_used_and_none_are_needed(book: Book) -> None:
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


def test_paper_and_margins_are_the_authors(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    page = printed(book, paper="a5", margins={"inside": "30mm"}).pages[0]
    assert [round(float(one)) for one in page.mediabox[2:]] == [420, 595]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"papre": "a4"}, "essays_pdf has no 'papre'. Did you mean 'paper'?"),
        ({"paper": "large"}, "essays_pdf: 'paper' cannot be 'large'; it is a width"),
        ({"standard": "ua-9"}, "'standard' cannot be 'ua-9'"),
        ({"margins": {"left": "2cm"}}, "'margins' cannot be"),
        ({"opening": "flowers"}, "it is one of smallcaps, dropcap, plain"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_what_it_may_be(
    book: Book, given: dict[str, Any], said: str
) -> None:
    book.write({"index.rst": TITLE})
    book.confoverrides = {"essays_pdf": given}
    with pytest.raises(ConfigError, match=re.escape(said)):
        book.build("essaypdf")


@pytest.mark.parametrize("opening", ["smallcaps", "dropcap", "plain"])
def test_an_opening_keeps_every_word_whatever_it_is(book: Book, opening: str) -> None:
    first = "“A *quoted* word, and then [#]_ a great many more, " + "of no weight " * 30
    book.write(
        {
            "index.rst": f"{TITLE}.. toctree::\n\n   one\n",
            "one.rst": f"One\n===\n\n{first}”.\n\nSecond.\n\n.. [#] Noted.\n",
        }
    )
    text = squeezed(text_of(printed(book, opening=opening)))
    assert squeezed(first.replace("[#]_", "1")) in text
    assert "noted" in text


def test_a_template_of_ones_own_says_what_it_wants_and_leaves_the_rest(book: Book) -> None:
    book.write(
        {
            "mine.typ": '#import "essays.typ": *\n#let asterism() = align(center)[FLEURON]\n',
            "index.rst": f"{TITLE}Words.\n\n----\n\nMore.\n",
        }
    )
    assert "FLEURON" in text_of(printed(book, template="mine.typ"))


def test_the_index_can_be_left_out(book: Book) -> None:
    book.write({"index.rst": f"{TITLE}.. index:: clock\n\nWords.\n"})
    assert "clock, " in text_of(printed(book))
    assert "clock" not in text_of(printed(book, index=False))


def test_a_reader_of_paper_is_told_the_page_and_the_address_where_it_is_asked_for(
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


def test_without_typst_its_source_is_written_and_a_sentence_says_how_to_go_on(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.write({"index.rst": f"{TITLE}Words.\n"})
    monkeypatch.setattr(press, "find_typst", lambda: None)
    out = book.build("essaypdf")
    assert (out / "book.typ").is_file()
    assert "pip install typst" in book.warnings
    assert "typst compile book.typ" in book.warnings
    assert not (out / "book.pdf").exists()


def test_the_source_alone_compiles_with_typst_itself(book: Book) -> None:
    import typst  # noqa: PLC0415 (there is no wheel for every machine)

    book.write({"index.rst": f"{TITLE}Words.\n"})
    out = book.clean("essaytypst")
    assert not (out / "book.pdf").exists()
    assert typst.compile(str(out / "book.typ"))[:5] == b"%PDF-"
