"""Write images and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays import messages
from sphinx_essays.outputs import typst_markup as markup
from sphinx_essays.outputs.typst.base_translator import BaseTranslator
from sphinx_essays.outputs.typst.tables import per_cent

if TYPE_CHECKING:
    from docutils.nodes import Element

LENGTH = re.compile(r"([\d.]+)\s*(px|pt|mm|cm|in|em|ex|pc|rem|ch|)")
# A CSS pixel is 1/96 of an inch: CSS 2.2, section 4.3.2.
POINTS = {"px": 0.75, "": 0.75, "pt": 1, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72, "pc": 12}
EMS = {"em": 1, "rem": 1, "ex": 0.5, "ch": 0.5}
STRICT = frozenset({"ua-1", "a-1a", "a-2a", "a-3a"})
SIDES = frozenset({"left", "right", "center"})


class Images(BaseTranslator):
    """Images and figures of docutils."""

    def visit_image(self, node: Element) -> None:
        """Write an image with its alternative text, or only the text if there is no file."""
        self.mark(node)
        self.flush()
        stands_alone = not _is_in_line(node)
        if stands_alone and not isinstance(node.parent, nodes.figure):
            side = node.get("align") if node.get("align") in SIDES else "center"
            shown = self._picture(node)
            self.body.append(
                f"\n\n#essay-figure-block(at: {markup.string(side)})[{shown}];\n\n"
            )
        elif stands_alone:
            self.body.append(self._picture(node))
        else:
            self.body.append(f"#essay-inline-image[{self._picture(node)}];")
        raise nodes.SkipNode

    def _picture(self, node: Element) -> str:
        name = self.builder.images.get(node.get("uri", ""))
        if name is None:
            return f"#essay-stage-direction[{markup.escape(node.get('alt', ''))}];"
        path = f"{self.builder.imagedir}/{name}"
        size = {
            key: length
            for key in ("width", "height")
            if (length := measure(node.get(key, ""), is_across=key == "width"))
        }
        if not size and node.get("scale"):
            size["scaled"] = f"{node['scale']}%"
        if "alt" in node or self._is_missing_alternative(node):
            size["alt"] = markup.string(node.get("alt", ""))
        return markup.call("essay-image", markup.string(path), **size) + ";"

    def _is_missing_alternative(self, node: Element) -> bool:
        """Warn about an image without alternative text, which PDF/UA does not allow."""
        standard = self.config.essays_pdf["standard"] or ()
        is_wanted = bool(STRICT & set([standard] if isinstance(standard, str) else standard))
        if is_wanted:
            messages.warn("print", messages.missing_alt_text(), node)
        return is_wanted

    def visit_figure(self, node: Element) -> None:
        """Write an image with caption and legend."""
        self.mark(node)
        words = "none"
        if captions := _children(node, nodes.caption):
            number = self.number_of(node, "figure")
            words = f"[{number}{self.rendered(captions[0].children)}]"
        legends = [
            child for legend in _children(node, nodes.legend) for child in legend.children
        ]
        legend = f"[{self.rendered(legends)}]" if legends else "none"
        self.body.append(f"\n\n#essay-figure({words}, {legend})[")

    def depart_figure(self, node: Element) -> None:
        self.close_block()

    def visit_caption(self, node: Element) -> None:
        """Skip the caption of a figure, which is written with it; write that of code."""
        if isinstance(node.parent, nodes.figure):
            raise nodes.SkipNode
        number = self.number_of(node.parent, "code-block")
        self.body.append(f"\n\n#essay-caption-above[{number}")

    def depart_caption(self, node: Element) -> None:
        self.close()
        self.body.append("\n\n")

    def visit_legend(self, node: Element) -> None:
        """Skip the legend, which is written with its figure."""
        raise nodes.SkipNode


def measure(size: str, *, is_across: bool = True) -> str:
    """Return a length of docutils as Typst code, or nothing if it is not a length.

    >>> measure("200px"), measure("50%"), measure("a lot")
    ('150.0pt', '50.0%', '')
    """
    if is_across and (share := per_cent(size)):
        return share
    match = LENGTH.fullmatch(str(size).strip())
    if not match:
        return ""
    number, unit = float(match[1]), match[2]
    return f"{number * EMS[unit]:g}em" if unit in EMS else f"{number * POINTS[unit]:.1f}pt"


def _children(node: Element, kind: type[nodes.Element]) -> list[nodes.Element]:
    return [child for child in node.children if isinstance(child, kind)]


def _is_in_line(node: Element) -> bool:
    above = node.parent
    while isinstance(above, nodes.reference):
        if len(above.children) > 1:
            return True
        above = above.parent
    return isinstance(above, nodes.TextElement)
