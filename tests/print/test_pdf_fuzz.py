"""Every document can be printed, and no word of it is lost.

``ESSAYS_PAPER=5000 pytest tests/print/test_pdf_fuzz.py`` prints 5,000 documents, ten to a book,
with a single application and compiler.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import docutils
import pytest
from docutils import nodes
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.testing.util import SphinxTestApp
from support.heavy import heavy
from support.sizes import size_of

from sphinx_essays.outputs.typst.translator import TypstTranslator

pypdf = pytest.importorskip("pypdf")
typst = pytest.importorskip("typst")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hypothesis.strategies import DrawFn
    from support.books import Book

TOGETHER = 10  # documents in a book
LEAST, MOST = 250, 780  # choices for a document; Hypothesis provides 8,192 for an example
SHORT = 500  # documents in an ordinary run
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
PLACED = re.compile(
    r"\S*?(page\d+)\.rst:\d+: WARNING: (Typst rejected this block|Cannot convert this formula)"
)
WORD = re.compile(r"Qx\d+z")
# A word with the punctuation around it, which must be printed as well.
ADDRESS = re.compile(r"\S*://\S*")
# No line, and so no page, ends between these and a letter (UAX #14).
SIGNS_AROUND = r"[\"#&'()*,.:;<=>@\[\]^_`{~]*"
SIGNED = re.compile(rf"{SIGNS_AROUND}Qx\d+z{SIGNS_AROUND}")

HEBREW = re.compile("[\u0590-\u05ff]")

# -- third parties ------------------------------------------------------------------

NEIGHBOUR = """
from docutils import nodes
from docutils.parsers.rst import Directive

class unknown(nodes.General, nodes.Element): pass
class known(nodes.General, nodes.Element): pass
class faulty(nodes.General, nodes.Element): pass

def visit_known(self, node): self.body.append("\\n\\n#block[")
def depart_known(self, node): self.body.append("];\\n\\n")
def visit_faulty(self, node): self.body.append("\\n\\n" + node["opening"])
def depart_faulty(self, node): self.body.append(node["closing"] + "\\n\\n")

FAULTS = {"unknown": ("#nobody[", "]"), "open": ("#block[", ""), "closed": ("", "]")}

class Neighbour(Directive):
    has_content = True
    required_arguments = 1
    optional_arguments = 1

    def run(self):
        kind = {"unknown": unknown, "known": known, "faulty": faulty}[self.arguments[0]]
        node = kind()
        node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
        if kind is faulty:
            node["opening"], node["closing"] = FAULTS[self.arguments[1]]
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]

def setup(app):
    app.add_node(unknown)
    app.add_node(known, typst=(visit_known, depart_known))
    app.add_node(faulty, typst=(visit_faulty, depart_faulty))
    app.add_directive("neighbour", Neighbour)
    return {"parallel_read_safe": True}
"""
CONF = """
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
project = "Test"
author = "A. N. Author"
extensions = ["sphinx_essays", "neighbour"]
numfig = True
# What docutils and Sphinx say of their own accord is no matter of the print.
suppress_warnings = ["ref.footnote", "ref.citation", "misc.highlighting_failure"]
rst_prolog = '''
.. role:: typ(raw)
   :format: typst
.. role:: py(code)
   :language: python
.. role:: greek
   :class: language-el
.. role:: struck
   :class: struck
.. role:: web(raw)
   :format: html
'''
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
    '<rect width="20" height="10"/></svg>'
)

# -- what people type -----------------------------------------------------------------

# Characters that may be markup in Typst or docutils, or special in Unicode.
SIGNS = [
    "", "", "", "\\", "#", "$", "*", "_", "`", "<", ">", "@", "~", "=", "-", "+", "/", "[",
    "]", '"', "'", ".", "(", ")", "{", "}", ";", ":", ",", "//", "/*", "*/", "http://", "1.",
    "--", "---", "...", "#(", "#{", "$$", "=>", "@a", "<a>", "```", "&", "%", "^", "|", "!",
]  # fmt: skip
ODD = [
    "“", "”", "‘", "’", "–", "—", "…", "\u00ad", "\u00a0", "e\u0301",
    "a\u0308", "αβγ", "Ж", "\u200b", "\u200d", "\u202f", "½", "²", "ß",
]  # fmt: skip
# Characters that docutils treats as line ends.
UNTYPED = ["U+2028", "U+2029", "U+85", "U+A9", "U+0B", "U+0C", "U+1C", "U+AD", "U+7F", "U+FFFF"]
OPENINGS = ["1.", "-", "+", "=", "==", "/", "/ ", "//", "•", "a)", "(i)", "#", "*", "..", ">"]
FORMULAS = [
    r"x", r"e^{i\pi} + 1 = 0", r"\frac{a}{b}", r"\sqrt[3]{x}", r"\sum_{i=0}^n i^2",
    r"\int_0^\infty e^{-x}\,dx", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}", r"\left( \frac{1}{2} \right]",
    r"\text{% #}", r"\alpha \beta \mathbf{x} \mathbb{R} \mathcal{L} \mathrm{d}",
    r"\hat{a} \bar{b} \vec{c} \dot{d} \overline{ab} \underbrace{ab}_{c}",
    r"\lim_{x \to 0} \sin x", r"a_{b_{c}}^{d^{e}}", r"x \& y \# z \% \_ \{ \} \$",
    r"a' + b''", r"\binom{n}{k}", r"a / b", r"\left. x \right|_{0}", r"f(x) = [a, b)",
    r"\operatorname{span} x", r"{}^2 x", r"x_{}", r"\sqrt{}", r"\frac{}{}", r"a ; b , c",
    r"\prod \coprod \bigcup", r"\not= \neq \leq", r"\overset{a}{b}",
    r"\ldots \cdots", r"1.234,5", r"\mathrm{§}", r"\text{§}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}", r"<x, y>", r"a @ b",
    r"\phantom{x} y", r"x \quad y \; z", r"|x| \|y\|", r"\langle x \rangle", r"\ddots \vdots",
]  # fmt: skip
FAULTY_FORMULAS = [
    r"\unknown{§}", r"\begin{what} x \end{what}", '"§', r"a & b", "a # §", r"\big( x",
    r"\stackrel{a}{§}",
]  # fmt: skip
CODES = [
    ("python", 'def §(x):\n    """§ # $"""\n    return x @ "\\n"  # §'),
    ("none", "# § \\ $ _ * `` < > [ ] // /* §\n\n\n   §  §"),
    ("text", "§"),
    ("c", "#include <§.h>\nint main(void) { return '\\0'; } /* § */"),
    ("html", '<p class="§">§ &amp; §</p>'),
    ("console", "$ echo § | cat\n§"),
    ("rst", ".. note:: §\n\n   *§*"),
    ("typst", "#emph[§] // §"),
]
SOUND = ["#emph[§]", "#strong[§]§", "*§* _§_", "$x$ §", '#text(style: "italic")[§]',
         "#box(width: 3em)[§]", "- §\n- §", "#table(columns: 2, [§], [§])",
         "§ \\] §"]  # fmt: skip
