"""Drawings: TeX knows no SVG, so they become PDF by what the machine has."""

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

# The first that is installed; each takes the drawing and the page to make of it.
PROGRAMS = {
    "rsvg-convert": ("--format=pdf", "--output={to}", "{source}"),
    "inkscape": ("--export-type=pdf", "--export-filename={to}", "{source}"),
}


class DrawingConverter(ImageConverter):
    """A drawing as PDF; Typst's compiler, where it is installed, is the surest.

    Only LaTeX's builders take PDF and no SVG.
    """

    default_priority = 190  # before a converter of pixels that the author may have loaded
    conversion_rules: ClassVar[list[tuple[str, str]]] = [("image/svg+xml", "application/pdf")]  # type: ignore[misc]

    def is_available(self) -> bool:
        """Whether this machine has anything to convert a drawing with."""
        return _has_typst() or _program() != ""

    def convert(self, _from: str | os.PathLike[str], _to: str | os.PathLike[str]) -> bool:
        """Convert; whether that went well."""
        source, target = Path(_from), Path(_to)
        return _by_typst(source, target) if _has_typst() else _by_program(source, target)


def _has_typst() -> bool:
    return importlib.util.find_spec("typst") is not None


def _program() -> str:
    return next((name for name in PROGRAMS if shutil.which(name)), "")


def _by_typst(source: Path, target: Path) -> bool:
    """A page as large as the drawing."""
    import typst  # noqa: PLC0415 (only where it is installed)

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
    """A drawing that could not be converted is said by its alternative text."""
    if app.builder.format != "latex":
        return
    for image in list(doctree.findall(nodes.image)):
        if image["uri"].lower().endswith(".svg"):
            words = image.get("alt", "")
            image.replace_self(nodes.inline(words, words, classes=["essay-drawing"]))
