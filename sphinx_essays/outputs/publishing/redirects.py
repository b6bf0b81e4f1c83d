"""Write redirect pages for the old URLs of essays (``:aliases:``), without scripts."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from sphinx.util.osutil import relative_uri

from sphinx_essays import messages
from sphinx_essays.book import metadata, output_cleanup, pages
from sphinx_essays.config import STANDALONE
from sphinx_essays.outputs import urls

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_essays.book.domain import Page

PAGE = re.compile(r"\.html?$", re.IGNORECASE)
TEMPLATE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
  <meta charset="utf-8">
  <title>{title}</title>
  <meta name="robots" content="noindex">
  <meta http-equiv="refresh" content="0; url={target}">{canonical}
</head>
<body>
  <p><a href="{target}">{title}</a></p>
</body>
</html>
"""


def setup(app: Sphinx) -> None:
    app.connect("build-finished", publish)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write a redirect page for each alias; warn if an alias is invalid or taken."""
    if exception is not None or app.builder.name not in STANDALONE:
        return
    known = pages.essay_domain(app.env).pages
    aliases = [
        (known[name], alias) for name in sorted(known) for alias in known[name].metadata.aliases
    ]
    taken = _taken(app) if aliases else {}
    for page, alias in aliases:
        path = output_path(alias)
        if not path:
            _warn_alias(app, page, messages.impossible_alias(alias))
        elif other := taken.get(path.casefold()):
            _warn_alias(app, page, messages.taken_alias(alias, other))
        else:
            taken[path.casefold()] = page.docname
            pages.publish(app, path, _leading(app, page, path))


def output_path(alias: str) -> str:
    """Return the path of the file that a server sends for a URL; "" if there can be none.

    >>> output_path("/2010/10/07/spin/"), output_path("old.html"), output_path("/?p=12")
    ('2010/10/07/spin/index.html', 'old.html', '')
    """
    parts = urlsplit(alias)
    path = PurePosixPath(unquote(parts.path).lstrip("/"))
    if parts.query or ".." in path.parts or "\\" in alias or not path.parts:
        return ""
    if any(re.search(r'[\x00-\x1f<>:"|?*]', part) for part in path.parts):
        return ""  # Windows allows none of these in a file name
    return str(path if PAGE.search(path.name) else path / "index.html")


def _taken(app: Sphinx) -> dict[str, str]:
    """Return the name of each page by its path in lower case.

    Some file systems do not distinguish capital letters.
    """
    taken = {}
    outdir = Path(app.outdir)
    for name in app.env.all_docs:
        if written := pages.written_file(app, name):
            taken[written.relative_to(outdir).as_posix().casefold()] = name
    own = output_cleanup.known_files(app)  # files of an earlier build, which may be replaced
    for path in outdir.rglob("*.html"):
        name = path.relative_to(outdir).as_posix()
        if name not in own:
            taken.setdefault(name.casefold(), name)
    return taken


def _leading(app: Sphinx, page: Page, path: str) -> str:
    target = app.builder.get_target_uri(page.docname) or "./"
    address = escape(urls.of_page(app, page.docname))
    canonical = f'\n  <link rel="canonical" href="{address}">' if address else ""
    return TEMPLATE.format(
        language=escape(app.config.language.replace("_", "-")),
        title=escape(page.title),
        target=escape(relative_uri(quote(path), target)),
        canonical=canonical,
    )


def _warn_alias(app: Sphinx, page: Page, message: str) -> None:
    source = str(app.env.doc2path(page.docname))
    messages.warn("alias", message, metadata.location(source, "aliases"))
