"""Write the whole book in Typst markup: front matter, essays, back matter."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.book.byline import NO_AUTHOR, essay_byline
from sphinx_essays.book.order import Essay, Part
from sphinx_essays.book.pages import essay_domain, title_of
from sphinx_essays.elements.standfirst import essay_standfirst
from sphinx_essays.outputs import licenses
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst import chapter, index
from sphinx_essays.outputs.typst.chapter import Chapter
from sphinx_essays.outputs.typst.structure import without_notes
from sphinx_essays.outputs.typst_fonts import font_families

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_essays.outputs.typst.base_translator import NodeSpan
    from sphinx_essays.outputs.typst.builder import TypstBuilder

IMPORT_STYLES = '#import "essays.typ": *\n'
IMPORT_TEMPLATE = '#import "template.typ": *\n'


@dataclass
class BookSource:
    """The book as a sequence of markup and chapters."""

    parts: list[str | Chapter]
    front_and_back: list[Chapter]
    """Text of the cover page that is printed on pages of its own."""

    def text(self) -> str:
        """Return the book as a single file."""
        return "".join(self._pieces())

    def _pieces(self) -> list[str]:
        return [
            piece
            for part in self.parts
            for piece in ([part] if isinstance(part, str) else part.pieces)
        ]

    def find(self, line: int, column: int) -> tuple[Chapter, int] | None:
        """Return the chapter and its piece at a line (from 1) and a column of the file."""
        pieces = self._pieces()
        text = "".join(pieces)
        offset = (
            sum(len(character) for character in text.split("\n")[: line - 1])
            + line
            - 1
            + column
        )
        ends = list(accumulate(map(len, pieces)))
        place = bisect_right(ends, min(offset, len(text) - 1))
        for part in self.parts:
            count = 1 if isinstance(part, str) else len(part.pieces)
            if place < count:
                return None if isinstance(part, str) else (part, place)
            place -= count
        return None

    def fall_back_to_text(self, chapter: Chapter, block: NodeSpan) -> None:
        """Replace a block by its text, and a page's title wherever it is used."""
        chapter.fall_back_to_text(block)
        title = title_of(chapter.document)
        if chapter in self.front_and_back:
            new = "".join(chapter.pieces).strip()
        elif title is not None and block.node is title:
            new = markup.escape(without_notes(title).astext())
        else:
            return
        old = chapter.title
        self.parts = [
            part.replace(f"[{old}]", f"[{new}]") if isinstance(part, str) else part
            for part in self.parts
        ]

    def chapters(self) -> list[Chapter]:
        """The documents in reading order."""
        return [part for part in self.parts if isinstance(part, Chapter)]


