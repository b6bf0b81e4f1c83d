"""The lines of a conversation, each under the name by which the style sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.elements.overheard import essay_overheard

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A paragraph's class, and the command that sets it.
COMMANDS = {
    "essay-speech": "essayspeech",
    "essay-speech-continued": "essaycontinued",
    "essay-direction": "essaystage",
    "essay-silence": "essaysilence",
    "essay-occasion": "essayoccasion",
}


class essay_line(nodes.General, nodes.TextElement):
    """A paragraph of a conversation; ``command`` is the style's word for it."""


class essay_cast(nodes.General, nodes.Element):
    """Who speaks."""


def mark_lines(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Name each line, and the list of the cast."""
    if app.builder.format != "latex":
        return
    for conversation in doctree.findall(essay_overheard):
        for child in list(conversation.children):
            if isinstance(child, nodes.paragraph):
                conversation.replace(child, _named(child))
            elif isinstance(child, nodes.definition_list) and "essay-cast" in child["classes"]:
                conversation.replace(child, essay_cast("", child))


def _named(paragraph: nodes.paragraph) -> nodes.Element:
    """The line that its class says, or the paragraph as it is."""
    classes = paragraph["classes"]
    names = [name for name in COMMANDS if name in classes]
    if not names:
        return paragraph
    # What is only direction stands apart, even where it follows a speech.
    name = "essay-direction" if "essay-direction" in names else names[0]
    return essay_line("", "", *paragraph.children, ids=paragraph["ids"], command=COMMANDS[name])
