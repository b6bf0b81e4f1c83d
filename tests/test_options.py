"""The head of a directive is read leniently: what is no option is body."""

from __future__ import annotations

from sphinx_essays.elements import options


def values(lines: list[str], first: int = 1) -> tuple[str, dict[str, str], int]:
    head = options.read(lines, first)
    return head.argument, {key: one.value for key, one in head.options.items()}, head.body


def test_argument_options_and_body_are_told_apart() -> None:
    lines = ["20 April", ":by: me", "", "Body"]
    assert values(lines, 0) == ("20 April", {"by": "me"}, 3)


def test_a_value_may_run_over_indented_lines() -> None:
    lines = [":cast: YM = Young Man", "       OL = Old Lady", "", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man\nOL = Old Lady"}, 3)


def test_a_value_may_run_over_lines_with_a_colon() -> None:
    lines = [":cast: |", ":  YM = Young Man", ":  OL = Old Lady", "", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man\nOL = Old Lady"}, 4)


def test_options_may_stand_between_dashes() -> None:
    lines = ["---", "cast: |", "  YM = Young Man", 'by: "me"', "---", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man", "by": "me"}, 5)


def test_a_block_between_dashes_may_hold_blank_lines_and_comments() -> None:
    lines = ["---", "", "by: me", "# a note", "", "---", "", "Body"]
    assert values(lines) == ("", {"by": "me"}, 7)


def test_a_block_that_nobody_closed_ends_at_a_blank_line() -> None:
    assert values(["---", "by: me", "", "A: Body"]) == ("", {"by": "me"}, 3)


def test_a_section_break_above_words_opens_no_block_of_options() -> None:
    assert values(["---", "Words.", "---"]) == ("", {}, 0)


def test_an_argument_runs_on_as_far_as_the_options() -> None:
    assert values(["in the", "lido", ":by: me", "Body"], 0) == ("in the lido", {"by": "me"}, 3)
    assert values(["in the lido", "Body", "", ":by: me"], 0) == ("in the lido", {}, 1)


def test_a_value_knows_the_line_it_begins_on() -> None:
    assert options.read([":cast: |", ":  YM = Young Man"], 1).options["cast"].begins == 1
    assert options.read([":cast: YM = Young Man"], 1).options["cast"].begins == 0


def test_without_a_blank_line_what_is_no_option_is_body() -> None:
    assert values([":by: me", "Body"]) == ("", {"by": "me"}, 1)


def test_behind_a_blank_line_nothing_is_an_option() -> None:
    assert values([":by: me", "", "Body"], 2) == ("", {}, 0)


def test_an_option_given_twice_keeps_both_values() -> None:
    head = options.read([":by: me", ":by: you"], 1)
    assert head.options["by"].value == "me\nyou"
    assert head.repeated == [("by", 1)]


def test_a_directive_may_have_no_lines_at_all() -> None:
    assert values([], 0) == ("", {}, 0)