FAULTY = ["#nobody[§]", "#emph[§", "§ ]", "#let x = §", "$ §", "*§", "/* §", "§ */", "`§",
          '#panic("§")', '#link(label("nowhere"))[§]', '#image("none-§.png")', "#(§",
          "#emph(§", "] § [", "] #emph[§", '#include "§.typ"', '#"§']  # fmt: skip
FAULTY_IN_LINE = [element for element in FAULTY if "`" not in element and "\n" not in element]
ADORNMENTS = "=-~^\"'"
ENUMERATORS = ["1.", "#.", "a.", "A.", "i.", "I.", "(1)", "(a)", "1)", "7)", "(x)"]


@dataclass
class Writer:
    """Write a document of unique words, with the targets of its references."""

    choices: Iterator[int]
    """Bytes that decide what is written; after the last, everything is as simple as possible.
    """
    numbers: Iterator[int]
    labels: list[str]
    """The labels of all documents so far, with or without titles."""
    faults: int = 0
    """The blocks of faulty Typst markup; each is a block by itself."""
    formulas: int = 0
    """The number of unreadable formulas."""
    may_fail: bool = False
    is_turned: bool = False
    """Whether it has text from right to left."""
    behind: list[str] = field(default_factory=list)
    """Text for the end: footnotes, citations, substitutions, targets."""
    notes: list[str] = field(default_factory=list)
    works: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    equations: list[str] = field(default_factory=list)
    is_in_note: bool = False
    has_contents: bool = False

    # -- words ----------------------------------------------------------------------

    def word(self) -> str:
        """Return a unique word."""
        return f"Qx{next(self.numbers)}z"

    def filled(self, pattern: str) -> str:
        """Return a pattern with words for its placeholders."""
        return re.sub("§", lambda _: self.word(), pattern)

    def chance(self, of: int) -> bool:
        """Return true once in so many times."""
        return next(self.choices, 0) % of == of - 1

    def some(self, least: int, most: int) -> int:
        """Return some of these."""
        return least + next(self.choices, 0) % (most - least + 1)

    def one_of(self, choices: list[Any]) -> Any:
        return choices[next(self.choices, 0) % len(choices)]

    def plain(self) -> str:
        """Return a word with punctuation around it, as it must be printed."""
        pattern = self.one_of(SIGNS) + "§" + self.one_of(SIGNS)
        if self.chance(4):
            odd = [*ODD, "שלום"] if self.is_turned else ODD
            pattern = self.one_of(odd) + pattern + self.one_of(odd)
        return self.filled(pattern)

    def text(self) -> str:
        """Return the same, escaped for docutils."""
        return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", self.plain())

    def line(self, depth: int = 1) -> str:
        """Return words and inline markup in a line."""
        pieces = [self.inline(depth) for _ in range(self.some(1, 4))]
        joined = ""
        for piece in pieces:
            joined += (self.one_of([" ", " ", " ", "\\ "]) if joined else "") + piece
        if self.chance(6):
            joined = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", self.one_of(OPENINGS)) + " " + joined
        return joined

    def inline(self, depth: int = 1) -> str:
        """Return inline markup or plain words."""
        if not self.chance(2):
            return self.text()
        kinds = [self._wrapped, self._role, self._odd_role, self._link, self._literal]
        if depth > 0:
            kinds += [self._note_mark, self._named, self._raw, self._reference]
        return self.one_of(kinds)() + "\\ "

    def _wrapped(self) -> str:
        wrap = self.one_of(["*", "**", "`", "_`"])
        if wrap == "_`":
            return f"_`{self.word()}`"
        return f"{wrap}{self.text()} {self.text()}{wrap}"

    def _literal(self) -> str:
        inside = self.plain().replace("`", "'")
        return f"``{self.word()} {inside} {self.word()}``"

    def _role(self) -> str:
        name = self.one_of(
            "sub sup title dfn kbd file command program samp code py mimetype "
            "mailheader regexp envvar greek struck emphasis strong literal index "
            "makevar newsgroup".split()
        )
        return f":{name}:`{self.text()}`"

    def _odd_role(self) -> str:
        return self.one_of([
            lambda: f":abbr:`{self.word()} ({self.word()} #)`",
            lambda: f":manpage:`{self.word()}(1)`",
            lambda: f":guilabel:`&{self.word()}`",  # Sphinx fails on an ampersand at the end
            lambda: f":menuselection:`{self.word()} --> {self.word()}`",
            lambda: ":rfc:`5545`",
            lambda: ":pep:`20`",
            lambda: f":math:`{self._formula()}`",
            lambda: f":download:`{self.word()} <picture.svg>`",
            lambda: f":web:`<b>{self.word()}</b>`",
            lambda: f":index:`{self.word()} <single: {self.word()}; {self.word()}>`",
        ])()  # fmt: skip

    def _formula(self) -> str:
        return self.filled(self.one_of(FORMULAS))

    def _link(self) -> str:
        address = self.one_of([
            "https://example.org/a_(b)#c?d=%20", "mailto:a@example.org", "http://example.org/~x",
            'https://example.org/"x"', "ftp://example.org/$",
        ])  # fmt: skip
        if self.chance(4):
            return f"https://example.org/{self.word()}"
        return f"`{self.text()} <{address}>`__"

    def _note_mark(self) -> str:
        """Return a footnote mark, and write its footnote at the end."""
        if self.is_in_note and not self.chance(3):
            return self.text()
        if self.notes and self.chance(3):
            return f"[#{self.one_of(self.notes)}]_"
        if self.chance(4):
            work = self.works and self.chance(2) and self.one_of(self.works)
            if not work:
                work = f"W{next(self.numbers)}"
                self.works.append(work)
                self._put_at_end(f".. [{work}] ")
            return f"[{work}]_"
        kind = self.one_of(["#", "#", "*", "#n"])
        if kind == "#n":
            kind = f"#n{next(self.numbers)}"
            self.notes.append(kind[1:])
        self._put_at_end(f".. [{kind}] ")
        return f"[{kind}]_"

    def _put_at_end(self, opening: str) -> None:
        was, self.is_in_note = self.is_in_note, True
        body = self.blocks(1) if self.chance(3) else self.line()
        self.is_in_note = was
        self.behind.append(hanging_indent(opening, f"{self.word()} {self.text()}\n\n{body}"))

    def _named(self) -> str:
        """Return a substitution or a named target."""
        name = f"S{next(self.numbers)}"
        if self.chance(2):
            words = self.one_of([
                lambda: f"replace:: {self.line(0)}",
                lambda: "image:: picture.png\n   :alt: moon",
                lambda: "image:: picture.svg\n   :target: https://example.org/\n   :alt: a",
                lambda: f"unicode:: {self.word()} {self.one_of(UNTYPED)} {self.word()}",
            ])  # fmt: skip
            self.behind.append(f".. |{name}| {words()}")
            return f"|{name}|"
        self.behind.append(
            self.one_of([f".. _{name}: https://example.org/", f".. _{name}:\n\n{self.line(0)}"])
        )
        return f"`{name}`_"

    def _reference(self) -> str:
        """Return a link to a place in this document or another, or to a term."""
        if self.terms and self.chance(3):
            return f":term:`{self.one_of(self.terms)}`"
        if self.chance(3):
            return f":doc:`{self.text()} <page{self.some(0, TOGETHER - 1)}>`"
        if self.equations and self.chance(3):
            return f":eq:`{self.one_of(self.equations)}`"
        if not self.labels or self.chance(3):
            label = f"l{next(self.numbers)}"
            self.labels.append(label)
            self.behind.append(f".. _{label}:\n\n{self.line()}")
        else:
            label = self.one_of(self.labels)
        return f":ref:`{self.text()} <{label}>`"

    def _raw(self) -> str:
        """Return inline Typst markup."""
        inside = self.filled(self.one_of([element for element in SOUND if "\n" not in element]))
        return f":typ:`{escaped(inside)}`" + self.one_of(["", "\\ " + self.text()])

    # -- blocks ------------------------------------------------------------------------

    def blocks(self, depth: int, most: int = 3) -> str:
        made = [self.block(depth) for _ in range(self.some(1, most))]
        return "\n\n..\n\n".join(made)

    def block(self, depth: int) -> str:
        """Return a block, which may contain others."""
        if depth <= 0 or not self.chance(2):
            return self.leaf(depth)
        return self.one_of([
            self._list, self._list, self._definitions, self._fields, self._options, self._quote,
            self._aside, self._element, self._conversation, self._list_table, self._grid,
            self._csv, self._simple_table, self._figure, self._domain, self._hlist,
            self._extension_node, self._class_of_its_own, self._footnote, self._glossary,
        ])(depth - 1)  # fmt: skip

    def leaf(self, _depth: int) -> str:
        """Return a block that contains no other."""
        if not self.chance(2):
            return self._paragraph()
        if self.may_fail and self.chance(4):
            self.faults += 1
            self.may_fail = False
            return self._faulty()
        return self.one_of([
            self._verse, self._code, self._literal_block, self._parsed, self._doctest,
            self._mathematics, self._image, self._raw_block, self._unprinted, self._rubric,
            self._centered, self._entry, self._target, self._production,
        ])()  # fmt: skip

    def _paragraph(self) -> str:
        return "\n".join(self.line() for _ in range(self.some(1, 2)))

    def _verse(self) -> str:
        lines = [self.one_of(["", "  ", "    "]) + self.line() for _ in range(3)]
        return "\n".join(
            [
                "| " + self.line(),
                *(f"| {element}" for element in lines),
                "|",
                "| " + self.line(),
            ]
        )

    def _code(self) -> str:
        language, code = self.one_of(CODES)
        options = self._some([
            ":linenos:", ":lineno-start: 9", ":emphasize-lines: 1,2",
            f":caption: {self.text()}", f":name: c{next(self.numbers)}", ":force:",
            ":dedent: 0",
        ])  # fmt: skip
        if language != "text":
            options = [
                element for element in options if language == "none" or "emph" not in element
            ]
        else:
            options = [element for element in options if "emph" not in element]
        return directive("code-block", language, options, self.filled(code))

    def _some(self, options: list[str]) -> list[str]:
        return [element for element in options if self.chance(4)]

    def _literal_block(self) -> str:
        inside = f"{self.plain()}\n\n  {self.plain()}  {self.plain()}"
        inside = BREAKS_OF_LINES.sub("", inside)
        return f"{self.line()}::\n\n" + indented(inside.lstrip(), 3)

    def _parsed(self) -> str:
        return directive(
            "parsed-literal", "", [], f"{self.line()}\n    {self.line()}\n{self.line()}"
        )

    def _doctest(self) -> str:
        return f">>> {self.word()}\n'{self.word()} # $'"

    def _mathematics(self) -> str:
        if self.chance(6):
            self.formulas += 1
            return directive("math", "", [], self.filled(self.one_of(FAULTY_FORMULAS)))
        options = []
        if self.chance(3):
            self.equations.append(f"e{next(self.numbers)}")
            options = [f":label: {self.equations[-1]}"]
        return directive("math", "", options, self._formula())

    def _image(self) -> str:
        name = self.one_of(["picture.png", "picture.svg", "picture.gif", "nothing.png"])
        return directive("image", name, self._image_options(), "")

    def _image_options(self) -> list[str]:
        return self._some([
            f':alt: {self.word()} "#', ":width: 50%", ":width: 30px", ":height: 2em",
            ":scale: 50", ":target: https://example.org/#x",
        ]) + self._some([":align: center"])  # fmt: skip

    def _raw_block(self) -> str:
        return directive("raw", "typst", [], self.filled(self.one_of(SOUND)))

    def _faulty(self) -> str:
        kind = self.some(0, 3)
        if kind == 0:
            return directive(
                "neighbour",
                f"faulty {self.one_of(['unknown', 'open', 'closed'])}",
                [],
                self.line(0),
            )
        if kind == 1:
            inside = escaped(self.filled(self.one_of(FAULTY_IN_LINE)))
            return f"{self.line(0)} :typ:`{inside}`\\ {self.text()}"
        return directive("raw", "typst", [], self.filled(self.one_of(FAULTY)))

    def _unprinted(self) -> str:
        return self.one_of([
            lambda: f".. {self.word()}",
            lambda: directive("raw", "html", [], f"<p>{self.word()}</p>"),
            lambda: directive("raw", "latex", [], self.word()),
            lambda: directive("only", "html", [], self.line(0)),
            lambda: directive("only", "typst", [], self.line(0)),
            lambda: directive("meta", "", [], f":keywords: {self.word()}"),
            lambda: directive("highlight", "python", [], ""),
        ])()  # fmt: skip

    def _rubric(self) -> str:
        return directive("rubric", self.line(), [], "")

    def _centered(self) -> str:
        return directive("centered", self.line(0), [], "")

    def _entry(self) -> str:
        entries = self.one_of([
            "single: §; §", "pair: §; §", "see: §; §", "single: § # $ *", "triple: §; §; §",
            "seealso: §; §", "!§",
        ])  # fmt: skip
        return directive("index", self.filled(entries), [], "")

    def _target(self) -> str:
        label = f"l{next(self.numbers)}"
        self.labels.append(label)
        return f".. _{label}:\n\n{self._paragraph()}"

    def _production(self) -> str:
        name = f"p{next(self.numbers)}"
        return directive("productionlist", f'{name}: `{name}` | "{self.word()}"', [], "")

    def _list(self, depth: int) -> str:
        sign = self.one_of(["-", "*", "+", *ENUMERATORS])
        items = [self.blocks(depth, 2)]
        if sign in {"-", "*", "+", "#."}:
            items += [self.blocks(depth, 2) for _ in range(self.some(0, 2))]
        return "\n\n".join(hanging_indent(f"{sign} ", item) for item in items)

    def _definitions(self, depth: int) -> str:
        return "\n\n".join(
            f"{self.line(depth)}{self.one_of(['', f' : {self.word()}'])}\n"
            + indented(self.blocks(depth, 2), 3)
            for _ in range(self.some(1, 2))
        )

    def _glossary(self, depth: int) -> str:
        terms = [self.word() for _ in range(self.some(1, 2))]
        self.terms += terms
        return directive(
            "glossary", "", [], "\n".join(terms) + "\n" + indented(self.blocks(depth, 2), 3)
        )

    def _fields(self, depth: int) -> str:
        return "\n".join(
            f":{self.text()}:\n{indented(self.blocks(depth, 2), 3)}"
            for _ in range(self.some(1, 2))
        )

    def _options(self, depth: int) -> str:
        flag = self.one_of(["-a", "-o FILE", "--long", "--in=FILE, -i FILE", "/V"])
        return f"{flag}\n" + indented(self.blocks(depth, 2), 6)

    def _quote(self, depth: int) -> str:
        inside = self.blocks(depth, 2)
        if self.chance(2):
            inside += f"\n\n-- {self.line(depth)}"
        kind = self.one_of(["", "epigraph", "highlights", "pull-quote"])
        return directive(kind, "", [], inside) if kind else "..\n\n" + indented(inside, 3)

    def _aside(self, depth: int) -> str:
        name = self.one_of(
            "note warning tip admonition seealso container compound versionadded "
            "versionchanged deprecated important attention".split()
        )
        title = {"admonition": self.line(depth), "container": "boxed"}.get(
            name, "1.0" if name.startswith(("version", "deprec")) else ""
        )
        return directive(name, title, [], self.blocks(depth))

    def _class_of_its_own(self, depth: int) -> str:
        return directive(
            "rst-class", self.one_of(["language-de", "odd"]), [], self.blocks(depth, 1)
        )

    def _element(self, depth: int) -> str:
        name = self.one_of(["pull-quote", "update", "correction"])
        if name == "pull-quote":
            return directive(name, "", [":align: left", ":check: no"], self._paragraph())
        options = self._some([f":by: {self.word()}", f":was: {self.line(0)}"])
        if name == "correction" and not any("was" in element for element in options):
            options.append(f":was: {self.word()}")
        return directive(name, self.one_of(["3 May 2021", "2020"]), options, self.blocks(depth))

    def _conversation(self, depth: int) -> str:
        name = self.one_of(["overheard", "dialogue"])
        options = self._some([
            f":place: {self.word()}", ":date: 3 May 2019", f":by: {self.word()}",
        ])  # fmt: skip
        said = [
            f"{self.word()}: {self.line(depth)}",
            f"{self.word()} ({self.word()}): {self.text()}",
        ]
        return directive(name, self.line(0), options, "\n\n".join([*said, f"({self.word()}.)"]))

    def _list_table(self, depth: int) -> str:
        columns = self.some(1, 3)
        rows = [
            hanging_indent(
                "* ",
                "\n".join(hanging_indent("- ", self.blocks(depth, 1)) for _ in range(columns)),
            )
            for _ in range(self.some(2, 3))
        ]
        options = self._some(
            [":header-rows: 1", ":stub-columns: 1", ":width: 60%", ":align: left"]
        )
        if columns < 2:
            options = [element for element in options if "stub" not in element]
        options += self._some([":widths: " + " ".join(["3"] * columns)])
        title = self.one_of(["", self.line(depth)])
        return directive("list-table", title, options, "\n".join(rows))

    def _grid(self, depth: int) -> str:
        cells = [[self.blocks(depth, 1) for _ in range(2)] for _ in range(2)]
        return grid(
            cells,
            has_head=self.chance(2),
            across=self._paragraph() if self.chance(2) else "",
            down=self.blocks(depth, 1) if self.chance(2) else "",
        )

    def _csv(self, _depth: int) -> str:
        rows = "\n".join(f'"{self.csv_line()}", "{self.csv_line()}"' for _ in range(2))
        options = self._some([":header-rows: 1", ":stub-columns: 1"])
        return directive("csv-table", self.one_of(["", self.line(0)]), options, rows)

    def csv_line(self) -> str:
        """Return a line for a cell of a CSV table, with doubled quotation marks."""
        return BREAKS_OF_LINES.sub("", self.line(0).replace('"', '""'))

    def _simple_table(self, _depth: int) -> str:
        rule = "===== " + "=" * 300
        rows = [f"{self.one_of(['a', '1', '#', 'x y'])!s:5} {self.line()}" for _ in range(3)]
        span = f"{'-' * 306}" if self.chance(2) else ""
        first = [self.line(), span] if span else [rows[0]]
        return "\n".join([rule, *first, rule, *rows[1:], rule])

    def _figure(self, depth: int) -> str:
        name = self.one_of(["picture.png", "picture.svg"])
        inside = self.line(depth) + (f"\n\n{self.blocks(depth)}" if self.chance(2) else "")
        return directive("figure", name, self._image_options(), inside)

    def _domain(self, depth: int) -> str:
        name = f"f{next(self.numbers)}"
        kind, signature = self.one_of([
            ("py:function", f'{name}(a, *args, b: int = 1, c="{self.word()}") -> str'),
            ("py:class", f"{name}[T](x: list[int])"), ("py:data", name),
            ("c:function", f"int {name}(char *x)"),
            ("cpp:class", f"template<typename T> {name}"),
            ("js:function", f"{name}(a[, b])"), ("option", f"--{name} <x>"),
            ("envvar", name), ("describe", f"{self.word()} # $ * _"),
        ])  # fmt: skip
        fields = (
            f":param a: {self.line(0)}\n:returns: {self.line(0)}\n\n" if self.chance(2) else ""
        )
        return directive(kind, signature, [], fields + self.blocks(depth))

    def _hlist(self, depth: int) -> str:
        items = "\n".join(f"* {self.line(depth)}" for _ in range(3))
        return directive("hlist", "", [":columns: 2"], items)

    def _extension_node(self, depth: int) -> str:
        return directive("neighbour", self.one_of(["known", "unknown"]), [], self.blocks(depth))

    def _footnote(self, depth: int) -> str:
        """Return a footnote without a reference, or with a reference to itself."""
        name = f"n{next(self.numbers)}"
        mark = self.one_of(["", f" [#{name}]_"])
        return hanging_indent(
            f".. [#{name}] ", f"{self.word()}{mark}\n\n{self.blocks(min(depth, 1))}"
        )

    # -- pages -------------------------------------------------------------------------

    def page(self, number: int) -> str:
        """Return a whole document."""
        head = f":standfirst: {self.line(0)}\n\n" if self.chance(4) else ""
        parts = [head + f".. _top{number}:\n\n" + self.title(0), self.line(0)]
        level = 0
        for _ in range(self.some(1, 4)):
            parts.append(self.blocks(3, 3))
            if self.chance(3):
                parts.append(self.page_only())
            if self.chance(2):
                level = min(level + 1, self.some(1, 5))
                parts.append(self.title(level))
                if self.chance(2):
                    parts.append(self.line())
        parts.append(self.line(0))
        ended = 0
        while ended < len(self.behind):  # what is written at the end may ask for more
            parts.append(self.behind[ended])
            ended += 1
        return "\n\n".join(parts) + "\n"

    def title(self, level: int) -> str:
        words = BREAKS_OF_LINES.sub("", self.line() if self.chance(2) else self.line(0))
        if self.may_fail and not self.has_contents and self.chance(8):
            self.faults += 1
            self.may_fail = False
            words += f" :typ:`{self.filled(self.one_of(FAULTY_IN_LINE))}`"
        return f"{words}\n{ADORNMENTS[level] * (len(words) * 2 + 4)}"

    def _contents(self) -> str:
        if self.faults:  # it may be in a title, and would be in the line of its link as well
            return self.line(0)
        self.has_contents = True
        return directive("contents", self.one_of(["", self.word()]), [":local:"], "")

    def page_only(self) -> str:
        """Return what is allowed only between sections."""
        return self.one_of([
            lambda: f"{self.line(0)}\n\n----\n\n{self.line(0)}",
            lambda: directive("topic", self.line(), [], self.blocks(1)),
            lambda: directive(
                "sidebar", self.line(), [f":subtitle: {self.line(0)}"], self.blocks(1)
            ),
            self._contents,
        ])()  # fmt: skip


