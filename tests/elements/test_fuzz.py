"""Random input never breaks a build or loses text; each message has file and line.

``ESSAYS_FUZZ=10000 pytest tests/elements/test_fuzz.py`` tries 10,000 examples per element;
an ordinary run tries a few.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sphinx.builders.text import TextBuilder
from sphinx.testing.util import SphinxTestApp
from support.sizes import size_of

from sphinx_essays.elements import dialogue_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PLACED = re.compile(r"^(?:\x1b\[\d+m)*\S*index\.rst:(\d+): (?:WARNING|ERROR|CRITICAL)")
LEVEL = re.compile(r"\b(?:WARNING|ERROR|CRITICAL): ")


class Renderer:
    """Render a source as HTML and text, with the same application for all."""

    def __init__(self, source: Path) -> None:
        (source / "conf.py").write_text('extensions = ["sphinx_essays"]\n', encoding="utf-8")
        self.source = source / "index.rst"
        self.source.write_text("Title\n=====\n", encoding="utf-8")
        self.app = SphinxTestApp("html", srcdir=source)
        self.app.build()
        self.builders: list[Any] = [self.app.builder, TextBuilder(self.app, self.app.env)]
        self.builders[1].init()
        for builder in self.builders:
            builder.secnumbers = builder.fignumbers = {}
            builder.current_docname = "index"

    def write(self, text: str) -> list[str]:
        """Return the outputs of a source."""
        self.source.write_text(text, encoding="utf-8")
        self.app.env.clear_doc("index")
        self.app.env._pickled_doctree_cache.clear()
        self.builders[0].read_doc("index")
        return [self._render(builder) for builder in self.builders]

    def _render(self, builder: Any) -> str:
        self.app.builder = builder
        tree = self.app.env.get_doctree("index")
        self.app.env.resolve_references(tree, "index", builder)
        tree.settings = getattr(builder, "docsettings", tree.settings)
        visitor = builder.create_translator(tree, builder)
        tree.walkabout(visitor)
        return "".join(visitor.body)

    def messages(self) -> list[str]:
        """Return the messages since the last call."""
        said = self.app.warning.getvalue().splitlines()
        self.app.warning.truncate(0)
        self.app.warning.seek(0)
        return said


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    made = Renderer(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.app.cleanup()


# -- input -------------------------------------------------------------------------

WORD = "W"  # replaced with a unique word
SEPARATORS = [" ", " ", " ", ": ", ":", " : ", "(", ")", " (", ") ", "[", "]", "\\(", "\\)",
              "\\ ", "\\", "…", "… (", ") …", "; ", " = ", ", ", " and ", " & ", " -- ", "—",
              "'", '"', "“", "”", "*", "**", "`", "``", "|", "_", "::", " .. ",
              "|| ", "= "]  # fmt: skip
WRAPPED = ["*W*", "**W**", "``W``", "``W: W``", "*W (W*", ":emphasis:`W`",
           "|W|", "[W]_", "*W", "**W", "``W", ":unknown:`W`", "(*W* W)",
           "\\*W"]  # fmt: skip
HEADS = ["", "", "", "", "W: ", "W: ", "A: ", "A: ", "W (W): ", "**W:** ", "**W**: ", "**W: ",
         "W and W: ", "W, W & A: ", "(", "[", "W = ", "- ", "* ", "1. ", "A. ", "| ", "   ",
         "      ", "-- ", "— ", "– ", ":W: ", ".. note:: ", ".. note::\n\n   ", "W::\n\n   ",
         ".. update:: 2014\n\n   ", ".. pull-quote:: ", "\\", "> ", "…", "“"]  # fmt: skip
TAILS = ["", "", "", ":", "::", ")", "]", "\\", "…", ".", " (W)", "**", "`"]

piece = st.one_of(st.just(WORD), st.just(WORD), st.sampled_from(WRAPPED))
sentence = st.lists(st.tuples(piece, st.sampled_from(SEPARATORS)), min_size=1, max_size=5).map(
    lambda pairs: "".join(one + separator for one, separator in pairs).strip(" ")
)
line = st.builds(
    lambda head, middle, tail: head + middle + tail,
    st.sampled_from(HEADS),
    sentence,
    st.sampled_from(TAILS),
)
body = st.lists(st.one_of(line, line, line, st.just("")), min_size=1, max_size=8)
value = st.one_of(st.just(""), sentence)
longer = st.one_of(
    value, value, st.lists(sentence, min_size=2, max_size=3).map("\n      ".join)
)
WHERE = [
    "",
    "",
    "- ",
    "#. ",
    ".. [#] ",
    ".. note:: ",
    "   ",
    "Term\n   ",
    ".. list-table::\n\n   * - ",
]

# Options that contain text, and options that only choose.
SAID = {
    "pull-quote": [],
    "update": ["by", "was"],
    "correction": ["by", "was"],
    "overheard": ["cast", "place", "by", "date"],
    "dialogue": ["cast", "place", "by", "date"],
}
CHOSEN = {
    "pull-quote": ["align", "side", "check", "class", "from", "name", "strange"],
    "update": ["class", "name", "strange"],
    "correction": ["class", "name", "strange"],
    "overheard": ["directions", "one-sided", "class", "name", "strange"],
    "dialogue": ["directions", "one-sided", "class", "name", "strange"],
}


@st.composite
def sources(draw: st.DrawFn, element: str) -> tuple[str, list[str]]:
    """Return a page with an element, and the words that its output must contain."""
    said = draw(st.lists(st.sampled_from(SAID[element]), unique=True)) if SAID[element] else []
    chosen = draw(st.lists(st.sampled_from(CHOSEN[element]), unique=True, max_size=2))
    lines = [f".. {element}:: {draw(value)}".rstrip()]
    lines += [f"   :{key}: {draw(longer)}".rstrip() for key in said]
    lines += [
        f"   :{key}: {draw(st.sampled_from(['left', 'yes', 'v 1', 'index', '']))}"
        for key in chosen
    ]
    if draw(st.integers(0, 9)) == 0:  # after a blank line everything is body
        lines.insert(draw(st.integers(1, len(lines))), "")
    below = [f"   {one}" if one else "" for text in draw(body) for one in text.split("\n")]
    # Directly below the head, a field is an option (ignored if unknown) and an
    # indented line continues it.
    needs_blank = re.match(r"(?:   +\S.*\n)* +:|    ", "\n".join(below))
    lines += [""] * draw(st.integers(1 if needs_blank else 0, 2)) + below
    return number(nest_element("\n".join(lines), draw(st.sampled_from(WHERE))))


def nest_element(text: str, where: str) -> str:
    """Nest the element in a list, a note or a table, after the line that opens it."""
    margin = " " * max(len(where.rpartition("\n")[2]), 3 if where.startswith("..") else 0)
    if where.startswith(".. ") and "\n" not in where:
        where = f"{where.rstrip()}\n\n{margin}" if "::" in where else where
    indented = [f"{margin}{one}" if one else "" for one in text.split("\n")]
    return where + "\n".join(indented)[len(margin) :]


def number(text: str) -> tuple[str, list[str]]:
    """Make each ``W`` a word that occurs once."""
    pieces = text.split(WORD)
    words = [f"Qx{index}z" for index in range(len(pieces) - 1)]
    joined = pieces[0] + "".join(
        word + after for word, after in zip(words, pieces[1:], strict=True)
    )
    return joined, words


def is_supported_source(text: str) -> bool:
    """Return False for input that docutils itself rejects or drops.

    A line of punctuation below text is a title; an explicit target, a substitution or a
    comment is no text; a directive without content is an error. Sphinx's text writer
    empties a page with a classifier inside a definition.
    """
    lines = [one.strip() for one in text.splitlines()]
    underlined = any(one and not re.search(r"[A-Za-z0-9]", one) for one in lines)
    eaten = any(re.match(r"(__ |\.\. (?!\w[\w-]*::)|\.\.$)", one) for one in lines)
    is_classified = text.startswith("Term\n") and re.search(r"\S : ", text.partition("\n")[2])
    return not (underlined or eaten or is_classified or is_empty_directive_in(text))


def is_empty_directive_in(text: str) -> bool:
    """Return whether a directive of docutils has no content."""
    margins = [
        (len(one) - len(one.lstrip()), one.strip()) for one in text.splitlines() if one.strip()
    ]
    return any(
        re.fullmatch(r"\.\. (?:note|[A-Z]\w*)::", one) and margin >= following[0]
        for (margin, one), following in zip(margins, [*margins[1:], (0, "")], strict=True)
    )


def check(renderer: Renderer, text: str, words: list[str]) -> None:
    """Check that no word is lost and that each message has a location."""
    outputs = renderer.write(f"Title\n=====\n\nBefore.\n\n{text}\n\nBehind.\n")
    for said in renderer.messages():
        place = PLACED.match(said)
        assert not LEVEL.search(said) or place, said
        assert not place or 6 <= int(place[1]) <= 9 + text.count("\n"), said
    for output in outputs:
        # In a table, the text writer breaks long words with a bar between the parts.
        unbroken = re.sub(r"[\s|]+", "", output)
        lost = [word for word in words if word not in unbroken]
        assert not lost, f"{lost} of:\n{text}\n\nin:\n{output}"


@pytest.fixture
def examples() -> int:
    return size_of("FUZZ")


def run(
    renderer: Renderer, element: str, examples: int, phases: tuple[Phase, ...] = tuple(Phase)
) -> None:
    @settings(
        phases=phases,
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < 1000,
        suppress_health_check=list(HealthCheck),
    )
    @given(sources(element).filter(lambda made: is_supported_source(made[0])))
    def whatever_is_typed(made: tuple[str, list[str]]) -> None:
        check(renderer, *made)

    whatever_is_typed()


@pytest.mark.sized
@pytest.mark.parametrize("element", SAID)
def test_fuzz_of_each_element_loses_no_word(
    renderer: Renderer, element: str, examples: int
) -> None:
    run(renderer, element, examples)


def test_fuzz_detects_a_dropped_line(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest: Callable[..., dialogue_parser.Dialogue] = dialogue_parser.read

    def drops_a_line(lines: Any, *arguments: Any) -> dialogue_parser.Dialogue:
        read = honest(lines, *arguments)
        for part in read.parts:
            if isinstance(part, dialogue_parser.Line):
                part.text = part.text.partition("\n")[0]
        return read

    monkeypatch.setattr(dialogue_parser, "read", drops_a_line)
    with pytest.raises(AssertionError, match="of:"):
        run(renderer, "overheard", 500, (Phase.generate,))
