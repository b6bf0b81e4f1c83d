"""Test the elements under other themes, and other extensions under the essays theme."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book
    from support.browser import Reader

pytestmark = pytest.mark.browser
SITE = 'project = "Test"\nauthor = "A. N. Author"\nlanguage = "en_GB"\n'
BLOG = (
    SITE + 'extensions = ["ablog", "sphinx_essays"]\nhtml_theme = "essays"\n'
    'html_baseurl = blog_baseurl = "https://example.org/"\nblog_title = "Blog"\n'
)
# Which elements of the extension look like any other element of their tag, without a style.
STYLED = """() => {
  const unlike = (selector, ...names) => {
    const one = document.querySelector(selector);
    if (!one) return selector + " is not there";
    const plain = document.createElement(one.localName);
    plain.textContent = "Plain";
    document.querySelector("h1").parentElement.append(plain);
    const [a, b] = [getComputedStyle(one), getComputedStyle(plain)];
    const differs = names.some(name => a[name] != b[name]);
    plain.remove();
    return differs ? "" : selector + " looks like any other";
  };
  const edges = ["borderLeftWidth", "borderTopWidth", "paddingLeft", "marginLeft"];
  return [
    unlike(".essay-pull-quote p", "fontSize", "fontStyle", "lineHeight"),
    unlike(".essay-update", ...edges, "fontStyle"),
    unlike(".essay-overheard", ...edges),
    unlike(".essay-overheard .essay-speaker", "fontVariantCaps", "fontWeight", "letterSpacing"),
    unlike(".essay-overheard .essay-setting", "fontStyle", "textAlign"),
    unlike(".essay-overheard p.essay-direction", "fontStyle", "textAlign", ...edges),
  ].filter(Boolean);
}"""
ELEMENTS = """Elements
========

It was said of a town that everybody subtracted and that nobody knew.

.. pull-quote::
   :align: right

   everybody subtracted and that nobody knew

.. update:: 20 April 2014

   Later words.

.. overheard:: at the counter
   :cast: A = the clerk

   A (smiling): It is late.

   (The parcel strikes.)
"""


def words_of(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@pytest.mark.parametrize("theme", ["alabaster", "furo", "basic"])
def test_elements_are_styled_in_other_themes(
    book: Book, serve: Callable[[Path], str], reader: Callable[..., Reader], theme: str
) -> None:
    book.write({"index.rst": ELEMENTS})
    book.confoverrides = {"html_theme": theme}
    visitor = reader(1280, bypass_csp=True)
    visitor.goes_to(serve(book.clean("html")) + "index.html")
    found = visitor.page.evaluate(STYLED)
    assert found == [], "\n".join(found)


def test_elements_style_check_detects_unstyled_elements(
    book: Book, serve: Callable[[Path], str], reader: Callable[..., Reader]
) -> None:
    """Check that the test above can fail."""
    book.write({"index.rst": ELEMENTS})
    out = book.clean("html")
    page = (out / "index.html").read_text(encoding="utf-8")
    bare = re.sub(r"<link[^>]*stylesheet[^>]*>", "", page)
    (out / "index.html").write_text(bare, encoding="utf-8")
    visitor = reader(1280)
    visitor.goes_to(serve(out) + "index.html")
    assert len(visitor.page.evaluate(STYLED)) == 6


@heavy
@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_page_of_every_sample_essay_is_complete_in_other_themes(
    root_book: Callable[[str], Book],
    docs_sources: list[Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
    theme: str,
) -> None:
    book = root_book("docs")
    book.confoverrides = {"html_theme": theme}
    out = book.clean("html")
    address = serve(out)
    visitor = reader(1280, bypass_csp=True)
    for path in docs_sources:
        inside = next(one for one in path.parents if one.name == "docs")
        name = path.relative_to(inside).with_suffix(".html").as_posix()
        text = (out / name).read_text(encoding="utf-8")
        source = path.read_text(encoding="utf-8").split("\n.. [#]")[0]
        last = re.findall(r"[a-z]{2,} [a-z]{2,}", source)[-1]
        assert last in words_of(text), name
        visitor.goes_to(address + name)
        assert visitor.page.locator("h1").count() >= 1, name
        assert visitor.page.evaluate("document.styleSheets.length") >= 1, name


@pytest.fixture
def blog(book: Book) -> Path:
    """Write an ABlog site with four posts, two tags and a page, in the essays theme."""
    pytest.importorskip("ablog")
    book.write({"conf.py": BLOG, "index.rst": "Blog\n====\n\nWelcome.\n\n.. postlist:: 3\n"})
    for number in range(1, 5):
        tag = "river" if number % 2 else "clock"
        book.write(
            {
                f"post{number}.rst": f".. post:: {number} March, 2011\n   :tags: {tag}\n"
                f"   :category: Town\n   :author: Dace\n   :location: Overy\n\n"
                f"Post number {number}\n=============\n\nFirst words of {number}.\n\n"
                f"Last words of {number}.\n"
            }
        )
    # ABlog keeps its posts in the process, which must not build a second blog.
    out = book.target / "html"
    command = [sys.executable, "-m", "sphinx", "-q", str(book.source), str(out)]
    subprocess.run(command, check=True)
    return out


def test_ablog_pages_are_complete_in_the_essays_theme(blog: Path) -> None:
    pages = {path.relative_to(blog).as_posix(): path for path in blog.rglob("*.html")}
    posts = {f"Post number {number}" for number in range(1, 5)}
    wanted = {"blog.html", "blog/archive.html", "blog/2011.html", "blog/tag/river.html"}
    assert wanted <= set(pages)
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        assert len(text) > 480, f"{name} has {len(text)} bytes"
        assert "<main" in text, name
    for name in ("blog.html", "blog/2011.html"):
        text = words_of(pages[name].read_text(encoding="utf-8"))
        assert [one for one in sorted(posts) if one not in text] == [], name
    river = words_of(pages["blog/tag/river.html"].read_text(encoding="utf-8"))
    assert "Post number 1" in river
    assert "Post number 3" in river
    for number in range(1, 5):
        text = words_of(pages[f"post{number}.html"].read_text(encoding="utf-8"))
        assert f"Last words of {number}." in text


@heavy
def test_ablog_pages_fit_the_window_without_errors_in_the_essays_theme(
    blog: Path, serve: Callable[[Path], str], reader: Callable[..., Reader]
) -> None:
    address = serve(blog)
    wrong = []
    for width in (360, 1280):
        visitor = reader(width, bypass_csp=True)
        for path in sorted(blog.rglob("*.html")):
            name = path.relative_to(blog).as_posix()
            visitor.complaints.clear()
            visitor.goes_to(address + name)
            if not visitor.page.evaluate(FITS):
                wrong.append(f"{width} {name} scrolls sideways")
            if not visitor.page.locator("main :is(h1, h2)").count():  # its catalogs have h2
                wrong.append(f"{width} {name} has no heading")
            wrong += [f"{width} {name}: {one}" for one in visitor.complaints]
    assert wrong == [], "\n".join(wrong)


FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
DESIGN = """Design
======

