"""Quotations match in spite of typography; near matches differ from missing ones."""

from __future__ import annotations

import pytest

from sphinx_essays.elements.quoting import MatchResult, TextIndex

ESSAY = TextIndex(
    [
        "We think that change on this scale needs to be based on sound evidence — and soon.",
        "Is it “good”, or not? Nobody [1] in the town hall could say, and nobody asked.",
        "I forgot the sun-cream… (pause)… I am NOT going to ask.",
    ]
)


@pytest.mark.parametrize(
    "quotation",
    [
        "change on this scale needs to be based on sound evidence",
        "Change on this scale needs to be based on sound evidence.",
        "change  on this\nscale needs to be based on sound evidence -- and soon",
        "“change on this scale needs to be based on sound evidence”",
        'Is it "good", or not?',
        "Is it 'good', or not",
        "change on this scale … sound evidence",
        "change on this scale ... and soon. […] nobody asked",
        "change on [such a] scale needs to be based",
        "I forgot the sun-cream... (pause)... I am NOT going to ask.",
        "Nobody in the town hall could say",
    ],
)
def test_quotation_match_ignores_typography(quotation: str) -> None:
    assert ESSAY.find(quotation).outcome is MatchResult.FOUND


@pytest.mark.parametrize(
    ("quotation", "difference"),
    [
        ("change on that scale needs to be based on sound evidence", ("that", "this")),
        ("change on this scale needs to be based on evidence", ("", "sound")),
        ("change on this very scale needs to be based on sound evidence", ("very", "")),
    ],
)
def test_quotation_match_shows_how_a_changed_quotation_differs(
    quotation: str, difference: tuple[str, str]
) -> None:
    match = ESSAY.find(quotation)
    assert match.outcome is MatchResult.CLOSE
    assert match.differs == (difference,)
    assert match.passage.startswith("We think that change on this scale")


def test_quotation_match_nearly_finds_two_swapped_words() -> None:
    match = ESSAY.find("change on this scale needs to be based on evidence sound")
    assert match.outcome is MatchResult.CLOSE


@pytest.mark.parametrize(
    "quotation",
    [
        "When a man is tired of London, he is tired of life",
        "sound of evidence",
        "evidence sound",
        "",
        "…",
        "nobody asked … change on this scale",
    ],
)
def test_quotation_match_does_not_find_unrelated_text(quotation: str) -> None:
    assert ESSAY.find(quotation).outcome is MatchResult.MISSING


def test_quotation_match_does_not_find_a_word_inside_another() -> None:
    assert TextIndex(["the catalogue"]).find("catalog").outcome is MatchResult.MISSING
