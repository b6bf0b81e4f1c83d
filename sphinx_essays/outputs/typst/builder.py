"""The builders: ``essaytypst`` writes Typst markup, ``essaypdf`` compiles it to PDF."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sphinx.builders import Builder

from sphinx_essays import messages
from sphinx_essays.book.pages import essay_domain
from sphinx_essays.outputs import typst_compiler
from sphinx_essays.outputs.typst import book_writer, compiler, font_coverage, settings
from sphinx_essays.outputs.typst.translator import TypstTranslator

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

BOOK = "book.typ"
TEMPLATE = Path(__file__).parent / "essays.typ"


class TypstBuilder(Builder):
    """Write the book as ``book.typ``, with all files that Typst needs to compile it."""

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
        self.printed: frozenset[str] = frozenset()
        """The documents of the book; links to others are printed as text."""
        self.imagedir = "images"

    def get_outdated_docs(self) -> str:
        """Return all documents, because the book is a single file."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return a document's name with a prefix that no web address has."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same for all sources."""
        return self.get_target_uri(to, typ)

    def write_documents(self, _docnames: AbstractSet[str]) -> None:
        """Write the book and the files that it needs."""
        self.printed = frozenset(essay_domain(self.env).book.sequence())
        self.set_book(book_writer.make(self))

    def write_essay(self, docname: str) -> None:
        """Write an essay by itself, with the page layout of the book."""
        self.printed = frozenset({docname})
        self.set_book(book_writer.make_essay(self, docname))

    def set_book(self, book: book_writer.BookSource) -> None:
        """Write a source and the files that it needs."""
        self.book = book
        self.write_book()
        self.copy_pictures()
        self.copy_template()

    def write_book(self) -> None:
        """Write the source."""
        (self.outdir / BOOK).write_text(self.book.text(), encoding="utf-8")

    def copy_pictures(self) -> None:
        """Copy the images, and delete those of an earlier build."""
        folder = self.outdir / self.imagedir
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for source, name in self.images.items():
            try:
                shutil.copyfile(self.srcdir / source, folder / name)
            except OSError as error:
                messages.warn("print", messages.unreadable_image(source, str(error)), None)

    def copy_template(self) -> None:
        """Copy the template of this package and the author's, which imports it."""
        looks = self.outdir / "settings.typ"
        looks.write_text(settings.write(self.config), encoding="utf-8")
        shutil.copyfile(TEMPLATE, self.outdir / TEMPLATE.name)
        if template := self.config.essays_pdf["template"]:
            shutil.copyfile(self.confdir / template, self.outdir / "template.typ")


class PdfBuilder(TypstBuilder):
    """Compile the book to ``book.pdf``."""

    name = "essaypdf"
    epilog = messages.pdf_epilog()

    def set_book(self, book: book_writer.BookSource) -> None:
        """Write the book and compile it; warn if the compiler is not installed."""
        super().set_book(book)
        typst = typst_compiler.find_typst()
        if typst is None:
            messages.warn("print", messages.no_typst(), None)
            return
        font_coverage.check(self, typst, self.book.chapters())
        compiler.BookCompiler(typst, self.outdir, self.config, self.confdir).print_book(
            self.book
        )