BREAKS_OF_LINES = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")


def escaped(text: str) -> str:
    """Return text for a raw role, in which docutils keeps backslashes."""
    return text.replace("`", "")


def indented(text: str, by: int) -> str:
    """Return indented text."""
    return re.sub(r"(?m)^(?=.*\S)", " " * by, text)


def hanging_indent(opening: str, text: str, by: int = 0) -> str:
    """Return text after its opening, with the other lines below its first."""
    by = by or (3 if opening.startswith("..") else len(opening))
    return opening + indented(text, by)[by:]


def directive(name: str, argument: str, options: list[str], content: str) -> str:
    head = [f".. {name}:: {BREAKS_OF_LINES.sub('', argument)}".rstrip()]
    head += [f"   {BREAKS_OF_LINES.sub('', element)}" for element in options]
    return "\n".join(head) + (f"\n\n{indented(content, 3)}" if content else "")


def grid(cells: list[list[str]], *, has_head: bool, across: str, down: str) -> str:
    """Return a grid table of two columns, with cells over two columns and two rows."""
    every = [element for row in cells for element in row] + [across, down]
    lines = {element: BREAKS_BUT_LINES.sub("", element).split("\n") for element in every}
    width = max(len(line) for element in lines.values() for line in element) + 2
    rule = f"+{'-' * width}+{'-' * width}+"

    def row(*texts: str) -> list[str]:
        height = max(len(lines[element]) for element in texts)
        columns = [lines[element] + [""] * (height - len(lines[element])) for element in texts]
        return [
            "|" + "|".join(f" {line}".ljust(width) for line in pieces) + "|"
            for pieces in zip(*columns, strict=True)
        ]

    made = [rule, *row(*cells[0]), rule.replace("-", "=") if has_head else rule]
    if across:
        made += [f"| {lines[across][0]}".ljust(width * 2 + 2) + "|"]
        made += [f"| {line}".ljust(width * 2 + 2) + "|" for line in lines[across][1:]]
        made += [rule]
    if down:
        tall = lines[down] + [""] * max(0, 2 * len(lines[cells[1][0]]) + 1 - len(lines[down]))
        half = len(tall) // 2
        beside = [*lines[cells[1][0]], *[""] * (half - len(lines[cells[1][0]]))]
        beside += [None, *lines[cells[1][1]]]  # type: ignore[list-item]
        tall += [""] * (len(beside) - len(tall))
        beside += [""] * (len(tall) - len(beside))
        made += [
            "|" + f" {left}".ljust(width) + ("+" + "-" * width + "+" if right is None
            else "|" + f" {right}".ljust(width) + "|")
            for left, right in zip(tall, beside, strict=True)
        ]  # fmt: skip
    else:
        made += row(*cells[1])
    return "\n".join([*made, rule])


