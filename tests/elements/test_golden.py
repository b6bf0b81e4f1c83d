"""Each element has the same content in every output, from reStructuredText and MyST.

The golden files are what a reader gets. ``pytest --rewrite-golden`` writes them
again; read the differences before you commit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.paths import GOLDEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book

PAGES = ["pull_quote", "update", "overheard", "page"]
OUTPUTS = {"html": "html", "latex": "tex", "text": "txt", "essaytypst": "typ"}


def page_output(out: Path, builder: str, page: str) -> str:
    """Return the part of an output that a page fills."""
    if builder == "text":
        return (out / f"{page}.txt").read_text(encoding="utf-8")
    if builder == "html":
        text = (out / f"{page}.html").read_text(encoding="utf-8")
        return re.findall(r"<article[^>]*>\s*(.*?)\s*</article>", text, re.DOTALL)[0] + "\n"
    if builder == "essaytypst":
        chapters = (out / "book.typ").read_text(encoding="utf-8").split("\n#essay-chapter(")
        chapter = next(one for one in chapters if one.startswith(f'"{page}:"'))
        chapter = re.sub(r"\n{3,}", "\n\n", f"#essay-chapter({chapter}")
        return chapter.rpartition("];")[0] + "];\n"
    text = next(iter(out.glob("*.tex"))).read_text(encoding="utf-8")
    chapters = re.split(r"\\sphinxstepscope\n+", text.split(r"\renewcommand{\indexname}")[0])
    chapter = next(one for one in chapters if rf"\label{{\detokenize{{{page}:" in one)
    return chapter.replace("\\sphinxAtStartPar\n", "")


def normalize_lines(text: str) -> str:
    """Ignore line breaks in running text; Sphinx releases differ in blank lines."""
    return re.sub(r"\s*\n\s*", "\n", text).strip()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("builder", OUTPUTS)
def test_element_output_matches_the_golden_file(
    built: Callable[[str, str], Path], request: pytest.FixtureRequest, builder: str, page: str
) -> None:
    got = page_output(built("rst", builder), builder, page)
    golden = GOLDEN / f"{page}.{OUTPUTS[builder]}"
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(got, encoding="utf-8")
    assert normalize_lines(got) == normalize_lines(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("builder", OUTPUTS)
def test_markdown_gives_the_same_output_as_restructuredtext(
    built: Callable[[str, str], Path], builder: str
) -> None:
    rst, myst = built("rst", builder), built("myst", builder)
    for page in PAGES:
        assert normalize_lines(page_output(myst, builder, page)) == normalize_lines(
            page_output(rst, builder, page)
        )


def test_parallel_read_gives_the_same_output_as_serial_read(
    root_book: Callable[[str], Book],
) -> None:
    book = root_book("rst")
    book.target = book.target / "one"
    serial = book.clean("html")
    book.target = book.target.parent / "two"
    parallel = book.clean("html", parallel=2)
    for page in PAGES:
        name = f"{page}.html"
        assert (serial / name).read_bytes() == (parallel / name).read_bytes()


@pytest.mark.parametrize("place", ["body", "list", "table", "footnote", "quotation"])
@pytest.mark.parametrize(
    "builder", ["html", "latex", "text", "man", "texinfo", "xml", "essaytypst"]
)
def test_element_can_be_used_wherever_a_paragraph_can(
    book: Book, place: str, builder: str
) -> None:
    elements = (
        ".. pull-quote::\n\n   Quoted words.\n\n"
        ".. update:: 2014\n\n   Updated words.\n\n"
        ".. overheard:: Setting words\n\n   A: Spoken words.\n"
    )

    def indent(by: int) -> str:
        lines = elements.splitlines()
        return "\n".join(" " * by + line if line else "" for line in lines).strip()

    places = {
        "body": elements,
        "list": f"- {indent(2)}\n",
        "table": f".. list-table::\n\n   * - {indent(7)}\n",
        "footnote": f"Note. [#]_\n\n.. [#] {indent(3)}\n",
        "quotation": f"Before.\n\n   {indent(3)}\n",
    }
    book.write({"index.rst": f"Title\n=====\n\n{places[place]}"})
    out = book.clean(builder)
    files = [path for path in out.rglob("*") if path.suffix in SUFFIXES]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    for words in ["Quoted words", "Updated words", "Setting words", "Spoken words"]:
        assert words in text


SUFFIXES = {".html", ".tex", ".txt", ".1", ".texi", ".xml", ".typ"}


def test_element_with_a_name_can_be_linked_to(book: Book) -> None:
    elements = (
        ".. pull-quote::\n   :name: quoted\n\n   Somebody else's words.\n\n"
        ".. update:: 2014\n   :name: updated\n\n   Words.\n\n"
        ".. overheard::\n   :name: heard\n\n   A: b\n\n"
        ":ref:`a <quoted>` :ref:`b <updated>` :ref:`c <heard>`\n"
    )
    book.write({"index.rst": f"Title\n=====\n\n{elements}"})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    for name in ["quoted", "updated", "heard"]:
        assert f'id="{name}"' in page
        assert f'href="#{name}"' in page


def test_direction_is_not_made_of_escaped_brackets(book: Book) -> None:
    body = "Title\n=====\n\n.. overheard::\n\n   A: \\(no\\) and (yes)\n"
    book.write({"index.rst": body})
    assert '(no) and (<i class="essay-direction">yes</i>)' in book.page("index.html")


def test_direction_is_not_made_of_escaped_brackets_in_markdown(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    words = "A: \\(no\\) and (yes) and `\\(code` and ![\\(alt](x.svg)"
    book.write({"index.md": f"# Title\n\n```{{overheard}}\n{words}\n\n\\(no\\)\n```\n"})
    book.write({"x.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>'})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert '(no) and (<i class="essay-direction">yes</i>)' in page
    assert ">(no)</p>" in page
    assert r"\(code" in page
    assert 'alt="(alt"' in page


def test_dialogue_keeps_a_markdown_block_quote_in_a_speech(book: Book) -> None:
    book.confoverrides = {"extensions": ["myst_parser", "sphinx_essays"]}
    body = "```{overheard}\nA: x\n\n> quoted\n\nB: y\n```\n"
    book.write({"index.md": f"# Title\n\n{body}"})
    page = (book.clean() / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<blockquote[^>]*>\s*<div><p>quoted</p>", page)


def test_overheard_label_is_not_repeated_if_the_setting_contains_it(book: Book) -> None:
    body = "Title\n=====\n\n.. overheard:: Overheard on a bus\n\n   A: b\n"
    book.write({"index.rst": body})
    assert book.page("index.html").count("Overheard") == 1


def test_builder_without_visitors_for_the_elements_outputs_every_word(
    root_book: Callable[[str], Book],
) -> None:
    book = root_book("rst")
    with (book.source / "conf.py").open("a", encoding="utf-8") as conf:
        # A foreign handler under a builder's name hides all handlers for its format.
        conf.write(
            "from docutils import nodes\n"
            "class strange(nodes.Element): pass\n"
            "def nothing(self, node): pass\n"
            "def setup(app):\n"
            "    app.add_node(strange, singlehtml=(nothing, nothing))\n"
        )
    text = (book.clean("singlehtml") / "index.html").read_text(encoding="utf-8")
    assert "He looks at the sky." in text
    assert "Correction, " in text
    assert "essay-update" not in re.findall(r'<aside[^>]*class="([^"]*)"', text)


def test_update_date_is_in_the_language_of_the_book(book: Book) -> None:
    conf = 'project = "Test"\nextensions = ["sphinx_essays"]\nlanguage = "de"\n'
    body = ":date: 3. März 2012\n\nTitel\n=====\n\n.. update:: 20. April 2014\n\n   Text.\n"
    book.write({"conf.py": conf, "index.rst": body})
    assert '<time datetime="2014-04-20">20. April 2014</time>' in book.page("index.html")


def test_update_error_in_a_definition_term_gives_its_line(book: Book) -> None:
    text = "Title\n=====\n\n.. update::\n\n   Term : of |typo|\n      Words.\n"
    book.write({"index.rst": text})
    book.build()
    assert "index.rst:6: ERROR: Undefined substitution" in book.warnings
