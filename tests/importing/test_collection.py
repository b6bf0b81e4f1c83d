"""Import into a folder again: what is kept, and what the report asks the author to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sphinx_essays import importing
from sphinx_essays.importing import import_record

if TYPE_CHECKING:
    from pathlib import Path


def folder(tmp_path: Path, **files: str) -> Path:
    """Write a folder of sources; ``a__md`` names the file ``a.md``."""
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    for name, text in files.items():
        (source / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return source


def test_import_gives_an_old_url_of_two_essays_to_the_first(tmp_path: Path) -> None:
    head = "---\naliases: [/old/]\n---\n\n"
    source = folder(tmp_path, a__md=f"{head}# A\n\nText.\n", b__md=f"{head}# B\n\nText.\n")
    remarks = importing.run(source, tmp_path / "book").remarks
    assert (
        "undated/b.md: no redirect from an old URL that another essay has too: /old/" in remarks
    )
    assert "aliases" not in (tmp_path / "book/undated/b.md").read_text()


def test_import_of_a_changed_ablog_page_keeps_and_reports_the_copy(tmp_path: Path) -> None:
    conf = 'extensions = ["ablog"]\n'
    source = folder(tmp_path, conf__py=conf, index__rst="Home\n====\n")
    book = tmp_path / "book"
    importing.run(source, book)
    folder(tmp_path, index__rst="New\n===\n", a__rst=":orphan:\n\nA\n=\n", b__rst="B\n=\n")
    (book / "a.rst").write_text("Mine\n====\n")
    remarks = importing.run(source, book).remarks
    assert "index.rst: not updated: the source file has changed since" in remarks
    assert "a.rst: not written: a file of this name exists already" in remarks
    assert (book / "index.rst").read_text() == "Home\n====\n"
    assert (book / "a.rst").read_text() == "Mine\n====\n"
    assert (book / "b.rst").is_file()


def test_import_of_markdown_asks_for_myst_parser_in_a_conf_py_without_it(
    tmp_path: Path,
) -> None:
    book = tmp_path / "book"
    (tmp_path / "a.txt").write_text(
        "A title\n\n4 May 2011\n\nIt is a sentence of some words.\n"
    )
    importing.run(tmp_path / "a.txt", book)
    assert "myst_parser" not in (book / "conf.py").read_text()
    outcome = importing.run(folder(tmp_path, b__md="# B\n\nText.\n"), book)
    assert 'conf.py: add "myst_parser" to its extensions, to read Markdown' in outcome.remarks
    assert outcome.report == "import-report-2.txt"


def test_import_names_the_author_and_language_of_a_blog_in_conf_py(tmp_path: Path) -> None:
    config = 'title: "It\'s a blog"\nlang: pt-br\nauthor: Ann Other\n'
    source = folder(tmp_path, _config__yml=config, a__md="# A\n\nText.\n")
    importing.run(source, tmp_path / "book")
    conf = (tmp_path / "book/conf.py").read_text()
    assert conf.startswith(
        'project = "It\'s a blog"\nauthor = "Ann Other"\nlanguage = "pt_BR"\n'
    )


def test_import_of_an_unknown_language_writes_english(tmp_path: Path) -> None:
    source = folder(tmp_path, _config__yml="lang: klingon\n", a__md="# A\n\nText.\n")
    importing.run(source, tmp_path / "book")
    assert 'language = "en"\n' in (tmp_path / "book/conf.py").read_text()


def test_import_refuses_the_record_of_another_version(tmp_path: Path) -> None:
    source = folder(tmp_path, a__md="# A\n\nText.\n")
    book = tmp_path / "book"
    importing.run(source, book)
    record = json.loads((book / import_record.NAME).read_text(encoding="utf-8"))
    record["version"] = 99
    (book / import_record.NAME).write_text(json.dumps(record))
    with pytest.raises(importing.SourceError, match="is from another version of sphinx-essays"):
        importing.run(source, book)


def test_import_of_nothing_new_writes_no_report(tmp_path: Path) -> None:
    source = folder(tmp_path, a__md="---\ndate: 2011-02-04\n---\n\n# A\n\nText.\n")
    outcome = importing.run(source, tmp_path / "book")
    assert (tmp_path / "book" / outcome.report).read_text() == "Nothing to check.\n"
    assert importing.run(source, tmp_path / "book").written == []
