"""Replace ``style`` attributes, which a strict Content-Security-Policy forbids.

docutils writes a width with a unit as ``style="width: …"``. Before a page is written,
its widths become the attributes ``width`` and ``height`` (in pixels) or a class of the
style sheet ``widths.css`` (in percent of the column, or in ems). Other themes and EPUB
do not have that style sheet and keep what docutils writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import parse_measure
from sphinx.util.images import get_image_size

from sphinx_essays.outputs.html.active_theme import uses_essays_theme

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Pixels a unit: CSS Values and Units 4, section 6. Those of relative units are measured
# on a page of the theme in a window of 1,280 by 900 pixels.
PIXELS = {
    "": 1.0, "px": 1.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "pt": 1.333, "pc": 16.0,
    "em": 20.0, "rem": 16.0, "ch": 10.0, "ex": 10.0, "vw": 12.8, "vh": 9.0,
}  # fmt: skip
EM = 20.0
WIDEST_IN_EMS = 40
CLASS = "essay-width-"


def remove_inline_styles(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Write every width of a page as attributes and classes, and measure local images."""
    if not uses_essays_theme(app):
        return
    for image in doctree.findall(nodes.image):
        _measure_image(app, image)
    for figure in doctree.findall(nodes.figure):
        _set_width(figure)
    for table in doctree.findall(nodes.table):
        _set_width(table)
        _set_columns(table)


def uses_widths(doctree: nodes.Element) -> bool:
    """Return whether a page needs ``widths.css``."""
    return any(
        name.startswith(CLASS)
        for node in doctree.findall(nodes.Element)
        for name in node["classes"]
    )


def _measure_image(app: Sphinx, image: nodes.image) -> None:
    """Give an image its size in pixels, so that the page does not shift when it loads."""
    natural = _natural_size(app, image)
    width, height = image.get("width"), image.get("height")
    scale = image.attributes.pop("scale", 100) / 100
    if width and parse_measure(width)[1] == "%":
        _set_width(image)
        _put(image, natural)
        return
    wide = _pixels(width) if width else 0.0
    high = _pixels(height) if height else 0.0
    if natural and not (wide and high):
        ratio = natural[0] / natural[1]
        wide, high = (wide, wide / ratio) if wide else (high * ratio, high) if high else natural
    _put(image, (wide * scale, high * scale))


def _natural_size(app: Sphinx, image: nodes.image) -> tuple[float, float] | None:
    candidates: Any = image.attributes.get("candidates", {})
    uri = candidates.get("*", image["uri"])
    path = app.srcdir / uri
    size = get_image_size(path) if path.is_file() else None
    return size if size and min(size) > 0 else None


def _put(image: nodes.image, size: tuple[float, float] | None) -> None:
    """Set a size in pixels, which docutils writes as attributes, or remove an unknown size."""
    for name, value in zip(("width", "height"), size or (0, 0), strict=True):
        if value:
            image[name] = str(max(1, round(value)))
        else:
            image.attributes.pop(name, None)


def _pixels(measure: str) -> float:
    value, unit = parse_measure(measure)
    return float(value) * PIXELS.get(unit.lower(), 1.0)


def _set_width(node: nodes.Element) -> None:
    """Replace the width of a node by a class."""
    if width := node.attributes.pop("width", ""):
        node["classes"].append(f"{CLASS}{_step(width)}")


def _step(width: str) -> str:
    """Return the width as percent from 1 to 100, or as a whole number of ems."""
    value, unit = parse_measure(width)
    if unit == "%":
        return str(min(100, max(1, round(value))))
    return f"{min(WIDEST_IN_EMS, max(1, round(_pixels(width) / EM)))}em"


def _set_columns(table: nodes.table) -> None:
    """Write the widths of the columns as classes of the cells in the first row."""
    group = next(iter(table.findall(nodes.tgroup)), None)
    if "colwidths-given" not in table["classes"] or group is None:
        return
    table["classes"].remove("colwidths-given")
    table["classes"].append("colwidths-auto")  # docutils then writes no <col style="…">
    specs = [child for child in group.children if isinstance(child, nodes.colspec)]
    total = sum(spec.propwidth() for spec in specs)
    row = next(iter(table.findall(nodes.row)))
    column = 0
    for cell in row.findall(nodes.entry):
        span = 1 + cell.get("morecols", 0)
        share = sum(spec.propwidth() for spec in specs[column : column + span]) / total
        cell["classes"].append(f"{CLASS}{round(100 * share)}")
        column += span
