"""Set defaults for the LaTeX options.

An option of ``conf.py`` is set only if the author has not set it. The keys of
``latex_elements`` are set individually. If the author sets a key, the style file does not do
what that key does.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from sphinx.builders.latex import default_latex_documents
from sphinx.util import texescape

from sphinx_essays import messages
from sphinx_essays.book.byline import NO_AUTHOR
from sphinx_essays.config import is_set
from sphinx_essays.outputs.licenses import license_for
from sphinx_essays.outputs.paper_sizes import page_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config

UNICODE_ENGINES = frozenset({"xelatex", "lualatex"})
PACKAGE = "sphinxessays"
# The sides in ``essays_pdf`` and their names in geometry.sty.
SIDES = {"inside": "inner", "outside": "outer", "top": "top", "bottom": "bottom"}
# By language, a letter that the font of the book must have.
LETTERS = {
    **dict.fromkeys(("be", "bg", "kk", "mk", "mn", "ru", "sr", "uk"), "0416"),
    **dict.fromkeys(("ar", "fa", "ur"), "0627"),
    "el": "1F00",  # many Latin fonts have only the other half of the Greek letters
    "he": "05D0",
}

# An option of the style file, and the keys of latex_elements that replace it.
REPLACED_BY = {
    "fonts": ("fontpkg",),
    "page": ("papersize", "geometry"),
    "code": ("fvset",),
    "setup": ("sphinxsetup",),
    "heads": ("fncychap",),
}


def set_defaults(app: Sphinx, config: Config) -> None:
    """Set the defaults, and load the style file with its options."""
    texescape.init()  # otherwise the builder does this later
    given = dict(config.latex_elements)
    for name, default in DEFAULTS.items():
        if not is_set(config, name):
            setattr(config, name, default(config))
    app.add_latex_package(PACKAGE, ",".join(_options(config, given)))
    config.latex_elements = {**_elements(config), **given}


def _engine(config: Config) -> str:
    """Return XeLaTeX: pdfLaTeX produces no PDF if there is a single Cyrillic name.

    Japanese keeps Sphinx's default engine, which has its own line breaking.
    """
    return str(config.latex_engine) if config.language == "ja" else "xelatex"


def _docclass(config: Config) -> dict[str, str]:
    """Return the document class for books, unless the language has its own class."""
    return {"manual": "book", **config.latex_docclass}


def _documents(config: Config) -> list[tuple[str, ...]]:
    """Return one document with the title of the cover, without Sphinx's placeholder author."""
    (root, target, _project, author, theme), *_ = default_latex_documents(config)
    return [(root, target, "", "" if config.author == NO_AUTHOR else author, theme)]


def _use_xindy(config: Config) -> bool:
    """Return whether xindy, which sorts all scripts and which Sphinx requires, is installed."""
    return config.latex_engine in UNICODE_ENGINES and shutil.which("xindy") is not None


DEFAULTS: dict[str, Callable[[Config], Any]] = {
    "latex_engine": _engine,
    "latex_docclass": _docclass,
    "latex_documents": _documents,
    "latex_use_xindy": _use_xindy,
    "latex_table_style": lambda _config: ["booktabs"],
}


def _elements(config: Config) -> dict[str, str]:
    """Return the keys of ``latex_elements`` that call commands of the style file."""
    elements = {
        "pointsize": "11pt",
        "fncychap": "",
        "maketitle": _title_pages(config),
        "tableofcontents": rf"\essaycontents{{{_escaped(config, messages.contents())}}}",
        "transition": "\n\n\\essaybreak\n\n",
    }
    if not config.essays_pdf["index"]:
        elements["printindex"] = ""
    if config.latex_engine in UNICODE_ENGINES:
        elements["fontpkg"] = ""
    return elements


def _options(config: Config, given: dict[str, Any]) -> list[str]:
    """Return the options of the style file."""
    free = [
        name for name, keys in REPLACED_BY.items() if not any(given.get(key) for key in keys)
    ]
    language = str(config.language).replace("_", "-")
    options = [*free, f"language={language}", f"opening={config.essays_pdf['opening']}"]
    options += _page(config)
    if letter := LETTERS.get(config.language[:2]):
        options.append(f"sample={letter}")
    return [*options, "numfig"] if config.numfig else options


def _page(config: Config) -> list[str]:
    """Return page size and margins of ``essays_pdf`` as options of the style file."""
    width, height = page_size(config.essays_pdf["paper"])
    margins = (config.essays_pdf["margins"] or {}).items()
    sides = [f"{SIDES[side]}={size}" for side, size in margins]
    return [f"width={width:g}in", f"height={height:g}in", *sides]


def _title_pages(config: Config) -> str:
    """Return the command for half-title, title page and colophon."""
    text = str(config.essays_license).strip()
    known = license_for(text) if text else {"name": "", "link": ""}
    copied = str(config.copyright)
    words = [_escaped(config, words) for words in (_copyright(copied), known["name"])]
    return r"\essaytitlepages" + "".join(f"{{{word}}}" for word in (*words, known["link"]))


def _copyright(text: str) -> str:
    """Return the copyright with its sign, unless the author wrote the sign or the word."""
    is_said = not text or re.match(r"©|\(c\)|copyright", text, re.IGNORECASE)
    return text if is_said else f"© {text}"


def _escaped(config: Config, words: str) -> str:
    return texescape.escape(words, config.latex_engine)
