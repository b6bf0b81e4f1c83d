"""Read front matter and Markdown, and expand the tags of Jekyll and Hugo."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_essays.importing import (
    frontmatter,
    links,
    markdown,
    markdown_normalizer,
    names,
    templates,
)
from sphinx_essays.importing.essay import RST, Blog, Essay

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "fields", "body"),
    [
        ('{"Title": "A", "tags": ["b"]}\n\nText.\n', {"title": "A", "tags": ["b"]}, "Text.\n"),
        ("---\n---\nText.\n", {}, "Text.\n"),
        ("---\n# only a comment\n---\nText.\n", {}, "Text.\n"),
        ("---\ntitle: A\n...\nText.\n", {"title": "A"}, "Text.\n"),
        ("+++\ntitle = 'A'\n+++\nText.\n", {"title": "A"}, "Text.\n"),
        ("{not JSON} but text\n", {}, "{not JSON} but text\n"),
        ("Text.\n\n---\n\nMore.\n", {}, "Text.\n\n---\n\nMore.\n"),
        ("---\n\nText.\n\n---\n\nMore.\n", {}, "---\n\nText.\n\n---\n\nMore.\n"),
    ],
)
def test_import_reads_front_matter_in_yaml_toml_and_json(
    text: str, fields: dict[str, Any], body: str
) -> None:
    read, rest = frontmatter.read(text)
    assert (read, rest.lstrip("\n")) == (fields, body)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\n- a\n- b\n---\n", "not a mapping of keys to values"),
        ("---\ntitle: A: B\n---\n", "not valid YAML"),
        ("---\na: &a x\nb: *a\n---\n", "uses YAML aliases"),
        ("+++\ntitle = \n+++\n", "not valid TOML"),
    ],
)
def test_import_names_what_is_wrong_with_front_matter(text: str, message: str) -> None:
    with pytest.raises(frontmatter.FrontMatterError, match=message):
        frontmatter.read(text)


@pytest.mark.parametrize(
    ("head", "is_draft"),
    [
        ("title: A: B", False),
        ("title: A: B\ndraft: true", True),
        ("title: A: B\nstatus: 'private'", True),
        ("title: A: B\npublished: false", True),
        ("title: A: B\ndraft: false", False),
    ],
)
def test_import_of_unreadable_front_matter_shows_it_as_code_and_keeps_drafts(
    tmp_path: Path, head: str, *, is_draft: bool
) -> None:
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\n\nSome *text*.\n")
    blog = markdown.read(tmp_path, tmp_path / "book")
    (essay,) = blog.essays
    assert essay.body == f"```\n---\n{head}\n---\n```\n\n\nSome *text*.\n"
    assert essay.is_draft == is_draft
    assert blog.remarks == [
        ("a.md", "the front matter is not valid YAML; it was kept in the text")
    ]


@pytest.mark.parametrize(
    ("value", "separators", "expected"),
    [
        ("a, b,a", ",", ("a", "b")),
        ("a b", "", ("a", "b")),
        (["a", {"name": "Ann Other"}, {"title": "B"}, {}, None], ",", ("a", "Ann Other", "B")),
        ({"name": "Ann Other"}, ",", ("Ann Other",)),
        (2011, ",", ("2011",)),
        (None, ",", ()),
    ],
)
def test_import_reads_a_list_of_names_in_any_form(
    value: object, separators: str, expected: tuple[str, ...]
) -> None:
    assert frontmatter.listed(value, separators) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            dt.datetime(2011, 2, 4, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
            "2011-02-04",
        ),
        (dt.date(2011, 2, 4), "2011-02-04"),
        ("2011-2-4 10:00:00 +0100", "2011-02-04"),
        ("4 February 2011", "2011-02-04"),
        ("some day", ""),
        (None, ""),
    ],
)
def test_import_reads_a_date_in_its_own_time_zone(value: object, expected: str) -> None:
    assert frontmatter.date(value) == expected


@pytest.mark.parametrize(
    ("authors", "tags", "expected"),
    [
        (("Ann Other",), (), ":author: Ann Other\n\n"),
        (("Ann Other", "B_ Two"), (), ":authors: Ann Other; B\\_ Two\n\n"),
        ((), ("a", "b*"), ":tags: a, b\\*\n\n"),
        ((), ("cuts, deep", "b"), ':tags: ["cuts, deep", "b"]\n\n'),
    ],
)
def test_import_writes_a_field_list_for_restructuredtext(
    authors: tuple[str, ...], tags: tuple[str, ...], expected: str
) -> None:
    essay = Essay("key", "T", "", "", suffix=RST, authors=authors, tags=tags)
    assert frontmatter.write(essay, [], "") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{< figure src="/a.png" alt="A" caption="Below" >}}', "![A](/a.png)\n\nBelow"),
        ('{{< figure src="/a.png" title="T" >}}', "![](/a.png)\n\n**T**"),
        ('{{< figure src="/a.png" link="/b/" >}}', "[![](/a.png)](/b/)"),
        ("{{% img a.png %}}", "![](a.png)"),
        ("{{< youtube id=abc >}}", "<https://www.youtube.com/watch?v=abc>"),
        ("[x]({{ site.baseurl }}/b/)", "[x](/b/)"),
        ("![]({{ '/a.png' | relative_url }})", "![](/a.png)"),
        ("[x]({% link _posts/a.md %})", "[x](/_posts/a.md)"),
        ("A{% comment %}hidden{% endcomment %} B", "A B"),
        ("{% raw %}A{% endraw %}", "A"),
        ("![A](a.png){: .right}", "![A](a.png)"),
        ("`{{ site.url }}` stays", "`{{ site.url }}` stays"),
    ],
)
def test_import_expands_the_tags_of_jekyll_and_hugo(text: str, expected: str) -> None:
    assert templates.expand(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{% include x.html %}", "include"),
        ("{{< tweet 12 >}}", "tweet"),
        ('{{< figure class="right" >}}', "figure"),
    ],
)
def test_import_keeps_and_reports_a_template_tag_it_cannot_expand(text: str, name: str) -> None:
    assert templates.expand(text) == (text, [f"a template tag was kept as text: “{name}”"])


@pytest.mark.parametrize(
    ("head", "addresses"),
    [
        (
            "aliases: [old/, 'https://old.example/b/']",
            ("/old/", "https://old.example/b/", "/2011/02/04/a.html"),
        ),
        ("permalink: /:year/:title/", ("/2011/a/",)),
        ("permalink: https://www.example.org/a/", ("https://www.example.org/a/",)),
    ],
)
def test_import_reads_old_urls_from_front_matter(
    tmp_path: Path, head: str, addresses: tuple[str, ...]
) -> None:
    posts = tmp_path / "_posts"
    posts.mkdir()
    (posts / "2011-02-04-a.md").write_text(f"---\n{head}\n---\n\nText.\n")
    (essay,) = markdown.read(tmp_path, tmp_path / "book").essays
    assert essay.addresses == addresses


def test_import_reports_a_date_and_keys_of_front_matter_that_it_cannot_use(
    tmp_path: Path,
) -> None:
    source = tmp_path / "a.md"
    source.write_text("---\ntitle: A\ndate: some day\nmood: calm\n---\n\nText.\n")
    (essay,) = markdown.read(source, tmp_path / "book").essays
    assert (essay.title, essay.date) == ("A", "")
    assert essay.remarks == ["unreadable date: some day", "front matter not carried over: mood"]


@pytest.mark.parametrize(
    ("head", "is_draft"),
    [
        ("draft: true", True),
        ('draft: "true"', True),
        ("draft: 1", True),
        ("published: false", True),
        ('published: "no"', True),
        ("publish: false", True),
        ("status: Draft", True),
        ("status: private", True),
        ("state: draft", True),
        ("visibility: private", True),
        ("private: yes", True),
        ("hidden: true", True),
        ("unlisted: true", True),
        ("draft: false", False),
        ("published: 2011-02-04", False),
        ("publish: true", False),
        ("status: published", False),
        ("visibility: public", False),
    ],
)
def test_import_of_a_post_that_is_marked_as_hidden_makes_it_a_draft(
    tmp_path: Path, head: str, *, is_draft: bool
) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: A\n{head}\n---\n\nText.\n")
    (essay,) = markdown.read(tmp_path, tmp_path / "book").essays
    assert essay.is_draft == is_draft
    key = head.partition(":")[0]
    is_reported = is_draft and key not in {"draft", "published", "status"}
    remark = f"imported as a draft, because of its front matter: {key}"
    assert essay.remarks == ([remark] if is_reported else [])


def test_import_of_a_folder_reports_the_files_that_it_does_not_read(tmp_path: Path) -> None:
    head = "---\ntitle: A\n---\n\nText.\n"
    files = {
        "posts/a.md": head,
        "posts/b.html": "<p>Text.</p>",
        "posts/c.mdx": head,
        "pages/d.textile": head,
        "pages/e.txt": "Text.",
        "pages/public/f.md": "# F\n",
        "public/g.md": "# G\n",
        "_layouts/h.html": head,
        "posts/search.md": "---\ndate: 2011-02-04\n---\n\nText.\n",
        "README.md": "# Read me\n",
        "_index.md": "---\ntitle: Home\n---\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    blog = markdown.read(tmp_path, tmp_path / "book")
    assert sorted(essay.place for essay in blog.essays) == [
        "pages/public/f.md",
        "posts/a.md",
        "posts/search.md",
    ]
    assert sorted(f"{place}: {text}" for place, text in blog.remarks) == [
        "README.md: not imported: a file of this name is not an essay; give it a date",
        "public: not imported: Hugo writes generated files to this folder",
        *sorted(
            f"{tmp_path.name}: not imported: 1 files of type {suffix}"
            for suffix in (".html", ".mdx", ".textile")
        ),
    ]


def test_import_of_a_file_reads_it_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Read me\n\nText.\n")
    blog = markdown.read(tmp_path / "README.md", tmp_path / "book")
    assert [essay.title for essay in blog.essays] == ["Read me"]


@pytest.mark.parametrize("rule", ["---", "- - -", "-----"])
def test_import_of_text_that_begins_with_a_rule_drops_only_the_rule(rule: str) -> None:
    body = f"{rule}\n\nSome *text*.\n\n---\n\nMore.\n"
    assert normalized(body) == ("Some *text*.\n\n---\n\nMore.\n", [])


def normalized(body: str) -> tuple[str, list[str]]:
    """Return a body as the import writes it, and its remarks."""
    library = links.LinkRewriter(Blog(), {}, names.UniqueNames())
    essay = Essay("key", "T", body, "a.md", base="/a.md")
    return markdown_normalizer.normalize(essay, "undated/a.md", library), essay.remarks


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('Write `<img src="a.png">` here.', 'Write `<img src="a.png">` here.'),
        ("Write ``<a href='b'>c</a>`` here.", "Write ``<a href='b'>c</a>`` here."),
        (
            'See <a href="https://example.org">the `code`</a>.',
            "See [the `code`](https://example.org).",
        ),
        (
            '`a` <img src="https://e.org/b.png" alt="B"> `c`',
            "`a` ![B](https://e.org/b.png) `c`",
        ),
    ],
)
def test_import_of_markdown_converts_html_links_and_images_only_outside_code(
    body: str, expected: str
) -> None:
    text, remarks = normalized(body)
    assert text == f"{expected}\n"
    assert not [remark for remark in remarks if "without loss" in remark]