BREAKS_BUT_LINES = re.compile(
    "[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]|[\u0300-\u036f\u00ad\u200b\u200d]"
)


@dataclass
class Page:
    """A document, with its faulty blocks and the number of unreadable formulas."""

    text: str = field(repr=False)
    faults: int = 0
    formulas: int = 0


@st.composite
def books(draw: DrawFn) -> list[Page]:
    """Generate the documents of a book."""
    numbers, labels = count(1), []  # type: ignore[var-annotated]
    pages = []
    for number in range(TOGETHER):
        choices = draw(st.binary(min_size=LEAST, max_size=MOST))
        writer = Writer(iter(choices), numbers, labels)
        writer.may_fail, writer.is_turned = writer.chance(4), writer.chance(4)
        labels.append(f"top{number}")
        text = writer.page(number)
        pages.append(Page(text, writer.faults, writer.formulas))
    return pages


# -- the press --------------------------------------------------------------------------


@dataclass
class Printed:
    """A printed book, and the warnings of its build."""

    pdf: Any
    doctrees: list[nodes.document]
    read: list[str]
    """The warnings about the sources."""
    said: list[str]
    """The warnings about the printing."""

    @cached_property
    def text(self) -> str:
        """All characters of the PDF."""
        return letters_and_signs(" ".join(page.extract_text() for page in self.pdf.pages))

    def lost(self) -> list[str]:
        """Return the words of the documents that are not in the PDF."""
        wanted = [word for tree in self.doctrees for word in words_of(tree)]
        return [
            word for word in dict.fromkeys(wanted) if letters_and_signs(word) not in self.text
        ]

    def dead_links(self) -> list[str]:
        """Return the internal links that lead to no page of the PDF."""
        pages = {page.indirect_reference.idnum for page in self.pdf.pages}
        named = self.pdf.named_destinations
        dead = []
        for page in self.pdf.pages:
            for element in page.get("/Annots") or []:
                link = element.get_object()
                action = link.get("/A") or {}
                if link.get("/Subtype") != "/Link" or "/URI" in action:
                    continue
                place = link.get("/Dest") or action.get("/D")
                place = place.get_object() if place is not None else None
                if isinstance(place, str) and place in named:
                    continue
                if isinstance(place, list) and place[0].idnum in pages:
                    continue
                dead.append(str(link))
        return dead


