"""The head of a directive is parsed leniently: what is not an option is body."""

from __future__ import annotations

from sphinx_essays.elements import directive_options


def values(lines: list[str], first: int = 1) -> tuple[str, dict[str, str], int]:
    head = directive_options.read(lines, first)
    return head.argument, {key: one.value for key, one in head.options.items()}, head.body


def test_options_argument_and_body_are_separated() -> None:
    lines = ["20 April", ":by: me", "", "Body"]
    assert values(lines, 0) == ("20 April", {"by": "me"}, 3)


def test_options_value_may_continue_on_indented_lines() -> None:
    lines = [":cast: YM = Young Man", "       OL = Old Lady", "", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man\nOL = Old Lady"}, 3)


def test_options_value_may_continue_on_lines_with_a_colon() -> None:
    lines = [":cast: |", ":  YM = Young Man", ":  OL = Old Lady", "", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man\nOL = Old Lady"}, 4)


def test_options_may_be_written_between_dashes() -> None:
    lines = ["---", "cast: |", "  YM = Young Man", 'by: "me"', "---", "Body"]
    assert values(lines) == ("", {"cast": "YM = Young Man", "by": "me"}, 5)


def test_options_between_dashes_may_contain_blank_lines_and_comments() -> None:
    lines = ["---", "", "by: me", "# a note", "", "---", "", "Body"]
    assert values(lines) == ("", {"by": "me"}, 7)


def test_options_between_dashes_left_unclosed_end_at_a_blank_line() -> None:
    assert values(["---", "by: me", "", "A: Body"]) == ("", {"by": "me"}, 3)


def test_options_block_is_not_opened_by_a_section_break_above_text() -> None:
    assert values(["---", "Words.", "---"]) == ("", {}, 0)


def test_options_end_the_directive_argument() -> None:
    assert values(["in the", "lido", ":by: me", "Body"], 0) == ("in the lido", {"by": "me"}, 3)
    assert values(["in the lido", "Body", "", ":by: me"], 0) == ("in the lido", {}, 1)


def test_options_value_knows_its_first_line() -> None:
    assert (
        directive_options.read([":cast: |", ":  YM = Young Man"], 1).options["cast"].begins == 1
    )
    assert directive_options.read([":cast: YM = Young Man"], 1).options["cast"].begins == 0


def test_options_without_a_blank_line_end_at_the_first_other_line() -> None:
    assert values([":by: me", "Body"]) == ("", {"by": "me"}, 1)


def test_options_are_not_read_after_a_blank_line() -> None:
    assert values([":by: me", "", "Body"], 2) == ("", {}, 0)


def test_options_given_twice_keep_both_values() -> None:
    head = directive_options.read([":by: me", ":by: you"], 1)
    assert head.options["by"].value == "me\nyou"
    assert head.repeated == [("by", 1)]


def test_options_of_a_directive_without_lines_are_empty() -> None:
    assert values([], 0) == ("", {}, 0)
