"""What can be written is written down: directives, options, fields, warnings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_essays import config, messages
from sphinx_essays.cli import build
from sphinx_essays.elements import ELEMENTS, lists

DOCS = Path(__file__).parent.parent / "docs"


def read(name: str) -> str:
    return (DOCS / f"{name}.rst").read_text(encoding="utf-8")


@pytest.mark.parametrize("warning", messages.WARNINGS)
def test_each_kind_of_warning_has_an_example_and_its_mend(warning: str) -> None:
    section = re.split(r"(?m)^-+\n", read("warnings").split(f"``essays.{warning}``\n", 1)[1])[1]
    assert ".. code-block::" in section
    assert re.search(r"\b(Write|Give|Mend|Move|Indent|Did you mean)\b", section)


@pytest.mark.parametrize("option", config.OPTIONS, ids=lambda one: one.name)
def test_each_option_of_conf_py_is_documented(option: config.Option) -> None:
    assert f"``{option.name}``\n" in read("commands")


def test_each_directive_and_option_is_documented() -> None:
    text = read("elements")
    directives = [one for kind in ELEMENTS for one in kind.directives.items()]
    for name, directive in [*directives, *lists.DIRECTIVES.items()]:
        assert f".. {name}::" in text
        for option in directive.known_options:
            assert f":{option}:" in text, f"{name} :{option}:"


def test_each_output_of_the_command_is_documented() -> None:
    for output in build.OUTPUTS:
        assert f"``{output}``" in read("commands")
