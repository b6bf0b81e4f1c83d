"""What can be written is written down: directives, options, fields, warnings."""

from __future__ import annotations

import html
import re
import shlex
import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from support.paths import DOCS

from sphinx_essays import cli, config, messages
from sphinx_essays.book.metadata import Metadata
from sphinx_essays.cli import build
from sphinx_essays.elements import ELEMENTS, lists
from sphinx_essays.elements.fields import SINGLE_LINE_FIELDS

if TYPE_CHECKING:
    from support.books import Book


def read(name: str) -> str:
    """A page, or all the pages of a folder."""
    paths = sorted((DOCS / name).glob("*.rst")) or [DOCS / f"{name}.rst"]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("warning", messages.WARNINGS)
def test_docs_give_an_example_and_a_fix_for_each_kind_of_warning(warning: str) -> None:
    section = re.split(r"(?m)^-+\n", read("warnings").split(f"``essays.{warning}``\n", 1)[1])[1]
    assert ".. code-block::" in section
    assert re.search(r"\b(Write|Give|Fix|Mend|Move|Indent|Did you mean)\b", section)


@pytest.mark.parametrize("option", config.OPTIONS, ids=lambda one: one.name)
def test_docs_describe_each_conf_py_option_and_its_default(
    option: config.ConfigValue, built_docs: Path
) -> None:
    page = (built_docs / "configuration.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub("<[^>]+>", "", page.split(f'id="confval-{option.name}"')[1]))
    default = option.default
    assert repr(list(default) if isinstance(default, tuple) else default) in text
    for known in {"essays_pdf": config.PDF, "essays_epub": config.EPUB}.get(option.name, {}):
        assert f">{known}<" in page


def test_docs_describe_each_directive_and_option() -> None:
    text = read("elements")
    directives = [one for kind in ELEMENTS for one in kind.directives.items()]
    for name, directive in [*directives, *lists.DIRECTIVES.items()]:
        assert f".. {name}::" in text or f"``{name}``" in text, name
        for option in directive.known_options:
            assert f":{option}:" in text, f"{name} :{option}:"


def test_docs_describe_each_output_of_the_cli() -> None:
    for output in build.OUTPUTS:
        assert f"``{output}``" in read("commands")


def test_docs_describe_each_role() -> None:
    text = read("elements")
    registered = re.findall(r"add_role\(\"([^\"]+)\"", source("elements/__init__.py"))
    assert registered
    for role in registered:
        assert f":{role}:`" in text, role


@pytest.mark.parametrize("field", sorted({*SINGLE_LINE_FIELDS, *Metadata._fields}))
def test_docs_describe_each_metadata_field(field: str) -> None:
    named = {"is_draft": "status: draft", "published": "date"}.get(field, field)
    assert f":{named.replace('_', '-')}" in read("metadata")


def test_docs_describe_each_theme_option_and_template_block() -> None:
    text = read("html")
    theme = tomllib.loads(source("theme/theme.toml"))
    for option in theme["options"]:
        # One is a switch between ABlog and us, and nobody's to turn.
        assert f"``{option}``" in text or option.startswith("ablog_"), option
    layout = source("theme/layout.html")
    blocks = set(re.findall(r"{%-? block (\w+)", layout))
    assert {"after_essay", "footer_extra", "head_extra"} <= blocks
    for block in blocks:
        assert f"``{block}``" in text, block


def test_docs_describe_each_cli_command_and_option() -> None:
    text = read("commands")
    parser = cli.make_parser()
    commands = next(one for one in parser._actions if isinstance(one.choices, dict)).choices
    assert isinstance(commands, dict)
    for name, command in commands.items():
        assert f"sphinx-essays {name}" in text
        for action in command._actions:
            for option in action.option_strings:
                if option.startswith("--") and option != "--help":
                    assert option in text, f"{name} {option}"


def source(name: str) -> str:
    return (Path(config.__file__).parent / name).read_text(encoding="utf-8")


# -- snippets ------------------------------------------------------------------------


class Snippet(NamedTuple):
    """A block of code in the documentation."""

    page: str
    line: int
    language: str
    text: str


def snippets() -> list[Snippet]:
    found = []
    block = re.compile(
        r"^(?P<indent> *)\.\. code-block:: (?P<language>\S+)\n(?:(?P=indent)   :.*\n)*\n"
        r"(?P<text>(?:(?P=indent)   .*\n|\n)+)",
        re.MULTILINE,
    )
    for path in sorted([*DOCS.glob("*.rst"), *DOCS.glob("elements/*.rst")]):
        text = path.read_text(encoding="utf-8")
        for one in block.finditer(text):
            line = text[: one.start()].count("\n") + 1
            code = textwrap.dedent(one["text"]).strip("\n") + "\n"
            found.append(Snippet(path.stem, line, one["language"], code))
    return found


def in_language(*languages: str) -> list[Any]:
    chosen = [one for one in snippets() if one.language in languages]
    return [pytest.param(one, id=f"{one.page}:{one.line}") for one in chosen]


@pytest.mark.parametrize("snippet", in_language("python"))
def test_docs_python_examples_compile(snippet: Snippet) -> None:
    compile(snippet.text, snippet.page, "exec")


@pytest.mark.parametrize("snippet", in_language("yaml", "toml"))
def test_docs_yaml_and_toml_examples_can_be_parsed(snippet: Snippet) -> None:
    if snippet.language == "toml":
        assert tomllib.loads(snippet.text)
    else:
        assert yaml.safe_load(snippet.text)


# What a snippet speaks of and a page of its own has not.
ELSEWHERE = re.compile(
    r"unknown document|does not name a document or|image file not readable|Image '.*' not found"
    r"|undefined label"
    r"|non-existing document|intersphinx|external\+|nonexisting document"
    r"|Cannot create a redirect page"
)


@pytest.mark.parametrize(
    "snippet", [one for one in in_language("rst") if "warnings" not in str(one.id)]
)
def test_docs_rst_examples_give_no_unexpected_warning(book: Book, snippet: Snippet) -> None:
    text = snippet.text
    if not re.search(r"(?m)^[=]{3,}$", text):
        is_field = re.match(r":[a-z-]+:", text)
        text = f"{text}\nTitle\n=====\n\nWords.\n" if is_field else f"Title\n=====\n\n{text}"
    book.write({"index.rst": text, "conf.py": CONF})
    book.build()
    left = [one for one in book.warnings.splitlines() if not ELSEWHERE.search(one)]
    assert not left, "\n".join(left)


@pytest.mark.parametrize("snippet", in_language("markdown"))
def test_docs_markdown_examples_give_no_unexpected_warning(
    book: Book, snippet: Snippet
) -> None:
    text = snippet.text if re.search(r"(?m)^# ", snippet.text) else f"# Title\n\n{snippet.text}"
    book.write({"index.md": text, "conf.py": CONF + MYST})
    book.build()
    left = [one for one in book.warnings.splitlines() if not ELSEWHERE.search(one)]
    assert not left, "\n".join(left)


MYST = """\
extensions.append("myst_parser")
myst_enable_extensions = ["colon_fence", "attrs_block"]
"""
CONF = 'project = "Test"\nextensions = ["sphinx_essays"]\nessays_pull_quotes_check = "near"\n'


@pytest.mark.parametrize("snippet", in_language("html+jinja"))
def test_docs_template_examples_render_a_page(book: Book, snippet: Snippet) -> None:
    conf = CONF + 'templates_path = ["_templates"]\n'
    book.write({"index.rst": "Book\n====\n\n.. toctree::\n\n   one\n", "conf.py": conf})
    book.write({"one.rst": "One\n===\n\nWords.\n", "_templates/layout.html": snippet.text})
    page = (book.clean() / "one.html").read_text(encoding="utf-8")
    said = re.search(r"<(?:p|section|script|form)\b[^>{]*", snippet.text)
    assert said
    assert said[0].strip() in page


@pytest.mark.browser
@pytest.mark.parametrize("snippet", in_language("css"))
def test_docs_style_sheet_examples_are_parsed_completely(
    chromium: Any, snippet: Snippet
) -> None:
    page = chromium.new_page()
    read = page.evaluate(
        """text => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          return [...sheet.cssRules].map((rule) => rule.style.length);
        }""",
        snippet.text,
    )
    page.close()
    assert len(read) == snippet.text.count("{")
    assert all(read)


@pytest.mark.parametrize("snippet", in_language("typst"))
def test_docs_typst_examples_build_a_pdf(book: Book, snippet: Snippet) -> None:
    conf = CONF + 'essays_pdf = {"template": "mine.typ"}\n'
    book.write({"mine.typ": snippet.text, "conf.py": conf})
    book.write({"index.rst": "Book\n====\n\nWords.\n\n----\n\nMore.\n"})
    assert (book.clean("essaypdf") / "book.pdf").read_bytes().startswith(b"%PDF")


def commands_in_the_docs() -> list[Any]:
    lines = [
        pytest.param(line[2:], id=f"{one.page}:{one.line}:{line[2:]}")
        for one in snippets()
        if one.language == "console"
        for line in one.text.splitlines()
        if line.startswith("$ sphinx-essays")
    ]
    assert lines
    return lines


@pytest.mark.parametrize("line", commands_in_the_docs())
def test_docs_console_examples_are_accepted_by_the_cli(line: str) -> None:
    known, more = cli.make_parser().parse_known_args(shlex.split(line)[1:])
    assert known.run
    assert not more
