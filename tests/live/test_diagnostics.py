"""Warnings of Sphinx become records with file, line, level and text, without a browser."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.books import CONF

from sphinx_essays.live import building, diagnostics, printing
from sphinx_essays.live.diagnostics import Diagnostic, Diagnostics, from_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.books import Book

LOGGING_CONF = """
from sphinx.util import logging
logger = logging.getLogger(__name__)
logger.warning("from the top of conf.py", location="conf.py:3")
suppress_warnings = ["my.quiet"]
html_static_path = ["missing"]


def setup(app):
    logger.warning("from setup()")
    app.connect("doctree-read", read)
    app.connect("env-check-consistency", lambda app, env: logger.warning("from a check"))


def read(app, doctree):
    if app.env.docname == "index":
        logger.warning("suppressed", type="my", subtype="quiet")
        logger.warning("with a type", type="my", subtype="loud", location=("index", 7))
        logger.warning("repeated", once=True)
        logger.warning("repeated", once=True)
        logger.error("an error\\nof two lines", location="index")
        logger.critical("one: ERROR: two")
"""
INDEX = """\
Book
====

.. toctree::
   :glob:

   essay*

An *open emphasis.

See :doc:`nowhere`.
"""
# Level, file, line, text, and the phase of the build.
EMPHASIS = "Inline emphasis start-string without end-string. [docutils]"
EXPECTED = {
    ("warning", "conf.py", 3, "from the top of conf.py", "whole"),
    ("warning", "", None, "while setting up extension conf.py: from setup()", "whole"),
    ("warning", "", None, "html_static_path entry 'missing' does not exist", "whole"),
    ("warning", "index.rst", 7, "with a type [my.loud]", "read"),
    ("warning", "", None, "repeated", "read"),
    ("error", "index.rst", None, "an error\nof two lines", "read"),
    ("error", "", None, "one: ERROR: two", "read"),
    ("warning", "", None, "from a check", "checked"),
    ("warning", "index.rst", 9, EMPHASIS, "read"),
    ("warning", "essay3.rst", 4, EMPHASIS, "read"),
    ("warning", "index.rst", 11, "unknown document: 'nowhere' [ref.doc]", "written"),
}


@pytest.fixture
def reports() -> list[dict[str, Any]]:
    return []


def order_for(book: Book, *options: str) -> dict[str, Any]:
    arguments = [*options, "-d", f"{book.target}/doctrees", str(book.source)]
    return {
        "arguments": [*arguments, f"{book.target}/html"],
        "quiet": True,
        "touched": [],
        "all": False,
        "fresh": False,
    }


@pytest.fixture
def built(book: Book, reports: list[dict[str, Any]]) -> Iterator[building.Building]:
    """A small book that has been built, with a place for documents that a test writes."""
    book.write({"index.rst": "Book\n====\n\nWords.\n", "conf.py": CONF})
    with building.opened(order_for(book)) as made:
        assert made.make(reports.append)
        reports.clear()
        yield made


def records(book: Book, complaints: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The values of diagnostics, with paths relative to the sources."""
    values = []
    for complaint in complaints:
        file = Path(complaint["file"])
        inside = file.is_relative_to(book.source)
        shown = str(file.relative_to(book.source)) if inside else complaint["file"]
        values.append(tuple((complaint | {"file": shown}).values()))
    return values


