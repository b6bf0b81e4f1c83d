"""ABlog and sphinx-essays work in the same project, in either order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.books import Book

pytest.importorskip("ablog")

CONF = """
project = "Blog"
author = "A. N. Author"
extensions = {extensions}
language = "en_GB"
html_theme = "essays"
html_baseurl = blog_baseurl = "https://example.org/"
post_date_format = "%d %B, %Y"
blog_feed_fulltext = True
"""
POST = """.. post:: 1 March, 2011
   :tags: a

One
===

First words.

.. update:: 20 April, 2014

   Later words.

.. update:: May 2013

   Earlier words.

.. update::

   Undated words.

.. update:: 03/04/2014

   Ambiguous words.

.. overheard:: here

   A: Spoken words. (smiling)
"""


@pytest.mark.parametrize("order", [["ablog", "sphinx_essays"], ["sphinx_essays", "ablog"]])
def test_ablog_uses_dates_of_updates_and_does_not_add_its_own_labels(
    book: Book, order: list[str]
) -> None:
    post = POST.replace(".. update:: 03/04/2014", ".. update::")
    book.write({"conf.py": CONF.format(extensions=order)})
    book.write({"index.rst": "Blog\n====\n\n.. postlist:: 5\n   :excerpts:\n", "one.rst": post})
    out = book.clean()
    page = (out / "one.html").read_text(encoding="utf-8")
    assert 'Update, <time datetime="2014-04-20">20 April 2014</time>' in page
    assert 'Update, <time datetime="2013-05">May 2013</time>' in page
    assert "Updated on" not in page
    feed = (out / "blog" / "atom.xml").read_text(encoding="utf-8")
    entry = re.findall(r"<entry>.*?</entry>", feed, re.DOTALL)[0]
    assert "<updated>2014-04-20T" in entry
    for words in ["First words", "Later words", "Undated words", "Spoken words"]:
        assert words in entry
    for name in ["blog", "blog/archive", "blog/tag/a", "index"]:
        made = (out / f"{name}.html").read_text(encoding="utf-8")
        assert 'class="essay-header"' in made or name != "index"
        assert len(made) > 480


def test_ablog_build_continues_after_an_ambiguous_date(book: Book) -> None:
    book.write({"conf.py": CONF.format(extensions=["ablog", "sphinx_essays"])})
    book.write({"index.rst": "Blog\n====\n", "one.rst": POST})
    out = book.build()
    assert "is ambiguous" in book.warnings
    assert "Ambiguous words" in (out / "one.html").read_text(encoding="utf-8")
