"""What an author can change about a page, and what a page says of itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sphinx_essays.outputs import licence
from sphinx_essays.outputs.html import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Book

ESSAY = ":date: 2011-02-04\n:tags: cuts, Rivers\n\nOne\n===\n\nThe first words.\n\n"
PARAGRAPH = r'<p[^>]* id="(p-\w+)">(.*?)</p>'
COVER = "Cover\n=====\n\n.. toctree::\n\n   one\n   two\n"


@pytest.fixture
def pair(book: Book) -> Book:
    """A cover and two essays."""
    book.write({"index.rst": COVER, "one.rst": ESSAY, "two.rst": ESSAY.replace("One", "Two")})
    return book


def ids_of(page: str) -> dict[str, str]:
    return {words: name for name, words in re.findall(PARAGRAPH, page, re.DOTALL)}


# -- links to paragraphs -------------------------------------------------------------


def test_a_paragraph_keeps_its_address_while_others_come_move_and_change(book: Book) -> None:
    said = ["One *word*.", "Two words.", "Three words\nover lines.", "Four."]
    book.write({"index.rst": "Title\n=====\n\n" + COVER, "two.rst": "T\n=\n\nX.\n"})
    head = ":date: 2011\n\nOne\n===\n\n"
    book.write({"one.rst": head + "\n\n".join(said) + "\n"})
    before = ids_of((book.build() / "one.html").read_text(encoding="utf-8"))
    moved = [
        "New at the head.",
        "Four.",
        said[0],
        "Three words over\nlines.",
        "Two other words.",
    ]
    book.write({"one.rst": head + "\n\n".join(moved) + "\n"})
    after = ids_of((book.build() / "one.html").read_text(encoding="utf-8"))
    assert after["Four."] == before["Four."]
    assert after["One <em>word</em>."] == before["One <em>word</em>."]
    three = next(name for words, name in before.items() if words.startswith("Three"))
    assert three in after.values()
    assert len(set(after.values())) == 5


def test_the_same_words_twice_have_two_addresses(pair: Book) -> None:
    pair.write({"one.rst": ESSAY + "Again.\n\nAgain.\n"})
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    name = paragraphs.digest("Again.")
    assert re.findall(rf'id="({name}[-\d]*)"', page) == [name, f"{name}-2"]


# -- options of the theme --------------------------------------------------------------


@pytest.mark.parametrize("opening", ["smallcaps", "dropcap", "plain"])
def test_an_essay_begins_as_the_theme_is_told(pair: Book, opening: str) -> None:
    pair.confoverrides = {"html_theme_options.opening": opening}
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    assert f'<article class="essays-opening-{opening}"' in page
    assert '<p class="essay-opening" id=' in page


@pytest.mark.parametrize("language", ["ar", "zh_CN", "he", "hi"])
def test_a_script_without_capitals_begins_plainly(pair: Book, language: str) -> None:
    pair.confoverrides = {"language": language}
    assert "essays-opening-" not in (pair.build() / "one.html").read_text(encoding="utf-8")


def test_the_first_words_are_the_opening_whatever_stands_before_them(pair: Book) -> None:
    before = (
        ".. index:: words\n\n.. epigraph::\n\n   Said.\n\n.. update:: 2014\n\n   Later.\n\n"
    )
    pair.write({"one.rst": ESSAY.replace("The first", before + "The first")})
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    assert re.findall(r'class="essay-opening"[^>]*>(.*?)<', page) == ["The first words."]


def test_faces_of_the_authors_own_come_before_ours(pair: Book) -> None:
    pair.confoverrides = {
        "html_theme_options.font_text": '"My Face", Georgia',
        "html_theme_options.font_display": "Optima",
    }
    sheet = (pair.clean() / "_static" / "essays.css").read_text(encoding="utf-8")
    assert '--essays-font-text: "My Face", Georgia, Charter' in sheet
    assert "--essays-font-display: Optima;" in sheet


@pytest.mark.parametrize(
    ("option", "value"), [("opening", "drop cap"), ("font_text", "x; } body { color: red")]
)
def test_a_wrong_option_of_the_theme_is_told_with_what_it_may_be(
    pair: Book, option: str, value: str
) -> None:
    pair.confoverrides = {f"html_theme_options.{option}": value}
    out = pair.build()
    assert f"'{option}' is '{value}'; it can be" in pair.warnings
    assert "conf.py:1: WARNING: html_theme_options" in pair.warnings
    assert "[essays.theme]" in pair.warnings
    assert "color: red" not in (out / "_static" / "essays.css").read_text(encoding="utf-8")


def test_the_blocks_for_an_authors_own_are_where_they_are_said_to_be(pair: Book) -> None:
    pair.write(
        {
            "conf.py": (pair.source / "conf.py").read_text() + 'templates_path = ["own"]\n',
            "own/layout.html": '{% extends "!layout.html" %}'
            '{% block head_extra %}<meta name="mine" content="x">{% endblock %}'
            "{% block after_essay %}<p>After.</p>{% endblock %}"
            "{% block footer_extra %}<p>Footer.</p>{% endblock %}",
        }
    )
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    assert page.index('name="mine"') < page.index("</head>")
    assert page.index("</article>") < page.index("After.") < page.index("</main>")
    assert page.index("<footer") < page.index("Footer.") < page.rindex("</footer>")


# -- what stands around the words ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "link"),
    [
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("GFDL-1.3-or-later", "GFDL-1.3-or-later", "https://spdx.org/licenses/GFDL-1.3-or-later.html"),
        ("Ask me first.", "Ask me first.", ""),
    ],
)  # fmt: skip
def test_a_licence_is_linked_to_its_text(text: str, name: str, link: str) -> None:
    assert licence.license_of(text) == {"name": name, "link": link}


def test_the_licence_stands_at_the_foot_of_each_page(pair: Book) -> None:
    pair.confoverrides = {"essays_license": "CC-BY-SA-4.0"}
    out = pair.clean()
    for name in ("index", "one", "contents"):
        page = (out / f"{name}.html").read_text(encoding="utf-8")
        assert (
            '<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">' in page
        )


def test_an_essay_says_how_to_cite_it(pair: Book) -> None:
    pair.confoverrides = {"html_baseurl": "https://example.org/book/"}
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    line, bibtex = re.findall(r'class="essays-citation"[^>]*>(.*?)</p?', page, re.DOTALL)
    assert line == (
        "A. N. Author, “One”, Test, 4 February 2011, https://example.org/book/one.html."
    )
    assert bibtex == (
        "@incollection{author-2011-one,\n  author = {A. N. Author},\n  title = {One},\n"
        "  booktitle = {Test},\n  year = {2011},\n"
        "  url = {https://example.org/book/one.html}\n}"
    )


def test_a_tag_leads_to_its_place_in_the_index_once_there_is_one(pair: Book) -> None:
    out = pair.clean()
    page = (out / "one.html").read_text(encoding="utf-8")
    assert '<a rel="tag" href="by-tag.html#tag-rivers">Rivers</a>' in page
    assert 'id="tag-rivers"' in (out / "by-tag.html").read_text(encoding="utf-8")
    pair.write({"two.rst": "Two\n===\n\nWords.\n"})
    assert "by-tag.html" not in (pair.clean() / "one.html").read_text(encoding="utf-8")


def test_updates_are_listed_on_the_cover_and_on_a_page_of_their_own(pair: Book) -> None:
    later = ".. update:: 20 April 2014\n\n   Later.\n"
    pair.write({"one.rst": ESSAY + later, "two.rst": ESSAY + later.replace("20 April ", "")})
    out = pair.clean()
    cover = (out / "index.html").read_text(encoding="utf-8")
    assert cover.index("Recent updates") < cover.index("one.html#update-2014-04-20")
    assert "one.html#update-2014-04-20" in (out / "updates.html").read_text(encoding="utf-8")
    pair.write({"one.rst": ESSAY + later.replace("20 April", "21 April")})
    cover = (pair.clean() / "index.html").read_text(encoding="utf-8")
    assert "one.html#update-2014-04-21" in cover


def test_a_page_is_described_by_its_standfirst_or_its_first_words(pair: Book) -> None:
    pair.write({"two.rst": ':standfirst: Said "so".\n\nTwo\n===\n\nWords.\n'})
    out = pair.clean()

    def description(name: str) -> str:
        page = (out / f"{name}.html").read_text(encoding="utf-8")
        return re.findall(r'name="description" content="(.*?)">', page)[0]

    assert description("one") == "The first words."
    assert description("two") == "Said “so”."
    assert description("contents") == "Test"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
@pytest.mark.parametrize(
    ("base", "root"), [("", "/"), ("https://example.org/my/book/", "/my/book/")]
)
def test_the_page_that_says_not_here_stands_at_any_depth(
    pair: Book, builder: str, base: str, root: str
) -> None:
    pair.confoverrides = {"html_baseurl": base}
    page = (pair.clean(builder) / "404.html").read_text(encoding="utf-8")
    depth = "404/" if builder == "dirhtml" else ""
    up = "../" if builder == "dirhtml" else ""
    assert f'<base href="{root}{depth}">' in page
    assert f'href="{up}_static/essays.css' in page
    assert 'href="#' not in page


def test_the_contents_for_the_overlay_are_a_script(pair: Book) -> None:
    script = (pair.clean() / "contents.js").read_text(encoding="utf-8")
    fragment = json.loads(script.removeprefix("essaysContents(").rstrip()[:-2])
    assert 'href="one.html">One</a>' in fragment


# -- no style attribute ------------------------------------------------------------------

SIZED = """
.. image:: p.png
   :width: 50%

