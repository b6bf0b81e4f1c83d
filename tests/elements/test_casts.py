"""Speakers that do not match the cast produce a warning, with the nearest name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.books import Book


def dialogue(cast: str, body: str) -> str:
    return f"Title\n=====\n\n.. overheard::\n   :cast: {cast}\n\n{body}"


@pytest.mark.parametrize(
    ("cast", "body", "warnings"),
    [
        ("YM = Young Man", "   YM: x\n", []),
        ("YM = Young Man", "   YN: x\n\n   YM: y\n", [
            "7: WARNING: Speaker 'YN' is not in the cast. Did you mean 'YM'?",
        ]),
        ("A = Al; B = Bo", "   A and B: x\n", []),
        ("A = Al; B = Bo", "   A: x\n", [
            "5: WARNING: Cast member 'B' never speaks. If this is intended",
        ]),
        ("A = Al; Dog = a dog (silent)", "   A: x\n", []),
        ("Anna = a; Zed = z", "   Ana: x\n\n   Zed: y\n", [
            "7: WARNING: Speaker 'Ana' is not in the cast. Did you mean 'Anna'?",
            "5: WARNING: Cast member 'Anna' never speaks. Did you mean 'Ana'?",
        ]),
        ("A = Al", "   A: x\n\n   Q: y\n\n   Q: z\n", ["9: WARNING: Speaker 'Q' is"]),
    ],
)  # fmt: skip
def test_cast_and_speakers_that_do_not_match_give_warnings(
    book: Book, cast: str, body: str, warnings: list[str]
) -> None:
    book.write({"index.rst": dialogue(cast, body)})
    book.build()
    assert book.warnings.count("WARNING") == len(warnings)
    for warning in warnings:
        assert warning in book.warnings


def test_dialogue_without_cast_allows_any_speaker(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n\n.. overheard::\n\n   A: x\n\n   B: y\n"})
    book.clean()


def test_dialogue_that_is_one_sided_marks_the_silent_side(book: Book) -> None:
    body = (
        ".. overheard::\n   :one-sided:\n\n   A: One?\n\n   A: Two.\n\n   (Waits.)\n\n   A: x\n"
    )
    book.write({"index.rst": f"Title\n=====\n\n{body}"})
    page = book.page("index.html")
    assert page.count('<p class="essay-silence">…</p>') == 1
    assert page.index("One?") < page.index("essay-silence") < page.index("Two.")


def test_dialogue_one_sided_option_accepts_no_and_warns_of_other_values(book: Book) -> None:
    body = ".. overheard::\n   :one-sided: {}\n\n   A: One?\n\n   A: Two.\n"
    book.write({"index.rst": "Title\n=====\n\n" + body.format("no")})
    assert "essay-silence" not in book.page("index.html")
    assert book.warnings == ""
    book.write({"index.rst": "Title\n=====\n\n" + body.format("maybe")})
    assert "essay-silence" not in book.page("index.html")
    assert "index.rst:5: WARNING: Invalid value of option ':one-sided:'" in book.warnings


def test_cast_member_may_be_a_pair_of_speakers(book: Book) -> None:
    cast = "   :cast: A & B = twins; C = Carl\n"
    body = f".. overheard::\n{cast}\n   A & B: x\n   C: y\n   A & B: z\n"
    book.write({"index.rst": f"Title\n=====\n\n{body}"})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert page.count('<b class="essay-speaker">A &amp; B:</b>') == 2