def letters_and_signs(text: str) -> str:
    """Return letters and punctuation, without spaces, hyphens, ligatures and math alphabets."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(
        r"[\s\x00\u00ad\u200b-\u200f\u2010\u2011\u2028-\u202e\u2060-\u2069\ufeff-]", "", text
    )


UNPRINTED = (
    nodes.Invisible, nodes.comment, nodes.substitution_definition, addnodes.index,
    addnodes.toctree, nodes.image,
)  # fmt: skip


def ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the parents of a node, from the nearest."""
    while node.parent is not None:
        node = node.parent
        yield node


def words_of(tree: nodes.document) -> Iterator[str]:
    """Return the words that must be in the PDF, each with the punctuation around it."""
    # Next to Hebrew, punctuation is in another place than it was typed, as it should be.
    pattern = WORD if HEBREW.search(tree.astext()) else SIGNED
    for text in tree.findall(nodes.Text):
        is_math = isinstance(text.parent, nodes.math | nodes.math_block)
        is_raw = isinstance(text.parent, nodes.raw)
        is_ours = is_raw and "typst" in text.parent["format"].split()
        hidden = (element for element in ancestors(text) if isinstance(element, UNPRINTED))
        if is_ours or not (is_raw or any(hidden)):
            is_plain = not (is_raw or is_math)
            rest = ADDRESS.sub("", text.astext())  # lines, and so pages, may end anywhere in it
            yield from (pattern if is_plain else WORD).findall(rest)
    for element in tree.findall(addnodes.index):
        for entry in element["entries"]:
            yield from WORD.findall(entry[1])


