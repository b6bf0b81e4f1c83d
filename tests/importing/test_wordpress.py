"""Read a WordPress export: what is left out, what becomes a draft, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinx_essays.importing import footnotes, links, markdown_normalizer, names, wordpress
from sphinx_essays.importing.sources import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_essays.importing.essay import Blog

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A  blog</title><link>https://www.example.org</link>{items}</channel></rss>
"""
WORDS = "<content:encoded>Some words.</content:encoded>"


def read(tmp_path: Path, items: str) -> Blog:
    path = tmp_path / "export.xml"
    path.write_text(EXPORT.format(items=items), encoding="utf-8")
    return wordpress.read(path, tmp_path / "book")


def post(**fields: str) -> str:
    values = {"post_id": "1", "status": "publish", "post_type": "post", **fields}
    tags = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in values.items())
    return f"<item>{WORDS}{tags}</item>"


def test_import_from_wordpress_reports_comments_trash_and_other_types(tmp_path: Path) -> None:
    comment = "<wp:comment><wp:comment_approved>{}</wp:comment_approved></wp:comment>"
    items = [
        post(post_name="a").replace(
            "</item>", f"{comment.format(1)}{comment.format(0)}</item>"
        ),
        post(status="trash"),
        post(post_type="recipe"),
        post(post_type="recipe"),
        post(post_type="nav_menu_item"),
    ]
    blog = read(tmp_path, "".join(items))
    assert [essay.title for essay in blog.essays] == ["A"]
    assert [f"{place}: {text}" for place, text in blog.remarks] == [
        "export.xml: not imported: 2 items of type “recipe”",
        "export.xml: not imported: 1 items of type “trash”",
        "export.xml: not imported: 1 comments",
    ]


@pytest.mark.parametrize(
    ("slug", "title"), [("big-society", "Big society"), ("", "Essay 1")]
)  # fmt: skip
def test_import_from_wordpress_names_a_post_without_a_title_after_its_slug(
    tmp_path: Path, slug: str, title: str
) -> None:
    (essay,) = read(tmp_path, post(post_name=slug)).essays
    assert (essay.title, essay.remarks) == (title, ["has no title in the export"])


@pytest.mark.parametrize(
    ("fields", "is_draft"),
    [
        ({"status": "draft"}, True),
        ({"status": "private"}, True),
        ({"status": "future"}, False),
        ({"post_password": "secret"}, True),
        ({}, False),
    ],
)
def test_import_from_wordpress_keeps_hidden_posts_as_drafts(
    tmp_path: Path, fields: dict[str, str], *, is_draft: bool
) -> None:
    (essay,) = read(tmp_path, post(post_name="a", **fields)).essays
    assert essay.is_draft == is_draft
    is_reported = "was protected by a password, so it was imported as a draft" in essay.remarks
    assert is_reported == ("post_password" in fields)


def test_import_from_wordpress_reads_the_title_and_address_of_the_blog(tmp_path: Path) -> None:
    blog = read(tmp_path, post(post_name="a"))
    assert (blog.title, blog.address) == ("A blog", "https://www.example.org")


def test_import_from_wordpress_reads_an_export_with_an_https_namespace(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    text = EXPORT.format(items=post(post_name="a", post_date="2011-02-04 10:00:00"))
    path.write_text(text.replace("http://wordpress.org", "https://wordpress.org"))
    (essay,) = wordpress.read(path, tmp_path / "book").essays
    assert (essay.title, essay.date) == ("A", "2011-02-04")


def test_import_from_wordpress_keeps_the_notes_of_its_footnotes_block(tmp_path: Path) -> None:
    notes = """[{"id": "b-2", "content": "Two <em>words</em>."},
        {"id": "a-1", "content": "One."}, {"id": "c-3", "content": "Lost."}]"""
    meta = (
        f"<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[{notes}]]>"
    )
    body = """<![CDATA[<!-- wp:paragraph --><p>Run<sup data-fn="a-1" class="fn">
        <a href="#a-1">1</a></sup> to<sup data-fn="b-2"><a href="#b-2">2</a></sup> sea.</p>
        <!-- wp:footnotes /-->]]>"""
    item = post(post_name="a").replace("Some words.", body)
    item = item.replace("</item>", f"{meta}</wp:meta_value></wp:postmeta></item>")
    blog = read(tmp_path, item)
    (essay,) = blog.essays
    assert [line for line in essay.body.split("\n") if line] == [
        "Run[^2] to[^1] sea.", "[^1]: Two *words*.", "[^2]: One.", "[^3]: Lost.",
    ]  # fmt: skip
    library = links.LinkRewriter(blog, {}, names.UniqueNames())
    text = markdown_normalizer.normalize(essay, "undated/a.md", library)
    assert text.startswith("Run[^2] to[^1] sea.\n")
    assert "\\[^3]: Lost." in text
    assert not [remark for remark in essay.remarks if "without loss" in remark]


@pytest.mark.parametrize("value", ["", "[1]", '[{"id": "a"}]', "null", "[" * 100_000])
def test_import_from_wordpress_ignores_footnotes_that_cannot_be_read(value: str) -> None:
    assert footnotes.read(value) == []


def test_import_from_wordpress_refuses_an_export_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordpress, "LONGEST_EXPORT", 10)
    with pytest.raises(SourceError, match=r"the limit is .* Export year by year"):
        read(tmp_path, "")


def test_import_from_wordpress_refuses_an_unknown_encoding(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text('<?xml version="1.0" encoding="nonsense"?><rss/>')
    with pytest.raises(SourceError, match="Nothing was written"):
        wordpress.read(path, tmp_path / "book")


def test_import_from_wordpress_drops_control_characters_and_reads_utf_16(
    tmp_path: Path,
) -> None:
    text = EXPORT.format(items=post(post_name="a")).replace("Some words", "Some\x0c wo\x08rds")
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-8")
    (essay,) = wordpress.read(path, tmp_path / "book").essays
    assert essay.body.split() == ["Some", "\\", "words."]
    plain = EXPORT.format(items=post(post_name="a")).replace("UTF-8", "UTF-16")
    path.write_bytes(plain.encode("utf-16"))
    (essay,) = wordpress.read(path, tmp_path / "book").essays
    assert essay.body.split() == ["Some", "words."]