@pytest.mark.parametrize("jobs", [1, 2])
def test_warning_collector_records_level_file_line_text_and_phase(
    book: Book, jobs: int, reports: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    essays = {f"essay{number}.rst": f"Essay {number}\n=======\n\n" for number in range(6)}
    book.write({"conf.py": CONF + LOGGING_CONF, "index.rst": INDEX, **essays})
    book.write({"essay3.rst": "Essay\n=====\n\n*open\n"})
    with building.opened(order_for(book, "-j", str(jobs))) as made:
        assert made.make(reports.append)
    found = records(book, reports[0]["complaints"])
    assert sorted(record[3] for record in found) == sorted(record[3] for record in EXPECTED)
    assert set(found) == EXPECTED
    printed = capfd.readouterr().err
    assert f"{book.source / 'index.rst'}:9: WARNING: Inline emphasis" in printed
    assert "CRITICAL: one: ERROR: two" in printed
    assert printed.count("repeated") == 1


def test_warning_collector_survives_a_message_with_wrong_arguments(
    book: Book, reports: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    conf = 'from sphinx.util import logging\nlogging.getLogger("a").warning("%d", "a")\n'
    book.write({"conf.py": CONF + conf, "index.rst": "Book\n====\n"})
    with building.opened(order_for(book)) as made:
        assert made.make(reports.append)
    assert reports[0]["complaints"] == []
    assert "--- Logging error ---" in capfd.readouterr().err


def test_warning_collector_of_a_preview_records_but_does_not_print(
    book: Book,
    built: building.Building,
    reports: list[dict[str, Any]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    book.write({"index.rst": INDEX})
    folder = {"folder": str(tmp_path), "shown": f"{book.target}/html"}
    building.preview(built, {"documents": ["index"], **folder}, reports.append)
    assert [report["kind"] for report in reports] == ["page", "previewed"]
    found = set(records(book, reports[-1]["complaints"]))
    assert {record for record in EXPECTED if record[2] in {9, 11}} <= found
    assert "Inline emphasis" not in capfd.readouterr().err


def test_warning_collector_of_a_pdf_records_a_refused_block_with_its_line(
    book: Book, built: building.Building, reports: list[dict[str, Any]], tmp_path: Path
) -> None:
    book.write({"index.rst": "Book\n====\n\n.. raw:: typst\n\n   #no-such-thing()\n"})
    order = {"pages": ["index"], "documents": ["index"]}
    order |= {"folder": str(tmp_path), "printed": str(tmp_path / "pdf")}
    printing.print_pages(built, order, reports.append)
    [(level, file, line, text, phase)] = records(book, reports[0]["complaints"])
    assert (level, file, line, phase) == ("warning", "index.rst", 4, diagnostics.PRINTED)
    assert "no-such-thing" in text
    assert (tmp_path / "pdf/essays/index.pdf").is_file()


def test_warning_collector_of_a_pdf_records_an_exception_as_an_error(
    book: Book,
    built: building.Building,
    reports: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("No paper.\n")

    monkeypatch.setattr(printing, "_print", fail)
    order = {"pages": ["index"], "documents": []}
    order |= {"folder": str(tmp_path), "printed": str(tmp_path / "pdf")}
    printing.print_pages(built, order, reports.append)
    assert records(book, reports[0]["complaints"]) == [
        ("error", "", None, "No paper.", diagnostics.PRINTED)
    ]


@pytest.mark.parametrize(
    ("conf", "line", "text"),
    [
        ("x = 1\nfrobnicate(\n", 2, "SyntaxError: '(' was never closed"),
        ("x = 1\n1 / 0\n", 2, "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)\n", 1, "SystemExit: 3"),
        ('extensions = ["no_such"]\n', None, "ModuleNotFoundError: No module named 'no_such'"),
    ],
)
def test_building_reports_an_error_in_conf_py_with_its_line(
    book: Book, reports: list[dict[str, Any]], conf: str, line: int | None, text: str
) -> None:
    book.write({"conf.py": conf, "index.rst": "Book\n====\n"})
    with building.opened(order_for(book)) as made:
        assert not made.make(reports.append)
    [report] = reports
    assert report["complaints"] == []
    file = str(book.source / "conf.py") if line else ""
    assert report["failure"] == {"level": "error", "file": file, "line": line, "text": text}


def record_of(location: str | None, level: int = logging.WARNING) -> logging.LogRecord:
    record = logging.LogRecord("sphinx.any", level, "", 0, "Text %d.", (1,), None)
    record.location = location
    return record


@pytest.mark.parametrize(
    ("location", "file", "line"),
    [
        (None, "", None),
        ("", "", None),
        ("/book/essay.rst", "/book/essay.rst", None),
        ("/book/essay.rst:", "/book/essay.rst", None),
        ("/book/essay.rst:12", "/book/essay.rst", 12),
        ("C:\\book\\essay.rst", "C:\\book\\essay.rst", None),
        ("C:\\book\\essay.rst:12", "C:\\book\\essay.rst", 12),
        ("/book/mod.py:docstring of mod.f:3", "/book/mod.py", 3),
        ("/book/mod.py:docstring of mod.f:", "/book/mod.py", None),
        ("/book/mod.py:docstring of mod.f", "/book/mod.py", None),
        ("<unknown>:4", "<unknown>", 4),
    ],
)
def test_diagnostic_from_a_record_has_the_file_and_line_of_its_location(
    location: str | None, file: str, line: int | None
) -> None:
    assert from_record(record_of(location), "read") == Diagnostic(
        "warning", file, line, "Text 1.", "read"
    )


def test_diagnostic_from_a_record_contains_a_traceback_but_no_colours() -> None:
    record = record_of(None, logging.ERROR)
    record.msg = "\x1b[1mText\x1b[39;49;00m %d."
    error = KeyError("key")
    record.exc_info = (KeyError, error, None)
    diagnostic = from_record(record, "read")
    assert diagnostic.level == "error"
    assert diagnostic.text == "Text 1.\nKeyError: 'key'"


def test_diagnostics_keep_a_warning_until_its_document_is_read_again() -> None:
    documents, owners = {"one": "/one.rst"}, {"/one.rst": "one"}
    kept = Diagnostics()
    without_line = from_record(record_of("/one.rst:"), diagnostics.READ)
    kept.take_build([without_line], documents, owners, ["one"], ["one"])
    kept.take_build([], documents, owners, [], ["one"])
    assert list(kept) == [without_line]
    kept.take_build([], documents, owners, ["one"], ["one"])
    assert list(kept) == []
