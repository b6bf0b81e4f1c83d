"""Convert MathML, made from LaTeX by `latex_to_mathml`, to Typst's math.

Pure. Elements as in MathML Core (W3C); calls as in the Typst reference, "Math".
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_essays.outputs import typst_markup as markup

if TYPE_CHECKING:
    from collections.abc import Callable

VARIANTS = {
    "normal": "upright", "bold": "bold", "italic": "italic", "bold-italic": "bold",
    "double-struck": "bb", "script": "cal", "bold-script": "cal", "fraktur": "frak",
    "sans-serif": "sans", "monospace": "mono",
}  # fmt: skip
OVER = {"¯": "overline", "―": "overline", "‾": "overline", "_": "overline", "⏞": "overbrace"}
UNDER = {"_": "underline", "―": "underline", "‾": "underline", "⏟": "underbrace"}
# Marks above a letter that Typst knows as accents.
ACCENTS = frozenset("`´^~¯ˉ˘˙¨˜ˆˇ→⃗←↔⇀̂̃˚\u0302\u0303\u20d7")
EMPTY = '""'
PRIMES = "′″‴"
# In TeX bars have no space around them; in Typst they are relations, unless they have a class.
BARS = {f"\\{bar}": f'class("normal", \\{bar})' for bar in "|‖"}
FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉")
BIG = frozenset("∑∏∐⋂⋃⋀⋁⨁⨂⨀⨄lim")


def convert(mathml: str) -> str:
    """Return the formula for use between Typst's dollar signs."""
    root = ET.fromstring(mathml)  # noqa: S314 (docutils has written it)
    if root.get("display") == "block" and len(root) == 1 and _is_aligned(root[0]):
        rows = [" & ".join(_cell(cell) for cell in row) for row in root[0]]
        return " \\ ".join(rows)
    return _row(root)


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _write(node: ET.Element) -> str:
    """Return an element; an unknown element is replaced by its children."""
    return WRITERS.get(_tag(node), _row)(node)


def _row(node: ET.Element) -> str:
    """Return all elements of a row; brackets that enclose it are scaled."""
    children = list(node)
    written = [_write(child) for child in children]
    if len(children) > 1 and _is_fenced(children):
        written = [_stretchable(text) for text in written]
        return f"lr({' '.join(filter(None, written))})"
    words = " ".join(filter(None, written))
    return words or (_string(node.text or "") if not children else "")


def _stretchable(text: str) -> str:
    """Return a bar without its class, which would keep Typst from scaling it."""
    return next((bar for bar in BARS if text == BARS[bar]), text)


def _is_fenced(children: list[ET.Element]) -> bool:
    """Return whether brackets at both ends, or the only bracket at one end, enclose a row."""
    ends = (_is_fence(children[0]), _is_fence(children[-1]))
    return all(ends) or (any(ends) and sum(map(_is_fence, children)) == 1)


def _is_fence(node: ET.Element) -> bool:
    if _tag(node) != "mo" or node.get("stretchy") == "false":
        return False
    return (node.text or "").strip() in FENCES or not (node.text or "").strip()


def _string(text: str) -> str:
    return markup.string(text) if text else ""


def _identifier(node: ET.Element) -> str:
    """Return a letter as a variable, several letters as the name of a function."""
    text = (node.text or "").strip()
    if text and text in PRIMES:
        return f"primes(#{PRIMES.index(text) + 1})"
    variant = VARIANTS.get(node.get("mathvariant", ""))
    if len(text) > 1 and variant in {None, "upright"}:
        return f"op({_string(text)})"
    written = text if text.isalpha() and len(text) == 1 else _string(text)
    return f"{variant}({written})" if variant and written else written


def _number(node: ET.Element) -> str:
    text = (node.text or "").strip()
    variant = VARIANTS.get(node.get("mathvariant", ""))
    written = text if text.isascii() and text.replace(".", "", 1).isdigit() else _string(text)
    return f"{variant}({written})" if variant and variant != "upright" and written else written


def _operator(node: ET.Element) -> str:
    text = (node.text or "").strip()
    if text in {"", "\u2061", "\u2062", "\u2063"}:  # invisible operators
        return ""
    if len(text) > 1 and text.isalpha():
        return (
            f"op({_string(text)}, limits: #true)"
            if text in {"lim", "max"}
            else f"op({_string(text)})"
        )
    if f"\\{text}" in BARS:
        return BARS[f"\\{text}"]
    if text.isascii():
        return (
            "".join(f"\\{character}" for character in text)
            if not text.isalnum()
            else _string(text)
        )
    if text in FENCES:  # Typst would search for the other bracket
        return f"\\{text}"
    return text if len(text) == 1 else _string(text)


