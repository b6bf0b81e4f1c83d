"""Test the options of the theme and the metadata of a page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sphinx_essays.outputs import licenses
from sphinx_essays.outputs.html import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book

ESSAY = ":date: 2011-02-04\n:tags: cuts, Rivers\n\nOne\n===\n\nThe first words.\n\n"
PARAGRAPH = r'<p[^>]* id="(p-\w+)">(.*?)</p>'
COVER = "Cover\n=====\n\n.. toctree::\n\n   one\n   two\n"


@pytest.fixture
def two_essays(book: Book) -> Book:
    """Write a cover and two essays."""
    book.write({"index.rst": COVER, "one.rst": ESSAY, "two.rst": ESSAY.replace("One", "Two")})
    return book


def ids_of(page: str) -> dict[str, str]:
    return {words: name for name, words in re.findall(PARAGRAPH, page, re.DOTALL)}


# -- links to paragraphs -------------------------------------------------------------


def test_paragraph_id_is_stable_when_others_are_added_moved_or_edited(book: Book) -> None:
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


def test_paragraph_ids_of_identical_text_are_different(two_essays: Book) -> None:
    two_essays.write({"one.rst": ESSAY + "Again.\n\nAgain.\n"})
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    name = paragraphs.digest("Again.")
    assert re.findall(rf'id="({name}[-\d]*)"', page) == [name, f"{name}-2"]


# -- options of the theme --------------------------------------------------------------


@pytest.mark.parametrize("opening", ["smallcaps", "dropcap", "plain"])
def test_opening_style_follows_the_theme_option(two_essays: Book, opening: str) -> None:
    two_essays.confoverrides = {"html_theme_options.opening": opening}
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    assert f'<article class="essay-opening-{opening}"' in page
    assert '<p class="essay-opening" id=' in page


@pytest.mark.parametrize("language", ["ar", "zh_CN", "he", "hi"])
def test_opening_style_is_plain_in_a_script_without_capitals(
    two_essays: Book, language: str
) -> None:
    two_essays.confoverrides = {"language": language}
    assert "essay-opening-" not in (two_essays.build() / "one.html").read_text(encoding="utf-8")


def test_opening_is_the_first_paragraph_whatever_comes_before_it(two_essays: Book) -> None:
    before = (
        ".. index:: words\n\n.. epigraph::\n\n   Said.\n\n.. update:: 2014\n\n   Later.\n\n"
    )
    two_essays.write({"one.rst": ESSAY.replace("The first", before + "The first")})
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    assert re.findall(r'class="essay-opening"[^>]*>(.*?)<', page) == ["The first words."]


def test_font_options_of_the_author_come_before_the_default_fonts(two_essays: Book) -> None:
    two_essays.confoverrides = {
        "html_theme_options.font_text": '"My Face", Georgia',
        "html_theme_options.font_display": "Optima",
    }
    sheet = (two_essays.clean() / "_static" / "essays.css").read_text(encoding="utf-8")
    assert '--essay-font-text: "My Face", Georgia, Charter' in sheet
    assert "--essay-font-display: Optima;" in sheet


@pytest.mark.parametrize(
    ("option", "value"), [("opening", "drop cap"), ("font_text", "x; } body { color: red")]
)
def test_theme_option_that_is_invalid_gives_warning_with_valid_values(
    two_essays: Book, option: str, value: str
) -> None:
    two_essays.confoverrides = {f"html_theme_options.{option}": value}
    out = two_essays.build()
    assert f"'{option}' cannot be '{value}' (ignored)" in two_essays.warnings
    assert "conf.py:1: WARNING: html_theme_options" in two_essays.warnings
    assert "[essays.theme]" in two_essays.warnings
    assert "color: red" not in (out / "_static" / "essays.css").read_text(encoding="utf-8")


def test_theme_template_blocks_are_in_their_documented_places(two_essays: Book) -> None:
    two_essays.write(
        {
            "conf.py": (two_essays.source / "conf.py").read_text()
            + 'templates_path = ["own"]\n',
            "own/layout.html": '{% extends "!layout.html" %}'
            '{% block head_extra %}<meta name="mine" content="x">{% endblock %}'
            "{% block after_essay %}<p>After.</p>{% endblock %}"
            "{% block footer_extra %}<p>Footer.</p>{% endblock %}",
        }
    )
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    assert page.index('name="mine"') < page.index("</head>")
    assert page.index("</article>") < page.index("After.") < page.index("</main>")
    assert page.index("<footer") < page.index("Footer.") < page.rindex("</footer>")


# -- around the text -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "link"),
    [
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("GFDL-1.3-or-later", "GFDL-1.3-or-later", "https://spdx.org/licenses/GFDL-1.3-or-later.html"),
        ("MIT", "MIT", "https://spdx.org/licenses/MIT.html"),
        ("apache-2.0", "apache-2.0", "https://spdx.org/licenses/Apache-2.0.html"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0", ""),
        ("LicenseRef-Mine", "LicenseRef-Mine", ""),
        ("All-rights-reserved", "All-rights-reserved", ""),
        ("© 2026 (mine)", "© 2026 (mine)", ""),
        ("Ask me first.", "Ask me first.", ""),
    ],
)  # fmt: skip
def test_licence_links_to_its_text(text: str, name: str, link: str) -> None:
    assert licenses.license_for(text) == {"name": name, "link": link}


def test_licence_is_in_the_footer_of_each_page(two_essays: Book) -> None:
    two_essays.confoverrides = {"essays_license": "CC-BY-SA-4.0"}
    out = two_essays.clean()
    for name in ("index", "one", "contents"):
        page = (out / f"{name}.html").read_text(encoding="utf-8")
        assert (
            '<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">' in page
        )


def test_citation_of_an_essay_is_given_as_text_and_bibtex(two_essays: Book) -> None:
    two_essays.confoverrides = {"html_baseurl": "https://example.org/book/"}
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    line, bibtex = re.findall(r'class="essay-citation"[^>]*>(.*?)</p?', page, re.DOTALL)
    assert line == (
        "A. N. Author, “One”, Test, 4 February 2011, https://example.org/book/one.html."
    )
    assert bibtex == (
        "@incollection{author-2011-one,\n  author = {A. N. Author},\n  title = {One},\n"
        "  booktitle = {Test},\n  year = {2011},\n"
        "  url = {https://example.org/book/one.html}\n}"
    )


def test_tag_links_to_its_index_entry_if_there_is_an_index(two_essays: Book) -> None:
    out = two_essays.clean()
    page = (out / "one.html").read_text(encoding="utf-8")
    assert '<a rel="tag" href="by-tag.html#tag-rivers">Rivers</a>' in page
    assert 'id="tag-rivers"' in (out / "by-tag.html").read_text(encoding="utf-8")
    two_essays.write({"two.rst": "Two\n===\n\nWords.\n"})
    assert "by-tag.html" not in (two_essays.clean() / "one.html").read_text(encoding="utf-8")


def test_updates_are_listed_on_the_cover_and_on_a_page_of_their_own(two_essays: Book) -> None:
    later = ".. update:: 20 April 2014\n\n   Later.\n"
    two_essays.write(
        {"one.rst": ESSAY + later, "two.rst": ESSAY + later.replace("20 April ", "")}
    )
    out = two_essays.clean()
    cover = (out / "index.html").read_text(encoding="utf-8")
    assert cover.index("Recent updates") < cover.index("one.html#update-2014-04-20")
    assert "one.html#update-2014-04-20" in (out / "updates.html").read_text(encoding="utf-8")
    two_essays.write({"one.rst": ESSAY + later.replace("20 April", "21 April")})
    cover = (two_essays.clean() / "index.html").read_text(encoding="utf-8")
    assert "one.html#update-2014-04-21" in cover


def test_meta_description_is_the_standfirst_or_the_first_words(two_essays: Book) -> None:
    two_essays.write({"two.rst": ':standfirst: Said "so".\n\nTwo\n===\n\nWords.\n'})
    out = two_essays.clean()

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
def test_not_found_page_works_at_any_depth(
    two_essays: Book, builder: str, base: str, root: str
) -> None:
    two_essays.confoverrides = {"html_baseurl": base}
    page = (two_essays.clean(builder) / "404.html").read_text(encoding="utf-8")
    depth = "404/" if builder == "dirhtml" else ""
    up = "../" if builder == "dirhtml" else ""
    assert f'<base href="{root}{depth}">' in page
    assert f'href="{up}_static/essays.css' in page
    assert 'href="#' not in page


def test_contents_overlay_is_loaded_as_a_script(two_essays: Book) -> None:
    script = (two_essays.clean() / "contents.js").read_text(encoding="utf-8")
    fragment = json.loads(script.removeprefix("essayContents(").rstrip()[:-2])
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
def page_with_widths(two_essays: Book) -> str:
    """Build a page with widths of every kind; the image has 40 by 20 pixels."""
    header = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (40).to_bytes(4, "big") + (20).to_bytes(4, "big")
    )
    (two_essays.source / "p.png").write_bytes(header + b"\x08\x02\0\0\0")
    two_essays.write({"one.rst": ESSAY + SIZED})
    return (two_essays.clean() / "one.html").read_text(encoding="utf-8")


def test_width_options_become_attributes_or_classes(page_with_widths: str) -> None:
    assert "style=" not in page_with_widths
    images = re.findall(r"<img [^>]*>", page_with_widths)
    sizes = [tuple(re.findall(r' (?:height|width)="(\d+)"', one)) for one in images]
    assert sizes == [
        ("20", "40"), ("100", "200"), ("20", "40"), ("40", "80"), ("20", "40"), ("10", "20"),
    ]  # fmt: skip
    assert 'class="essay-width-50"' in images[0]
    assert re.findall(r'<figure [^>]*class="[^"]*(essay-width-\w+)', page_with_widths) == [
        "essay-width-30", "essay-width-10em",
    ]  # fmt: skip
    assert re.findall(r'<table class="[^"]*(essay-width-\w+)', page_with_widths) == [
        "essay-width-80"
    ]
    assert re.findall(r'<td class="essay-width-(\d+)"', page_with_widths) == ["25", "75"]
    assert "essays/widths.css" in page_with_widths


@pytest.mark.parametrize(
    ("builder", "theme", "page"),
    [("html", "alabaster", "one.html"), ("epub", "essays", "one.xhtml")],
)
def test_width_options_stay_inline_styles_in_other_themes_and_epub(
    two_essays: Book, builder: str, theme: str, page: str
) -> None:
    two_essays.write(
        {"one.rst": f"{ESSAY}.. figure:: p.png\n   :figwidth: 50%\n\n   Caption.\n"}
    )
    (two_essays.source / "p.png").write_bytes(b"\x89PNG")
    two_essays.confoverrides = {"html_theme": theme, "copyright": "A", "version": "1"}
    text = (two_essays.build(builder) / page).read_text(encoding="utf-8")
    assert 'style="width: 50%"' in text
    assert "essay-width-" not in text


def test_theme_that_inherits_from_essays_has_all_its_features(two_essays: Book) -> None:
    two_essays.write(
        {
            "conf.py": (two_essays.source / "conf.py").read_text(encoding="utf-8")
            + 'html_theme = "mine"\nhtml_theme_path = ["themes"]\n',
            "themes/mine/theme.toml": '[theme]\ninherit = "essays"\n',
        }
    )
    out = two_essays.clean()
    page = (out / "one.html").read_text(encoding="utf-8")
    assert "essays/settings.js" in page
    assert "essays/overlays.js" in page
    assert "essays-elements.css" not in page
    assert (out / "404.html").is_file()


def test_citation_of_a_book_without_an_author_is_possible(two_essays: Book) -> None:
    two_essays.write(
        {"conf.py": 'project = "Test"\nauthor = ""\nextensions = ["sphinx_essays"]\n'}
    )
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    assert "“One”, Test, February 4, 2011." in page
    assert "@incollection{2011-one," in page


def test_formula_becomes_mathml_or_is_printed_as_typed_if_invalid(two_essays: Book) -> None:
    two_essays.write({"one.rst": ESSAY + ":math:`a^2` and :math:`\\frac{1}` here.\n"})
    page = (two_essays.build() / "one.html").read_text(encoding="utf-8")
    assert "<msup>" in page
    assert '<span class="essay-formula">\\frac{1}</span>' in page
    assert "one.rst:9: WARNING: Cannot convert this formula" in two_essays.warnings
    assert "mathjax" not in page.lower()


def test_formula_renderer_set_by_the_author_is_kept(two_essays: Book) -> None:
    two_essays.write({"one.rst": ESSAY + ":math:`a^2`\n"})
    two_essays.confoverrides = {"html_math_renderer": "mathjax"}
    assert r"\(a^2\)" in (two_essays.clean() / "one.html").read_text(encoding="utf-8")


def test_style_sheets_are_loaded_only_by_pages_that_use_them(two_essays: Book) -> None:
    two_essays.write({"two.rst": "Two\n===\n\n.. note::\n\n   Boxed.\n"})
    out = two_essays.clean()
    sheets = {
        name: re.findall(
            r'<link rel="stylesheet"[^>]*_static/(.*?)\?', (out / name).read_text()
        )
        for name in ("one.html", "two.html")
    }
    assert sheets["one.html"] == ["essays.css"]
    assert sheets["two.html"] == ["essays.css", "essays/extras.css"]


def test_search_index_excludes_repeated_pull_quotes(two_essays: Book) -> None:
    said = "These are zebras that nobody has ever seen here."
    two_essays.write(
        {"one.rst": f"{ESSAY}{said}\n\n.. pull-quote::\n\n   zebras [unicorns] that\n"}
    )
    files = (two_essays.clean() / "_search").glob("*.js")
    index = "".join(path.read_text(encoding="utf-8") for path in files)
    assert "zebra" in index
    assert "unicorn" not in index


def test_works_cited_are_marked_up_as_a_list(two_essays: Book) -> None:
    two_essays.write(
        {"one.rst": ESSAY + "Said [D1]_ and [E2]_.\n\n.. [D1] Dace.\n.. [E2] Eel.\n"}
    )
    page = (two_essays.clean() / "one.html").read_text(encoding="utf-8")
    assert page.count('role="list"') == 1
    assert page.count('role="listitem"') == 2
    assert "doc-biblioentry" not in page


def file_names(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_html_output_contains_no_temporary_files(two_essays: Book) -> None:
    assert not [name for name in file_names(two_essays.clean()) if name.endswith(".new")]


def test_singlehtml_page_has_no_control_that_leads_nowhere(
    built: Callable[[str, str], Path],
) -> None:
    page = (built("docs", "singlehtml") / "index.html").read_text(encoding="utf-8")
    assert 'data-essay-open="contents"' not in page
    assert 'data-essay-open="settings"' in page


def test_table_widths_are_classes_and_not_style_attributes(book: Book) -> None:
    rows = "   * - Name\n     - Words\n   * - A\n     - B\n"
    table = f".. list-table::\n   :widths: 20 80\n\n{rows}"
    book.write({"index.rst": f"Title\n=====\n\n{table}"})
    page = book.page("index.html")
    assert "<col " not in page
    assert "style=" not in page
    widths = re.findall(r'<td class="[^"]*(essay-width-\d+)', page)
    assert widths == ["essay-width-20", "essay-width-80"]
