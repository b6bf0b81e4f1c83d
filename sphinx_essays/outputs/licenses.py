"""The licence of the book: its name, and where it can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CREATIVE_COMMONS = re.compile(r"CC[ -](?P<terms>BY(?:-NC)?(?:-SA|-ND)?)[ -](?P<version>\d\.\d)")
PUBLIC_DOMAIN = re.compile(r"CC0(?:[ -]1\.0)?")
# SPDX identifiers have a version or a hyphen; a sentence has neither alone.
SPDX = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.+-][A-Za-z0-9.+]+)+")


def license_for(text: str) -> dict[str, str]:
    """A licence's name and, where it is one of Creative Commons' or SPDX', its address.

    >>> license_of("CC-BY-SA-4.0")
    {'name': 'CC BY-SA 4.0', 'link': 'https://creativecommons.org/licenses/by-sa/4.0/'}
    """
    if match := CREATIVE_COMMONS.fullmatch(text):
        terms, version = match["terms"], match["version"]
        address = f"https://creativecommons.org/licenses/{terms.lower()}/{version}/"
        return {"name": f"CC {terms} {version}", "link": address}
    if PUBLIC_DOMAIN.fullmatch(text):
        address = "https://creativecommons.org/publicdomain/zero/1.0/"
        return {"name": "CC0 1.0", "link": address}
    link = f"https://spdx.org/licenses/{text}.html" if SPDX.fullmatch(text) else ""
    return {"name": text, "link": link}


def book_license(app: Sphinx) -> dict[str, str] | None:
    """The licence of the book, where ``essays_license`` names one."""
    text = str(app.config.essays_license).strip()
    return license_for(text) if text else None
