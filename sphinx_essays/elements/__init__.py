"""The elements a writer can use, one module each, and their registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import languages

from sphinx_essays.elements import (
    base,
    block_images,
    classifier_line_fix,
    fields,
    lists,
    overheard,
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
class ElementType:
    """An element: its node, its directives, its record and its fallback rendering.

    `to_docutils` maps each of the element's nodes to a function that returns standard
    docutils nodes, for builders without a visitor for it. `record` makes the record
    that the domain stores. `add_labels` adds generated text (labels, dates) after all
    translation, just before a page is written.
    """

    node: type[Element]
    directives: Mapping[str, type[EssayDirective]]
    record: Callable[[Any, str], Any]
    to_docutils: Mapping[type[Element], Callable[[Any], list[Node]]]
    add_labels: Callable[[Any, str], None] | None = None
    removed_before_writing: tuple[type[Element], ...] = field(default=())


ELEMENTS: tuple[ElementType, ...] = (
    ElementType(
        node=pull_quote.essay_pull_quote,
        directives={"pull-quote": pull_quote.PullQuote},
        record=pull_quote.record,
        to_docutils={pull_quote.essay_pull_quote: pull_quote.to_docutils},
        removed_before_writing=(pull_quote.essay_inline_pull_quote,),
    ),
    ElementType(
        node=update.essay_update,
        directives={"update": update.Update, "correction": update.Update},
        record=update.record,
        to_docutils={
            update.essay_update: update.to_docutils,
            update.essay_former_text: update.former_text_to_docutils,
        },
        add_labels=update.add_labels,
    ),
    ElementType(
        node=overheard.essay_overheard,
        directives={"overheard": overheard.Overheard, "dialogue": overheard.Overheard},
        record=overheard.record,
        to_docutils={
            overheard.essay_overheard: overheard.to_docutils,
            overheard.essay_setting: overheard.setting_to_docutils,
            overheard.essay_speaker: overheard.speaker_to_docutils,
            overheard.essay_direction: overheard.direction_to_docutils,
        },
        add_labels=overheard.add_labels,
        removed_before_writing=(overheard.essay_speech, overheard.essay_parenthetical),
    ),
)

SHARED_TO_DOCUTILS: Mapping[type[Element], Callable[[Any], list[Node]]] = {
    base.essay_label: base.label_to_docutils,
    base.essay_time: base.time_to_docutils,
    standfirst.essay_standfirst: standfirst.to_docutils,
}
# Another node of the same element renders their text when a page is written.
MERGED_NODES = (base.essay_contributor, base.essay_place)
TRANSFORMS = (
    pull_quote.InlinePullQuotes,
    fields.SingleLineFields,
    classifier_line_fix.ClassifierLineFix,
    overheard.StageDirections,
    block_images.BlockImages,
    standfirst.Standfirst,
)


def setup(app: Sphinx) -> None:
    """Register directives and transforms.

    Directives are added at ``config-inited`` and with ``override``: otherwise Sphinx
    warns about a directive that is already registered, and ``-W`` makes that an error.
    """
    app.connect("config-inited", _add_directives)
    for transform in TRANSFORMS:
        app.add_transform(transform)


def _add_directives(app: Sphinx, config: Config) -> None:
    own_names = _localised_names(config.language)
    for kind in ELEMENTS:
        for name, directive in kind.directives.items():
            for alias in (name, *own_names.get(name, ())):
                app.add_directive(alias, directive, override=True)
    for name, directive in lists.DIRECTIVES.items():
        app.add_directive(name, directive, override=True)
    if "ablog" not in app.extensions:
        app.add_directive("post", post.Post, override=True)
    app.add_role("pull-quote", pull_quote.PullQuoteRole(), override=True)


def _localised_names(language: str) -> dict[str, list[str]]:
    """Return docutils' localised names of each directive (``accroche`` in French)."""
    code = language.replace("_", "-").lower()
    module = languages.get_language(code) or languages.get_language(code.split("-")[0])
    names: dict[str, list[str]] = {}
    for localised, name in getattr(module, "directives", {}).items():
        names.setdefault(name, []).append(localised)
    return names
