"""The options of ``conf.py``: types, defaults, validators and help texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from sphinx.errors import ConfigError

from sphinx_essays import messages
from sphinx_essays.compat.environment import is_set_in_conf_py

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config

THEME = "essays"
EPUB_THEME = "essays_epub"
BUILD_DIRECTORY = "_build"
INDICES = ("date", "tag", "author", "update")
# Builders that write each page to its own URL.
STANDALONE = frozenset({"html", "dirhtml"})
OPENINGS = ("smallcaps", "dropcap", "plain")
# A CSS font-family, without characters that could end the declaration.
FONT_FAMILY = re.compile(r"""[\w\s,'".-]*""")
FONT_FAMILY_EXAMPLES = ('"Iowan Old Style", Georgia, serif',)
# The valid values of theme options: a pattern, and the values or examples to show.
THEME_OPTIONS = {
    "opening": (re.compile("|".join(OPENINGS)), OPENINGS),
    "font_text": (FONT_FAMILY, FONT_FAMILY_EXAMPLES),
    "font_display": (FONT_FAMILY, FONT_FAMILY_EXAMPLES),
}
PDF_STANDARDS = frozenset(
    {"1.4", "1.5", "1.6", "1.7", "2.0", "a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u",
     "a-3a", "a-4", "a-4f", "a-4e", "ua-1"}
)  # fmt: skip
# ISO 216, ANSI/ASME Y14.1, and the common sizes of book printers.
PAGE_SIZES = {
    "a4": "210mm 297mm", "a5": "148mm 210mm", "a6": "105mm 148mm", "b5": "176mm 250mm",
    "b6": "125mm 176mm", "letter": "8.5in 11in", "digest": "5.5in 8.5in", "trade": "6in 9in",
}  # fmt: skip
LENGTH = r"(\d+(?:\.\d+)?)(in|mm|cm|pt)"
SIDES = frozenset({"inside", "outside", "top", "bottom"})
CONFORMANCE = re.compile(r"WCAG 2\.[012] Level A{1,3}")
SWITCH = frozenset({"true", "false", "1", "0"})
CHECKS = frozenset({"near", "strict"})
PULL_QUOTE_OUTPUTS = frozenset({"html", "pdf", "epub"})


@dataclass(frozen=True)
class ConfigValue:
    """An option of ``conf.py``; `rebuild` is that of Sphinx's ``add_config_value``."""

    name: str
    default: Any
    types: frozenset[type]
    rebuild: Literal["", "env", "epub", "gettext", "html"]
    validate: Callable[[Any], bool]
    help: str


def _is_page_size(value: Any) -> bool:  # noqa: ANN401 (any value of conf.py)
    named = str(value).lower() in PAGE_SIZES
    return named or bool(re.fullmatch(rf"{LENGTH} {LENGTH}", str(value)))


def _are_margins(value: Any) -> bool:  # noqa: ANN401
    return value is None or (
        isinstance(value, dict)
        and set(value) <= SIDES
        and all(re.fullmatch(LENGTH, str(length)) for length in value.values())
    )


def _is_feed(value: Any) -> bool:  # noqa: ANN401
    path = PurePosixPath(value)
    is_inside = not path.is_absolute() and ".." not in path.parts and "\\" not in value
    return value == "" or (is_inside and path.suffix in {".xml", ".atom"})


def _are_names(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _are_fonts(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, dict) and all(
        use in {"text", "display", "mono", "maths"}
        and (isinstance(names, str) or _are_names(names))
        for use, names in value.items()
    )


def _are_standards(value: Any) -> bool:  # noqa: ANN401
    names = [value] if isinstance(value, str) else value
    return value is None or (_are_names(names) and set(names) <= PDF_STANDARDS)


# The keys of ``essays_pdf``: default, validator, and a description of valid values.
PDF: dict[str, tuple[Any, Callable[[Any], bool], str]] = {
    "paper": (
        "6in 9in", _is_page_size,
        f"a width and a height ('6in 9in', '148mm 210mm'), or {', '.join(sorted(PAGE_SIZES))}",
    ),
    "margins": (
        None, _are_margins,
        "None, or a dictionary with lengths for any of 'inside', 'outside', 'top', 'bottom'",
    ),
    "fonts": (
        {}, _are_fonts,
        "a dictionary: a font name or a list of them for 'text', 'display', 'mono', 'maths'",
    ),
    "font_paths": ([], _are_names, "a list of folders with font files, relative to conf.py"),
    "index": (True, lambda value: isinstance(value, bool), "True or False"),
    "opening": ("smallcaps", OPENINGS.__contains__, f"one of {', '.join(OPENINGS)}"),
    "template": (
        None, lambda value: value is None or str(value).endswith(".typ"),
        "None, or the path of a Typst file, relative to conf.py",
    ),
    "standard": (
        None, _are_standards,
        f"None, or one or more of {', '.join(sorted(PDF_STANDARDS))}",
    ),
}  # fmt: skip


# The keys of ``essays_epub``, in the same form.
EPUB: dict[str, tuple[Any, Callable[[Any], bool], str]] = {
    "conforms_to": (
        None, lambda value: value is None or bool(CONFORMANCE.fullmatch(str(value))),
        "None, or the accessibility standard that the book meets ('WCAG 2.2 Level AA')",
    ),
}  # fmt: skip


def _are_outputs(value: Any) -> bool:  # noqa: ANN401 (any value of conf.py)
    return set(value) <= PULL_QUOTE_OUTPUTS


OPTIONS = (
    ConfigValue(
        "essays_pull_quotes",
        ("html", "pdf"),
        frozenset({list, tuple, set, frozenset}),
        "env",
        _are_outputs,
        "The outputs that show pull-quotes which repeat the text of the essay: "
        "any of 'html', 'pdf', 'epub'.",
    ),
    ConfigValue(
        "essays_pull_quotes_check",
        "near",
        frozenset({str}),
        "env",
        lambda value: value in CHECKS,
        "'near' warns of pull-quotes that differ slightly from the text of the essay; "
        "'strict' also warns of pull-quotes that do not occur in it.",
    ),
    ConfigValue(
        "essays_indices",
        INDICES,
        frozenset({list, tuple}),
        "html",
        lambda value: set(value) <= set(INDICES),
        "The indexes to generate, in order: any of 'date', 'tag', 'author' and 'update' (a "
        "list of updates). Each is generated if at least two essays have the field.",
    ),
    ConfigValue(
        "essays_license",
        "",
        frozenset({str}),
        "html",
        lambda value: "\n" not in value,
        "The licence of the book: a sentence, or a Creative Commons or SPDX identifier such as "
        "'CC-BY-4.0', which becomes a link.",
    ),
    ConfigValue(
        "essays_feed",
        "atom.xml",
        frozenset({str}),
        "html",
        _is_feed,
        "The path of the Atom feed of the newest essays in the output, such as 'atom.xml' or "
        "'blog/atom.xml'; '' disables the feed.",
    ),
    ConfigValue(
        "essays_pdf",
        {},
        frozenset({dict}),
        "",
        lambda _value: True,
        "Options for the PDF: a dictionary with any of "
        + "; ".join(f"{name!r}, {may_be}" for name, (_default, _check, may_be) in PDF.items())
        + ".",
    ),
    ConfigValue(
        "essays_epub",
        {},
        frozenset({dict}),
        "",
        lambda _value: True,
        "Options for the e-book: a dictionary with any of "
        + "; ".join(f"{name!r}, {may_be}" for name, (_default, _check, may_be) in EPUB.items())
        + ".",
    ),
    ConfigValue(
        "essays_drafts",
        False,
        frozenset({bool, int, str}),
        "env",
        lambda value: str(value).lower() in SWITCH,
        "True includes drafts and essays with a future date; False excludes them.",
    ),
)

# Defaults for options of Sphinx that ``conf.py`` does not set.
DEFAULTS: dict[str, Callable[[Config], Any]] = {
    "html_theme": lambda _config: THEME,
    "html_title": lambda config: config.project,
    # The sources contain the author's comments and the names of drafts.
    "html_copy_source": lambda _config: False,
    "html_show_sourcelink": lambda _config: False,
    # No space between a word and its footnote mark.
    "trim_footnote_reference_space": lambda _config: True,
}


def setup(app: Sphinx) -> None:
    """Register the options, and the functions that check and complete them."""
    for option in OPTIONS:
        app.add_config_value(
            option.name, option.default, option.rebuild, option.types, option.help
        )
    app.connect("config-inited", check)
    app.connect("config-inited", set_defaults)
    app.connect("config-inited", check_theme)
    app.connect("config-inited", complete_settings)


def check(_app: Sphinx, config: Config) -> None:
    """Check the values of the options.

    :raises ConfigError: with the option, its value and its help.
    """
    for option in OPTIONS:
        value = getattr(config, option.name)
        if not option.validate(value):
            raise ConfigError(f"{option.name} = {value!r} is invalid. {option.help}")


def complete_settings(_app: Sphinx, config: Config) -> None:
    """Add the default of each missing key to ``essays_pdf`` and ``essays_epub``.

    :raises ConfigError: if a key is unknown or a value is invalid.
    """
    for option, known in (("essays_pdf", PDF), ("essays_epub", EPUB)):
        given = getattr(config, option)
        for name, value in given.items():
            if name not in known:
                raise ConfigError(messages.unknown_setting(option, name, known))
            if not known[name][1](value):
                raise ConfigError(messages.bad_setting(option, name, value, known[name][2]))
        complete = {name: default for name, (default, *_) in known.items()} | given
        setattr(config, option, complete)


def check_theme(app: Sphinx, config: Config) -> None:
    """Warn of theme options with an invalid value, and ignore them."""
    given = config.html_theme_options
    for name, value in list(given.items()) if config.html_theme == THEME else ():
        option = THEME_OPTIONS.get(name)
        if option and not option[0].fullmatch(str(value)):
            message = messages.bad_theme_option(name, value, option[1])
            messages.warn("theme", message, _location_in_conf(app, name))
            del given[name]


def _location_in_conf(app: Sphinx, name: str) -> str:
    """Return the file and line of ``conf.py`` that names an option, or its first line."""
    path = Path(app.confdir, "conf.py")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return f"{path}:{next((n for n, line in enumerate(lines, 1) if name in line), 1)}"


def set_defaults(app: Sphinx, config: Config) -> None:
    """Set the defaults of options that neither ``conf.py`` nor ``-D`` sets."""
    for name, default in DEFAULTS.items():
        if not is_set(config, name):
            setattr(config, name, default(config))
    config.exclude_patterns = [*config.exclude_patterns, *_output_inside(app)]


def is_set(config: Config, name: str) -> bool:
    """Return whether ``conf.py`` or ``-D`` sets an option."""
    return is_set_in_conf_py(config, name) or name in config.overrides


def _output_inside(app: Sphinx) -> list[str]:
    """Return patterns that exclude ``_build`` and other output folders in the sources."""
    patterns = [BUILD_DIRECTORY]
    for folder in (app.outdir, app.doctreedir):
        path = Path(folder)
        if path != Path(app.srcdir) and path.is_relative_to(app.srcdir):
            inside = path.relative_to(app.srcdir).as_posix()
            if inside.split("/")[0] != BUILD_DIRECTORY:
                patterns.append(inside)
    return patterns
