"""The press: Typst's compiler. A block that it refuses costs that block, never the book."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from sphinx_essays import messages

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from sphinx.config import Config

    from sphinx_essays.outputs.typst.manuscript import Manuscript

PRINTED = "book.pdf"
PLACE = re.compile(r"┌─ .*?book\.typ:(\d+):(\d+)")
MOST = 200  # blocks refused in one book, before it is given up


def find_typst() -> ModuleType | None:
    """The compiler; nothing on a machine for which it has no wheel."""
    try:
        import typst  # noqa: PLC0415 (not on every machine)
    except ImportError:
        return None
    return typst


class Press:
    """Prints one book in one folder; what Typst has learnt is kept from try to try."""

    def __init__(self, typst: ModuleType, folder: Path, config: Config, confdir: Path) -> None:
        self.typst = typst
        self.folder = folder
        self.font_paths = [str(confdir / one) for one in config.essays_pdf["font_paths"]]
        standard = config.essays_pdf["standard"] or []
        self.standards = [standard] if isinstance(standard, str) else list(standard)
        self.compiler = typst.Compiler(
            root=str(folder), font_paths=self.font_paths, ignore_system_fonts=True
        )

    def print_book(self, manuscript: Manuscript) -> None:
        """Print ``book.typ``, and print plainly whatever Typst will not take.

        :raises ExtensionError: where what it will not take is no block of the author's.
        """
        for _try in range(MOST):
            source = self.folder / "book.typ"
            source.write_text(manuscript.text(), encoding="utf-8")
            try:
                self._compile(source)
            except self.typst.TypstError as error:
                self._refuse(manuscript, error)
            else:
                return
        raise ExtensionError(messages.unprintable(str(MOST)))

    def _compile(self, source: Path) -> None:
        given: dict[str, Any] = {"pdf_standards": self.standards} if self.standards else {}
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            given["timestamp"] = int(epoch)
        _pdf, complaints = self.compiler.compile_with_warnings(
            input=str(source), output=str(self.folder / PRINTED), format="pdf", **given
        )
        for complaint in complaints:
            messages.warn("print", messages.typst_says(complaint.message), None)

    def _refuse(self, manuscript: Manuscript, error: Any) -> None:  # noqa: ANN401 (TypstError)
        """Take out the block that an error names."""
        diagnostic = str(getattr(error, "diagnostic", "") or error)
        for line, column in PLACE.findall(diagnostic):
            found = manuscript.find(int(line), int(column))
            block = found[0].block_of(found[1]) if found else None
            if found and block:
                message = messages.refused(str(error.message), error.hints)
                messages.warn("print", message, block.node)
                found[0].refuse(block)
                return
        raise ExtensionError(messages.unprintable(diagnostic)) from error
