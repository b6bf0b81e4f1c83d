"""Saved files require previews of the right documents, and builds that are large enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_essays.live.arguments import is_temporary_file
from sphinx_essays.live.changes import MOST, BookState, classify_changes


@pytest.fixture
def state(tmp_path: Path) -> BookState:
    """A book of two documents that include a file, and a style sheet; all files exist."""
    names = ["one.rst", "two.rst", "part.txt", "own.py", "conf.py", "_static/own.css"]
    for name in [*names, "_templates/page.html"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return BookState(
        documents={name: str(tmp_path / f"{name}.rst") for name in ("one", "two")},
        files={"one": "one.html", "two": "two.html"},
        dependencies={str(tmp_path / "part.txt"): ["one", "two"]},
        static=[str(tmp_path / "_static")],
        whole=[str(tmp_path / "_static"), str(tmp_path / "_templates")],
        root="one",
    )


def test_change_of_documents_previews_them_and_what_includes_them(
    tmp_path: Path, state: BookState
) -> None:
    change = classify_changes([tmp_path / "two.rst"], state)
    assert (change.documents, change.matters, change.everything) == (["two"], True, False)
    assert classify_changes([tmp_path / "part.txt"], state).documents == ["one", "two"]


def test_change_of_many_documents_waits_for_the_full_build(
    tmp_path: Path, state: BookState
) -> None:
    users = [f"essay{number}" for number in range(MOST + 1)]
    state.dependencies[str(tmp_path / "part.txt")] = users
    change = classify_changes([tmp_path / "part.txt"], state)
    assert (change.documents, change.matters) == ([], True)


def test_change_that_removes_or_adds_a_document_waits_for_the_full_build(
    tmp_path: Path, state: BookState
) -> None:
    (tmp_path / "two.rst").unlink()
    (tmp_path / "three.rst").touch()
    for name in ("two.rst", "three.rst"):
        change = classify_changes([tmp_path / "one.rst", tmp_path / name], state)
        assert (change.documents, change.matters) == ([], True), name


def test_change_of_an_unknown_file_that_does_not_exist_is_ignored(
    tmp_path: Path, state: BookState
) -> None:
    assert not classify_changes([tmp_path / "4913.rst"], state).matters


def test_change_of_code_writes_every_page_and_of_modules_reads_every_document(
    tmp_path: Path, state: BookState
) -> None:
    change = classify_changes([tmp_path / "conf.py", tmp_path / "one.rst"], state)
    assert (change.documents, change.everything, change.afresh) == ([], True, False)
    assert classify_changes([tmp_path / "own.py"], state).afresh


def test_change_of_a_style_sheet_is_copied_and_of_a_template_is_not(
    tmp_path: Path, state: BookState
) -> None:
    sheet, template = tmp_path / "_static/own.css", tmp_path / "_templates/page.html"
    change = classify_changes([sheet, template], state)
    assert change.sheets == [(sheet, "_static/own.css")]
    assert change.everything


def test_book_state_owners_prefer_a_document_over_what_includes_it(
    tmp_path: Path, state: BookState
) -> None:
    state.dependencies[str(tmp_path / "two.rst")] = ["one"]
    assert state.owners == {
        str(tmp_path / "one.rst"): "one",
        str(tmp_path / "two.rst"): "two",
        str(tmp_path / "part.txt"): "one",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one.rst", False),
        ("_static/own.css", False),
        (".one.rst.swp", True),
        ("one.rst~", True),
        ("#one.rst#", True),
        ("4913", True),
        ("one.tmp", True),
        (".git/index", True),
        ("node_modules/a/b.js", True),
    ],
)
def test_is_temporary_file_knows_files_of_editors_and_tools(
    tmp_path: Path,
    name: str,
    expected: bool,  # noqa: FBT001 (pytest passes parameters by name)
) -> None:
    assert is_temporary_file(tmp_path / name, [tmp_path / "other", tmp_path]) is expected


def test_is_temporary_file_is_false_outside_of_watched_folders() -> None:
    assert not is_temporary_file(Path("/elsewhere/one.rst~"), [Path("/book")])
