"""Convert SVG images to PDF, because TeX cannot read SVG."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms.images import ImageConverter

if TYPE_CHECKING:
    import os

    from sphinx.application import Sphinx

# The first installed program is used. Arguments: input and output file.
PROGRAMS = {
    "rsvg-convert": ("--format=pdf", "--output={to}", "{source}"),
    "inkscape": ("--export-type=pdf", "--export-filename={to}", "{source}"),
}


class DrawingConverter(ImageConverter):
    """Convert SVG to PDF, with Typst's compiler if it is installed.

    Only the LaTeX builders accept PDF but not SVG.
    """

    default_priority = 190  # before a converter to pixels that the author may have loaded
    conversion_rules: ClassVar[list[tuple[str, str]]] = [("image/svg+xml", "application/pdf")]  # type: ignore[misc]

    def is_available(self) -> bool:
        """Return whether a program for the conversion is installed."""
        return _has_typst() or _program() != ""

    def convert(self, _from: str | os.PathLike[str], _to: str | os.PathLike[str]) -> bool:
        """Convert an image; return whether this succeeded."""
        source, target = Path(_from), Path(_to)
        return _by_typst(source, target) if _has_typst() else _by_program(source, target)


def _has_typst() -> bool:
    return importlib.util.find_spec("typst") is not None


def _program() -> str:
    return next((name for name in PROGRAMS if shutil.which(name)), "")


def _by_typst(source: Path, target: Path) -> bool:
    """Write a page of the size of the image."""
    import typst  # noqa: PLC0415 (not installed everywhere)

    page = "#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg))"
    text = source.read_text(encoding="utf-8")
    try:
        target.write_bytes(typst.compile(page.encode(), sys_inputs={"svg": text}))
    except (RuntimeError, OSError):
        return False
    return True


def _by_program(source: Path, target: Path) -> bool:
    name = _program()
    arguments = [argument.format(source=source, to=target) for argument in PROGRAMS[name]]
    done = subprocess.run([name, *arguments], capture_output=True, check=False)
    return done.returncode == 0 and target.is_file()


def svg_fallback(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Replace an SVG image that could not be converted by its alternative text."""
    if app.builder.format != "latex":
        return
    for image in list(doctree.findall(nodes.image)):
        if image["uri"].lower().endswith(".svg"):
            words = image.get("alt", "")
            image.replace_self(nodes.inline(words, words, classes=["essay-drawing"]))
