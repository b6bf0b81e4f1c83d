"""Compile the book with Typst.

A block that Typst rejects is printed as plain text, so that there is always a PDF.
"""

from __future__ import annotations

import os
import re
from functools import reduce
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from sphinx_essays import messages

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from sphinx.config import Config

    from sphinx_essays.outputs.typst.base_translator import NodeSpan
    from sphinx_essays.outputs.typst.book_writer import BookSource
    from sphinx_essays.outputs.typst.chapter import Chapter

    Found = tuple[Chapter, NodeSpan, Any]

PRINTED = "book.pdf"
PLACE = re.compile(r"┌─ .*?book\.typ:(\d+):(\d+)")
QUOTED = r'("(?:[^"\\]|\\.)*")'
LINK = re.compile(rf"(?:label|essay-page-of)\({QUOTED}\)")
SET = re.compile(rf"(?:essay-anchor\(|-title\([\d, ]*){QUOTED}\)")
NOTE = re.compile(rf"name: {QUOTED}\)\[")
NOTE_AGAIN = re.compile(rf"#essay-note-again\(.*?, {QUOTED}\);")
TRIAL = "trial.typ"
TRIAL_HEAD = """\
#import "essays.typ": *
#show: essay-book.with(title: "Trial")
"""
BRACKETS = ("delimiter", "closing", "expected")
MOST = 200  # after this many rejected blocks, the compilation fails


class BookCompiler:
    """Compile a book in a folder; Typst's caches are kept between attempts."""

    def __init__(self, typst: ModuleType, folder: Path, config: Config, confdir: Path) -> None:
        self.typst = typst
        self.folder = folder
        self.font_paths = [str(confdir / essay) for essay in config.essays_pdf["font_paths"]]
        standard = config.essays_pdf["standard"] or []
        self.standards = [standard] if isinstance(standard, str) else list(standard)
        self.compiler = typst.Compiler(
            root=str(folder), font_paths=self.font_paths, ignore_system_fonts=True
        )

    def print_book(self, book_source: BookSource) -> None:
        """Compile ``book.typ``, and print blocks that Typst rejects as plain text.

        :raises ExtensionError: if the rejected markup is not in a block of the author's.
        """
        self._reject_malformed(book_source)
        for _try in range(MOST):
            source = self.folder / "book.typ"
            source.write_text(book_source.text(), encoding="utf-8")
            try:
                self._compile(source)
            except self.typst.TypstError as error:
                self._reject_block(book_source, error)
            else:
                return
        raise ExtensionError(messages.unprintable(str(MOST)))

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = {"pdf_standards": self.standards} if self.standards else {}
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            given["timestamp"] = int(epoch)
        return given

    def _compile(self, source: Path) -> None:
        _pdf, warnings = self.compiler.compile_with_warnings(
            input=str(source), output=str(self.folder / PRINTED), format="pdf", **self._given()
        )
        for warning in warnings:
            messages.warn("print", messages.typst_warning(warning.message), None)

    def _reject_block(self, book_source: BookSource, error: Any) -> None:  # noqa: ANN401 (TypstError)
        """Replace the block that Typst has rejected."""
        rejected = self._named_block(book_source, error) or self._tried_block(
            book_source, error
        )
        if rejected is None:
            raise ExtensionError(messages.unprintable(_diagnostic(error))) from error
        _reject(book_source, *rejected)

    def _reject_malformed(self, book_source: BookSource) -> None:
        """Replace foreign markup whose brackets are not balanced.

        Typst would search the text after it for the closing bracket.
        """
        for chapter in [*book_source.front_and_back, *book_source.chapters()]:
            taken: list[str] = []  # outer blocks come before the blocks in them
            for piece, text in chapter.third_party:
                rest = reduce(lambda whole, part: whole.replace(part, ""), taken, text)
                reason = self._malformation(rest)
                block = chapter.block_of(piece) if reason else None
                if block:
                    taken.append(text)
                    _reject(book_source, chapter, block, reason)

    def _malformation(self, text: str) -> Any:  # noqa: ANN401 (TypstError, or None)
        """Return the error in the syntax of some markup, which is parsed but not laid out."""
        try:
            self.compiler.compile(input=f"#let _ = () => [{text}]".encode(), format="pdf")
        except self.typst.TypstError as error:
            return error
        return None

    def _named_block(self, book_source: BookSource, error: Any) -> Found | None:  # noqa: ANN401
        """Return the block at the position of the error, if it is rejected by itself too.

        For a bracket that is not closed, Typst often reports the position of an outer one.
        """
        for line, column in PLACE.findall(_diagnostic(error)):
            at = book_source.find(int(line), int(column))
            block = at[0].block_of(at[1]) if at else None
            if at and block and not _is_of_brackets(error):
                return at[0], block, error
        return None

    def _tried_block(self, book_source: BookSource, error: Any) -> Found | None:  # noqa: ANN401
        """Return the smallest block that is rejected by itself, in such a chapter."""
        refusal = self._malformation if _is_of_brackets(error) else self._refusal
        for chapter in [*book_source.front_and_back, *book_source.chapters()]:
            if refusal("".join(chapter.pieces)) is None:
                continue
            blocks = [span for span in chapter.spans if span not in chapter.rejected]
            for block in sorted(blocks, key=lambda item: item.stop - item.start):
                reason = refusal("".join(chapter.pieces[block.start : block.stop]))
                if reason is not None:
                    return chapter, block, reason
        return None

    def _refusal(self, text: str) -> Any:  # noqa: ANN401 (TypstError, or None)
        """Return Typst's error for a part of the book by itself."""
        source = self.folder / TRIAL
        source.write_text(TRIAL_HEAD + text + _anchors_for(text), encoding="utf-8")
        try:
            self.compiler.compile(input=str(source), format="pdf", **self._given())
        except self.typst.TypstError as error:
            return error
        finally:
            source.unlink()
        return None


def _anchors_for(text: str) -> str:
    """Return targets for the links in a part of the book, which are elsewhere in it."""
    links = set(LINK.findall(text)) - set(SET.findall(text))
    notes = set(NOTE_AGAIN.findall(text)) - set(NOTE.findall(text))
    places = [f"#essay-anchor({name});" for name in sorted(links)]
    places += [f"#essay-note([], name: {name})[];" for name in sorted(notes)]
    return "\n\n" + "".join(places)


def _reject(
    book_source: BookSource,
    chapter: Chapter,
    block: NodeSpan,
    reason: Any,  # noqa: ANN401 (TypstError)
) -> None:
    message = messages.typst_rejected_block(str(reason.message), reason.hints)
    messages.warn("print", message, block.node)
    book_source.fall_back_to_text(chapter, block)


def _diagnostic(error: Any) -> str:  # noqa: ANN401
    return str(getattr(error, "diagnostic", "") or error)


def _is_of_brackets(error: Any) -> bool:  # noqa: ANN401
    """Return whether an error is about brackets, so that its position may be wrong."""
    return any(word in str(error.message) for word in BRACKETS)
