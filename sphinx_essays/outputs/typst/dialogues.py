"""Write dialogues: the speaker's name in a column, and the speech beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_essays.elements.overheard import (
    essay_direction,
    essay_overheard,
    essay_speaker,
)
from sphinx_essays.outputs.typst.base_translator import BaseTranslator

if TYPE_CHECKING:
    from docutils.nodes import Element

OCCASION = "essay-occasion"


class DialogueVisitors(BaseTranslator):
    """The paragraphs of a dialogue."""

    def open_speech(self, node: Element) -> None:
        """Begin a line, with its speaker or without a name."""
        names = str(node.parent["longest_name"])
        if OCCASION in node["classes"]:
            self.open_block("essay-occasion")
        elif node.children and isinstance(node[0], essay_speaker):
            name, parenthetical = _apart(node[0])
            self.open_block("essay-speech", names, f"[{self.rendered(name)}]")
            for child in parenthetical:
                child.walkabout(self)
        else:
            self.open_block("essay-speech-continued", names)

    def close_speech(self) -> None:
        self.close_block()


def visit_speaker(self: BaseTranslator, node: Element) -> None:
    """Skip a name that has been written in the column."""
    if is_in_dialogue(node.parent) and node.parent.index(node) == 0:
        raise nodes.SkipNode
    self.open("essay-small-capitals")


def is_in_dialogue(node: Element) -> bool:
    """Return whether a paragraph is a line of a dialogue."""
    return isinstance(node.parent, essay_overheard)


def _apart(speaker: Element) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return the name without its colon, and the stage direction after it."""
    children = list(speaker.children)
    place = next(
        (i for i, child in enumerate(children) if isinstance(child, essay_direction)), -1
    )
    if place > 0 and children[place - 1].astext().rstrip().endswith("("):
        bracket = children[place - 1].astext().rstrip()
        before = [*children[: place - 1], nodes.Text(bracket.removesuffix("(").rstrip())]
        return before, [nodes.Text("("), *children[place:]]
    if isinstance(children[-1], nodes.Text):
        children[-1] = nodes.Text(children[-1].astext().rstrip().removesuffix(":"))
    return children, []
