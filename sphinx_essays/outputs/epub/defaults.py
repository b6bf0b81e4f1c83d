"""Set defaults for the EPUB options: project and author are enough for a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from sphinx.builders.epub3 import validate_config_values

from sphinx_essays.book.byline import NO_AUTHOR
from sphinx_essays.config import EPUB_THEME, is_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config


def identifier(config: Config) -> str:
    """Return a UUID made of the book's base URL or, without a base URL, of title and author.

    RFC 9562, version 5: the identifier is the same in every build.
    """
    name = config.html_baseurl or f"{config.project}\n{config.author}"
    return uuid5(NAMESPACE_URL, str(name)).urn


DEFAULTS: dict[str, Callable[[Config], Any]] = {
    "epub_theme": lambda _config: EPUB_THEME,
    "epub_basename": lambda _config: "book",  # the same name as the PDF
    "epub_identifier": identifier,
    "epub_uid": lambda _config: "book",
    "epub_author": lambda config: "" if config.author == NO_AUTHOR else config.author,
    # In an e-reader, links can be tapped.
    "epub_show_urls": lambda _config: "no",
}


def set_defaults(_app: Sphinx, config: Config) -> None:
    """Set the options that are set neither in ``conf.py`` nor with ``-D``."""
    for name, default in DEFAULTS.items():
        if not is_set(config, name):
            setattr(config, name, default(config))


def disable_sphinx_checks(app: Sphinx, _config: Config) -> None:
    """Disable Sphinx's warnings about empty options such as ``version``.

    EPUB 3.3, section 5.5.3, requires only title, language and identifier, which have defaults.
    """
    for listener in app.events.listeners["builder-inited"][:]:
        if listener.handler is validate_config_values:
            app.disconnect(listener.id)