class Printer:
    """Read books and print them, with a single application and compiler."""

    def __init__(self, source: Path) -> None:
        self.source = source
        files: dict[str, str | bytes] = {
            "conf.py": CONF, "neighbour.py": NEIGHBOUR, "picture.svg": SVG,
            "picture.png": PNG, "picture.gif": GIF,
        }  # fmt: skip
        for name, data in files.items():
            raw = data if isinstance(data, bytes) else data.encode()
            (source / name).write_bytes(raw)
        self.names = [f"page{number}" for number in range(TOGETHER)]
        listed = "".join(f"   {name}\n" for name in self.names)
        (source / "index.rst").write_text(f"Title\n=====\n\n.. toctree::\n\n{listed}")
        for name in self.names:
            (source / f"{name}.rst").write_text("Title\n=====\n")
        self.app = SphinxTestApp("essaypdf", srcdir=source)
        self.app.build()
        self.messages()

    def print(self, pages: list[Page]) -> Printed:
        for name, page in zip(self.names, pages, strict=True):
            (self.source / f"{name}.rst").write_text(page.text, encoding="utf-8")
        self.app.env._pickled_doctree_cache.clear()
        (self.app.outdir / "book.pdf").unlink(missing_ok=True)
        builder = self.app.builder
        builder.images.clear()
        try:
            builder.read()
        except (
            AssertionError,
            IndexError,
        ):  # raised by docutils and Sphinx for unusual sources
            self.messages()
            reject()
        read = self.messages()
        builder.write_documents(set(self.app.env.found_docs))
        return Printed(
            pypdf.PdfReader(str(self.app.outdir / "book.pdf")),
            [element.document for element in builder.book.chapters()],
            read,
            self.messages(),
        )

    def messages(self) -> list[str]:
        """Return the warnings since the last call."""
        said = ESCAPES.sub("", self.app.warning.getvalue()).splitlines()
        self.app.warning.truncate(0)
        self.app.warning.seek(0)
        return [
            element
            for element in said
            if "WARNING" in element or "ERROR" in element or "CRITICAL" in element
        ]


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printer]:
    made = Printer(tmp_path_factory.mktemp("print-fuzz"))
    yield made
    made.app.cleanup()