.. grid:: 1 2 2 3
   :gutter: 2

   .. grid-item-card:: A card
      :link: https://example.org/

      Words on a card.

   .. grid-item-card:: Another

      More words.

.. tab-set::

   .. tab-item:: One

      Words under one.

   .. tab-item:: Two

      Words under two.

.. dropdown:: Opened by a click

   Words that were hidden.

.. button-link:: https://example.org/
   :color: primary

   A button

:bdg:`a badge`
"""
COPY = """Copied
======

.. code-block:: python

   subtract = lambda minutes: minutes - 11  # a line that is longer than a telephone is wide

.. code-block:: console

   $ clock --fast 11
"""
CITED = """Cited
=====

As :cite:t:`dace` says, and others :cite:p:`argus`.

.. bibliography::
"""
BIBLIOGRAPHY = """@book{dace, title={Eleven Minutes}, author={Dace, E.}, year={1941},
  publisher={Privately printed}}
@article{argus, title={The clock}, author={Correspondent, A.}, journal={Staithe Argus},
  year={2017}}
"""
MARKDOWN = """---
standfirst: The same in Markdown.
---

# Marked down

Words with a note.[^one] And :abbr:`MD (Markdown)`, `code`, and $x^2$.

```{pull-quote}
:align: right
:check: no

Words with a note
```

:::{note}
In a box of colons.
:::

| A   | B   |
| --- | --: |
| one | 2   |

- [ ] to do
- [x] done

Term
: What it means.

~~~python
def late(): return True
~~~

[^one]: The note.
"""
NEIGHBOURS = {
    "sphinx_design": {"page.rst": DESIGN},
    "sphinx_copybutton": {"page.rst": COPY},
    "sphinxcontrib.bibtex": {"page.rst": CITED, "refs.bib": BIBLIOGRAPHY},
    "myst_parser": {"page.md": MARKDOWN},
}
# Violations in the HTML of these extensions: colours of badges and tabs, unlabelled boxes.
THEIRS = {"sphinx_design": ".sd-|sd-tab", "myst_parser": "task-list-item"}
SETTINGS: dict[str, dict[str, Any]] = {
    "sphinxcontrib.bibtex": {"bibtex_bibfiles": ["refs.bib"]},
    "myst_parser": {
        "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath", "tasklist"]
    },
}


@heavy
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_extension_pages_fit_and_pass_axe_in_the_essays_theme(
    book: Book,
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
    axe: Callable[[Any], list[str]],
    name: str,
) -> None:
    """Pages are checked without the strict policy: sphinx-design writes inline styles."""
    pytest.importorskip(name)
    book.write({"index.rst": "Book\n====\n\n.. toctree::\n\n   page\n", **NEIGHBOURS[name]})
    book.confoverrides = {
        "extensions": [name, "sphinx_essays"],
        **SETTINGS.get(name, {}),
    }
    address = serve(book.clean("html"))
    wrong = []
    for theme, width in (("light", 360), ("dark", 1280), ("sepia", 1280)):
        visitor = reader(width, theme=theme, bypass_csp=True)
        visitor.goes_to(address + "page.html")
        if not visitor.page.evaluate(FITS):
            wrong.append(f"{theme} {width} scrolls sideways")
        theirs = re.compile(THEIRS.get(name, "$^"))
        found = [one for one in axe(visitor.page) if not theirs.search(one)]
        wrong += [f"{theme} {width} {one}" for one in visitor.complaints + found]
    assert wrong == [], "\n".join(wrong)
