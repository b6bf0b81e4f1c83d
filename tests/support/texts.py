"""The words of an output, whatever its markup, and runs of words to search for."""

from __future__ import annotations

import html
import json
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORD = re.compile(r"[^\W_]+")


def from_html(text: str) -> str:
    text = re.sub(r"<(head|script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return html.unescape(re.sub(r"<(?:/?(?:b|i|em|span|a|strong)\b)[^>]*>", "", text))


def from_latex(text: str) -> str:
    text = text.replace(r"\sphinxhyphen{}", "-")
    text = re.sub(r"\\(?:label|detokenize|hyperref|ref|nameref)\b", " ", text)
    return re.sub(r"\\[A-Za-z]+\*?", "", text)


def from_man(text: str) -> str:
    text = re.sub(r"\\f[BIRP]|\\&|\\\|", "", text)
    return re.sub(r"(?m)^\.\w+", "", text).replace(r"\-", "-")


def from_texinfo(text: str) -> str:
    return re.sub(r"@(?:emph|strong|code|pxref|ref)?\{?|\}", "", text)


def text_of(out: Path, builder: str) -> str:  # noqa: PLR0911 (one line an output)
    """All text of an output, clothes off."""

    def every(pattern: str) -> str:
        return "\n".join(
            path.read_text(encoding="utf-8") for path in sorted(out.rglob(pattern))
        )

    match builder:
        case "html" | "dirhtml" | "singlehtml":
            return re.sub(r"<[^>]*>", " ", from_html(every("*.html")))
        case "epub":
            with zipfile.ZipFile(next(iter(out.glob("*.epub")))) as book:
                names = [name for name in book.namelist() if name.endswith(".xhtml")]
                pages = [book.read(name).decode() for name in names]
            return re.sub(r"<[^>]*>", " ", from_html("\n".join(pages)))
        case "latex":
            return from_latex(every("*.tex"))
        case "man":
            return from_man(every("*.1"))
        case "texinfo":
            return from_texinfo(every("*.texi"))
        case "xml":
            files = sorted(out.rglob("*.xml"))
            roots = [ET.parse(path).getroot() for path in files]  # noqa: S314 (our own)
            return "\n".join("".join(root.itertext()) for root in roots)
        case "json":
            pages = [json.loads(path.read_text()) for path in out.rglob("*.fjson")]
            bodies = [page["body"] for page in pages if "body" in page]
            return re.sub(r"<[^>]*>", " ", from_html("\n".join(bodies)))
        case "gettext":
            return every("*.pot").replace('"\n"', "").replace('\\"', '"')
        case _:
            return every("*.txt") + re.sub(r"<[^>]*>", " ", every("*.pseudoxml"))


@pytest.fixture
def read_output() -> Callable[[Path, str], str]:
    """The text of an output, whatever its clothes."""
    return text_of


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Five words in a row, from each word on."""
    words = WORD.findall(text.casefold())
    return {tuple(words[index : index + 5]) for index in range(len(words) - 4)}


def plain_runs_of(source: str) -> set[tuple[str, ...]]:
    """The runs of the paragraphs that have no notes, links or directives in them."""
    paragraphs = re.split(r"\n\s*\n", source)
    plain = [
        one for one in paragraphs if re.match(r"\w|“", one) and not re.search(r"[_`]", one)
    ]
    return set().union(*map(runs_of, plain))


@pytest.fixture(scope="session")
def runs() -> Callable[[str], set[tuple[str, ...]]]:
    """Five words in a row, from each word of a text on."""
    return runs_of


@pytest.fixture(scope="session")
def plain_runs() -> Callable[[str], set[tuple[str, ...]]]:
    """The same of an essay's paragraphs that are nothing but words."""
    return plain_runs_of
