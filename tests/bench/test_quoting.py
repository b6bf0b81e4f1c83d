"""What the comparison of pull-quotes costs.

Run with ``pytest -m bench -s tests/bench/test_quoting.py``.
"""

from __future__ import annotations

import random
import time

import pytest

from sphinx_essays.elements.quoting import MatchResult, TextIndex

pytestmark = pytest.mark.bench
QUOTES = 1000
# The worst text for the search: so few words that each quotation resembles everything.
COMMON = "the of and a to in is you that it he was for on are as with his at be this".split()
RARE = [f"word{number}" for number in range(1500)]


@pytest.mark.parametrize("vocabulary", [COMMON, RARE], ids=["common", "rare"])
def test_pull_quote_check_of_1000_quotes_takes_less_than_a_second(
    vocabulary: list[str],
) -> None:
    chance = random.Random(1)  # noqa: S311 (a corpus, no secret)
    passages = [" ".join(chance.choices(vocabulary, k=70)) for _ in range(72)]
    quotes = []
    for number in range(QUOTES):
        words = chance.choice(passages).split()[10:24]
        words[5] = "drifted" if number % 2 else words[5]
        quotes.append(" ".join(words))
    before = time.process_time()
    running = TextIndex(passages)
    found = [running.find(quote).outcome for quote in quotes]
    spent = time.process_time() - before
    print(f"{spent:.2f} s")
    assert MatchResult.MISSING not in found
    assert spent < 1
