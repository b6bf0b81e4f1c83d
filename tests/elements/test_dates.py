"""Dates are read as people write them, and printed at their own precision."""

from __future__ import annotations

import pickle

import pytest

from sphinx_essays.elements import dates


@pytest.mark.parametrize(
    ("typed", "language", "iso"),
    [
        ("2014-04-20", "en", "2014-04-20"),
        ("2014/04/20", "en", "2014-04-20"),
        ("2014-04", "en", "2014-04"),
        ("20 April, 2014", "en", "2014-04-20"),
        ("20 April 2014", "en", "2014-04-20"),
        ("20 Apr 2014", "en", "2014-04-20"),
        ("Apr 20, 2014", "en", "2014-04-20"),
        ("Sept. 3, 2011", "en", "2011-09-03"),
        ("Sunday, 20th April 2014", "en", "2014-04-20"),
        ("April 2014", "en", "2014-04"),
        ("2014", "en", "2014"),
        ("20. April 2014", "de", "2014-04-20"),
        ("3. März 2014", "de", "2014-03-03"),
        ("20.04.2014", "de", "2014-04-20"),
        ("20 avril 2014", "fr", "2014-04-20"),
        ("1er mars 2012", "fr", "2012-03-01"),
        ("20 de abril de 2014", "es", "2014-04-20"),
        ("20 kwietnia 2014", "pl", "2014-04-20"),
        ("2014年4月20日", "zh_CN", "2014-04-20"),
        ("20 أبريل 2014", "ar", "2014-04-20"),
        ("April 2014", "de", "2014-04"),
        ("20/04/2014", "en", "2014-04-20"),
        ("04/20/2014", "en", "2014-04-20"),
        ("04/04/2014", "en", "2014-04-04"),
        ("2014-04-20T14:30:00Z", "en", "2014-04-20"),
        ("2014-04-20 14:30", "en", "2014-04-20"),
        ("20 April 2014, 14:30", "en", "2014-04-20"),
        ("20 April 2014 at 2.30 pm", "en", "2014-04-20"),
        ("20 April 2014, 5 pm", "en", "2014-04-20"),
        ("20 April 2014 10:30 BST", "en", "2014-04-20"),
        ("20 апреля 2014 г.", "ru", "2014-04-20"),
        ("20 d'abril de 2014", "ca", "2014-04-20"),
        ("tháng 4 năm 2014", "vi", "2014-04"),
    ],
)
def test_date_is_read_at_the_precision_given(typed: str, language: str, iso: str) -> None:
    assert dates.parse(typed, language).iso == iso


def test_date_is_read_in_the_format_of_another_extension() -> None:
    assert dates.parse("04~20~14", "en", ["%m~%d~%y"]).iso == "2014-04-20"


@pytest.mark.parametrize(
    "typed", ["yesterday", "31 February 2014", "2014-13-01", "20 April", ""]
)
def test_date_parser_rejects_text_that_is_not_a_date(typed: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        dates.parse(typed)
    assert not isinstance(refused.value, dates.AmbiguousDateError)


def test_date_with_two_readings_is_rejected_as_ambiguous() -> None:
    with pytest.raises(dates.AmbiguousDateError):
        dates.parse("03/04/2014")


@pytest.mark.parametrize(
    ("iso", "language", "printed"),
    [
        ("2014-04-20", "en_GB", "20 April 2014"),
        ("2014-04-20", "en", "April 20, 2014"),
        ("2014-04-20", "de", "20. April 2014"),
        ("2014-04", "fr", "avril 2014"),
        ("2014", "de", "2014"),
        ("2014-04-20", "xx_unknown", "April 20, 2014"),
    ],
)
def test_date_is_printed_at_its_own_precision(iso: str, language: str, printed: str) -> None:
    assert dates.long_form(dates.Date.from_iso(iso), language) == printed


@pytest.mark.parametrize(
    "language", ["ca", "de", "en", "eu", "he", "hu", "ko", "lt", "lv", "ru", "vi", "zh"]
)
@pytest.mark.parametrize("iso", ["2014-04-20", "2014-04", "2014"])
def test_date_as_printed_can_be_read_back(iso: str, language: str) -> None:
    printed = dates.long_form(dates.Date.from_iso(iso), language)
    assert dates.parse(printed, language).iso == iso


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2014-04-20", "2014-04-21", True),
        ("2014-04", "2014-04-20", False),
        ("2014-04-20", "2014-04", False),
        ("2013", "2014-04", True),
    ],
)
def test_date_comparison_uses_the_coarser_precision(
    earlier: str,
    later: str,
    expected: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    assert dates.Date.from_iso(earlier).is_before(dates.Date.from_iso(later)) is expected


def test_date_sorts_by_its_first_day_and_then_the_less_precise_first() -> None:
    isos = ["2013-12-31", "2014", "2014-01", "2014-01-01", "2014-01-02", "2014-02"]
    shuffled = [dates.Date.from_iso(iso) for iso in reversed(isos)]
    assert [date.iso for date in sorted(shuffled)] == isos


def test_date_is_unchanged_by_pickling_and_printed_in_iso_form() -> None:
    date = dates.parse("April 2014")
    assert pickle.loads(pickle.dumps(date)) == date  # noqa: S301 (made on the same line)
    assert str(date) == "2014-04"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("20 Apil 2014", True),
        ("late April", True),
        ("03/04/2014", True),
        ("I may be wrong about this", False),
        ("On reflection", False),
    ],
)
def test_date_with_a_typo_is_distinguished_from_other_text(
    words: str,
    expected: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    assert dates.is_meant_as_date(words) is expected
