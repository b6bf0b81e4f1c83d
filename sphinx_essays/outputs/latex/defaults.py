"""What LaTeX is told where the author has told it nothing.

An option of ``conf.py`` is set only where the author set none, and of
``latex_elements`` each key by itself. What a key of the author's replaces, our
style leaves alone.
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
from sphinx_essays.outputs.typst.settings import page_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config

UNICODE_ENGINES = frozenset({"xelatex", "lualatex"})
PACKAGE = "sphinxessays"
# The sides of ``essays_pdf``, as geometry.sty calls them.
SIDES = {"inside": "inner", "outside": "outer", "top": "top", "bottom": "bottom"}
# A letter that the face of a book has to have, by its language.
LETTERS = {
    **dict.fromkeys(("be", "bg", "kk", "mk", "mn", "ru", "sr", "uk"), "0416"),
    **dict.fromkeys(("ar", "fa", "ur"), "0627"),
    "el": "1F00",  # half of Greek is in many a Latin face
    "he": "05D0",
}

# Option of our style, and the keys of latex_elements that take its place.
REPLACED_BY = {
    "fonts": ("fontpkg",),
    "page": ("papersize", "geometry"),
    "code": ("fvset",),
    "setup": ("sphinxsetup",),
    "heads": ("fncychap",),
}


def set_defaults(app: Sphinx, config: Config) -> None:
    """Set what the author left open, and load our style with what it has to know."""
    texescape.init()  # the builder would do so later
    given = dict(config.latex_elements)
    for name, default in DEFAULTS.items():
        if not is_set(config, name):
            setattr(config, name, default(config))
    app.add_latex_package(PACKAGE, ",".join(_options(config, given)))
    config.latex_elements = {**_elements(config), **given}


def _engine(config: Config) -> str:
    """XeLaTeX: pdfLaTeX gives no book at all over one Cyrillic name.

    Japanese keeps what Sphinx gives it, which has line-breaking of its own.
    """
    return str(config.latex_engine) if config.language == "ja" else "xelatex"


def _docclass(config: Config) -> dict[str, str]:
    """A class for books, unless the language has one of its own."""
    return {"manual": "book", **config.latex_docclass}


def _documents(config: Config) -> list[tuple[str, ...]]:
    """One book, under the title of its cover; no author rather than Sphinx's stand-in."""
    (root, target, _project, author, theme), *_ = default_latex_documents(config)
    return [(root, target, "", "" if config.author == NO_AUTHOR else author, theme)]


def _use_xindy(config: Config) -> bool:
    """It sorts every script; Sphinx takes it for granted, and there is no PDF without it."""
    return config.latex_engine in UNICODE_ENGINES and shutil.which("xindy") is not None


DEFAULTS: dict[str, Callable[[Config], Any]] = {
    "latex_engine": _engine,
    "latex_docclass": _docclass,
    "latex_documents": _documents,
    "latex_use_xindy": _use_xindy,
    "latex_table_style": lambda _config: ["booktabs"],
}


def _elements(config: Config) -> dict[str, str]:
    """The words of Sphinx's template: commands of our style."""
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
    """What our style may do, and what it has to know."""
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
    """The paper and margins of ``essays_pdf``, as the style takes them."""
    width, height = page_size(config.essays_pdf["paper"])
    margins = (config.essays_pdf["margins"] or {}).items()
    sides = [f"{SIDES[side]}={size}" for side, size in margins]
    return [f"width={width:g}in", f"height={height:g}in", *sides]


def _title_pages(config: Config) -> str:
    """Half-title, title page and colophon: copyright, licence, its address."""
    text = str(config.essays_license).strip()
    known = license_for(text) if text else {"name": "", "link": ""}
    copied = str(config.copyright)
    words = [_escaped(config, words) for words in (_copyright(copied), known["name"])]
    return r"\essaytitlepages" + "".join(f"{{{word}}}" for word in (*words, known["link"]))


def _copyright(text: str) -> str:
    """The sign before it, unless the author wrote a sign or the word."""
    is_said = not text or re.match(r"©|\(c\)|copyright", text, re.IGNORECASE)
    return text if is_said else f"© {text}"


def _escaped(config: Config, words: str) -> str:
    return texescape.escape(words, config.latex_engine)
