"""The book in LaTeX: the output, the options, and the PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy
from support.paths import DOCS

from sphinx_essays.outputs.latex import defaults, images

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.books import Book

CONF = (
    'project = "Test"\nauthor = "A. N. Author"\nlanguage = "en_GB"\n'
    'extensions = ["sphinx_essays"]\n'
)
OPTIONS = re.compile(r"\\usepackage\[(.*)\]\{sphinxessays\}")
STATIONS = re.compile(r"\\(essaypart|essaypartend|chapter|section)\b(?:\{(.*)\})?")
OVERFULL = re.compile(r"Overfull \\[hv]box \((\d+(?:\.\d+)?)pt")
AT_MOST = 10.0  # points; a longer overfull line is visible
PARAGRAPH = "Words enough to fill a line or two of a page that is six inches wide. " * 4


def latex(book: Book, files: dict[str, str] | None = None, conf: str = "") -> str:
    """Return the LaTeX of a book of these files."""
    book.write({"conf.py": CONF + conf, **(files or {"index.rst": "Book\n====\n\nWords.\n"})})
    out = book.clean("latex")
    return next(out.glob("*.tex")).read_text(encoding="utf-8")


def headings(text: str) -> list[tuple[str, str]]:
    """Return the headings in order: parts, essays and sections."""
    return [(found[1], found[2] or "") for found in STATIONS.finditer(text)]


def essay(title: str, body: str = PARAGRAPH) -> str:
    return f"{title}\n{'=' * len(title)}\n\n{body}\n"


def toctree(*names: str, caption: str = "", option: str = "") -> str:
    lines = [f"   :caption: {caption}"] if caption else []
    lines += [f"   :{option}:"] if option else []
    return "\n".join((".. toctree::", *lines, "", *(f"   {name}" for name in names), ""))


# -- what the author left open, and what not -----------------------------------------


def test_latex_uses_the_book_class_and_xelatex(book: Book) -> None:
    text = latex(book)
    assert r"\def\sphinxdocclass{book}" in text
    assert ",11pt," in text
    assert OPTIONS.search(text)[1] == (
        "fonts,page,code,setup,heads,language=en-GB,opening=smallcaps,width=6in,height=9in"
    )
    assert "fncychap" not in text
    assert "$pdflatex = 'xelatex" in (book.target / "latex" / "latexmkrc").read_text()


def test_latex_settings_of_the_author_override_those_of_the_style(book: Book) -> None:
    text = latex(
        book,
        conf='latex_engine = "lualatex"\n'
        'latex_docclass = {"manual": "report"}\n'
        'latex_elements = {"pointsize": "12pt", "papersize": "a4paper",\n'
        '    "fontpkg": "% a face", "fncychap": "% heads", "sphinxsetup": "hmargin=1in",\n'
        '    "fvset": "% code", "maketitle": "% title", "tableofcontents": "% toc"}\n',
    )
    assert "[a4paper,12pt," in text
    assert r"\def\sphinxdocclass{report}" in text
    assert OPTIONS.search(text)[1] == "language=en-GB,opening=smallcaps,width=6in,height=9in"
    for words in ("% a face", "% heads", r"\sphinxsetup{hmargin=1in}", "% code", "% title"):
        assert words in text
    assert "essaytitlepages" not in text
    assert "$pdflatex = 'lualatex" in (book.target / "latex" / "latexmkrc").read_text()


def test_latex_elements_set_by_the_author_keep_the_other_defaults(book: Book) -> None:
    text = latex(book, conf='latex_elements = {"preamble": "% mine"}\n')
    assert "% mine" in text
    assert ",11pt," in text
    assert r"\essaytitlepages" in text


def test_latex_documents_set_by_the_author_are_kept(book: Book) -> None:
    documents = '[("index", "mine.tex", "Mine", "Me", "manual")]'
    text = latex(book, conf=f"latex_documents = {documents}\n")
    assert (book.target / "latex" / "mine.tex").is_file()
    assert r"\title{Mine}" in text


@pytest.mark.parametrize(
    ("wanted", "options"),
    [
        ({}, "opening=smallcaps,width=6in,height=9in"),
        ({"paper": "trade", "opening": "dropcap"}, "opening=dropcap,width=6in,height=9in"),
        ({"paper": "5.5in 8.5in"}, "opening=smallcaps,width=5.5in,height=8.5in"),
        (
            {"margins": {"inside": "20mm", "top": "18mm"}},
            "opening=smallcaps,width=6in,height=9in,inner=20mm,top=18mm",
        ),
    ],
)
def test_latex_style_receives_the_essays_pdf_options(
    book: Book, wanted: dict[str, Any], options: str
) -> None:
    text = latex(book, conf=f"essays_pdf = {wanted!r}\n")
    assert OPTIONS.search(text)[1].endswith(f",language=en-GB,{options}")


@pytest.mark.parametrize("index", [True, False])
def test_latex_index_is_printed_unless_disabled(
    book: Book,
    index: bool,  # noqa: FBT001
) -> None:
    text = latex(book, conf=f'essays_pdf = {{"index": {index}}}\n')
    assert (r"\printindex" in text) is index


@pytest.mark.parametrize("language", ["ru", "el", "he", "ar"])
def test_latex_requests_a_font_for_the_script_of_the_language(
    book: Book, language: str
) -> None:
    book.write({"conf.py": CONF + f'language = "{language}"\n', "index.rst": "Book\n====\n"})
    text = book.page(
        "test.tex", "latex"
    )  # docutils warns about languages that it does not know
    assert f"sample={defaults.LETTERS[language]}" in text


def test_latex_in_japanese_keeps_the_engine_of_sphinx(book: Book) -> None:
    latex(book, conf='language = "ja"\n')
    assert book.app is not None
    assert book.app.config.latex_engine == "uplatex"


# -- the first pages -----------------------------------------------------------------


def test_latex_title_and_standfirst_come_from_the_cover(book: Book) -> None:
    cover = ":standfirst: Some of *it*.\n\n" + essay("A book & more", "Words of the cover.")
    text = latex(book, {"index.rst": cover + "\n" + toctree("one"), "one.rst": essay("One")})
    assert r"\title{A book \& more}" in text
    assert "\\essaysubtitle{Some of \\sphinxstyleemphasis{it}.}\n\\essaytitlepages" in text
    words = re.search(r"\\begin\{essaycover\}(.*)\\end\{essaycover\}", text, re.DOTALL)
    assert words is not None
    assert "Words of the cover." in words[1]
    assert "standfirst" not in words[1]


def test_latex_cover_without_text_gets_no_page_for_it(book: Book) -> None:
    cover = essay("Book", "Contents\n--------\n\n" + toctree("one"))
    text = latex(book, {"index.rst": cover, "one.rst": essay("One")})
    assert "essaycover" not in text
    assert headings(text) == [("chapter", "One")]


def test_latex_cover_without_a_title_uses_the_project_name(book: Book) -> None:
    text = latex(book, {"index.rst": toctree("one"), "one.rst": essay("One")})
    assert r"\title{Test}" in text
    assert headings(text) == [("chapter", "One")]


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("CC-BY-SA-4.0", "{CC BY\\sphinxhyphen{}SA 4.0}"),
        ("Keep 100% & ask.", r"{Keep 100\% \& ask.}"),
    ],
)
def test_latex_colophon_contains_copyright_and_licence(
    book: Book, said: str, printed: str
) -> None:
    text = latex(book, conf=f'essays_license = "{said}"\ncopyright = "2026, Me"\n')
    pages = next(line for line in text.splitlines() if line.startswith(r"\essaytitlepages"))
    assert pages.startswith(r"\essaytitlepages{© 2026, Me}" + printed)
    assert pages.endswith("/by-sa/4.0/}" if said.startswith("CC") else "{}")


@pytest.mark.parametrize("sign", ["© 2026, Me", "Copyright 2026, Me"])
def test_latex_copyright_sign_is_not_printed_twice(book: Book, sign: str) -> None:
    assert rf"\essaytitlepages{{{sign}}}" in latex(book, conf=f'copyright = "{sign}"\n')


@pytest.mark.parametrize("line", ['author = ""', "del author"])
def test_latex_author_may_be_missing(book: Book, line: str) -> None:
    assert "\\author{}\n" in latex(book, conf=f"{line}\n")


# -- parts and essays ----------------------------------------------------------------


def test_latex_parts_are_captions_and_toctree_pages_and_essays_chapters(book: Book) -> None:
    text = latex(
        book,
        {
            "index.rst": essay(
                "Book",
                toctree("one", caption="First & foremost") + "\n" + toctree("two/index", "end"),
            ),
            "one.rst": essay("One", "Words.\n\nInside\n------\n\nMore.\n"),
            "two/index.rst": essay("Second", "Of these.\n\n" + toctree("a", "in/index")),
            "two/a.rst": essay("A"),
            "two/in/index.rst": essay("Inner", toctree("b")),
            "two/in/b.rst": essay("B"),
            "end.rst": essay("End"),
        },
    )
    assert headings(text) == [
        ("essaypart", r"First \& foremost"),
        ("chapter", "One"),
        ("section", "Inside"),
        ("essaypart", "Second"),
        ("chapter", "A"),
        ("chapter", "Inner"),
        ("chapter", "B"),
        ("essaypartend", ""),
        ("chapter", "End"),
    ]
    assert r"\label{\detokenize{two/index:second}}" in text


def test_latex_part_can_be_a_document_of_its_own(book: Book) -> None:
    text = latex(
        book,
        {
            "index.rst": essay("Book", toctree("part")),
            "part.rst": essay("Part", toctree("a", "b")),
            "a.rst": essay("A"),
            "b.rst": essay("B"),
        },
        'latex_documents = [("part", "part.tex", "", "Me", "manual")]\n',
    )
    assert r"\title{Part}" in text
    assert headings(text) == [("chapter", "A"), ("chapter", "B")]


@pytest.mark.parametrize(("option", "count"), [("", 0), ("numbered", 1)])
def test_latex_essays_are_numbered_only_if_the_author_sets_it(
    book: Book, option: str, count: int
) -> None:
    cover = essay("Book", toctree("one", option=option))
    text = latex(book, {"index.rst": cover, "one.rst": essay("One")})
    assert text.count(r"\essaynumbered") == count


def test_latex_toplevel_sectioning_set_by_the_author_is_kept(book: Book) -> None:
    files = {"index.rst": essay("Book", toctree("one", caption="P")), "one.rst": essay("One")}
    text = latex(book, files, 'latex_toplevel_sectioning = "section"\n')
    assert headings(text) == [("section", "One")]


# -- the text ------------------------------------------------------------------------


def one_essay(body: str) -> dict[str, str]:
    return {"index.rst": essay("Book", toctree("one")), "one.rst": essay("One", body)}


@pytest.mark.parametrize(
    ("words", "opening"),
    [
        ("It is hard to be against it.", r"\essayopening{It is hard to be}"),
        ("“It is hard,” said he.", r"\essayopening{“It is hard,”}"),
        ("Hard.", ""),
        ("温故而知新 可以为师矣 温故而知新", ""),
    ],
)
def test_latex_opening_words_are_marked(book: Book, words: str, opening: str) -> None:
    text = latex(book, one_essay(words))
    assert opening in text
    assert text.count(r"\essayopening") == bool(opening)


@pytest.mark.parametrize(
    ("words", "opening"),
    [
        ("“It is hard,” said " + PARAGRAPH, r"\essayinitial{“}{I}{t is hard,”}"),
        ("Too short for it, and said so.", r"\essayopening{Too short for it,}"),
    ],
)
def test_latex_drop_cap_needs_enough_text_beside_it(
    book: Book, words: str, opening: str
) -> None:
    conf = 'essays_pdf = {"opening": "dropcap"}\n'
    assert opening in latex(book, one_essay(words), conf)


def test_latex_opening_words_come_after_the_epigraph(book: Book) -> None:
    body = f".. epigraph::\n\n   Sit down.\n\n   -- My grandmother\n\n{PARAGRAPH}"
    text = latex(book, one_essay(body))
    assert text.index("{essayepigraph}") < text.index(r"\essayopening")


def test_latex_pull_quote_may_float_only_if_it_repeats_the_text(book: Book) -> None:
    body = f"{PARAGRAPH}\n\n.. pull-quote::\n\n   Words enough to fill a line\n\n"
    body += ".. pull-quote::\n\n   When a man is tired.\n\n   -- Samuel Johnson\n"
    text = latex(book, {"index.rst": essay("Book", body)})
    assert text.count(r"\begin{essayrepeat}") == text.count(r"\begin{essaypullquote}") == 1


def test_latex_dialogue_has_a_command_for_each_kind_of_line(book: Book) -> None:
    body = (
        ".. overheard:: on the stairs\n   :cast: A = a man\n          B = a dog\n"
        "   :date: 3 May 2019\n\n   A: Well?\n\n      Well.\n\n   (A pause.)\n\n   B: No.\n"
    )
    text = latex(book, {"index.rst": essay("Book", body)})
    for line in (
        r"\begin{essaycast}", r"\essayoccasion{3 May 2019}", r"\essayspeech{\essayspeaker{A:}",
        r"\essaycontinued{Well.}", r"\essaystage{(\essaydirection{A pause.})}",
    ):  # fmt: skip
        assert line in text, line


def test_latex_footnote_with_a_symbol_gets_a_number_for_the_style(book: Book) -> None:
    text = latex(
        book, {"index.rst": essay("Book", "Words [*]_ and [*]_.\n\n.. [*] A.\n\n.. [*] B.")}
    )
    assert r"\begin{footnote}[1001]" in text
    assert r"\begin{footnote}[1002]" in text


def test_latex_table_that_is_too_wide_is_rotated(book: Book) -> None:
    def table(*cells: str) -> str:
        rows = "".join(f"   {'*' if not n else ' '} - {item}\n" for n, item in enumerate(cells))
        return f".. list-table::\n\n{rows}\n"

    body = table(*["narrow"] * 4) + table(*["November"] * 9)
    text = latex(book, {"index.rst": essay("Book", body)})
    assert text.count(r"\begin{essaywidetable}{90}") == text.count("{essaywidetable}") - 1 == 1


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
)


@pytest.mark.parametrize("converts", [True, False])
def test_latex_svg_is_converted_or_replaced_by_its_alt_text(
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    converts: bool,  # noqa: FBT001
) -> None:
    def convert(_self: object, _source: Path, target: Path) -> bool:
        return bool(Path(target).write_bytes(b"%PDF"))

    monkeypatch.setattr(images.DrawingConverter, "available", None)
    monkeypatch.setattr(images.DrawingConverter, "is_available", lambda _self: converts)
    monkeypatch.setattr(images.DrawingConverter, "convert", convert)
    body = ".. image:: a.svg\n   :alt: A line, & no more"
    text = latex(book, {"index.rst": essay("Book", body), "a.svg": DRAWING})
    assert (r"{{a}.pdf}" in text) is converts
    assert (r"A line, \& no more" in text) is not converts


def test_latex_svg_converter_of_the_system_produces_a_pdf(
    tmp_path: Path, tool: Callable[[str, bool, str], None]
) -> None:
    found = images._has_typst() or images._program() != ""
    tool("converter of drawings", found, "`apt-get install librsvg2-bin` brings one")
    source, target = tmp_path / "a.svg", tmp_path / "a.pdf"
    source.write_text(DRAWING)
    convert = images._by_typst if images._has_typst() else images._by_program
    assert convert(source, target)
    assert target.read_bytes().startswith(b"%PDF")


# -- the print -----------------------------------------------------------------------


def printed(source: Path, out: Path, engine: str) -> tuple[str, Path]:
    """Return TeX's log, and the PDF."""
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-M", "latexpdf", source, out, "-q",
         "-D", f"latex_engine={engine}"],
        env={**os.environ, "LATEXMKOPTS": "-interaction=nonstopmode -halt-on-error"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    logs = list((out / "latex").glob("*.log"))
    log = logs[0].read_text(encoding="utf-8", errors="replace") if logs else ""
    assert run.returncode == 0, f"{run.stdout[-2000:]}{run.stderr[-2000:]}{log[-2000:]}"
    return log, logs[0].with_suffix(".pdf")


def words_of(pages: list[str]) -> str:
    """Return the text of pages, without line breaks and hyphens."""
    text = re.sub(r"[-\u00ad]\n", "", "\n".join(pages))
    return " ".join(text.replace("ﬁ", "fi").replace("ﬀ", "ff").split())


@heavy
@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_latex_pdf_of_the_sample_book_is_complete(
    engine: str, tmp_path: Path, tool: Callable[[str, bool, str], None]
) -> None:
    for name in (engine, "latexmk", "make"):
        tool(name, shutil.which(name) is not None, "see `wanted` in .ci/run")
    from pypdf import PdfReader  # noqa: PLC0415 (only where a PDF is made)

    source = tmp_path / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build"))
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('\nauthor = "Анна Ахматова"\nessays_license = "CC-BY-4.0"\n')
    log, path = printed(source, tmp_path / "out", engine)
    assert not re.search(r"(?m)^! ", log)
    assert max((float(item) for item in OVERFULL.findall(log)), default=0) <= AT_MOST
    reader = PdfReader(path)
    pages = [page.extract_text() for page in reader.pages]
    assert reader.pages[0].mediabox[2:] == [432, 648]  # six by nine inches
    assert "Анна Ахматова" in words_of(pages[2:3])
    assert reader.metadata is not None
    assert reader.metadata.author == "Анна Ахматова"
    assert reader.root_object["/Lang"] == "en-GB"
    colophon = words_of(pages[3:4])
    assert "© 2026, the sphinx-essays authors" in colophon
    assert "creativecommons.org/licenses/by/4.0/" in colophon
    contents = words_of(pages[4:6])
    assert contents.index("The street") < contents.index("What the ironmonger knew")
    text = words_of(pages)
    for words in ("What’s it holding up?", "Γνῶθι σεαυτόν", "Dace1941"):
        assert words in text, words
    # A part opens on a right-hand page, between empty pages.
    part = next(n for n, page in enumerate(pages) if n > 6 and page.startswith("The street"))
    assert part % 2 == 0
    assert pages[part + 1].strip() == ""
    # The running heads: the part on the left, the essay on the right, none at an essay's title.
    assert pages[part + 2].startswith("The lido")
    assert re.match(r"(\d+ ?)?The street", pages[part + 3])
    assert pages[part + 4].startswith("The lido – who pays?")
    assert not [page for page in pages if re.match(r"chapter\b", page, re.IGNORECASE)]
    # No page begins with an attribution.
    assert not [page for page in pages for line in page.splitlines()[:2] if line[:1] == "—"]
