"""The licence of the book: its name and its URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CREATIVE_COMMONS = re.compile(r"CC[ -](?P<terms>BY(?:-NC)?(?:-SA|-ND)?)[ -](?P<version>\d\.\d)")
PUBLIC_DOMAIN = re.compile(r"CC0(?:[ -]1\.0)?")


def license_for(text: str) -> dict[str, str]:
    """Return the name of a licence and its URL, "" unless Creative Commons or SPDX has one.

    >>> license_for("CC-BY-SA-4.0")
    {'name': 'CC BY-SA 4.0', 'link': 'https://creativecommons.org/licenses/by-sa/4.0/'}
    """
    if match := CREATIVE_COMMONS.fullmatch(text):
        terms, version = match["terms"], match["version"]
        url = f"https://creativecommons.org/licenses/{terms.lower()}/{version}/"
        return {"name": f"CC {terms} {version}", "link": url}
    if PUBLIC_DOMAIN.fullmatch(text):
        url = "https://creativecommons.org/publicdomain/zero/1.0/"
        return {"name": "CC0 1.0", "link": url}
    return {"name": text, "link": _spdx_url(text)}


def _spdx_url(text: str) -> str:
    """Return the page of an SPDX identifier; "" for any other text.

    An expression of several identifiers has no page, nor has a ``LicenseRef-…``.
    """
    try:
        identifier = canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return ""
    if " " in identifier or identifier.startswith(("(", "LicenseRef-")):
        return ""
    return f"https://spdx.org/licenses/{identifier.removesuffix('+')}.html"


def book_license(app: Sphinx) -> dict[str, str] | None:
    """Return what :func:`license_for` returns for ``essays_license``, if it is set."""
    text = str(app.config.essays_license).strip()
    return license_for(text) if text else None