.. image:: p.png
   :width: 10em

.. image:: p.png
   :height: 20px

.. image:: p.png
   :scale: 200%

.. figure:: p.png
   :figwidth: 30%

   Caption.

.. figure:: p.png
   :width: 20px
   :figwidth: 200px

   Caption.

.. list-table::
   :widths: 25 75
   :width: 80%

   * - a
     - b
   * - c
     - d

.. list-table::
   :widths: auto

   * - a
"""


@pytest.fixture
def sized(pair: Book) -> str:
    """A page with widths of every kind; the picture is 40 pixels wide and 20 high."""
    header = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (40).to_bytes(4, "big") + (20).to_bytes(4, "big")
    )
    (pair.source / "p.png").write_bytes(header + b"\x08\x02\0\0\0")
    pair.write({"one.rst": ESSAY + SIZED})
    return (pair.clean() / "one.html").read_text(encoding="utf-8")


def test_widths_are_attributes_or_classes(sized: str) -> None:
    assert "style=" not in sized
    images = re.findall(r"<img [^>]*>", sized)
    sizes = [tuple(re.findall(r' (?:height|width)="(\d+)"', one)) for one in images]
    assert sizes == [
        ("20", "40"), ("100", "200"), ("20", "40"), ("40", "80"), ("20", "40"), ("10", "20"),
    ]  # fmt: skip
    assert 'class="essay-width-50"' in images[0]
    assert re.findall(r'<figure [^>]*class="[^"]*(essay-width-\w+)', sized) == [
        "essay-width-30", "essay-width-10em",
    ]  # fmt: skip
    assert re.findall(r'<table class="[^"]*(essay-width-\w+)', sized) == ["essay-width-80"]
    assert re.findall(r'<td class="essay-width-(\d+)"', sized) == ["25", "75"]
    assert "essays/widths.css" in sized


@pytest.mark.parametrize(
    ("builder", "theme", "page"),
    [("html", "alabaster", "one.html"), ("epub", "essays", "one.xhtml")],
)
def test_widths_stay_where_our_sheet_is_not(
    pair: Book, builder: str, theme: str, page: str
) -> None:
    pair.write({"one.rst": f"{ESSAY}.. figure:: p.png\n   :figwidth: 50%\n\n   Caption.\n"})
    (pair.source / "p.png").write_bytes(b"\x89PNG")
    pair.confoverrides = {"html_theme": theme, "copyright": "A", "version": "1"}
    text = (pair.build(builder) / page).read_text(encoding="utf-8")
    assert 'style="width: 50%"' in text
    assert "essay-width-" not in text


def test_a_theme_that_inherits_from_ours_has_all_that_ours_has(pair: Book) -> None:
    pair.write(
        {
            "conf.py": (pair.source / "conf.py").read_text(encoding="utf-8")
            + 'html_theme = "mine"\nhtml_theme_path = ["themes"]\n',
            "themes/mine/theme.toml": '[theme]\ninherit = "essays"\n',
        }
    )
    out = pair.clean()
    page = (out / "one.html").read_text(encoding="utf-8")
    assert "essays/settings.js" in page
    assert "essays/overlays.js" in page
    assert "essays-elements.css" not in page
    assert (out / "404.html").is_file()


def test_a_book_without_an_author_can_be_cited(pair: Book) -> None:
    pair.write({"conf.py": 'project = "Test"\nauthor = ""\nextensions = ["sphinx_essays"]\n'})
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    assert "“One”, Test, February 4, 2011." in page
    assert "@incollection{2011-one," in page


def test_formulas_are_mathml_and_one_that_cannot_be_read_is_printed(pair: Book) -> None:
    pair.write({"one.rst": ESSAY + ":math:`a^2` and :math:`\\frac{1}` here.\n"})
    page = (pair.build() / "one.html").read_text(encoding="utf-8")
    assert "<msup>" in page
    assert '<span class="essay-formula">\\frac{1}</span>' in page
    assert "one.rst:9: WARNING: This formula is printed as typed" in pair.warnings
    assert "mathjax" not in page.lower()


def test_a_renderer_of_formulas_that_the_author_has_chosen_stays(pair: Book) -> None:
    pair.write({"one.rst": ESSAY + ":math:`a^2`\n"})
    pair.confoverrides = {"html_math_renderer": "mathjax"}
    assert r"\(a^2\)" in (pair.clean() / "one.html").read_text(encoding="utf-8")


def test_a_page_asks_only_for_the_sheets_it_uses(pair: Book) -> None:
    pair.write({"two.rst": "Two\n===\n\n.. note::\n\n   Boxed.\n"})
    out = pair.clean()
    sheets = {
        name: re.findall(
            r'<link rel="stylesheet"[^>]*_static/(.*?)\?', (out / name).read_text()
        )
        for name in ("one.html", "two.html")
    }
    assert sheets["one.html"] == ["essays.css"]
    assert sheets["two.html"] == ["essays.css", "essays/matter.css"]


def test_a_repeat_is_not_searched(pair: Book) -> None:
    said = "These are zebras that nobody has ever seen here."
    pair.write({"one.rst": f"{ESSAY}{said}\n\n.. pull-quote::\n\n   zebras [unicorns] that\n"})
    files = (pair.clean() / "_search").glob("*.js")
    index = "".join(path.read_text(encoding="utf-8") for path in files)
    assert "zebra" in index
    assert "unicorn" not in index


def test_works_cited_are_a_list(pair: Book) -> None:
    pair.write({"one.rst": ESSAY + "Said [D1]_ and [E2]_.\n\n.. [D1] Dace.\n.. [E2] Eel.\n"})
    page = (pair.clean() / "one.html").read_text(encoding="utf-8")
    assert page.count('role="list"') == 1
    assert page.count('role="listitem"') == 2
    assert "doc-biblioentry" not in page


def written(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_nothing_half_written_stays_behind(pair: Book) -> None:
    assert not [name for name in written(pair.clean()) if name.endswith(".new")]


def test_the_singlehtml_page_has_no_way_that_leads_nowhere(
    root_book: Callable[[str], Book],
) -> None:
    page = (root_book("docs").clean("singlehtml") / "index.html").read_text(encoding="utf-8")
    assert 'data-essays-open="contents"' not in page
    assert 'data-essays-open="settings"' in page
