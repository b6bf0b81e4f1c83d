"""The grammar of a dialogue finds speakers, directions and speeches, and no others."""

from __future__ import annotations

import time

import pytest

from sphinx_essays.elements import dialogue_parser
from sphinx_essays.elements.dialogue_parser import Block, Direction, Line


def read(body: str, **options: object) -> list[dialogue_parser.DialogueItem]:
    return dialogue_parser.read(body.split("\n"), **options).parts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "names", "manner", "rest"),
    [
        ("YM: No", ("YM",), None, "No"),
        ("YM (shrugging): No", ("YM",), "shrugging", "No"),
        ("**YM:** No", ("YM",), None, "No"),
        ("**YM**: No", ("YM",), None, "No"),
        ("**Old Lady** (kindly): No", ("Old Lady",), "kindly", "No"),
        ("A and B: No", ("A", "B"), None, "No"),
        ("A & B: No", ("A", "B"), None, "No"),
        ("A, B and C: No", ("A", "B", "C"), None, "No"),
        ("Anna-Maria O’Neill: No", ("Anna-Maria O’Neill",), None, "No"),
        ("J. R. Ewing: No", ("J. R. Ewing",), None, "No"),
        ("Anne : Non", ("Anne",), None, "Non"),
        ("Anne\u202f: Non", ("Anne",), None, "Non"),
        ("मीरा (धीरे): No", ("मीरा",), "धीरे", "No"),
        ("Zoe\u0308: No", ("Zoe\u0308",), None, "No"),
        ("Gal·la: No", ("Gal·la",), None, "No"),
        ("店主：你好", ("店主",), None, "你好"),
        ("YM:", ("YM",), None, ""),
        ("YM: A. No.", ("YM",), None, "A. No."),
    ],
)
def test_dialogue_label_is_found(line: str, names: object, manner: object, rest: str) -> None:
    label = dialogue_parser.find_label(line)
    assert label is not None
    assert (label.names, label.parenthetical, line[label.end :]) == (names, manner, rest)


@pytest.mark.parametrize(
    "line",
    [
        "http://example.org",
        "10:30 is too early",
        "YM:No blank",
        "He said that the whole thing: no",
        "1: a figure",
        "See :doc:`x`: y",
        "``a: b``",
        ".. note:: A: b",
        ":field: body",
        "*Look*: there",
        "**A: b** c",
        r"YM\: escaped",
        "- YM: in a list",
        "(YM: in brackets)",
        "“YM: in quotes”",
    ],
)
def test_dialogue_label_is_not_found_in_lookalikes(line: str) -> None:
    assert dialogue_parser.find_label(line) is None


@pytest.mark.parametrize("words", [".", "-.", "ab ", "ab, ", "ab and ", "ab, cd and "])
def test_dialogue_label_is_searched_quickly_in_the_longest_line(words: str) -> None:
    line = f"A{words * 1000}!"
    start = time.perf_counter()
    assert dialogue_parser.find_label(line) is None
    assert time.perf_counter() - start < 1


def test_dialogue_line_without_blank_line_needs_an_earlier_speaker() -> None:
    parts = read("YM: One\nNote: still his\nOL: still his\n\nOL: Two\nYM: Three")
    assert [part.text for part in parts if isinstance(part, Line)] == [
        "One\nNote: still his\nOL: still his",
        "Two",
        "Three",
    ]


def test_dialogue_line_without_blank_line_may_name_a_cast_member() -> None:
    parts = read("YM: One\nOL: Two", cast=dialogue_parser.read_cast("OL = Old Lady"))
    assert [part.label.name for part in parts if isinstance(part, Line)] == ["YM", "OL"]


@pytest.mark.parametrize("name", ["mum_of_3", "A/B", "The Man With The Hat", "Everyone!"])
def test_cast_member_may_have_any_name(name: str) -> None:
    parts = read(
        f"{name} (low): One\n{name}: Two", cast=dialogue_parser.read_cast(f"{name} = x")
    )
    assert [part.label.names for part in parts if isinstance(part, Line)] == [(name,)] * 2
    assert isinstance(read(f"{name}: One")[0], Block)


def test_direction_is_a_paragraph_in_brackets() -> None:
    parts = read("(He looks (up).)\n\n(one) and (two)\n\n\\(no)\n\n(open")
    assert isinstance(parts[0], Direction)
    assert isinstance(parts[1], Block)
    assert len(parts) == 2


def test_direction_brackets_can_be_configured() -> None:
    assert isinstance(read("[Exit.]", directions="brackets")[0], Direction)
    assert isinstance(read("(Exit.)", directions="brackets")[0], Block)
    assert isinstance(read("(Exit.)", directions="off")[0], Block)


def test_dialogue_indented_paragraph_continues_the_speech() -> None:
    parts = read("YM: One\n\n   more\n\nunlabelled\n\n   - indented")
    assert parts[1:] == [Block(2, 3, 3), Block(4, 7, 0)]


def test_dialogue_quotation_with_attribution_keeps_its_indent() -> None:
    assert read("YM: One\n\n   quoted\n\n   -- Somebody")[1:] == [Block(2, 5, 0)]


def test_cast_is_read_from_the_lines_at_the_top() -> None:
    read_script = dialogue_parser.read(["YM = Young Man", "OL = Old Lady", "", "YM: a = b"])
    assert [(one.name, one.role) for one in read_script.cast] == [
        ("YM", "Young Man"),
        ("OL", "Old Lady"),
    ]
    assert read_script.speakers == ["YM"]


def test_cast_is_split_at_lines_and_semicolons_but_not_at_commas() -> None:
    members = dialogue_parser.read_cast("YM = Young Man, tired; OL = Old Lady\nDog")
    assert [(one.name, one.role, one.line) for one in members] == [
        ("YM", "Young Man, tired", 0),
        ("OL", "Old Lady", 0),
        ("Dog", None, 1),
    ]


def test_dialogue_does_not_split_a_fenced_block() -> None:
    assert read(":::{note}\n\nYM: not a speech\n:::") == [Block(0, 4, 0)]


def test_dialogue_parts_contain_each_line_exactly_once() -> None:
    lines = "A: b\nc\n\n  d\n\n(e)\nA: f\n\ng\n\n- h\n\n  i\n".split("\n")
    seen: list[int] = []
    for part in dialogue_parser.read(lines).parts:
        if isinstance(part, Block):
            seen += [n for n in range(part.line, part.stop) if lines[n].strip()]
        else:
            seen += range(part.line, part.line + part.text.count("\n") + 1)
    assert seen == [n for n, line in enumerate(lines) if line.strip()]


def test_dialogue_accepts_full_width_brackets() -> None:
    read = dialogue_parser.read(["职员（没有抬头）：怕摔吗？", "", "（包裹里响了一下。）"])
    speech, direction = read.parts
    assert isinstance(speech, dialogue_parser.Line)
    assert (speech.label.name, speech.label.parenthetical) == ("职员", "没有抬头")
    assert isinstance(direction, dialogue_parser.Direction)
