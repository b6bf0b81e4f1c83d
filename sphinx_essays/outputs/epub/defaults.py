"""What an e-book wants where the author has set nothing: project and author are enough."""

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
    """A UUID that stays the book's own: of its address, else of its title and author.

    RFC 9562, version 5: the same words give the same identifier in every build.
    """
    name = config.html_baseurl or f"{config.project}\n{config.author}"
    return uuid5(NAMESPACE_URL, str(name)).urn


DEFAULTS: dict[str, Callable[[Config], Any]] = {
    "epub_theme": lambda _config: EPUB_THEME,
    "epub_basename": lambda _config: "book",  # as the printed one is called
    "epub_identifier": identifier,
    "epub_uid": lambda _config: "book",
    "epub_author": lambda config: "" if config.author == NO_AUTHOR else config.author,
    # An e-reader has its links under the finger.
    "epub_show_urls": lambda _config: "no",
}


def set_defaults(_app: Sphinx, config: Config) -> None:
    """Set what the author left open; whatever ``conf.py`` or ``-D`` says stays."""
    for name, default in DEFAULTS.items():
        if not is_set(config, name):
            setattr(config, name, default(config))


def disable_sphinx_checks(app: Sphinx, _config: Config) -> None:
    """Ask for no more than a book must have.

    Sphinx warns of every field that is empty, ``version`` for one; none but the title and
    the language is required (EPUB 3.3, section 5.5.3), and those are never empty.
    """
    for listener in app.events.listeners["builder-inited"][:]:
        if listener.handler is validate_config_values:
            app.disconnect(listener.id)
