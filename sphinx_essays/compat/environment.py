"""Sphinx's environment, configuration and command line, where they have no public interface.

https://github.com/sphinx-doc/sphinx/tree/master/sphinx
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.builders import _epub_base
from sphinx.cmd import build as command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

# The media types of images that Sphinx allows in an EPUB (sphinx/builders/_epub_base.py).
EPUB_MEDIA_TYPES: dict[str, str] = _epub_base.MEDIA_TYPES


def is_set_in_conf_py(config: Config, name: str) -> bool:
    """Return whether ``conf.py`` itself sets a value (sphinx/config.py, ``Config``).

    ``Config`` has a public way to read a value, but none to ask whether it is the default.
    """
    return name in config._raw_config


def forget_document(env: BuildEnvironment, docname: str) -> None:
    """Remove a document from the maps of names and paths (sphinx/project.py, ``Project``).

    Both are stored with the environment; ``Project.discover()`` fills them again.
    """
    path: Any = env.project._docname_to_path.pop(docname, None)
    env.project._path_to_docname.pop(path, None)


def cached_doctrees(env: BuildEnvironment) -> dict[str, bytes]:
    """Return the pickled doctrees that a process has read (sphinx/environment/__init__.py).

    ``BuildEnvironment.get_doctree()`` prefers them to the files. A release of Sphinx
    without this cache gets an empty dictionary that is not used.
    """
    cache: dict[str, bytes] = vars(env).get("_pickled_doctree_cache", {})
    return cache


def clear_doctree_caches(env: BuildEnvironment) -> None:
    """Drop the doctrees that a process keeps in memory; each is read from its file again.

    ``_write_doc_doctree_cache`` has those that a serial build has read and not yet
    written (sphinx/environment/__init__.py).
    """
    cached_doctrees(env).clear()
    vars(env).get("_write_doc_doctree_cache", {}).clear()


def parse_overrides(parser: ArgumentParser, arguments: Namespace) -> dict[str, Any]:
    """Return the values of ``-D``, ``-A`` and ``-n`` (sphinx/cmd/build.py)."""
    overrides: dict[str, Any] = command._parse_confoverrides(
        parser, arguments.define, arguments.htmldefine, arguments.nitpicky
    )
    return overrides
