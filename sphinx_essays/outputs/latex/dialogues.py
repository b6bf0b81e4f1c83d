"""Name each line of a dialogue by the command that prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.elements.overheard import essay_overheard

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# The class of a paragraph, and its command.
COMMANDS = {
    "essay-speech": "essayspeech",
    "essay-speech-continued": "essaycontinued",
    "essay-direction": "essaystage",
    "essay-silence": "essaysilence",
    "essay-occasion": "essayoccasion",
}


class essay_line(nodes.General, nodes.TextElement):
    """A paragraph of a dialogue; ``command`` is the name of the LaTeX command."""


class essay_cast(nodes.General, nodes.Element):
    """The list of the cast."""


def mark_lines(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Replace the lines and the cast of each dialogue by their own nodes."""
    if app.builder.format != "latex":
        return
    for conversation in doctree.findall(essay_overheard):
        for child in list(conversation.children):
            if isinstance(child, nodes.paragraph):
                conversation.replace(child, _named(child))
            elif isinstance(child, nodes.definition_list) and "essay-cast" in child["classes"]:
                conversation.replace(child, essay_cast("", child))


def _named(paragraph: nodes.paragraph) -> nodes.Element:
    """Return the node for a paragraph, or the paragraph if its class has no command."""
    classes = paragraph["classes"]
    names = [name for name in COMMANDS if name in classes]
    if not names:
        return paragraph
    # A paragraph that is only a stage direction is set apart, even after a line.
    name = "essay-direction" if "essay-direction" in names else names[0]
    return essay_line("", "", *paragraph.children, ids=paragraph["ids"], command=COMMANDS[name])
