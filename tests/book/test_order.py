"""The reading order is computed from toctrees only."""

from __future__ import annotations

from sphinx_essays.book.order import Book, Essay, Part, Toctree, make_book

TOCTREES = {
    "index": (Toctree("First", ("a", "b")), Toctree("", ("part/index", "c", "a"))),
    "a": (),
    "b": (),
    "c": (),
    "part/index": (Toctree("", ("part/d", "part/deep/index")),),
    "part/d": (),
    "part/deep/index": (Toctree("", ("part/deep/e",)),),
    "part/deep/e": (),
}


def test_part_is_made_by_a_caption_or_a_part_page() -> None:
    deep = Part("", "part/deep/index", (Essay("part/deep/e"),))
    assert make_book("index", TOCTREES) == Book(
        "index",
        (
            Part("First", "", (Essay("a"), Essay("b"))),
            Part("", "part/index", (Essay("part/d"), deep)),
            Essay("c"),
        ),
    )


def test_reading_order_contains_each_page_once_at_its_first_place() -> None:
    assert make_book("index", TOCTREES).sequence() == (
        "index", "a", "b", "part/index", "part/d", "part/deep/index", "part/deep/e", "c",
    )  # fmt: skip


def test_part_is_found_for_each_page_in_it() -> None:
    book = make_book("index", TOCTREES)
    names = [part.docname or part.title for part in book.parts_of("part/deep/e")]
    assert names == ["part/index", "part/deep/index"]
    assert [part.title for part in book.parts_of("a")] == ["First"]
    assert book.parts_of("c") == ()


def test_part_page_must_have_a_toctree() -> None:
    book = make_book("index", TOCTREES)
    assert book.part("part/index") is not None
    assert book.part("part/d") is None


def test_toctree_that_is_circular_comes_to_an_end() -> None:
    circle = {"index": (Toctree("", ("a",)),), "a": (Toctree("", ("index", "a")),)}
    assert make_book("index", circle).sequence() == ("index", "a")


def test_toctree_entry_that_is_not_a_page_is_ignored() -> None:
    assert make_book("index", {"index": (Toctree("x", ("gone", "https://a.b")),)}).members == ()
