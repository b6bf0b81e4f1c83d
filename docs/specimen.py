"""What these pages are made with: a source beside its result, and the options of conf.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from sphinx_essays import config

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

TYPES = {
    bool: "``True`` or ``False``", str: "a string", dict: "a dictionary",
    list: "a list", tuple: "a list", set: "a list", frozenset: "a list",
}  # fmt: skip


class Specimen(SphinxDirective):
    """Shows a source, and beside it what becomes of it."""

    has_content = True

    def run(self) -> list[Node]:
        """The source as it is typed, then the same as it is read."""
        source = nodes.literal_block("", "\n".join(self.content), language="rst")
        self.set_source_info(source)
        result = nodes.container(classes=["specimen-result"])
        result += self.parse_content_to_nodes()
        return [nodes.container("", source, result, classes=["specimen"])]


class Options(SphinxDirective):
    """Describes each option of ``conf.py`` as the code declares it."""

    has_content = False

    def run(self) -> list[Node]:
        """One entry for each option, in alphabetical order."""
        lines = [line for option in _options() for line in _entry(option)]
        return self.parse_text_to_nodes("\n".join(lines))


class Settings(SphinxDirective):
    """Describes what one of the options that are dictionaries may hold."""

    required_arguments = 1
    known: ClassVar[dict[str, Any]] = {"essays_pdf": config.PDF, "essays_epub": config.EPUB}

    def run(self) -> list[Node]:
        """One entry for each key."""
        lines: list[str] = []
        for name, (default, _check, may_be) in self.known[self.arguments[0]].items():
            lines += [f"``{name}``", f"   {_plain(may_be)}. Default: ``{default!r}``.", ""]
        return self.parse_text_to_nodes("\n".join(lines))


def _options() -> list[config.Option]:
    return sorted(config.OPTIONS, key=lambda one: one.name)


def _entry(option: config.Option) -> list[str]:
    types = " or ".join(dict.fromkeys(TYPES[one] for one in _ordered(option.types)))
    help_ = option.help.split(": a dictionary")[0].rstrip(".")
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return [
        f".. confval:: {option.name}",
        f"   :type: {types}",
        f"   :default: ``{default!r}``",
        "",
        f"   {_plain(help_)}.",
        "",
    ]


def _ordered(types: frozenset[type]) -> list[type]:
    """Those that an author is told of; numbers and strings stand for True on a command line."""
    if bool in types:
        return [bool]
    return sorted(types, key=lambda one: one.__name__)


def _plain(text: str) -> str:
    """Words of a program as words of a page: what stands in quotes is code."""
    return re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"``'\1'``", text)


def _dress(app: Sphinx, pagename: str, *_rest: object) -> None:
    """Ask for our sheet where there is a specimen, and nowhere else."""
    if pagename.startswith("elements/"):
        app.add_css_file("specimen.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("specimen", Specimen)
    app.add_directive("options-of-conf", Options)
    app.add_directive("settings-of", Settings)
    app.connect("html-page-context", _dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