class BookWriter:
    """Assemble a book from the markup of its documents."""

    def __init__(self, builder: TypstBuilder) -> None:
        self.builder = builder
        self.domain = essay_domain(builder.env)
        self.parts: list[str | Chapter] = []
        self.front_and_back: list[Chapter] = []
        self.lines: list[str] = []
        """The lines of the table of contents."""
        self._opens_right = True
        self._captions = 0

    def make(self) -> BookSource:
        """Return the source of the book."""
        cover, about = self._cover()
        members = self.domain.book.members
        front = list(takewhile(self._is_front, members))
        self._write_members(front, level=1, depth=0, verso=self._short_title())
        before, self.parts = self.parts, []
        self._opens_right = True
        self._write_members(members[len(front) :], level=1, depth=0, verso=self._short_title())
        body, self.parts = self.parts, []
        has_index = self.builder.config.essays_pdf["index"]
        written = [
            chapter for chapter in (cover, *before, *body) if isinstance(chapter, Chapter)
        ]
        known = {name for chapter in written for name in chapter.places}
        back = index.write(self.builder, known) if has_index else ""
        if back:
            self.lines.append(self._line("back", 0, index.NAME, index.title()))
        self.parts = [
            self._head(about), *self._cover_words(cover), self._contents(), *before,
            "\n#essay-main-matter[\n", *body, back, "\n]\n",
        ]  # fmt: skip
        source = BookSource(self.parts, self.front_and_back)
        set_missing_places(source)
        return source

    def make_essay(self, docname: str) -> BookSource:
        """Return the source of an essay by itself."""
        self._write_essay(docname, level=1, depth=0, verso=self._short_title())
        opening = f"{self._show()}#essay-main-matter[\n"
        source = BookSource([opening, *self.parts, "\n]\n"], self.front_and_back)
        set_missing_places(source)
        return source

    # -- front matter -----------------------------------------------------------

    def _cover(self) -> tuple[Chapter | None, dict[str, str]]:
        """Read the text of the cover page, and the metadata of the book."""
        doctree = self._read(self.domain.book.cover)
        about = {"title": markup.escape(self._short_title()), "standfirst": "none"}
        title = title_of(doctree)
        if title is not None:
            about["title"] = self._apart(doctree, without_notes(title))
            standfirsts = [
                child for child in title.parent.children if isinstance(child, essay_standfirst)
            ]
            if standfirsts:
                about["standfirst"] = f"[{self._apart(doctree, standfirsts[0])}]"
            for node in [title, *standfirsts, *title.parent.findall(essay_byline)]:
                node.parent.remove(node)
        if not doctree.astext().strip() and not list(doctree.findall(nodes.image)):
            return None, about
        return chapter.write(
            self.builder, doctree, level=1, title_call="essay-chapter-title"
        ), about

    def _apart(self, doctree: nodes.document, node: nodes.Element) -> str:
        words = chapter.words(self.builder, doctree, node)
        self.front_and_back.append(words)
        return words.title

    def _cover_words(self, cover: Chapter | None) -> list[str | Chapter]:
        return ["\n#essay-cover-text[\n", cover, "\n];\n"] if cover else []

    def _short_title(self) -> str:
        return str(self.builder.config.project)

    def _authors(self) -> str:
        author = self.builder.config.author
        named = author and author != NO_AUTHOR
        return markup.array([markup.string(author)] if named else [])

    def _show(self) -> str:
        """Return the start of every file: the template, the title and the author."""
        config = self.builder.config
        template = IMPORT_TEMPLATE if config.essays_pdf["template"] else ""
        title = markup.string(config.project)
        show = f"#show: essay-book.with(title: {title}, authors: {self._authors()})\n"
        return f"{IMPORT_STYLES}{template}{show}"

    def _head(self, about: dict[str, str]) -> str:
        config = self.builder.config
        release = markup.escape(config.release or config.version)
        lines = ", ".join(f"[{line}]" for line in colophon(self.builder))
        return (
            f"{self._show()}"
            f"#essay-half-title[{about['title']}];\n"
            f"#essay-title-page(title: [{about['title']}], standfirst: {about['standfirst']}, "
            f"authors: {self._authors()}, release: [{release}]);\n"
            f"#essay-colophon({lines});\n"
        )

    def _contents(self) -> str:
        title = markup.escape(messages.contents())
        return f"\n#essay-contents([{title}],\n{''.join(self.lines)});\n" if self.lines else ""

    def _line(self, kind: str, depth: int, name: str, words: str) -> str:
        return (
            f"essay-contents-line(kind: {markup.string(kind)}, depth: {depth}, "
            f"name: {markup.string(name)})[{words}],\n"
        )

    # -- parts and essays -----------------------------------------------------------

    def _is_front(self, member: Part | Essay) -> bool:
        return isinstance(member, Essay) and self.domain.kind(member.docname) == "front"

    def _write_members(
        self, members: Sequence[Part | Essay], *, level: int, depth: int, verso: str
    ) -> None:
        for member in members:
            if isinstance(member, Part):
                self._write_part(member, level=level, depth=depth)
            else:
                self._write_essay(member.docname, level=level, depth=depth, verso=verso)

    def _write_part(self, part: Part, *, level: int, depth: int) -> None:
        if part.docname:
            doctree = self._read(part.docname)
            written = chapter.write(
                self.builder, doctree, level=level, title_call="essay-part-title"
            )
            name, words = f"{part.docname}:", written.title
            inside: list[str | Chapter] = [written]
        else:
            self._captions += 1
            name, words = f"part:{self._captions}", markup.escape(part.title)
            inside = [f"#essay-part-title({level}, {markup.string(name)})[{words}];"]
        self.lines.append(self._line("part", depth, name, words))
        self.parts += [f"\n\n#essay-part({markup.string(name)})[\n", *inside, "\n];\n"]
        self._opens_right = True
        self._write_members(part.members, level=level + 1, depth=depth + 1, verso=words)

    def _write_essay(self, docname: str, *, level: int, depth: int, verso: str) -> None:
        doctree = self._read(docname)
        written = chapter.write(
            self.builder, doctree, level=level, title_call="essay-chapter-title"
        )
        words = written.title or markup.escape(docname)
        name = f"{docname}:"
        written.links.add(name)
        self.lines.append(self._line("essay", depth, name, words))
        right = "true" if self._opens_right else "false"
        opening = (
            f"\n\n#essay-chapter({markup.string(name)}, verso: [{verso}], recto: [{words}], "
            f"right: {right}{self._language(docname)})[\n"
        )
        self.parts += [opening, written, "\n];\n"]
        self._opens_right = False

    def _language(self, docname: str) -> str:
        page = self.domain.pages.get(docname)
        language = page.metadata.language if page else ""
        return f", language: {markup.language(language)}" if language else ""

    def _read(self, docname: str) -> nodes.document:
        env = self.builder.env
        doctree = env.get_doctree(docname)
        env.resolve_references(doctree, docname, self.builder)
        self.builder.post_process_images(doctree)
        return doctree


def make(builder: TypstBuilder) -> BookSource:
    """Write the book, after the builder has read every document."""
    return BookWriter(builder).make()


def make_essay(builder: TypstBuilder, docname: str) -> BookSource:
    """Write a document by itself."""
    return BookWriter(builder).make_essay(docname)


def set_missing_places(source: BookSource) -> None:
    """Set link targets that are not in any text at the beginning of their document."""
    chapters = source.chapters()
    wanted = {name for chapter in chapters for name in chapter.links}
    there = {name for chapter in chapters for name in chapter.places}
    for target_chapter in chapters:
        own = sorted(
            name for name in wanted - there if name.startswith(f"{target_chapter.docname}:")
        )
        places = "".join(f"#essay-anchor({markup.string(name)});" for name in own)
        target_chapter.pieces.insert(0, "")
        target_chapter.pieces[0] = places
        target_chapter.spans = [
            r._replace(start=r.start + 1, stop=r.stop + 1) for r in target_chapter.spans
        ]
        target_chapter.third_party = [(at + 1, text) for at, text in target_chapter.third_party]
        target_chapter.places = {
            name: at + 1 for name, at in target_chapter.places.items()
        } | dict.fromkeys(own, 0)


def colophon(builder: TypstBuilder) -> Iterator[str]:
    """Return the back of the title page: copyright, licence and fonts."""
    config = builder.config
    if config.copyright:
        yield f"© {markup.escape(str(config.copyright))}"
    if terms := licenses.book_license(builder.app):
        name = markup.escape(terms["name"])
        yield f"#link({markup.string(terms['link'])})[{name}];" if terms["link"] else name
    yield markup.escape(messages.typeset_in(font_families(config)["text"][0]))
