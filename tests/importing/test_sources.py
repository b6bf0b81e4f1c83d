"""Read files of any encoding, detect what a source is, and follow the links of a blog."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_essays.importing import detection, links, names, plaintext, sources
from sphinx_essays.importing.essay import Blog, Essay
from sphinx_essays.importing.sources import SourceError

NO_FIFO = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")


def refuse(_path: Path, *_more: object) -> bytes:
    raise PermissionError(13, "Permission denied")


# -- files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff\xfea\x00\x00\xd8", 4),  # UTF-16 with half a character
        (b"ab\x00c", 2),
        (b"\xff\x00" * 50, 0),
        (bytes(range(1, 256)) * 16, 127),
    ],
)
def test_import_names_the_first_byte_that_fits_no_encoding(data: bytes, place: int) -> None:
    with pytest.raises(SourceError, match=rf"^x: not imported, because byte {place} fits no"):
        sources.decode(data, "x")


def test_import_rejects_an_encoding_that_fits_only_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = "Il a été élevé à l’école, où l’on dit « oui ». ".encode("cp1252")
    monkeypatch.setattr(sources, "ENOUGH_TO_GUESS", len(start))
    assert sources.decode(start, "x")[1] == "cp1252"
    with pytest.raises(SourceError, match="fits no encoding"):
        sources.decode(start + b"\x81\x8d", "x")


def test_import_reports_a_source_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    with pytest.raises(SourceError, match="is not a file"):
        sources.read_bytes(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=r"a\.txt cannot be read: Permission denied"):
        sources.read_bytes(path)
    with pytest.raises(SourceError, match=r"a\.txt cannot be read: Permission denied"):
        detection.detect_reader(path)


def test_import_treats_a_path_that_cannot_be_resolved_as_outside(tmp_path: Path) -> None:
    assert sources.is_inside(tmp_path / "a", tmp_path)
    assert not sources.is_inside(tmp_path / "a\x00b", tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", '{"db": []}', "markdown"),
        ("a.md", "# A\n", "markdown"),
        ("a.xml", "<?xml version='1.0'?><rss/>", "wordpress"),
        ("a.txt", "Words.", "text"),
    ],
)
def test_import_detects_the_kind_of_a_file(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert detection.detect_reader(path) == kind


@NO_FIFO
def test_import_refuses_a_source_that_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="pipe is not a regular file"):
        detection.detect_reader(tmp_path / "pipe")


# -- plain text ----------------------------------------------------------------------


def test_import_from_text_in_an_old_encoding_reports_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "Le titre\n\nIl a été élevé à l’école, où l’on dit « oui ».".encode("cp1252")
    )
    blog = plaintext.read(path, tmp_path)
    assert "été élevé" in blog.essays[0].body
    assert blog.remarks[0].text == "not UTF-8, so it was read as cp1252; check accented letters"


def test_import_from_text_takes_a_line_above_the_first_title_as_the_title_of_the_book(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Small Change\n\nOne thing\n\n4 May 2011\n\nWords of it.\n")
    blog = plaintext.read(path, tmp_path)
    assert (blog.title, [essay.title for essay in blog.essays]) == (
        "Small Change",
        ["One thing"],
    )


def test_import_from_text_without_a_title_uses_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my-notes.txt"
    path.write_text("It begins with a sentence, and it ends with a full stop.\n")
    blog = plaintext.read(path, tmp_path)
    assert [essay.title for essay in blog.essays] == ["My notes"]
    assert blog.remarks == [
        ("my-notes.txt:1", "no title found; the file name is used: “my notes”")
    ]


# -- links ---------------------------------------------------------------------------


def rewriter(tmp_path: Path, address: str = "https://www.example.org") -> links.LinkRewriter:
    blog = Blog(address=address, asset_dirs=[("/", tmp_path)])
    return links.LinkRewriter(blog, {}, names.UniqueNames())


def an_essay(*addresses: str) -> Essay:
    return Essay("key", "T", "", "", base="/posts/a.md", addresses=addresses)


@pytest.mark.parametrize(
    ("url", "address", "remark"),
    [
        ("http://[x", "http://[x", "a link is not a valid URL: http://[x"),
        ("//elsewhere.example/x", "https://elsewhere.example/x", ""),
        ("tel:123", "tel:123", ""),
        ("skype:ann", "skype:ann", "a link that readers cannot follow: skype:ann"),
        ("mailto:a@example.org", "mailto:a@example.org", ""),
        (
            "/gone/",
            "https://www.example.org/gone/",
            "a link leads to a page that was not imported (/gone/): https://www.example.org/gone/",
        ),
    ],
)
def test_import_rewrites_links(tmp_path: Path, url: str, address: str, remark: str) -> None:
    link = rewriter(tmp_path).link(url, an_essay(), "2011/a.md")
    assert (link.address, link.remark) == (address, remark)


def test_import_copies_files_and_images_that_are_beside_the_essay(
    tmp_path: Path, png: bytes
) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "boat.png").write_bytes(png)
    (tmp_path / "posts" / "notes.pdf").write_bytes(b"%PDF")
    library = rewriter(tmp_path)
    assert (
        library.link("notes.pdf", an_essay(), "2011/a.md").address == "../files/posts/notes.pdf"
    )
    image = library.picture("boat.png", an_essay("/elsewhere/a/"), "2011/a.md")
    assert image.address == "../images/posts/boat.png"
    assert sorted(library.copies) == ["posts/boat.png", "posts/notes.pdf"]


def test_import_copies_files_beside_an_essay_whose_folder_is_no_valid_url(
    tmp_path: Path, png: bytes
) -> None:
    (tmp_path / "c#").mkdir()
    (tmp_path / "c#" / "boat.png").write_bytes(png)
    essay = Essay("key", "T", "", "", base="/c#/a.md")
    library = rewriter(tmp_path)
    assert library.picture("boat.png", essay, "a.md").address == "images/c/boat.png"
    assert library.link("boat.png", essay, "a.md").address == "images/c/boat.png"
    assert library.picture("//elsewhere.example/boat.png", essay, "a.md").address.startswith(
        "https://elsewhere.example/"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lido at dusk.JPG", "lido-at-dusk.jpg"),
        ("Zürich.png", "zurich.png"),
        ("Zu\u0308rich.png", "zurich.png"),
        ("Z%C3%BCrich.png", "zurich.png"),
        ("日記.png", "essay.png"),
        ("Été", "ete"),
        (".hidden", "hidden"),
        ("no-suffix", "no-suffix"),
    ],
)
def test_import_gives_copied_files_names_in_ascii(name: str, expected: str) -> None:
    assert names.file_name(name) == expected


def test_import_does_not_copy_what_it_cannot_or_must_not_read(
    tmp_path: Path, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boat.png").write_bytes(png)
    library = rewriter(tmp_path)
    for url in (f"/{'x' * 5000}.png", "/a%00b.png", "//elsewhere.example/boat.png"):
        assert library.picture(url, an_essay(), "2011/a.md").address.startswith("https://")
    monkeypatch.setattr(links, "LARGEST", len(png) - 1)
    assert (
        "not found with the source" in library.picture("/boat.png", an_essay(), "a.md").remark
    )
    assert library.copies == {}


def test_import_makes_aliases_only_of_old_urls_that_can_be_files(tmp_path: Path) -> None:
    addresses = (
        "/old/", "/?p=12", "/", "/2011/a.html", "/what%3F/", "/a/../b/", "http://[x",
    )  # fmt: skip
    possible, impossible = rewriter(tmp_path).aliases(an_essay(*addresses), "2011/a.md")
    assert possible == ["/old/", "/b/"]
    assert impossible == ["/?p=12", "/what%3F/", "http://[x"]
