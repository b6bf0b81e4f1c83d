"""The builders: ``essaytypst`` writes Typst's markup, ``essaypdf`` prints it as well."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sphinx.builders import Builder

from sphinx_essays import messages
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.outputs.typst import book_writer, compiler, font_coverage, settings
from sphinx_essays.outputs.typst.translator import TypstTranslator

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

BOOK = "book.typ"
TEMPLATE = Path(__file__).parent / "essays.typ"


class TypstBuilder(Builder):
    """Writes the book as ``book.typ``, with all that Typst needs to print it."""

    name = "essaytypst"
    format = "typst"
    epilog = messages.typst_epilog()
    default_translator_class = TypstTranslator
    supported_image_types: ClassVar[list[str]] = [
        "image/svg+xml",
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
    ]
    supported_data_uri_images = False
    supported_remote_images = False

    def init(self) -> None:
        """Nothing is printed before the book is known."""
        self.printed: frozenset[str] = frozenset()
        """The documents that the book holds; links to others are words."""
        self.imagedir = "images"

    def get_outdated_docs(self) -> str:
        """The book is one file: always all of it."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """A document's name, marked so that it can be no address of the web."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """The same from everywhere."""
        return self.get_target_uri(to, typ)

    def write_documents(self, _docnames: AbstractSet[str]) -> None:
        """Write the book and everything that it needs."""
        self.printed = frozenset(essay_domain(self.env).book.sequence())
        self.set_book(book_writer.make(self))

    def write_essay(self, docname: str) -> None:
        """Write one essay by itself, on pages of the book."""
        self.printed = frozenset({docname})
        self.set_book(book_writer.make_essay(self, docname))

    def set_book(self, book: book_writer.BookSource) -> None:
        """Write a manuscript and everything that it needs."""
        self.book = book
        self.write_book()
        self.copy_pictures()
        self.copy_template()

    def write_book(self) -> None:
        """Write the manuscript."""
        (self.outdir / BOOK).write_text(self.book.text(), encoding="utf-8")

    def copy_pictures(self) -> None:
        """Set each picture beside the book, and leave none of an earlier one there."""
        folder = self.outdir / self.imagedir
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for source, name in self.images.items():
            try:
                shutil.copyfile(self.srcdir / source, folder / name)
            except OSError as error:
                messages.warn("print", messages.unreadable_image(source, str(error)), None)

    def copy_template(self) -> None:
        """Set the looks beside the book: ours, and the author's, which stand before them."""
        looks = self.outdir / "settings.typ"
        looks.write_text(settings.write(self.config), encoding="utf-8")
        shutil.copyfile(TEMPLATE, self.outdir / TEMPLATE.name)
        if template := self.config.essays_pdf["template"]:
            shutil.copyfile(self.confdir / template, self.outdir / "template.typ")


class PdfBuilder(TypstBuilder):
    """Prints the book as ``book.pdf``."""

    name = "essaypdf"
    epilog = messages.pdf_epilog()

    def set_book(self, book: book_writer.BookSource) -> None:
        """Write the book and print it; without the compiler, say how to go on."""
        super().set_book(book)
        typst = compiler.find_typst()
        if typst is None:
            messages.warn("print", messages.no_typst(), None)
            return
        font_coverage.check(self, typst, self.book.chapters())
        compiler.BookCompiler(typst, self.outdir, self.config, self.confdir).print_book(
            self.book
        )
