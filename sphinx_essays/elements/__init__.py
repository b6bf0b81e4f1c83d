"""What a writer can say: one module an element, and their registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import languages

from sphinx_essays.elements import (
    base,
    fields,
    lines,
    lists,
    overheard,
    pictures,
    post,
    pull_quote,
    standfirst,
    update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docutils.nodes import Element, Node
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_essays.elements.base import EssayDirective


@dataclass(frozen=True)
class Kind:
    """An element: how it is typed, what it becomes, and how it is said plainly.

    `complete` adds the words we say (labels, dates in words) just before a page
    is written, behind every translation; `plain` maps the element's nodes to
    functions that say them in docutils' own; `record` is what the book keeps.
    """

    node: type[Element]
    directives: Mapping[str, type[EssayDirective]]
    record: Callable[[Any, str], Any]
    plain: Mapping[type[Element], Callable[[Any], list[Node]]]
    complete: Callable[[Any, str], None] | None = None
    removed_before_writing: tuple[type[Element], ...] = field(default=())


ELEMENTS: tuple[Kind, ...] = (
    Kind(
        node=pull_quote.essay_pull_quote,
        directives={"pull-quote": pull_quote.PullQuote},
        record=pull_quote.record,
        plain={pull_quote.essay_pull_quote: pull_quote.plain},
        removed_before_writing=(pull_quote.essay_lifted,),
    ),
    Kind(
        node=update.essay_update,
        directives={"update": update.Update, "correction": update.Update},
        record=update.record,
        plain={update.essay_update: update.plain, update.essay_was: update.plain_was},
        complete=update.complete,
    ),
    Kind(
        node=overheard.essay_overheard,
        directives={"overheard": overheard.Overheard, "dialogue": overheard.Overheard},
        record=overheard.record,
        plain={
            overheard.essay_overheard: overheard.plain,
            overheard.essay_setting: overheard.plain_setting,
            overheard.essay_speaker: overheard.plain_speaker,
            overheard.essay_direction: overheard.plain_direction,
        },
        complete=overheard.complete,
        removed_before_writing=(overheard.essay_speech, overheard.essay_manner),
    ),
)

SHARED_PLAIN: Mapping[type[Element], Callable[[Any], list[Node]]] = {
    base.essay_label: base.plain_label,
    base.essay_time: base.plain_time,
    standfirst.essay_standfirst: standfirst.plain,
}
# Said by another node of their element once a page is written.
MOVED = (base.essay_by, base.essay_place)
TRANSFORMS = (
    pull_quote.LiftedQuotes,
    fields.Sentences,
    lines.Lines,
    overheard.StageDirections,
    pictures.LonePictures,
    standfirst.Standfirst,
)


def setup(app: Sphinx) -> None:
    """Register directives and transforms.

    Late and with ``override``: Sphinx says that a directive "will not be
    overridden" while the last one loaded wins, and under ``-W`` that is fatal.
    """
    app.connect("config-inited", _add_directives)
    for transform in TRANSFORMS:
        app.add_transform(transform)


def _add_directives(app: Sphinx, config: Config) -> None:
    own_names = _localised_names(config.language)
    for kind in ELEMENTS:
        for name, directive in kind.directives.items():
            for one in (name, *own_names.get(name, ())):
                app.add_directive(one, directive, override=True)
    for name, directive in lists.DIRECTIVES.items():
        app.add_directive(name, directive, override=True)
    if "ablog" not in app.extensions:
        app.add_directive("post", post.Post, override=True)
    app.add_role("pull-quote", pull_quote.LiftedWords(), override=True)


def _localised_names(language: str) -> dict[str, list[str]]:
    """The names docutils has for its directives in the book's language (``accroche``)."""
    code = language.replace("_", "-").lower()
    module = languages.get_language(code) or languages.get_language(code.split("-")[0])
    names: dict[str, list[str]] = {}
    for localised, name in getattr(module, "directives", {}).items():
        names.setdefault(name, []).append(localised)
    return names
