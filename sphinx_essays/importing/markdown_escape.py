"""Escape text, so that Markdown reads it as plain text."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!<>|~%&=:^$-])")


def bare(text: str) -> str:
    """Escape a text of several paragraphs; every line stays a line."""
    lines = (escape(line.strip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def escape(text: str) -> str:
    """Escape every character that could be markup."""
    return SPECIAL.sub(r"\\\1", text)


def title(text: str) -> str:
    """Return a title as Markdown: a single line with its inline markup escaped."""
    text = re.sub(r"([\\`*_\[\]<>{}])", r"\\\1", " ".join(text.split()))
    return re.sub(r"(#+)$", r"\\\1", text.replace("&", "&amp;"))
