"""The press: Typst's compiler. A block that it refuses costs that block, never the book."""

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
MOST = 200  # blocks refused in one book, before it is given up


def find_typst() -> ModuleType | None:
    """The compiler; nothing on a machine for which it has no wheel."""
    try:
        import typst  # noqa: PLC0415 (not on every machine)
    except ImportError:
        return None
    return typst


class BookCompiler:
    """Prints one book in one folder; what Typst has learnt is kept from try to try."""

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
        """Print ``book.typ``, and print plainly whatever Typst will not take.

        :raises ExtensionError: where what it will not take is no block of the author's.
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
        """Take out the block that Typst will not take."""
        rejected = self._named_block(book_source, error) or self._tried_block(
            book_source, error
        )
        if rejected is None:
            raise ExtensionError(messages.unprintable(_diagnostic(error))) from error
        _reject(book_source, *rejected)

    def _reject_malformed(self, book_source: BookSource) -> None:
        """Take out what is not of our making and whose brackets are not its own.

        Typst would look for the other one in the words behind, and swallow them.
        """
        for chapter in [*book_source.front_and_back, *book_source.chapters()]:
            taken: list[str] = []  # what stands in others is met before them
            for piece, text in chapter.third_party:
                rest = reduce(lambda whole, part: whole.replace(part, ""), taken, text)
                reason = self._malformation(rest)
                block = chapter.block_of(piece) if reason else None
                if block:
                    taken.append(text)
                    _reject(book_source, chapter, block, reason)

    def _malformation(self, text: str) -> Any:  # noqa: ANN401 (TypstError, or None)
        """What is wrong with the form of some markup, which is read and not set."""
        try:
            self.compiler.compile(input=f"#let _ = () => [{text}]".encode(), format="pdf")
        except self.typst.TypstError as error:
            return error
        return None

    def _named_block(self, book_source: BookSource, error: Any) -> Found | None:  # noqa: ANN401
        """The block that the error names, where that block alone is refused too.

        A bracket that is not closed is often told of the one around it.
        """
        for line, column in PLACE.findall(_diagnostic(error)):
            at = book_source.find(int(line), int(column))
            block = at[0].block_of(at[1]) if at else None
            if at and block and not _is_of_brackets(error):
                return at[0], block, error
        return None

    def _tried_block(self, book_source: BookSource, error: Any) -> Found | None:  # noqa: ANN401
        """The smallest block that is refused alone, in a chapter that is refused alone."""
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
        """What Typst has against some of the book by itself."""
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
    """Whatever some of the book links to is somewhere in it, and stands here instead."""
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
    """Whether an error is of what stands between the lines, and so tells no place of it."""
    return any(word in str(error.message) for word in BRACKETS)
