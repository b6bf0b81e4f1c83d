"""Import a blog with `sphinx-essays import`: no word is lost, no file is overwritten."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.paths import ROOTS
from support.sizes import size_of

import sphinx_essays
from sphinx_essays import cli
from sphinx_essays.importing import (
    ghost,
    import_record,
    names,
    plaintext,
    proofreading,
    sources,
    word_diff,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = ROOTS / "import"
POSTS = size_of("POSTS")
TEXTS = size_of("TEXTS")


@pytest.fixture
def run_import(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the command; gives what it printed."""

    def run(source: Path, directory: Path, *more: str, status: int = 0) -> str:
        found = cli.main(["import", str(source), str(directory), *more])
        said = capsys.readouterr()
        assert found == status, said.out + said.err
        return said.out + said.err

    return run


def build(book: Path, builder: str = "text") -> Path:
    """Build in a process of its own, warnings being errors."""
    out = book.parent / f"{book.name}-{builder}"
    command = [sys.executable, "-P", "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder]
    command += ["-d", str(out) + "-trees", str(book), str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def text_file(tmp_path: Path, text: str, name: str = "blog.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def written(tmp_path: Path, body: str) -> str:
    """What becomes of one essay of plain text, without its head."""
    source = text_file(tmp_path, f"The title of it\n\n4 February 2011\n\n{body}\n")
    (essay,) = plaintext.read(source, tmp_path).essays
    return essay.body


def titles(tmp_path: Path, text: str) -> list[str]:
    blog = plaintext.read(text_file(tmp_path, text), tmp_path)
    return [essay.title for essay in blog.essays]


# -- samples of real size ------------------------------------------------------------

WORDS = """it is hard to be against and that what makes for change on this scale needs
based sound evidence nobody has seen yet while queueing at the lido we thought of swimming
in winter with somebody else whose towel was blue though cold enough indeed perhaps rather
often never""".split()
TRAPS = (
    "“Change on this scale needs to be based on sound evidence.” (Jane Smith, The Guardian)",
    "As Orwell put it:\n\n“Political language is designed to make lies sound truthful.”",
    """Overheard on the 38 bus:

YM: No, I am NOT going to ask.

(He looks away.)

OL: There is a shop.
YM: A. No.""",
    "Pop quiz: who said it?",
    "Note: this is how it was,more or less.",
    "Update: I have just re-read this.",
    "Update (20 April 2014): I have changed my mind.",
    "• one thing\n   • another thing\n\n   • a third one",
    "   An indented paragraph with *stars*, `ticks`, |bars| and names_ of things_.",
    "What now?",
    "1. count\n2. again",
    "- - -",
    "A. N. Author said:: nothing, at 10:30, see http://example.org/a_b_c.",
    ".. not a comment, and :not: a field",
)


def sentence(dice: random.Random) -> str:
    said = " ".join(dice.choices(WORDS, k=dice.randint(9, 22)))
    return said.capitalize() + "."


def paragraph(dice: random.Random) -> str:
    return " ".join(sentence(dice) for _ in range(dice.randint(2, 5)))


def pasted(count: int = TEXTS, *, traps: bool = True) -> list[tuple[str, str]]:
    """Titles and bodies as pasted from a blog."""
    dice = random.Random(7)  # noqa: S311 (the same each time)
    posts = []
    for number in range(count):
        pieces = [paragraph(dice) for _ in range(6)]
        if traps:
            for trap in dice.sample(TRAPS, 4):
                pieces.insert(dice.randint(1, len(pieces)), trap)
        pieces.append(paragraph(dice))
        title = f"{' '.join(dice.sample(WORDS, 4)).capitalize()} {number}"
        posts.append((title, "\n\n".join(pieces)))
    return posts


def join_with_dates(posts: list[tuple[str, str]]) -> str:
    """The text of a blog, each post under its title and its date."""
    return "\n\n".join(
        f"{title}\n\n{1 + number % 28} March {2005 + number % 9}\n\n{body}"
        for number, (title, body) in enumerate(posts)
    )


WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A blog</title><link>https://www.example.org</link><language>en-GB</language>
<wp:base_blog_url>https://www.example.org</wp:base_blog_url>
{items}</channel></rss>
"""
ITEM = """<item><title>{title}</title><link>https://www.example.org/{slug}/</link>
<dc:creator>ana</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{date} 10:00:00</wp:post_date>
<wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_type>post</wp:post_type>
<category domain="post_tag"><![CDATA[swimming]]></category></item>
"""
HTML_TRAPS = (
    "<ul><li>{a} one</li><li>{b} <b>two</b><ol><li>deep {c}</li></ol></li></ul>",
    "<blockquote>{a}\n\n{b} <cite>{c}</cite></blockquote>",
    "<table><tr><th>{a}</th><th>x|y</th></tr><tr><td>{b}<br>{c}</td><td></td></tr></table>",
    '[caption id="a"]<img src="/wp-content/uploads/none.png" alt="{a}"/> {b} {c}[/caption]',
    '[sourcecode language="python"]\ndef {a}({b}):\n    return {c} * 2 < 3\n[/sourcecode]',
    "<h4>{a} jumps</h4>{b}\n<h2>{c}</h2>",
    "% {a} is no comment\n\n({b})=\n\n+++ {c}",
    "{a} *stars* _lines_ `ticks` # hash {{role}}`{b}` [x]({c}) [^1] <u>u</u> 1. two",
    "<hr /><hr />{a} {b} {c}<hr />",
    '<div class="x"><p>{a}</p>{b}<pre>  {c}\n\n  more</pre></div>',
    "[unknown-code id=3]{a}[/unknown-code] {b} &amp; &lt;tag&gt; &nbsp; {c}",
    "<dl><dt>{a}</dt><dd>{b}</dd></dl>1. {c}\n2. again",
    '<a href="/{slug}/">{a}</a> <a href="#x">{b}</a> <a href="o.html">{c}</a>',
    "{a}<br />{b}<br/>\n{c}\n- no list",
    "<!-- wp:paragraph --><p>{a}</p><!-- /wp:paragraph --><ul><li>{b}</li></ul><p>{c}</p>",
)
MARKDOWN_TRAPS = (
    "* {a}\n* {b}\n\n    1. {c}\n",
    "> {a}\n> {b} *{c}*",
    "| {a} | x |\n|---|---|\n| {b} | {c} |",
    "![{a}](/img/none.png) {b} {c}",
    "```{lexer}\n{a} = {{ {b}\n{c}\n```",
    "#### {a}\n\n{b}\n\n## {c}",
    "% {a}\n\n({b})=\n+++ {c}",
    "{a} {{role}}`{b}` {{{{ x }}}} {c}[^n]\n\n[^n]: note\n[^m]: unused words",
    "---\n\n***\n\n{a} {b} {c}\n\n---",
    '<div class="x">\n{a} <b>{b}</b>\n</div>\n\n<p align="center">{c}</p>',
    "[{a}](/{slug}/) [{b}](#x) [{c}](other.md) [r][ref]\n\n[ref]: lost.md\n[ref]: again.md",
    "{a}  \n{b}\\\n{c}",
    "{{% highlight ruby %}}\n{a} {b}\n{{% endhighlight %}}\n{{% include x.html %}} {c}",
    "{a}\n==\n\n{b}\n\n# {c}",
    "```{{toctree}}\n{a}\n```\n\n```{{include}} /etc/passwd\n```\n{b} {c}",
)


def marked_up_posts(count: int, patterns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Posts with words of their own in every corner, and all of those words."""
    dice = random.Random(11)  # noqa: S311 (as above)
    for number in range(count):
        pieces, told = [], []
        for place, pattern in enumerate(dice.sample(patterns, 3)):
            own = [f"{letter}w{number}x{place}" for letter in "abc"]
            other = (number * 7) % count
            lexer = dice.choice(["", "python", "json", "nolexer", "{r}"])
            words = dict(zip("abc", own, strict=True))
            pieces += [
                paragraph(dice),
                pattern.format(**words, slug=f"post-{other}", lexer=lexer),
            ]
            told += own
        yield {
            "number": number + 1, "slug": f"post-{number}", "title": f"Post & {number} *x*",
            "body": "\n\n".join(pieces), "date": f"{2005 + number % 9}-{1 + number % 12:02}-07",
            "status": "draft" if number % 50 == 49 else "publish", "told": told,
        }  # fmt: skip


def write_wxr(folder: Path, count: int = POSTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    items = [
        ITEM.format(**{**post, "title": escape(post["title"])})
        for post in marked_up_posts(count, HTML_TRAPS)
    ]
    path = folder / "export.xml"
    path.write_text(WXR.format(items="".join(items)), encoding="utf-8")
    return path


def write_markdown(folder: Path, count: int = POSTS) -> Path:
    posts = folder / "_posts"
    posts.mkdir(parents=True)
    (folder / "_config.yml").write_text("title: A blog\nurl: https://www.example.org\n")
    for post in marked_up_posts(count, MARKDOWN_TRAPS):
        head = {"title": post["title"], "published": post["status"] != "draft"}
        head |= {"permalink": f"/{post['slug']}/", "tags": ["swimming"]}
        text = f"---\n{json.dumps(head)}\n---\n\n{post['body']}\n"
        (posts / f"{post['date']}-{post['slug']}.md").write_text(text, encoding="utf-8")
    return folder


def write_ablog(folder: Path, count: int = 40) -> Path:
    shutil.copytree(SAMPLES / "ablog", folder)
    dice = random.Random(13)  # noqa: S311 (as above)
    for number in range(count):
        head = f".. post:: Mar {1 + number % 28}, 2013\n   :tags: swimming\n\n"
        text = f"{head}Post {number}\n=======\n\n{paragraph(dice)}\n"
        (folder / "2014" / f"post-{number}.rst").write_text(text)
    return folder


@pytest.mark.sized
def test_import_of_many_pasted_posts_builds_cleanly_and_loses_no_word(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    posts = pasted()
    book = tmp_path / "book"
    run_import(text_file(tmp_path, join_with_dates(posts)), book)
    out = build(book)
    pages = {
        page.read_text(encoding="utf-8").split("\n")[0]: page for page in out.rglob("*/*.txt")
    }
    assert len(pages) == TEXTS
    for title, body in posts:
        text = pages[title].read_text(encoding="utf-8")
        before, after = Counter(word_diff.words(body)), Counter(word_diff.words(text))
        # The build says dates in words of its own.
        lost = before - after - Counter(["20", "April", "2014", "http"])
        assert not lost, (title, lost)
        added = set(after - before) - {*word_diff.words(title), "March", "updated", "April"}
        assert not {word for word in added if not word.isdigit()}, title


@pytest.mark.sized
@pytest.mark.parametrize("kind", ["wordpress", "markdown"])
def test_import_of_many_posts_builds_cleanly_and_loses_no_word(
    tmp_path: Path, run_import: Callable[..., str], kind: str
) -> None:
    write = {"wordpress": write_wxr, "markdown": write_markdown}[kind]
    patterns = {"wordpress": HTML_TRAPS, "markdown": MARKDOWN_TRAPS}[kind]
    source = write(tmp_path / "source")
    book = tmp_path / "book"
    said = run_import(source, book)
    assert f"{POSTS} essays" in said
    assert "without loss" not in said
    out = build(book)
    for post in marked_up_posts(POSTS, patterns):
        page = out / post["date"][:4] / f"{post['slug']}.txt"
        if post["status"] == "draft":
            assert not page.exists()
            assert (
                "status: draft" in (book / post["date"][:4] / f"{post['slug']}.md").read_text()
            )
            continue
        text = page.read_text(encoding="utf-8")
        assert not [word for word in post["told"] if word not in text], post["slug"]


def test_import_of_an_ablog_site_builds_cleanly_and_keeps_its_files(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = write_ablog(tmp_path / "site")
    before = snapshot(source)
    book = tmp_path / "book"
    run_import(source, book)
    after = snapshot(book)
    changed = {"index.rst", "2014/first.rst", "2014/draft.rst", "pages/lost.rst", "conf.py"}
    for name, data in before.items():
        assert (after[name] == data) == (name not in changed), name
    assert not (tmp_path / "was-run").exists()
    assert not Path("was-run").exists()
    build(book, "html")


@pytest.mark.parametrize(
    "name", ["wordpress/export.xml", "jekyll", "hugo", "ghost.json", "text/small-change.txt"]
)
def test_import_of_each_small_sample_builds_cleanly(
    tmp_path: Path, run_import: Callable[..., str], name: str
) -> None:
    book = tmp_path / "book"
    run_import(SAMPLES / name, book)
    out = build(book, "html")
    assert "Small Change" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["wordpress/export.xml", "jekyll", "hugo", "ghost.json", "text/small-change.txt", "ablog"],
)
def test_import_is_reproducible_and_a_second_run_changes_nothing(
    tmp_path: Path, run_import: Callable[..., str], name: str
) -> None:
    for book in ("one", "two"):
        run_import(SAMPLES / name, tmp_path / book)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
    said = run_import(SAMPLES / name, tmp_path / "two")
    assert "Nothing new to import" in said
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


@pytest.mark.sized
def test_import_of_many_posts_is_reproducible(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    for write in (write_wxr, write_markdown):
        source = write(tmp_path / write.__name__)
        one, two = (tmp_path / f"{write.__name__}-{name}" for name in ("one", "two"))
        run_import(source, one)
        run_import(source, two)
        assert snapshot(one) == snapshot(two)


# -- what is kept --------------------------------------------------------------------


def test_import_from_wordpress_keeps_dates_authors_tags_and_old_urls(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    book = tmp_path / "book"
    said = run_import(SAMPLES / "wordpress" / "export.xml", book)
    text = (book / "2011" / "big-society.md").read_text(encoding="utf-8")
    assert text.startswith(
        "---\ndate: 2011-02-04\nauthors:\n- A. N. Author\ntags:\n- cuts, deep\ncategory:\n"
        "- Politics\nstandfirst: A short one\nimage: ../images/2011/02/lido.png\naliases:\n"
        "- /2011/02/04/big-society/\n---\n\n# Big Society – what \\*next\\*?\n"
    )
    assert "[the end](../2012/end.md)" in text
    assert "status: draft" in (book / "undated" / "draft.md").read_text()
    assert "kind: back" in (book / "pages" / "about.md").read_text()
    assert (book / "images" / "2011" / "02" / "lido.png").is_file()
    assert 'html_baseurl = "https://www.example.org/blog/"' in (book / "conf.py").read_text()
    assert "an image is still loaded from the web: https://elsewhere.example/x.jpg" in said
    assert re.search(r"(?m)^2011/big-society.md:\d+: a shortcode was kept as text", said)


def test_import_of_an_old_url_makes_it_redirect_to_the_essay(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    book = tmp_path / "book"
    run_import(SAMPLES / "jekyll", book)
    out = build(book, "html")
    for old in ("the-very-end", "old/end"):
        page = (out / old / "index.html").read_text(encoding="utf-8")
        assert "2012/the-end.html" in page


def test_import_from_hugo_keeps_toml_front_matter_figures_and_links(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    book = tmp_path / "book"
    run_import(SAMPLES / "hugo", book)
    text = (book / "2013" / "the-lido.md").read_text(encoding="utf-8")
    assert "authors:\n- A. N. Author\n- B. Two\n" in text
    assert "- /old/lido/\n- /post/the-lido/\n" in text
    assert "![](../images/lido.png)\n\nThe lido at dusk\n" in text
    assert "[the other one](other.md)" in text
    assert "status: draft" in (book / "2013" / "other.md").read_text()


def test_import_from_ghost_keeps_authors_tags_and_old_cards(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    book = tmp_path / "book"
    run_import(SAMPLES / "ghost.json", book)
    text = (book / "2011" / "big-society.md").read_text(encoding="utf-8")
    assert "authors:\n- A. N. Author\ntags:\n- Cuts\n" in text
    assert "It is *hard*. See [spin](../2010/spin.md)." in text
    assert "Some *words* of old." in (book / "2010" / "spin.md").read_text()


@pytest.mark.parametrize(
    ("published", "date"),
    [
        (1388318240000, "2013-12-29"),
        ("2013-12-29T11:57:20.000Z", "2013-12-29"),
        (10**30, ""),
        (None, ""),
    ],
)
def test_import_from_ghost_reads_dates_in_milliseconds(
    tmp_path: Path, published: object, date: str
) -> None:
    post = {
        "id": 1,
        "slug": "a",
        "title": "A",
        "status": "published",
        "published_at": published,
    }
    post |= {"mobiledoc": "not JSON", "plaintext": "Some *text*."}
    source = text_file(tmp_path, json.dumps({"data": {"posts": [post]}}), "g.json")
    (essay,) = ghost.read(source).essays
    assert (essay.date, essay.body) == (date, "Some \\*text\\*\\.\n")


def test_import_from_ghost_makes_posts_for_members_drafts(tmp_path: Path) -> None:
    post = {"slug": "a", "title": "A", "html": "<p>Text.</p>", "status": "published"}
    visible = {1: "public", 2: "paid", 3: None}
    posts = [{**post, "id": key, "visibility": value} for key, value in visible.items()]
    source = text_file(tmp_path, json.dumps({"db": [{"data": {"posts": posts}}]}), "g.json")
    essays = ghost.read(source).essays
    assert [essay.is_draft for essay in essays] == [False, True, False]
    assert [len(essay.remarks) for essay in essays] == [0, 1, 0]


def test_import_of_a_heading_that_links_to_a_file_keeps_its_text(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "oval.pdf").write_bytes(b"%PDF-1.4")
    (source / "a.md").write_text(
        "# A\n\nText.\n\n## [Download *it*](oval.pdf) [now](#a)\n\n[A file](oval.pdf)\n"
    )
    said = run_import(source, tmp_path / "book")
    text = (tmp_path / "book/undated/a.md").read_text()
    assert "## Download *it* " in text
    assert "[A file](../files/oval.pdf)" in text
    assert "a link in a heading was removed: ../files/oval.pdf" in said
    build(tmp_path / "book", "html")


# -- plain text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Update: I was wrong.", ".. update::\n\n   I was wrong.\n"),
        ("Update (20 April 2014): I was.", ".. update:: 20 April 2014\n\n   I was.\n"),
        ("UPDATE 20 April, 2014 – I was.", ".. update:: 20 April, 2014\n\n   I was.\n"),
        ("[Update: I was wrong.]", ".. update::\n\n   I was wrong.\n"),
        ("Update:\n\nI was wrong.", ".. update::\n\n   I was wrong.\n"),
        ("Correction: I was.", ".. correction::\n\n   I was.\n"),
        ("“A is not yet B.” (Jane Smith)", "   “A is not yet B.”\n\n   -- Jane Smith\n"),
        ("“A is not B” (J. Smith, 1946).", "   “A is not B”\n\n   -- J. Smith, 1946\n"),
        ('"A is not B." [Ann Other]', '   "A is not B."\n\n   -- Ann Other\n'),
        ("Ann Other:\n\n“A is not B.”", "   “A is not B.”\n\n   -- Ann Other\n"),
        ("Ann Other: “A is not B.”", "   “A is not B.”\n\n   -- Ann Other\n"),
        ("“A is not B.”\n— Ann Other", "   “A is not B.”\n\n   -- Ann Other\n"),
        ("“A is not B.”\n\n-- Ann Other", "   “A is not B.”\n\n   -- Ann Other\n"),
        ("She was sure:\n\n“A is not B.”", "She was sure:\n\n   “A is not B.”\n"),
        ("• one\n• two", "* one\n* two\n"),
        ("   • one\n\n   • two", "* one\n* two\n"),
        ("- one\n- two", "* one\n* two\n"),
        ("1. one\n2. two", "1. one\n2. two\n"),
        ("One.\n\n* * *\n\nTwo.", "One.\n\n----\n\nTwo.\n"),
    ],
)  # fmt: skip
def test_import_from_text_recognises_updates_quotations_and_lists(
    tmp_path: Path, typed: str, said: str
) -> None:
    assert written(tmp_path, typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        "Update your software: it is old.",
        "Updates: there are none.",
        "Pop quiz: who said it?",
        "Note: nobody speaks.",
        "“Oh dear,” he said, “is that the time?”",
        "“I was late.” (I was not.)",
        "“I was very late.” (Laughter)",
        "He said: “I am late.”",
        "Overheard a good one today.",
        "Overheard: a good one.\n\nConclusion: people are odd.",
        "Overheard on the bus.\n\nNote: nobody was listening.\n\nPop quiz: who was it?",
        "YM: said nothing.\n\nOL: neither did she.",
        "- one dash alone",
        "    An indented paragraph.",
        "    Two indented paragraphs.\n\n    Both are words.",
    ],
)
def test_import_from_text_leaves_lookalikes_as_paragraphs(tmp_path: Path, typed: str) -> None:
    said = "\n\n".join(re.sub(r"^ +", "", one) for one in typed.split("\n\n"))
    assert written(tmp_path, typed).replace("\\", "") == said + "\n"


def test_import_from_text_turns_a_conversation_into_a_dialogue_with_cast(
    tmp_path: Path,
) -> None:
    typed = (
        "Overheard in the lido:\nYM = Young Man\nOL = Old Lady\n\nYM: No (pause).\n\n"
        "(He looks\naway.)\n\nOL (kindly): There is a shop.\nIt is *shut*.\nYM: A. No.\n\n"
        "Note: nobody speaks here.\n\nYM: Yes."
    )
    assert written(tmp_path, typed) == (
        ".. overheard:: in the lido\n   :cast: YM = Young Man\n          OL = Old Lady\n\n"
        "   YM: No (pause).\n\n   (He looks away.)\n\n"
        "   OL (kindly): There is a shop. It is \\*shut\\*.\n\n   YM: A. No.\n\n"
        "Note: nobody speaks here.\n\n.. dialogue::\n\n   YM: Yes.\n"
    )


def test_import_from_text_reports_an_update_older_than_its_essay(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    text = "The title of it\n\n4 May 2011\n\nUpdate (3 May 2011): I was wrong.\n"
    said = run_import(text_file(tmp_path, text), tmp_path / "book")
    assert (
        "2011/the-title-of-it.rst:6: an update is older than its essay: “Update (3 May" in said
    )
    assert ".. update::" not in (tmp_path / "book/2011/the-title-of-it.rst").read_text()


def test_import_from_text_keeps_a_cast_that_does_not_match_its_speakers(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    body = "Overheard (YM = Young Man; OL = Old Lady):\n\nYM: No.\n\nXX: Yes."
    source = text_file(tmp_path, f"The title of it\n\n4 May 2011\n\n{body}\n")
    said = run_import(source, tmp_path / "book")
    assert "the cast and the speakers of a conversation differ" in said
    assert "overheard::" not in (tmp_path / "book/2011/the-title-of-it.rst").read_text()


def test_import_from_text_leaves_plain_paragraphs_unchanged(tmp_path: Path) -> None:
    posts = pasted(TEXTS, traps=False)
    blog = plaintext.read(text_file(tmp_path, join_with_dates(posts)), tmp_path)
    assert [essay.title for essay in blog.essays] == [title for title, _body in posts]
    assert [essay.body for essay in blog.essays] == [f"{body}\n" for _title, body in posts]
    assert not [remark for essay in blog.essays for remark in essay.remarks]


def test_import_from_text_does_not_split_an_essay_at_short_paragraphs(tmp_path: Path) -> None:
    prose = "It is hard to be against it, and that is what makes it so hard to be for it."
    short = ["What then?", "But why is it so?", "No!", "and so on", "(laughter)", "Note: this"]
    short += ["• one", "YM: No", "— George Orwell", "“A is not B at all”", "1. One thing"]
    for dates in ("", "4 May 2011\n\n"):
        for one in short:
            text = f"The title\n\n{dates}{prose}\n\n{one}\n\n{prose}\n\n{one}\n"
            assert titles(tmp_path, text) == ["The title"], one


def test_import_from_text_finds_titles_by_dates_spacing_and_form(tmp_path: Path) -> None:
    prose = "It is hard to be against it, and that is what makes it so hard to be for it."
    one, two = "One thing", "Big Society – what next?"
    for text in (
        f"{one}\n\n4 May 2011\n\n{prose}\n\n{two}\n\n5 May 2011\n\n{prose}",
        f"4 May 2011\n\n{one}\n\n{prose}\n\n5 May 2011\n\n{two}\n\n{prose}",
        f"{one}\n4 May 2011\n{prose}\n\n{two}\nPosted on 5 May 2011\n{prose}",
        f"{one}\n\n{prose}\n\n\n\n{two}\n\n{prose}\n\nWhat then?\n\n{prose}",
        f"{one}\n\n{prose}\n\n{two}\n\n{prose}\n",
        f"{one}\n=========\n\n{prose}\n\n{two}\n---\n\n{prose}\n",
    ):
        assert titles(tmp_path, text) == [one, two], text


def test_import_from_text_reports_a_heading_that_may_be_a_title(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    prose = "It is hard to be against it, and that is what makes it so hard to be for it."
    text = f"One thing\n\n4 May 2011\n\n{prose}\n\nA heading\n\n{prose}\n"
    said = run_import(text_file(tmp_path, text), tmp_path / "book")
    assert "2011/one-thing.rst:8: might be a title or a heading: “A heading”" in said


@pytest.mark.parametrize(
    ("line", "date", "author"),
    [
        ("Posted on 4 February 2011", "2011-02-04", ""),
        ("February 4, 2011 at 10:15 am", "2011-02-04", ""),
        ("By A. N. Author, 4 February 2011", "2011-02-04", "A. N. Author"),
        ("Posted by Ann Other on 4 Feb 2011", "2011-02-04", "Ann Other"),
        ("Friday, February 4th, 2011 by Ann Other", "2011-02-04", "Ann Other"),
        ("2011-02-04", "2011-02-04", ""),
        ("4. Februar 2011", "2011-02-04", ""),
        ("4 février 2011", "2011-02-04", ""),
        ("February 2011", "2011-02", ""),
    ],
)
def test_import_from_text_reads_date_and_author_below_the_title(
    tmp_path: Path, line: str, date: str, author: str
) -> None:
    source = text_file(tmp_path, f"A title\n\n{line}\n\nWords of it.\n")
    (essay,) = plaintext.read(source, tmp_path).essays
    assert (essay.title, essay.date) == ("A title", date)
    assert essay.authors == ((author,) if author else ())
    assert essay.body == "Words of it.\n"


def test_import_from_text_keeps_the_line_breaks_of_verse(tmp_path: Path) -> None:
    long = "It is hard to be against it, and that is what makes it so hard to be for it. " * 2
    text = written(tmp_path, f"{long.strip()}\n\nOne line\nanother *line*\n")
    assert text.endswith("\n\n| One line\n| another \\*line\\*\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("He said ”yes“ to it.", "a closing quotation mark is used to open"),
        ("He said “yes to it.", "unbalanced quotation marks"),
        ('He said "yes to it.', "unbalanced quotation marks"),
        ("Two  spaces.", "double space"),
        ("Two \u00a0spaces.", "double space (non-breaking)"),
        ("One\u00a0space.", "non-breaking space between words"),
        ("A space , before.", "space before punctuation"),
        ("No space,behind.", "no space after a comma"),
        ("You can read more here.", "a link may have been lost"),
        ("Click here for more.", "a link may have been lost"),
        ("As I wrote ( ) before.", "a link may have been lost"),
    ],
)
def test_import_report_lists_typographic_errors_and_lost_links(line: str, said: str) -> None:
    found = list(proofreading.read(f"A title\n=======\n\nWords.\n\n{line}\n"))
    assert [number for number, _said in found] == [6] * len(found)
    assert any(said in one for _number, one in found), found


def test_import_report_is_empty_for_correct_text() -> None:
    text = (
        ":date: 2011-02-04\n\nA title\n=======\n\n“Yes,” he said, “it’s 1,000 km.”\n\n"
        "“A quotation goes on\n\n“in the next paragraph.” Rock ’n’ roll.\n\n"
        'A 7" single, see `here <http://x,y>`_.\n\n'
        "* one\n  two\n\nIl a dit\u00a0: «\u00a0oui\u00a0». Here we are, here and there.\n"
    )
    assert list(proofreading.read(text)) == []


PIECES = """word `tick *star **bold** |bar| name_ a__ `x` [1]_ [#]_ :role:`x` :: : -- --- ...
* - + • 1. (a) A. iv) #. .. __ http://x.org/a_b*c_ a@b.org \\ YM: OL: Update: Correction: “ ” "
‘ ’ ==== ---- +---+ | -a --opt /V >>> :field: =
日本 é ( ) [ ] { } <b> &amp; % $x$ # ~ ^ @ § … i.e.
""".split()
PIECES += [
    "Overheard in the pub:",
    "Overheard ",
    "(Jane Smith)",
    "— Ann Other",
    "George Orwell:",
]
PIECES += [
    "YM = Young Man",
    "(YM = Young Man; OL = Old Lady):",
    "Update (4 May 2011):",
    ".. x::",
]
PIECES += [
    "“It is a quotation that is whole.”",
    "\u00a0",
    "\t",
    "It is a sentence, and it ends.",
]


def test_import_from_text_of_random_markup_builds_and_loses_no_word(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    dice = random.Random(5)  # noqa: S311 (the same each time)

    def line() -> str:
        indent = dice.choice(["", "", "   "])
        return indent + " ".join(dice.choices(PIECES, k=dice.randint(1, 5)))

    def block() -> str:
        return "\n".join(line() for _ in range(dice.choice([1, 1, 2, 3])))

    posts = [(f"Title {n} of it", "\n\n".join(block() for _ in range(6))) for n in range(80)]
    book = tmp_path / "book"
    run_import(text_file(tmp_path, join_with_dates(posts)), book)
    out = build(book)
    said = "\n".join(page.read_text(encoding="utf-8") for page in out.rglob("*/*.txt"))
    before = Counter(word_diff.words("\n".join(body for _title, body in posts)))
    assert not before - Counter(word_diff.words(said))


# -- broken and hostile --------------------------------------------------------------

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]><rss><channel><title>&c;</title></channel></rss>"""
FOREIGN = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rss><channel><title>&a;</title></channel></rss>"""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bomb.xml", BOMB, "declares XML entities"),
        ("foreign.xml", FOREIGN, "declares XML entities"),
        ("short.xml", WXR.format(items=ITEM)[:700], "invalid XML at column"),
        (
            "rss.xml",
            "<rss><channel><title>x</title></channel></rss>",
            "is XML but not a WordPress export",
        ),
        ("deep.xml", "<rss>" + "<a>" * 50_000, "invalid XML at column"),
        ("short.json", '{"db": [{"data": {"posts": [', "invalid JSON at column"),
        ("other.json", '{"db": []}', "is JSON but not a Ghost export"),
        ("deep.json", '{"db": ' + "[" * 100_000, "invalid JSON|too deeply"),
        ("empty.txt", "", "No essays found in"),
        ("some.docx", "PK", "Name it: --from wordpress"),
    ],
)
def test_import_of_a_broken_source_gives_error_and_writes_nothing(
    tmp_path: Path, run_import: Callable[..., str], name: str, text: str, message: str
) -> None:
    source = text_file(tmp_path, text, name)
    before = snapshot(tmp_path)
    said = run_import(source, tmp_path / "book", status=2)
    assert re.search(message, said), said
    assert "Traceback" not in said
    assert snapshot(tmp_path) == before


def test_import_of_a_missing_source_gives_error(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    assert "does not exist" in run_import(tmp_path / "none", tmp_path / "book", status=2)
    assert "No conf.py found in" in run_import(
        tmp_path, tmp_path / "book", "--from", "ablog", status=2
    )


def test_import_refuses_a_100_mb_text_file_without_reading_it(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "long.txt"
    with source.open("wb") as file:
        file.truncate(100 * sources.MEGABYTE)
    said = run_import(source, tmp_path / "book", status=2)
    assert "has 100 MB; the limit is 20. Split it between two essays" in said
    assert not (tmp_path / "book").exists()


def test_import_reads_very_long_lines_in_reasonable_time(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    lines = ["“" * 50_000, "*" * 50_000, "YM:" * 20_000, "` [a](b " * 2000, "x@" * 20_000]
    lines += ["Overheard in a pub:", "A short line"] * 2000
    source = text_file(tmp_path, "\n\n".join(["The title", "4 May 2011", *lines]))
    started = time.monotonic()
    run_import(source, tmp_path / "book")
    assert time.monotonic() - started < 60


def test_import_skips_a_file_of_unknown_encoding_and_continues(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"# Fine\n\nWords.\n")
    (folder / "b.md").write_bytes(bytes(range(256)) * 16)
    (folder / "c.md").write_bytes("# Café\n\nIl a été élevé à l’école.\n".encode("cp1252"))
    (folder / "d.md").write_bytes("\ufeff# Mark\n\nWörter.\n".encode("utf-16"))
    said = run_import(folder, tmp_path / "book")
    assert re.search(r"(?m)^b\.md: not imported, because byte \d+ fits no encoding", said)
    assert "Il a été élevé à l’école." in (tmp_path / "book/undated/c.md").read_text()
    assert "Wörter." in (tmp_path / "book/undated/d.md").read_text()
    assert not (tmp_path / "book/undated/b.md").exists()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Il a été élevé à l’école, où l’on dit « oui ».", "cp1252"),
        ("It is a naïve — “idea”, said Zoë; the façade costs £5 or €6.", "cp1252"),
        ("Zażółć gęślą jaźń, ponieważ dzień był piękny i mieliśmy dobry humor.", "cp1250"),
        ("Привет, как дела? Это текст о разных вещах, и он довольно длинный.", "cp1251"),
        ("今日は天気がいいので、散歩に行きます。明日も行きます。", "cp932"),
    ],
)
def test_import_detects_the_encoding_from_the_letters(text: str, encoding: str) -> None:
    assert sources.decode(text.encode(encoding), "x") == (text, encoding)


def test_import_paths_cannot_leave_the_source_or_the_target_folder(
    tmp_path: Path, run_import: Callable[..., str], png: bytes
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png)
    source = tmp_path / "source"
    (source / "img").mkdir(parents=True)
    (source / "img" / "link.png").symlink_to(secret)
    (source / "away").symlink_to(tmp_path)
    pictures = ["../secret.png", "../../secret.png", str(secret), f"file://{secret}",
                "img/link.png", "away/secret.png", "img/%2e%2e/%2e%2e/secret.png"]  # fmt: skip
    body = "\n\n".join(f"![x]({one})" for one in pictures)
    climbing = "../../../evil"
    head = f"title: {climbing}\nslug: {climbing}\naliases: [/../../x]\nimage: ../secret.png"
    (source / "post.md").write_text(f"---\n{head}\n---\n{body}")
    outside = {name: data for name, data in snapshot(tmp_path).items() if "book" not in name}
    said = run_import(source, tmp_path / "book")
    assert {name for name in snapshot(tmp_path) if not name.startswith("book/")} == set(outside)
    assert not list((tmp_path / "book").rglob("*.png"))
    assert (tmp_path / "book/undated/evil.md").is_file()
    for one in pictures:
        assert one[:80] in said
    assert ".." not in (tmp_path / "book/undated/evil.md").read_text().partition("# ")[0]
    build(tmp_path / "book")


def test_import_does_not_write_through_a_symbolic_link(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "2011-02-04-one.md").write_text("# One\n\nWords.\n")
    run_import(source, tmp_path / "book")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "book" / "2012").symlink_to(tmp_path / "elsewhere")
    (source / "2012-02-04-two.md").write_text("# Two\n\nWords.\n")
    assert "a symbolic link is in its way" in run_import(source, tmp_path / "book", status=2)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_import_keeps_unreadable_front_matter_in_the_text(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    (source / "bomb.md").write_text(f"---\n{bomb}---\n\nWords.\n")
    (source / "broken.md").write_text("---\ntitle: [a\nb: : c\n---\n\nWords.\n")
    (source / "toml.md").write_text("+++\ntitle = \n+++\n\nWords.\n")
    said = run_import(source, tmp_path / "book")
    assert "bomb.md: the front matter uses YAML aliases, which are not supported" in said
    assert "broken.md: the front matter is not valid YAML; it was kept in the text" in said
    assert "toml.md: the front matter is not valid TOML; it was kept in the text" in said
    build(tmp_path / "book")


def test_import_reports_an_old_url_that_is_not_valid(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "_config.yml").write_text('url: "https://www[.example.org"\n')
    head = 'aliases: ["http://[x", /old/]\nimage: "http://[y"\n'
    (source / "a.md").write_text(f"---\n{head}---\n\n# A\n\n[Lost](lost.md) words.\n")
    said = run_import(source, tmp_path / "book")
    assert "undated/a.md: no redirect from an old URL that cannot be a file: http://[x" in said
    assert "aliases:\n- /old/\n" in (tmp_path / "book/undated/a.md").read_text()
    assert "html_baseurl" not in (tmp_path / "book/conf.py").read_text()


def test_import_turns_html_that_is_nested_too_deeply_into_text(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    body = "<div>" * 3000 + "Deep words." + "</div>" * 3000
    item = ITEM.format(
        title="Deep", slug="deep", number=1, date="2011-02-04", status="publish", body=body
    )
    source = text_file(tmp_path, WXR.format(items=item), "export.xml")
    run_import(source, tmp_path / "book")
    assert "Deep words" in (tmp_path / "book/2011/deep.md").read_text().replace("\\", "")


def test_import_never_writes_to_a_folder_with_other_content(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = SAMPLES / "text" / "small-change.txt"
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "kept.txt").write_text("kept")
    (tmp_path / "file").write_text("kept")
    before = snapshot(tmp_path)
    assert "is not empty" in run_import(source, tmp_path / "book", status=2)
    assert "is a file" in run_import(source, tmp_path / "file", status=2)
    (tmp_path / "book" / import_record.NAME).write_text("{}")
    assert "cannot be read" in run_import(source, tmp_path / "book", status=2)
    (tmp_path / "book" / import_record.NAME).unlink()
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_import_reports_a_folder_that_cannot_be_written(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    source = SAMPLES / "text" / "small-change.txt"
    assert "cannot be written" in run_import(source, tmp_path / "closed" / "book", status=2)


def test_import_names_a_missing_library_in_one_sentence(
    tmp_path: Path, run_import: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("sphinx_essays.importing")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr(sphinx_essays, "importing")
    monkeypatch.setitem(sys.modules, "markdownify", None)
    said = run_import(SAMPLES / "wordpress" / "export.xml", tmp_path / "book", status=2)
    assert (
        said == "sphinx-essays: markdownify is not installed. "
        "Run: pip install 'sphinx-essays[import]'\n"
    )
    run_import(SAMPLES / "text" / "small-change.txt", tmp_path / "book")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Big Society – what next?", "big-society-what-next"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("CON", "essay-con"),
        ("lpt1.txt", "lpt1-txt"),
        ("日記", "日記"),
        ("मीरा", "मीरा"),
        ("l’été", "lété"),
        ("???", "essay"),
        ("%d0%bf%d1%80", "пр"),
        ("a\x00b/c\\d", "a-b-c-d"),
    ],
)
def test_import_file_names_are_safe_on_every_system(text: str, name: str) -> None:
    assert names.slug(text) == name


def test_import_file_names_are_short_and_unique() -> None:
    assert len(names.slug("word " * 100)) <= 80
    assert len(names.slug("日" * 100).encode()) <= 200
    taken = names.UniqueNames()
    assert [taken.free(one) for one in ("a.png", "A.png", "a.png")] == [
        "a.png",
        "A-2.png",
        "a-3.png",
    ]


# -- again ---------------------------------------------------------------------------


def test_import_run_again_adds_new_posts_and_keeps_edited_files(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = write_markdown(tmp_path / "source", 6)
    book = tmp_path / "book"
    run_import(source, book)
    first, second, *_others = sorted(book.glob("20*/*.md"))
    first.write_text("# Mine\n\nMy own words.\n")
    second.unlink()
    (book / "mine.rst").write_text("Mine\n====\n")
    (book / "2005" / "new-post.md").write_text("# Mine as well\n")
    before = snapshot(book)
    (source / "_posts" / "2005-05-05-new-post.md").write_text(
        "---\ntitle: New\n---\n\nWords.\n"
    )
    (source / "_posts" / "undated.md").write_text("# Undated\n\nWords.\n")
    (changed,) = (source / "_posts").glob("*post-3.md")
    changed.write_text(changed.read_text() + "\nMore.\n")
    said = run_import(source, book)
    after = snapshot(book)
    new = {"2005/new-post-2.md", "undated/undated.md", "import-report-2.txt"}
    assert set(after) - set(before) == new
    assert {name for name in before if after.get(name) != before[name]} == {
        import_record.NAME, "index.rst",
    }  # fmt: skip
    assert "   undated/undated\n" in after["index.rst"].decode()
    assert "2 essays" in said
    assert "6 essays were imported before" in said
    assert re.search(r"post-3\.md: not updated: .*post-3\.md has changed since", said)


def test_import_run_again_reports_and_keeps_an_edited_cover_and_conf_py(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.md").write_text("# One\n\nWords.\n")
    book = tmp_path / "book"
    run_import(source, book)
    for name in ("index.rst", "conf.py"):
        (book / name).write_text((book / name).read_text() + "\n# mine\n")
    before = snapshot(book)
    (source / "two.md").write_text("# Two\n\nWords.\n")
    said = run_import(source, book)
    after = snapshot(book)
    assert "index.rst: add to its toctree: undated/two" in said
    assert after["index.rst"] == before["index.rst"]
    assert after["conf.py"] == before["conf.py"]


def test_import_of_a_second_source_is_added_and_the_title_is_kept(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    book = tmp_path / "book"
    run_import(SAMPLES / "hugo", book)
    text = "One\n\nWords of one essay, that is long enough.\n"
    run_import(text_file(tmp_path, text), book)
    assert (
        (book / "index.rst")
        .read_text()
        .startswith("Small Change\n============\n\n.. toctree::")
    )
    assert (book / "undated" / "one.rst").is_file()
    build(book)


def test_import_of_a_second_blog_keeps_posts_with_the_same_numbers(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    values = {"number": 5, "date": "2011-02-04", "status": "publish", "body": "Words."}
    book = tmp_path / "book"
    for host in ("www.example.org", "other.example"):
        item = ITEM.format(title=f"On {host}", slug="same", **values)
        export = WXR.format(items=item).replace("www.example.org/same", f"{host}/same")
        source = text_file(tmp_path, export, "export.xml")
        assert "1 essays and" in run_import(source, book)
    assert "Nothing new to import" in run_import(source, book)
    assert "On other" in (book / "2011" / "same-2.md").read_text()


def test_import_links_lead_to_essays_imported_earlier(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "2011-02-04-one.md").write_text("# One\n\nWords.\n")
    run_import(source, tmp_path / "book")
    (source / "2012-02-04-two.md").write_text("# Two\n\n[One](2011-02-04-one.md).\n")
    run_import(source, tmp_path / "book")
    assert "[One](../2011/one.md)" in (tmp_path / "book/2012/two.md").read_text()
    build(tmp_path / "book")


def test_import_does_not_read_a_book_inside_its_own_source(
    tmp_path: Path, run_import: Callable[..., str]
) -> None:
    (tmp_path / "2011-02-04-one.md").write_text("# One\n\nWords.\n")
    run_import(tmp_path, tmp_path / "book")
    assert "Nothing new to import" in run_import(tmp_path, tmp_path / "book")