def _text(node: ET.Element) -> str:
    return _string(node.text or "")


def _space(node: ET.Element) -> str:
    width = node.get("width", "0em").removesuffix("em")
    try:
        return f"#h({float(width):g}em)"
    except ValueError:
        return ""


def _arguments(node: ET.Element, count: int) -> list[str]:
    """Return the children as arguments; an empty child is an empty string."""
    written = [_write(child) or EMPTY for child in node][:count]
    return written + [EMPTY] * (count - len(written))


def _call(name: str, count: int) -> Callable[[ET.Element], str]:
    def write(node: ET.Element) -> str:
        return f"{name}({', '.join(_arguments(node, count))})"

    return write


def _inside(name: str) -> Callable[[ET.Element], str]:
    """Return a writer for a call whose argument is a row."""

    def write(node: ET.Element) -> str:
        return f"{name}({_row(node) or EMPTY})"

    return write


def _root(node: ET.Element) -> str:
    radicand, index = _arguments(node, 2)
    return f"root({index}, {radicand})"


def _fraction(node: ET.Element) -> str:
    above, below = _arguments(node, 2)
    if node.get("linethickness") in {"0", "0px"}:
        return f"mat(delim: #none, {above}; {below})"
    style = {"true": "display", "false": "inline"}.get(node.get("displaystyle", ""))
    return f"{style}(frac({above}, {below}))" if style else f"frac({above}, {below})"


def _attached(*places: str) -> Callable[[ET.Element], str]:
    def write(node: ET.Element) -> str:
        base, *scripts = _arguments(node, len(places) + 1)
        given = ", ".join(
            f"{place}: {script}" for place, script in zip(places, scripts, strict=True)
        )
        return f"attach({base}, {given})"

    return write


def _above_or_below(*places: str) -> Callable[[ET.Element], str]:
    """Return a writer for limits, accents, and lines and braces above or below."""

    def write(node: ET.Element) -> str:
        base, *marks = _arguments(node, len(places) + 1)
        if len(places) == 1:
            sign = "".join(node[-1].itertext()).strip() if len(node) > 1 else ""
            name = (OVER if places[0] == "t" else UNDER).get(sign)
            if name:
                return f"{name}({base})"
            if places[0] == "t" and sign in ACCENTS:
                return f"accent({base}, {_string(sign)})"
        given = ", ".join(f"{place}: {mark}" for place, mark in zip(places, marks, strict=True))
        movable = len(node) and node[0].get("movablelimits") == "true"
        option = ", inline: #false" if movable else ""
        return f"attach(limits({base}{option}), {given})"

    return write


def _table(node: ET.Element) -> str:
    """Return a matrix; aligned equations are a matrix, two of whose columns become one."""
    sides = node.get("columnalign", "center").split()
    rows = [", ".join(_columns(row, is_aligned=_is_aligned(node))) for row in node]
    if _is_aligned(node):
        sides = []
    side = f"align: #{sides[0]}, " if sides and sides[0] in {"left", "right"} else ""
    return f"mat(delim: #none, {side}{'; '.join(rows)})" if rows else ""


def _is_aligned(node: ET.Element) -> bool:
    """Return whether the columns of a table are right and left aligned in turn."""
    return "ams-align" in node.get("class", "").split()


def _columns(row: ET.Element, *, is_aligned: bool) -> list[str]:
    cells = [_cell(cell) for cell in row]
    if not is_aligned:
        return cells
    return [" & ".join(cells[at : at + 2]) for at in range(0, len(cells), 2)]


def _cell(node: ET.Element) -> str:
    return _row(node) or EMPTY


WRITERS: dict[str, Callable[[ET.Element], str]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _text,
    "ms": _text,
    "merror": _text,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _inside("sqrt"),
    "mroot": _root,
    "mphantom": lambda node: f"#hide[$ {_row(node) or EMPTY} $]",
    "msub": _attached("b"),
    "msup": _attached("t"),
    "msubsup": _attached("b", "t"),
    "munder": _above_or_below("b"),
    "mover": _above_or_below("t"),
    "munderover": _above_or_below("b", "t"),
    "mtable": _table,
}
