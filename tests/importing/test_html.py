"""Convert the HTML of a blog to Markdown, and expand WordPress' shortcodes."""

from __future__ import annotations

import pytest

from sphinx_essays.importing import html_to_markdown, shortcodes


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("She said <q>yes</q>.", "She said “yes”."),
        ("10<sup>th</sup> H<sub>2</sub>O", "10{sup}`th` H{sub}`2`O"),
        ("10<sup>-6</sup> 2<sup>n+1</sup>", "10{sup}`-6` 2{sup}`n+1`"),
        ("a<sub>i, j</sub> x<sup>a|b</sup>", "a{sub}`i, j` xa\\|b"),
        ("x<sup><b>2</b></sup>", "x**2**"),
        ("x<sup>`</sup>", "x\\`"),
        ("<h2>One<br>line</h2>", "## One line"),
        ("<p>One<br></p>", "One"),
        ('<a name="x">Words</a>', "Words"),
        ('<p><a href="a (b).html">Words</a></p>', "[Words](<a (b).html>)"),
        ('<img data-src="a.png" src="data:image/gif;base64,R0" alt="A">', "![A](a.png)"),
        ('<img src="data:image/gif;base64,R0" alt="Only text">', "Only text"),
        ("<h2></h2><p>Text</p>", "Text"),
        ("<p>One</p><!-- hidden --><p>Two</p>", "One\n\nTwo"),
        ("<code>a</code><code>b</code>", "`ab`"),
        ("<dl><dt>Term</dt><dd>One<br>two</dd></dl>", "**Term**\n\n* One \\\n  two"),
        ('<pre class="brush:python;">x</pre>', "```python\nx\n```"),
        (
            "<table><tr><th>A</th></tr><tr><td><p>a</p><p>b</p> <br>c\nd</td></tr></table>",
            "| A |\n| --- |\n| a b c d |",
        ),
    ],
)
def test_import_of_html_writes_markdown(html: str, markdown: str) -> None:
    text, remarks = html_to_markdown.to_markdown(html)
    lines = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    assert lines == markdown
    assert remarks == []


@pytest.mark.parametrize(
    ("html", "markdown", "remark"),
    [
        ("<script>alert(1)</script><p>Text</p>", "Text", "a script was removed"),
        (
            '<p>Text</p><form><input name="a">Your name<button>Send</button></form>',
            "Text\n\nYour nameSend",
            "the fields of a form were removed",
        ),
        (
            '<iframe src="https://youtu.be/x"></iframe>',
            "<https://youtu.be/x>",
            "embedded content replaced by a link: https://youtu.be/x",
        ),
        (
            '<ul><li>A film: <video><source src="a.mp4">The film</video></li></ul>',
            "* A film: [The film](a.mp4)",
            "embedded content replaced by a link: a.mp4",
        ),
    ],
)
def test_import_of_html_reports_what_it_removes_or_replaces(
    html: str, markdown: str, remark: str
) -> None:
    text, remarks = html_to_markdown.to_markdown(html)
    assert text.strip() == markdown
    assert remarks == [remark]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>https://youtu.be/a_b?v=1&amp;t=2</p>", "<https://youtu.be/a_b?v=1&t=2>"),
        ("See https://example.org/a--b/c...d.", "See <https://example.org/a--b/c...d>."),
        (
            "(https://example.org/), or “http://e.org”",
            "(<https://example.org/>), or “<http://e.org>”",
        ),
        ('<a href="https://e.org/x">https://e.org/x</a>', "<https://e.org/x>"),
        ('<a href="https://e.org/x">e.org</a>', "[e.org](https://e.org/x)"),
        ("<code>https://example.org</code>", "`https://example.org`"),
        ("https://example.org/%C3%BC", "https://example.org/%C3%BC"),
        ("https://example.org/ü", "https://example.org/ü"),
        ("(https://e.org/a_(b))", "(<https://e.org/a_(b)>)"),
        ("https:// is no address", "https:// is no address"),
    ],
)
def test_import_of_html_links_bare_urls(html: str, markdown: str) -> None:
    text, remarks = html_to_markdown.to_markdown(html)
    assert (text.strip().replace("\\", ""), remarks) == (markdown, [])


def test_import_of_html_keeps_the_text_of_an_embed_without_a_url() -> None:
    text, remarks = html_to_markdown.to_markdown("<p><object>No film</object></p>")
    assert (text.strip(), remarks) == ("No film", [])


def test_import_of_html_compares_words_without_styles_and_with_quotation_marks() -> None:
    html = "<style>p {}</style><p>One</p><p><q>Two</q></p>"
    assert html_to_markdown.text_of(html).split() == ["One", "“Two”"]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('[php]echo "a < b";[/php]', '<pre class="language-php">echo "a &lt; b";</pre>'),
        ("[code]a[/code]", "<pre>a</pre>"),
        ('[code lang="css"]a[/code]', '<pre class="language-css">a</pre>'),
        ('[gallery ids="7"]', '<p><img src="/lido.png" alt=""></p>'),
        (
            "[embed]https://youtu.be/x?a=1&b=2[/embed]",
            '<p><a href="https://youtu.be/x?a=1&amp;b=2">https://youtu.be/x?a=1&amp;b=2</a></p>',
        ),
        (
            '[audio src="https://example.org/a.mp3"]',
            '<p><a href="https://example.org/a.mp3">https://example.org/a.mp3</a></p>',
        ),
        (
            '[caption id="x" caption="Below"]<img src="a.png" />[/caption]',
            '<figure><img src="a.png" />\n<figcaption>Below</figcaption>\n</figure>',
        ),
        ("One\ntwo\n\nthree", "<p>One<br>\ntwo</p>\n<p>three</p>"),
        ("<em>One</em></li>", "<em>One</em></li>"),
    ],
)
def test_import_of_wordpress_shortcodes_writes_html(body: str, html: str) -> None:
    expanded, remarks = shortcodes.expand(body, {"7": "/lido.png"})
    assert expanded.strip() == html
    assert remarks == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('[contact-form-7 id="12"]', "contact-form-7"),
        ("[gallery]", "gallery"),
        ('[gallery ids="99"]', "gallery"),
        ("[youtube]", "youtube"),
        ("[pullquote]Words[/pullquote]", "pullquote"),
        ("[tweet 123]", "tweet"),
    ],
)
def test_import_of_a_shortcode_that_cannot_be_expanded_keeps_and_reports_it(
    body: str, name: str
) -> None:
    expanded, remarks = shortcodes.expand(body, {})
    assert expanded == f"<p>{body}</p>"
    assert remarks == [f"a shortcode was kept as text: “[{name}”"]


@pytest.mark.parametrize(
    "body", ["[He laughs.]", "[1]", "[sic]", "[see above]", "[the gallery]"]
)
def test_import_of_words_in_brackets_reports_no_shortcode(body: str) -> None:
    assert shortcodes.expand(body, {}) == (f"<p>{body}</p>", [])


def test_import_of_a_gallery_reports_images_that_are_not_in_the_export() -> None:
    expanded, remarks = shortcodes.expand('[gallery ids="7,8"]', {"7": "/lido.png"})
    assert expanded.strip() == '<p><img src="/lido.png" alt=""></p>'
    assert remarks == ["an image of a gallery is not in the export: attachment 8"]
