"""Words as Markdown: what would be markup there is escaped."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!<>|~%&=:^$-])")


def bare(text: str) -> str:
    """Words alone, all markup escaped."""
    lines = (escape(line.strip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def escape(text: str) -> str:
    """Escape everything that could be markup."""
    return SPECIAL.sub(r"\\\1", text)


def title(text: str) -> str:
    """A title as Markdown: only what would be markup in the running text is escaped."""
    text = re.sub(r"([\\`*_\[\]<>{}])", r"\\\1", " ".join(text.split()))
    return re.sub(r"(#+)$", r"\\\1", text.replace("&", "&amp;"))
