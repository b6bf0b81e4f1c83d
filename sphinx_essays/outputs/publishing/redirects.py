"""Old addresses of an essay: each is a small page that leads to it, without any script."""

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
    """Write them behind the last page."""
    app.connect("build-finished", publish)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write a page for each old address; tell of those that cannot be one."""
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
    """The file a server looks for at an old address; nothing where there can be none.

    >>> file_of("/2010/10/07/spin/"), file_of("old.html"), file_of("/?p=12")
    ('2010/10/07/spin/index.html', 'old.html', '')
    """
    parts = urlsplit(alias)
    path = PurePosixPath(unquote(parts.path).lstrip("/"))
    if parts.query or ".." in path.parts or "\\" in alias or not path.parts:
        return ""
    if any(re.search(r'[\x00-\x1f<>:"|?*]', part) for part in path.parts):
        return ""  # no file can have that name everywhere
    return str(path if PAGE.search(path.name) else path / "index.html")


def _taken(app: Sphinx) -> dict[str, str]:
    """Every page that stands in the output, by its file; two may differ by no capital."""
    taken = {}
    outdir = Path(app.outdir)
    for name in app.env.all_docs:
        if written := pages.written_file(app, name):
            taken[written.relative_to(outdir).as_posix().casefold()] = name
    own = output_cleanup.known_files(app)  # what is there of them and is no page will go
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
