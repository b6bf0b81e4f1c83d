"""The book is plain data, put together from toctrees and nothing else."""

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


def test_captions_and_part_pages_make_parts() -> None:
    deep = Part("", "part/deep/index", (Essay("part/deep/e"),))
    assert make_book("index", TOCTREES) == Book(
        "index",
        (
            Part("First", "", (Essay("a"), Essay("b"))),
            Part("", "part/index", (Essay("part/d"), deep)),
            Essay("c"),
        ),
    )


def test_each_page_is_read_once_where_it_comes_first() -> None:
    assert make_book("index", TOCTREES).sequence() == (
        "index", "a", "b", "part/index", "part/d", "part/deep/index", "part/deep/e", "c",
    )  # fmt: skip


def test_a_page_knows_the_parts_it_stands_in() -> None:
    book = make_book("index", TOCTREES)
    names = [part.docname or part.title for part in book.parts_of("part/deep/e")]
    assert names == ["part/index", "part/deep/index"]
    assert [part.title for part in book.parts_of("a")] == ["First"]
    assert book.parts_of("c") == ()


def test_only_a_page_with_a_toctree_is_a_part() -> None:
    book = make_book("index", TOCTREES)
    assert book.part("part/index") is not None
    assert book.part("part/d") is None


def test_a_toctree_that_leads_in_a_circle_ends() -> None:
    circle = {"index": (Toctree("", ("a",)),), "a": (Toctree("", ("index", "a")),)}
    assert make_book("index", circle).sequence() == ("index", "a")


def test_what_is_no_page_is_no_member() -> None:
    assert make_book("index", {"index": (Toctree("x", ("gone", "https://a.b")),)}).members == ()
