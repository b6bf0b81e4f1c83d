"""Faults of the PDF output that fuzzing has found, each with a minimal document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("typst")

if TYPE_CHECKING:
    from pathlib import Path

    from support.books import Book

HEAD = "Title\n=====\n\nWords.\n\n"
REFUSED = "Typst rejected this block"


def text_of(out: Path) -> str:
    pages = pypdf.PdfReader(str(out / "book.pdf")).pages
    return " ".join(page.extract_text() for page in pages)


def pdf_text(book: Book, page: str) -> str:
    """Return the text of a book with a single essay, built without a warning."""
    book.write({
        "index.rst": "Book\n====\n\n.. toctree::\n\n   essay\n",
        "essay.rst": page,
    })  # fmt: skip
    return text_of(book.clean("essaypdf"))


def pdf_text_and_warnings(book: Book, page: str) -> tuple[str, list[str]]:
    """Return the text of a book with a single essay, and the warnings."""
    book.write({
        "index.rst": "Book\n====\n\n.. toctree::\n\n   essay\n",
        "essay.rst": page,
    })  # fmt: skip
    text = text_of(book.build("essaypdf"))
    return text, [item for item in book.warnings.splitlines() if "WARNING" in item]


@pytest.mark.parametrize("formula", [r"\sin x", r"\phantom{x} y", r"\| \langle", r"\langle x"])
def test_pdf_formula_of_functions_phantoms_or_lone_brackets_is_printed(
    book: Book, formula: str
) -> None:
    assert "Qx1z" in pdf_text(book, f"{HEAD}:math:`{formula}` Qx1z\n")


def test_pdf_formula_letters_are_in_the_font_for_formulas(book: Book) -> None:
    pdf_text(book, rf"{HEAD}:math:`\mathcal{{L}} \mathbf{{x}}`" + "\n")


@pytest.mark.parametrize(
    "formula",
    [
        "a & b", r"a \\ b", "^", r"\left( \limits", r"\left( x", r"\frac{a", "{a", "a}",
        r"\nosuchcommand", r"\begin{matrix} a",
    ],
)  # fmt: skip
def test_pdf_formula_that_cannot_be_parsed_is_printed_as_typed(
    book: Book, formula: str
) -> None:
    text, warnings = pdf_text_and_warnings(book, f"{HEAD}:math:`{formula}`\n")
    assert formula.replace(" ", "") in text.replace(" ", "")
    assert ["essay.rst:6" in item and "essays.maths" in item for item in warnings] == [True]


def test_pdf_code_in_another_language_than_declared_is_printed(book: Book) -> None:
    text, warnings = pdf_text_and_warnings(book, f"{HEAD}.. code-block:: c\n\n   Qx1z ` § $\n")
    assert "Qx1z" in text
    assert ["misc.highlighting_failure" in item for item in warnings] == [True]


def test_pdf_link_may_end_in_a_soft_hyphen(book: Book) -> None:
    assert "Qx1z" in pdf_text(book, f"{HEAD}`Qx1z\u00ad <https://example.org/>`__\n")


def test_pdf_table_header_may_contain_targets_and_footnotes(book: Book) -> None:
    rows = "".join(f"   * - row {number}\n     - b\n" for number in range(90))
    page = (
        f"{HEAD}See :ref:`there <place>`, and [#n]_ again.\n\n.. _place:\n\n"
        ".. list-table::\n   :header-rows: 1\n\n"
        "   * - :index:`Qx1z` [#n]_ [#]_\n     - _`Qx2z`\n"
        f"{rows}\n.. [#n] Qx3z\n.. [#] Qx4z\n"
    )
    text = pdf_text(book, page)
    assert [word for word in ("Qx1z", "Qx2z", "Qx3z", "Qx4z") if word not in text] == []


def test_pdf_table_header_is_repeated_if_the_table_is_linked_to(book: Book) -> None:
    rows = "".join(f"   * - row {number}\n" for number in range(90))
    table = f".. _place:\n\n.. list-table::\n   :header-rows: 1\n\n   * - Qx1z\n{rows}"
    text = pdf_text(book, f"{HEAD}See :ref:`there <place>`.\n\n{table}")
    assert text.count("Qx1z") > 1


def test_pdf_index_entry_alone_in_a_table_cell_is_linked(book: Book) -> None:
    rule = "+----------------+---+\n"
    page = f"{HEAD}{rule}| .. index:: Qx1z| a |\n{rule}| b              | c |\n{rule}"
    assert "Qx1z" in pdf_text(book, page)


def test_pdf_footnote_named_only_by_a_later_footnote_is_linked(book: Book) -> None:
    text, warnings = pdf_text_and_warnings(book, f"{HEAD}.. [#a] Qx1z\n.. [#b] Qx2z [#a]_\n")
    assert "Qx2z" in text
    assert ["ref.footnote" in item for item in warnings] == [True]


def test_pdf_footnote_of_a_rejected_block_can_be_referenced_again(book: Book) -> None:
    page = f"{HEAD}Qx1z :typst:`#nobody` [#n]_\n\nAgain [#n]_.\n\n.. [#n] Qx2z\n"
    role = ".. role:: typst(raw)\n   :format: typst\n\n"
    text, warnings = pdf_text_and_warnings(book, role + page)
    assert "Qx1z" in text
    assert text.count("Qx2z") == 1
    assert [REFUSED in item for item in warnings] == [True]


RAW = ".. raw:: typst\n\n   {}\n\n"


def test_pdf_raw_markup_opened_in_one_block_swallows_no_other_text(
    book: Book,
) -> None:
    page = f"{HEAD}{RAW.format('/* Qx1z')}Qx2z\n\n{RAW.format('Qx3z */')}"
    text, warnings = pdf_text_and_warnings(book, page)
    assert [word for word in ("Qx1z", "Qx2z", "Qx3z") if word not in text] == []
    assert ["essay.rst:6" in warnings[0], "essay.rst:12" in warnings[1], len(warnings)] == [
        True,
        True,
        2,
    ]


def test_pdf_raw_blocks_in_a_row_stay_separate(book: Book) -> None:
    assert "Qx2z" in pdf_text(book, f"{HEAD}{RAW.format('- Qx1z')}{RAW.format('*Qx2z*')}")


def test_pdf_text_next_to_raw_typst_is_not_read_as_typst(book: Book) -> None:
    role = ".. role:: typst(raw)\n   :format: typst\n\n"
    glued = "a\\ :typst:`*Qx1z*`\\ b :typst:`#sym.arrow`\\ (Qx2z); :typst:`_Qx3z_`\\ c"
    text = pdf_text(book, f"{role}{HEAD}{glued}\n")
    assert "(Qx2z);" in text
    assert "Qx3zc" in text


def test_pdf_valid_block_is_not_rejected_for_its_links_and_footnotes(book: Book) -> None:
    good = "`Title`_ and [#n]_ again.\n\n"
    page = f"{HEAD}[#n]_\n\n{good}{RAW.format('$ Qx1z')}{good}.. [#n] Qx2z `Title`_\n"
    text, warnings = pdf_text_and_warnings(book, page)
    assert [word for word in ("Qx1z", "Qx2z") if word not in text] == []
    assert ["essay.rst:10" in item for item in warnings] == [True]


@pytest.mark.parametrize("page", [
    "Title\n=====\n\nWords :typst:`#table(columns: 2, [Qx1z], [Qx2z])` more.\n",
    f"{HEAD}.. parsed-literal::\n\n   Words :typst:`#table(columns: 2, [Qx1z], [Qx2z])`\n",
])  # fmt: skip
def test_pdf_table_in_an_opening_or_in_a_listing_is_printed(book: Book, page: str) -> None:
    text = pdf_text(book, f".. role:: typst(raw)\n   :format: typst\n\n{page}")
    assert [word for word in ("Qx1z", "Qx2z") if word not in text] == []


@pytest.mark.parametrize("fault", ["#nobody[Qx2z]", "#emph[Qx2z", "Qx2z ]", "/* Qx2z"])
@pytest.mark.parametrize("title", ["Title\n=====\n\nWords.\n\n{}\n{}\n", "{}\n{}\n"])
def test_pdf_raw_error_in_a_title_affects_only_its_formatting(
    book: Book, title: str, fault: str
) -> None:
    role = ".. role:: typst(raw)\n   :format: typst\n\n"
    page = title.format(f"Qx1z :typst:`{fault}`", "-" * 60)
    text, warnings = pdf_text_and_warnings(book, f"{role}{page}\nQx3z\n")
    assert [word for word in ("Qx1z", "Qx2z", "Qx3z") if word not in text] == []
    assert [REFUSED in item for item in warnings] == [True]


@pytest.mark.parametrize("cover", ["Book {}\n{}\n", ":standfirst: {}\n\nBook\n{}\n"])
@pytest.mark.parametrize("fault", ["#nobody[Qx1z]", "Qx1z ]"])
def test_pdf_raw_error_on_the_cover_does_not_stop_the_book(
    book: Book, cover: str, fault: str
) -> None:
    role = ".. role:: typst(raw)\n   :format: typst\n\n"
    page = cover.format(f":typst:`{fault}`", "=" * 60)
    book.write({
        "conf.py": f'extensions = ["sphinx_essays"]\nrst_prolog = """{role}"""\n',
        "index.rst": f"{page}\n.. toctree::\n\n   essay\n",
        "essay.rst": HEAD,
    })  # fmt: skip
    text = text_of(book.build("essaypdf"))
    assert "Qx1z" in text
    assert "Words" in text
    assert book.warnings.count("index.rst") == book.warnings.count(REFUSED) == 1