def check(printer: Printer, pages: list[Page]) -> None:
    """Check that the PDF exists, no word is lost, no link is dead, and faults are reported."""
    printed = printer.print(pages)
    lost = printed.lost()
    assert not lost, f"lost: {lost}"
    assert printed.dead_links() == []
    places = [PLACED.match(element) for element in printed.said]
    odd = [element for element, place in zip(printed.said, places, strict=True) if not place]
    odd = [
        element for element in odd if "[ref.ref]" not in element
    ]  # about labels that docutils dropped
    assert not odd, f"said: {odd}"
    told = Counter((place[1], place[2].split()[0]) for place in places if place)
    due = Counter({(f"page{n}", "Typst"): page.faults for n, page in enumerate(pages)})
    due += Counter({(f"page{n}", "Cannot"): page.formulas for n, page in enumerate(pages)})
    assert told == due, f"told of {told}, not {due}: {printed.said}"


@pytest.fixture
def documents() -> int:
    return size_of("PAPER")


def run(printer: Printer, documents: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    @settings(
        max_examples=documents // TOGETHER,
        deadline=None,
        database=None,
        derandomize=documents < 1000,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(books())
    def whatever_is_written(pages: list[Page]) -> None:
        try:
            check(printer, pages)
        except Exception as error:
            error.add_note("\n\n-- next page\n".join(page.text for page in pages))
            raise

    whatever_is_written()


@pytest.mark.sized
def test_pdf_fuzz_loses_no_word(printer: Printer, documents: int) -> None:
    run(printer, documents)


@heavy
def test_pdf_fuzz_detects_dropped_words(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says_nothing(_self: TypstTranslator, _node: nodes.Element) -> None:
        raise nodes.SkipNode

    monkeypatch.setattr(TypstTranslator, "visit_attribution", says_nothing)
    with pytest.raises(AssertionError, match="lost:"):
        run(printer, SHORT, (Phase.generate,))


def test_pdf_fuzz_detects_a_dead_link(printer: Printer) -> None:
    printed = printer.print([Page("T\n=\n\n`T`_\n")] + [Page("T\n=\n")] * (TOGETHER - 1))
    assert printed.dead_links() == []
    links = [
        element.get_object()
        for page in printed.pdf.pages
        for element in page.get("/Annots", [])
    ]
    link = next(element for element in links if "/Dest" in element)
    link[pypdf.generic.NameObject("/Dest")] = pypdf.generic.NameObject("/nowhere")
    assert len(printed.dead_links()) == 1


# -- whole pages of other people's ------------------------------------------------------

# So long that no page ends within a source line.
TALL = {"essays_pdf": {"paper": "6in 190in"}}


def lost_lines(book: Book) -> list[str]:
    """Return the source lines of a book's documents that are not in the PDF."""
    book.confoverrides |= TALL
    out = book.build("essaypdf")
    assert book.app
    chapters = book.app.builder.book.chapters()  # type: ignore[attr-defined]
    pdf = pypdf.PdfReader(str(out / "book.pdf"))
    printed = Printed(pdf, [element.document for element in chapters], [], [])
    assert printed.dead_links() == []
    unprinted = (*UNPRINTED, nodes.raw, nodes.math, nodes.math_block)
    lines = [
        line
        for tree in printed.doctrees
        for text in tree.findall(nodes.Text)
        if not any(isinstance(element, unprinted) for element in ancestors(text))
        for line in text.astext().splitlines()
    ]
    assert len(lines) > 400
    return [line for line in lines if letters_and_signs(line) not in printed.text]


@pytest.fixture(scope="session")
def docutils_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The input of docutils' own functional tests, which is not in its wheel."""
    folder = tmp_path_factory.mktemp("docutils")
    name = f"docutils=={docutils.__version__}"
    command = [sys.executable, "-m", "pip", "download", "--no-binary", "docutils", "--no-deps"]
    done = subprocess.run(
        [*command, "--dest", str(folder), name], check=False, capture_output=True, text=True
    )
    packed = next(folder.glob("*.tar.gz"), None)
    if done.returncode or packed is None:
        said = (done.stderr.strip() or "no word").splitlines()[-1]
        pytest.skip(f"pip brings no source of {name} on this machine: {said}")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / packed.name.removesuffix(".tar.gz") / "test" / "functional" / "input"


@heavy
def test_pdf_of_the_docutils_test_document_is_complete(
    docutils_tests: Path, book: Book
) -> None:
    name = "standalone_rst_html4css1"
    source = docutils_tests / f"{name}.rst"
    source = source if source.exists() else source.with_suffix(".txt")
    book.source = docutils_tests
    book.write({
        "conf.py": 'project = "Test"\nextensions = ["sphinx_essays"]\n'
        'include_patterns = ["index.rst", "essay.rst"]\n',
        "index.rst": "Test\n====\n\n.. toctree::\n\n   essay\n",
        "essay.rst": f".. include:: {source.name}\n",
    })  # fmt: skip
    assert lost_lines(book) == []
    # Flash files, which docutils treats as images.
    said = [element for element in book.warnings.splitlines() if "essays.print" in element]
    assert [element for element in said if "swf_images" not in element] == []


@heavy
def test_pdf_of_the_kitchen_sink_is_complete(
    root_book: Callable[[str], Book],
) -> None:
    assert lost_lines(root_book("docs")) == []
